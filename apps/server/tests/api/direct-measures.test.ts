import { beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, promote, serverForFile, settleJobs } from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

/* What staff do to people and their things without waiting for a report. */

const { server, people } = serverForFile();
let moderator: Person;
let admin: Person;
let owner: Person;
let reporter: Person;
let videoId: number;

beforeEach(async () => {
  [moderator, admin, owner, reporter] = await people("moderator", "admin", "owner", "reporter");
  await promote(server, moderator, "moderator");
  await promote(server, admin, "admin");
  videoId = await addVideo(server, owner);
});

async function act(path: string, body: object = {}, by = moderator) {
  const answer = await by.post(`/admin/${path}`, body);
  return [answer.status, answer.body.error?.code ?? answer.body.changed];
}

async function report(targetType: string, targetId: number): Promise<number> {
  const { status, body } = await reporter.post("/reports/", { targetType, targetId, reason: "look" });
  expect(status).toBe(201);
  return body.id;
}

async function addComment(by: Person): Promise<number> {
  return (await by.post("/comments/", { videoId, content: "nice" })).body.id;
}

const decisions = async () => [
  ...(await server.app.sql`
    select id::float8 as id, target_type as type, verdict, action, reason, is_strike as "isStrike", decided_by::float8 as by
    from decisions where user_id = ${owner.id} order by id`),
];
const audited = async () => [
  ...(await server.app.sql`
    select action, target_id::float8 as id, details from audit_log where actor_id = ${moderator.id} order by id`),
];
const reported = async () => (await reporter.get("/reports/my")).body.map(({ status }: any) => status);

async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

test("a warning reaches the person with its reason, is a strike, and settles what was reported of them", async () => {
  await report("user", owner.id);
  await report("video", videoId);
  const socket = await owner.connect();
  expect(await act(`users/${owner.id}/warn`, { reason: "Be kind." })).toEqual([200, true]);
  const { data } = await socket.next("notification:new");
  const [decision] = await decisions();
  expect(decision).toMatchObject({
    type: "user",
    verdict: "upheld",
    action: "warn",
    reason: "Be kind.",
    isStrike: true,
  });
  expect(decision.by).toBe(moderator.id);
  expect(data).toMatchObject({ type: "admin_warning", refId: owner.id, reason: "Be kind.", decisionId: decision.id });
  expect(await reported()).toEqual(["pending", "resolved"]);
  const details = { decisionId: decision.id, reason: "Be kind." };
  expect(await audited()).toEqual([{ action: "user_warn", id: owner.id, details }]);
  expect(await act(`users/${owner.id}/warn`, {})).toEqual([200, true]);
  expect((await decisions()).map(({ reason }) => reason)).toEqual([
    "Be kind.",
    "Violation of the community guidelines",
  ]);
});

for (const [type, things, idOf] of [
  ["video", "videos", async () => videoId],
  ["comment", "comments", async () => await addComment(owner)],
] as const) {
  test(`hiding a ${type} notifies its owner, is a strike, settles reports, and is done once`, async () => {
    const id = await idOf();
    await report(type, id);
    const socket = await owner.connect();
    expect(await act(`${things}/${id}/hide?reason=Spam`)).toEqual([200, true]);
    const { data } = await socket.next("notification:new");
    const [decision] = await decisions();
    expect(decision).toMatchObject({ type, verdict: "upheld", action: "hide", reason: "Spam", isStrike: true });
    expect(data).toMatchObject({ type: "admin_warning", refId: id, reason: "Spam", decisionId: decision.id });
    expect(data.target).toMatchObject({ type, id });
    expect(await reported()).toEqual(["resolved"]);
    expect(await act(`${things}/${id}/hide`)).toEqual([200, false]);
    await socket.settled();
    expect(socket.of("notification:new")).toHaveLength(1);
    expect(await decisions()).toHaveLength(1);
    expect(await audited()).toEqual([
      { action: `${type}_hide`, id, details: { decisionId: decision.id, reason: "Spam" } },
    ]);
    await settleJobs(server);
    expect(await drift()).toEqual([]);
  });

  test(`a ${type} is shown again once, its owner's devices load it anew, and its reports stay pending`, async () => {
    const id = await idOf();
    expect(await act(`${things}/${id}/unhide`)).toEqual([200, false]);
    await act(`${things}/${id}/hide`);
    await server.app.sql`update ${server.app.sql(things)} set hidden_by = 'reports' where id = ${id}`;
    await report(type, id);
    const socket = await owner.resume();
    expect(await act(`${things}/${id}/unhide`, { reason: "Fine" })).toEqual([200, true]);
    const { data } = await socket.next("sync:stale");
    expect(data.refetch).toEqual(
      type === "video" ? [`/videos/${id}`, `/videos/user/${owner.id}`] : [`/comments/video/${videoId}`],
    );
    const [, shown] = await decisions();
    expect(shown).toMatchObject({ type, verdict: "rejected", action: "none", reason: "Fine", isStrike: false });
    expect((await audited()).at(-1)).toEqual({
      ...{ action: `${type}_unhide`, id },
      details: { decisionId: shown.id, reason: "Fine" },
    });
    expect(await reported()).toEqual(["pending"]);
    expect(await act(`${things}/${id}/unhide`)).toEqual([200, false]);
    await socket.settled();
    expect(socket.of("notification:new")).toEqual([]);
  });
}

test("what was hidden by reports becomes staff's: the owner is told then", async () => {
  await server.app.sql`update videos set hidden_at = now(), hidden_by = 'reports' where id = ${videoId}`;
  const socket = await owner.connect();
  expect(await act(`videos/${videoId}/hide`)).toEqual([200, true]);
  expect((await socket.next("notification:new")).data.type).toBe("admin_warning");
});

test("reports on what is gone are settled all the same, which is no strike", async () => {
  await report("video", videoId);
  await owner.delete(`/videos/${videoId}`);
  expect(await act(`videos/${videoId}/hide`)).toEqual([200, false]);
  expect(await decisions()).toMatchObject([{ action: "hide", isStrike: false }]);
  expect(await reported()).toEqual(["resolved"]);
  expect(await act(`videos/${videoId}/hide`)).toEqual([200, false]);
  expect(await decisions()).toHaveLength(1);
});

test("a report on what staff has hidden is resolved from the start, on what reports have hidden it is pending", async () => {
  const other = await addVideo(server, owner);
  await act(`videos/${videoId}/hide`);
  await server.app.sql`update videos set hidden_at = now(), hidden_by = 'reports' where id = ${other}`;
  await report("video", videoId);
  await report("video", other);
  expect(await reported()).toEqual(["pending", "resolved"]);
});

test("nobody acts on what is their own, on staff of their rank, or without being staff", async () => {
  const own = await addVideo(server, moderator);
  const adminsVideo = await addVideo(server, admin);
  const adminsComment = await addComment(admin);
  const ownComment = await addComment(moderator);
  for (const path of [`users/${moderator.id}/warn`, `videos/${own}/hide`, `videos/${own}/unhide`]) {
    expect(await act(path)).toEqual([403, "OWN_CASE"]);
  }
  expect(await act(`comments/${ownComment}/unhide`)).toEqual([403, "OWN_CASE"]);
  for (const path of [`users/${admin.id}/warn`, `videos/${adminsVideo}/hide`, `comments/${adminsComment}/hide`]) {
    expect(await act(path)).toEqual([403, "FORBIDDEN"]);
  }
  await server.app.sql`update comments set hidden_at = now(), hidden_by = 'staff' where id = ${adminsComment}`;
  expect(await act(`comments/${adminsComment}/unhide`)).toEqual([403, "FORBIDDEN"]);
  for (const path of [`users/${owner.id}/warn`, `videos/${videoId}/hide`, `videos/${videoId}/unhide`]) {
    expect(await act(path, {}, reporter)).toEqual([403, "FORBIDDEN"]);
  }
  expect(await act(`videos/${own}/hide`, {}, admin)).toEqual([200, true]);
  expect(await decisions()).toEqual([]);
});

test("what does not exist is named", async () => {
  expect(await act("users/999999/warn")).toEqual([404, "USER_NOT_FOUND"]);
  expect(await act("videos/999999/hide")).toEqual([404, "VIDEO_NOT_FOUND"]);
  expect(await act("comments/999999/unhide")).toEqual([404, "COMMENT_NOT_FOUND"]);
  await owner.delete("/users/me", { password: owner.password });
  expect(await act(`users/${owner.id}/warn`)).toEqual([404, "USER_NOT_FOUND"]);
  expect(await act(`videos/${videoId}/hide`)).toEqual([200, false]);
});

test("two who hide at once make one decision", async () => {
  const other = await promoted();
  const answers = await Promise.all([act(`videos/${videoId}/hide`), act(`videos/${videoId}/hide`, {}, other)]);
  expect(answers.map(([, changed]) => changed).sort()).toEqual([false, true]);
  expect(await decisions()).toHaveLength(1);
});

test("showing again can be undone: it is hidden, and that there was no violation stands no more", async () => {
  await act(`videos/${videoId}/hide`);
  await act(`videos/${videoId}/unhide`);
  const [entry] = await server.app.sql`
    select id::float8 as id from audit_log where actor_id = ${moderator.id} order by id desc limit 1`;
  expect(await act(`audit-log/${entry.id}/undo`)).toEqual([200, true]);
  expect((await reporter.get(`/videos/${videoId}`)).status).toBe(404);
  expect((await owner.get("/notifications/")).body).toMatchObject([{ type: "admin_warning" }]);
  const standing = await server.app.sql`
    select action from decisions where user_id = ${owner.id} and undone_at is null`;
  expect([...standing]).toEqual([{ action: "hide" }]);
});

async function promoted(): Promise<Person> {
  const [other] = await people("other");
  await promote(server, other, "moderator");
  return other;
}
