import { beforeAll, beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, promote, serverForFile, settleJobs } from "@reelay/testkit";
import { purgeComments } from "../../src/features/comments/takedowns.ts";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

/* What a moderator deletes of comments, and brings back. */

const DAY_MS = 86_400_000;

const { server, people } = serverForFile({ env: { RETENTION_DAYS: "3" } });
let moderator: Person;
let owner: Person;
let author: Person;
let reporter: Person;
let videoId: number;

beforeAll(async () => {
  [moderator] = await people("moderator");
  await promote(server, moderator, "moderator");
});

beforeEach(async () => {
  [owner, author, reporter] = await people("owner", "author", "reporter");
  videoId = await addVideo(server, owner);
});

const outcomeOf = ({ status, body }: { status: number; body: any }) => body.error?.code ?? [status, body.changed];

async function comment(content = "bad words", by = author): Promise<number> {
  const { status, body } = await by.post("/comments/", { videoId, content });
  expect(status).toBe(201);
  return body.id;
}

const takeDown = async (id: number, reason?: string, by = moderator) =>
  outcomeOf(await by.delete(`/admin/comments/${id}`, { reason }));
const restore = async (id: number, by = moderator) => outcomeOf(await by.post(`/admin/comments/${id}/restore`));
const listed = async () => (await owner.get(`/comments/video/${videoId}`)).body.map(({ content }: any) => content);
const counted = async () => (await owner.get(`/videos/${videoId}`)).body.commentsCount;
const report = async (id: number) =>
  (await reporter.post("/reports/", { targetType: "comment", targetId: id, reason: "rude" })).body;

async function auditOf(id: number) {
  return await server.app.sql`
    select action, actor_id::float8 as actor, details from audit_log
    where target_type = 'comment' and target_id = ${id} order by id`;
}

test("gone at once: from list, count and bells; reports on it are resolved; again changes nothing", async () => {
  const id = await comment(`bad words @${reporter.username}`);
  const { body: answer } = await owner.post("/comments/", { videoId, content: "an answer", parentId: id });
  const pending = await report(id);
  const [owners, reporters, authors] = [await owner.resume(), await reporter.resume(), await author.connect()];
  expect(await takeDown(id, "Insults")).toEqual([200, true]);
  expect(await listed()).toEqual(["an answer"]);
  expect(await counted()).toBe(1);
  const revoked = await Promise.all([owners, reporters].map((socket) => socket.next("notification:revoked")));
  expect(revoked.map(({ data }) => data.notificationIds.length)).toEqual([1, 1]);
  expect((await owner.get("/notifications?type=comment")).body).toEqual([]);
  expect((await owner.get("/notifications/unseen/count")).body).toBe(0);
  expect((await reporters.next("admin:report_resolved")).data.reportId).toBe(pending.id);
  expect(await takeDown(id, "Again")).toEqual([200, false]);
  expect(outcomeOf(await author.put(`/comments/${id}`, { content: "still here?" }))).toBe("COMMENT_NOT_FOUND");
  expect(outcomeOf(await author.delete(`/comments/${id}`))).toEqual([200, false]);
  expect(outcomeOf(await owner.post("/comments/", { videoId, content: "and?", parentId: id }))).toBe(
    "COMMENT_NOT_FOUND",
  );
  await authors.settled();
  expect(authors.frames.map(({ type }) => type)).not.toContain("notification:revoked");
  const [row] = await auditOf(id);
  expect(row).toEqual({
    action: "comment_delete",
    actor: moderator.id,
    details: {
      ...{ reason: "Insults", decisionId: expect.any(Number) },
      ...{ before: { deletedAt: null }, after: { deletedAt: expect.any(String) } },
    },
  });
  expect(answer.parentId).toBe(id);
  expect(await report(id)).toMatchObject({ status: "resolved" });
});

test("restored with its text, place and count; what was revoked does not come back", async () => {
  const id = await comment();
  await comment("a later one");
  const before = (await owner.get(`/comments/video/${videoId}`)).body;
  await takeDown(id);
  const socket = await owner.resume();
  expect(await restore(id)).toEqual([200, true]);
  expect((await owner.get(`/comments/video/${videoId}`)).body).toEqual(before);
  expect(await counted()).toBe(2);
  expect(await restore(id)).toEqual([200, false]);
  await socket.settled();
  expect(socket.frames.map(({ type }) => type)).not.toContain("notification:new");
  expect((await owner.get("/notifications?type=comment")).body).toHaveLength(1);
  const [deletion, restoration] = await auditOf(id);
  expect(restoration).toEqual({
    action: "comment_restore",
    actor: moderator.id,
    details: {
      before: { deletedAt: deletion.details.after.deletedAt, reason: "Violation of the community guidelines" },
      after: { deletedAt: null },
    },
  });
  expect(await takeDown(id)).toEqual([200, true]);
  expect(await listed()).toEqual(["a later one"]);
});

test("what its author or the video's owner deleted stays deleted, and can be reported", async () => {
  for (const by of [author, owner]) {
    const id = await comment();
    await by.delete(`/comments/${id}`);
    expect(await takeDown(id)).toEqual([200, false]);
    expect(await restore(id)).toEqual([200, false]);
    expect(await report(id)).toMatchObject({ status: "pending" });
  }
  const id = await comment("brought back, then deleted by its author");
  await takeDown(id);
  await restore(id);
  await author.delete(`/comments/${id}`);
  expect(await restore(id)).toEqual([200, false]);
  expect(await report(id)).toMatchObject({ status: "pending" });
  expect([await listed(), await counted()]).toEqual([[], 0]);
});

test("its text is nowhere while it is deleted, and not for whoever repeats the request that made it", async () => {
  const body = { videoId, content: "a secret of others", clientId: crypto.randomUUID() };
  const { body: made } = await author.post("/comments/", body);
  await takeDown(made.id);
  expect(outcomeOf(await author.post("/comments/", body))).toBe("IDEMPOTENCY_MISMATCH");
  const { id } = await report(made.id);
  expect((await moderator.get(`/reports/${id}`)).body.snapshot.text).toBeNull();
});

test("it can be restored until RETENTION_DAYS are over; then its text is gone", async () => {
  const [first, second] = [await comment("first"), await comment("second")];
  await takeDown(first);
  await takeDown(second);
  server.clock.advance(3 * DAY_MS - 60_000);
  await purgeComments(server.app);
  expect(await restore(first)).toEqual([200, true]);
  server.clock.advance(120_000);
  await purgeComments(server.app);
  expect(await restore(second)).toBe("NOT_UNDOABLE");
  expect(await takeDown(second)).toEqual([200, false]);
  expect(await listed()).toEqual(["first"]);
  const texts = await server.app.sql`select content from comment_takedowns where user_id = ${author.id}`;
  expect(texts.map(({ content }: any) => content)).toEqual([null]);
  expect(await report(second)).toMatchObject({ status: "resolved" });
});

test("a deleted account's comments do not come back, and no text of them is left", async () => {
  const id = await comment();
  await takeDown(id);
  await author.delete("/users/me", { password: author.password });
  expect(await restore(id)).toBe("COMMENT_NOT_FOUND");
  expect(await takeDown(id)).toEqual([200, false]);
  await settleJobs(server);
  const rows = await server.app.sql`select content, reason from comment_takedowns where comment_id = ${id}`;
  expect([...rows]).toEqual([{ content: null, reason: null }]);
});

test("of one's own: not while it is reported, and not back", async () => {
  const [own, reported] = [await comment("mine", moderator), await comment("mine, too", moderator)];
  const pending = await report(reported);
  expect(await takeDown(reported)).toBe("OWN_CASE");
  expect((await reporter.get("/reports/my")).body).toMatchObject([{ id: pending.id, status: "pending" }]);
  expect(await takeDown(own)).toEqual([200, true]);
  expect(await restore(own)).toBe("OWN_CASE");
  expect(await listed()).toEqual(["mine, too"]);
});

test("others are refused, and so is what is not there", async () => {
  const id = await comment();
  for (const by of [author, owner]) {
    expect(await takeDown(id, "x", by)).toBe("FORBIDDEN");
    expect(await restore(id, by)).toBe("FORBIDDEN");
  }
  expect(await takeDown(999_999_999)).toBe("COMMENT_NOT_FOUND");
  expect(await restore(999_999_999)).toBe("COMMENT_NOT_FOUND");
  expect(await listed()).toEqual(["bad words"]);
});

test("moderators, the author and new comments at once: one deletion counts, and every count is exact", async () => {
  for (let round = 0; round < 5; round++) {
    const id = await comment();
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => moderator.delete(`/admin/comments/${id}`)),
      author.delete(`/comments/${id}`),
      ...Array.from({ length: 4 }, () => moderator.post(`/admin/comments/${id}/restore`)),
      reporter.post("/comments/", { videoId, content: "hi" }),
    ]);
    expect(answers.filter(({ status }) => status >= 400)).toEqual([]);
    await restore(id);
    await takeDown(id);
  }
  expect(await counted()).toBe(5);
  expect((await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0)).toEqual([]);
});
