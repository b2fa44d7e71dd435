import { beforeEach, expect, test } from "bun:test";
import {
  addVideo,
  Barrier,
  crowd,
  HeldRows,
  type Person,
  promote,
  serverForFile,
  settleJobs,
  waitFor,
} from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";
import { CLOSE_REPORTS } from "../../src/features/reports/decisions.ts";

/* Three credible people hide what they report until it is decided; nobody else does. */

let closing: Barrier | null = null;
const { server, people } = serverForFile({
  env: { HIDE_AT_REPORTS: "3" },
  beforeBatch: async (kind) => {
    if (kind === CLOSE_REPORTS) await closing?.pass();
  },
});
let moderator: Person;
let owner: Person;
let viewer: Person;
/** Four whose accounts are old enough, and of whom staff found one report right. */
let credible: Person[];
let videoId: number;

beforeEach(async () => {
  closing = null;
  [moderator, owner, viewer, ...credible] = await people("moderator", "owner", "viewer", "c1", "c2", "c3", "c4");
  await promote(server, moderator, "moderator");
  for (const person of credible) await earnCredit(person);
  videoId = await addVideo(server, owner);
});

async function earnCredit(person: Person, verdict = "resolve"): Promise<void> {
  await age(person, 8);
  const { body } = await person.post("/reports/", { targetType: "user", targetId: owner.id, reason: "earlier" });
  expect((await moderator.post(`/admin/reports/${body.id}/${verdict}`)).status).toBe(200);
}

async function age({ id }: Person, days: number): Promise<void> {
  await server.app.sql`update accounts set created_at = created_at - make_interval(days => ${days}) where id = ${id}`;
}

async function report(by: Person, targetType = "video", targetId = videoId): Promise<number> {
  const { status, body } = await by.post("/reports/", { targetType, targetId, reason: "look" });
  expect(status).toBe(201);
  return body.id;
}

async function decide(verdict: string, action = "none", targetId = videoId): Promise<number> {
  const asked = { targetType: "video", targetId, verdict, action };
  const { status, body } = await moderator.post("/admin/queue/decide", asked);
  expect([status, body.error?.code]).toEqual([200, undefined]);
  await settleJobs(server);
  return body.decision.id;
}

const isHidden = async (id = videoId) => (await viewer.get(`/videos/${id}`)).status === 404;
const reportByAll = async (reporters: Person[], id = videoId) => {
  for (const each of reporters) await report(each, "video", id);
};

async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

test("the third credible report hides a video; its owner's devices load it anew and no warning comes", async () => {
  const socket = await owner.resume();
  await report(credible[0]!);
  await report(credible[1]!);
  expect(await isHidden()).toBe(false);
  await report(credible[2]!);
  expect(await isHidden()).toBe(true);
  const { data } = await socket.next("sync:stale");
  expect(data.refetch).toEqual([`/videos/${videoId}`, `/videos/user/${owner.id}`]);
  await socket.settled();
  expect(socket.of("notification:new")).toEqual([]);
  expect((await owner.get(`/videos/${videoId}`)).body.isHidden).toBe(true);
  const { body } = await moderator.get("/admin/queue?target_type=video&sort_by=newest");
  expect(body.subjects[0]).toMatchObject({ targetId: videoId, reports: 3, isHidden: true });
  const decided = await server.app.sql`select id from decisions where target_type = 'video' and target_id = ${videoId}`;
  expect([...decided]).toEqual([]);
  expect(await drift()).toEqual([]);
});

test("the same of a comment", async () => {
  const { body } = await owner.post("/comments/", { videoId, content: "rude" });
  const socket = await owner.resume();
  for (const each of credible.slice(0, 3)) await report(each, "comment", body.id);
  expect((await viewer.get(`/comments/video/${videoId}`)).body).toEqual([]);
  expect((await owner.get(`/comments/video/${videoId}`)).body).toMatchObject([{ id: body.id, isHidden: true }]);
  expect((await socket.next("sync:stale")).data.refetch).toEqual([`/comments/video/${videoId}`]);
  expect(await isHidden()).toBe(false);
});

test("a crowd of fresh accounts hides nothing, nor does it lend its number to two who are credible", async () => {
  const puppets = await crowd(server, 20, "puppet");
  await reportByAll(puppets.slice(0, 10));
  await reportByAll(credible.slice(0, 2));
  await reportByAll(puppets.slice(10));
  expect(await isHidden()).toBe(false);
  await report(credible[2]!);
  expect(await isHidden()).toBe(true);
});

test("who is muted, banned, too new, or was never right does not count", async () => {
  const [muted, banned, fresh, wrong] = await people("muted", "banned", "fresh", "wrong");
  await earnCredit(muted);
  await earnCredit(banned);
  await earnCredit(fresh);
  await earnCredit(wrong, "reject");
  await age(fresh, -2);
  await reportByAll([muted, banned, fresh, wrong]);
  await moderator.put(`/admin/users/${muted.id}/reporter`, { muted: true });
  await moderator.post(`/admin/users/${banned.id}/ban`);
  await reportByAll(credible.slice(0, 2));
  expect(await isHidden()).toBe(false);
  await moderator.put(`/admin/users/${muted.id}/reporter`, { muted: false });
  await settleJobs(server);
  expect(await isHidden()).toBe(false);
  await report((await people("last"))[0]);
  expect(await isHidden()).toBe(false);
  await report(credible[2]!);
  expect(await isHidden()).toBe(true);
});

test("three who report at the same moment hide it, as often as it is tried", async () => {
  for (let round = 0; round < 10; round++) {
    const id = await addVideo(server, owner);
    await Promise.all(credible.slice(0, 3).map((each) => report(each, "video", id)));
    expect(await isHidden(id)).toBe(true);
  }
});

test("the report that would hide a video waits for it before it locks the subject, as who decides does", async () => {
  await reportByAll(credible.slice(0, 2));
  const held = await HeldRows.hold(
    server.database,
    (tx) => tx`select id from videos where id = ${videoId} for no key update`,
  );
  const third = report(credible[2]!);
  await waitFor(async () => {
    const rows = await server.app.sql`
      select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return rows.length === 1 || undefined;
  });
  await report(viewer);
  await held.release();
  await third;
  expect(await isHidden()).toBe(true);
});

test("things of staff and of verified people are not hidden", async () => {
  await server.app.sql`update accounts set is_verified = true where id = ${owner.id}`;
  await reportByAll(credible.slice(0, 3));
  expect(await isHidden()).toBe(false);
  await server.app.sql`update accounts set is_verified = false where id = ${owner.id}`;
  await promote(server, owner, "moderator");
  await report(credible[3]!);
  expect(await isHidden()).toBe(false);
});

for (const [verdict, action, isStillHidden] of [
  ["rejected", "none", false],
  ["upheld", "none", false],
  ["upheld", "warn", false],
  ["upheld", "hide", true],
] as const) {
  test(`decided as ${verdict} with ${action} it is ${isStillHidden ? "hidden" : "shown"}`, async () => {
    await reportByAll(credible.slice(0, 3));
    const socket = await owner.resume();
    await decide(verdict, action);
    expect(await isHidden()).toBe(isStillHidden);
    if (!isStillHidden) expect((await socket.next("sync:stale")).data.refetch).toContain(`/videos/${videoId}`);
    expect(await drift()).toEqual([]);
  });
}

test("what staff had hidden stays hidden, whatever is decided about reports", async () => {
  await reportByAll(credible.slice(0, 1));
  await server.app.sql`update videos set hidden_at = now(), hidden_by = 'staff' where id = ${videoId}`;
  await decide("rejected");
  expect(await isHidden()).toBe(true);
});

test("a video that was hidden, deleted by staff and restored is shown", async () => {
  await reportByAll(credible.slice(0, 3));
  await moderator.delete(`/admin/videos/${videoId}`, { reason: "Spam" });
  await moderator.post(`/admin/videos/${videoId}/restore`);
  expect(await isHidden()).toBe(false);
});

test("decided report by report it is shown with the last of them", async () => {
  const ids: number[] = [];
  for (const each of credible.slice(0, 3)) ids.push(await report(each));
  const socket = await owner.resume();
  for (const id of ids) {
    expect(await isHidden()).toBe(true);
    await moderator.post(`/admin/reports/${id}/reject`);
  }
  expect(await isHidden()).toBe(false);
  expect((await socket.next("sync:stale")).data.refetch).toContain(`/videos/${videoId}`);
  await reportByAll(credible.slice(0, 3));
  expect(await isHidden()).toBe(false);
});

test("for thirty days after a rejection nothing hides it", async () => {
  await reportByAll(credible.slice(0, 3));
  const decisionId = await decide("rejected");
  await reportByAll(credible.slice(0, 3));
  expect(await isHidden()).toBe(false);
  await server.app.sql`
    update decisions set decided_at = decided_at - interval '31 days' where id = ${decisionId}`;
  await report(credible[3]!);
  expect(await isHidden()).toBe(true);
});

test("a rejection that was undone protects nothing", async () => {
  await report(credible[0]!);
  const decisionId = await decide("rejected");
  const [entry] = await server.app.sql`
    select id::float8 as id from audit_log where (details->>'decisionId')::bigint = ${decisionId}`;
  await moderator.post(`/admin/audit-log/${entry.id}/undo`);
  await settleJobs(server);
  await reportByAll(credible.slice(1, 3));
  expect(await isHidden()).toBe(true);
});

test("what staff show again is not hidden by the next report", async () => {
  await reportByAll(credible.slice(0, 3));
  expect((await moderator.post(`/admin/videos/${videoId}/unhide`)).body.changed).toBe(true);
  await report(credible[3]!);
  expect(await isHidden()).toBe(false);
});

test("reports that a decision covers, and its job has yet to close, do not count", async () => {
  await reportByAll(credible.slice(0, 2));
  closing = new Barrier();
  const asked = { targetType: "video", targetId: videoId, verdict: "upheld", action: "none" };
  const decided = moderator.post("/admin/queue/decide", asked);
  await closing.reached;
  await report(credible[2]!);
  expect(await isHidden()).toBe(false);
  closing.open();
  expect((await decided).status).toBe(200);
});
