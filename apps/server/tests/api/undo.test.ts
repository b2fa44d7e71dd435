import { beforeEach, expect, test } from "bun:test";
import { addVideo, call, type Person, promote, serverForFile, settleJobs } from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

const { server, people } = serverForFile();
let moderator: Person;
let admin: Person;
let owner: Person;
let reporter: Person;
let other: Person;
let videoId: number;

beforeEach(async () => {
  [moderator, admin, owner, reporter, other] = await people("moderator", "admin", "owner", "reporter", "other");
  await promote(server, moderator, "moderator");
  await promote(server, admin, "admin");
  videoId = await addVideo(server, owner);
});

async function newestEntry(): Promise<number> {
  const [row] = await server.app.sql`
    select id::float8 as id from audit_log where action <> 'undo' order by id desc limit 1`;
  return row.id;
}

async function undo(by: Person, entryId: number) {
  const { status, body } = await by.post(`/admin/audit-log/${entryId}/undo`);
  await settleJobs(server);
  return [status, body.error?.code ?? body.changed];
}

async function report(by: Person, targetType = "video", targetId = videoId): Promise<number> {
  return (await by.post("/reports/", { targetType, targetId, reason: "look", category: "hate" })).body.id;
}

async function decide(by: Person, body: object) {
  const answer = await by.post("/admin/queue/decide", {
    targetType: "video",
    targetId: videoId,
    verdict: "upheld",
    ...body,
  });
  expect(answer.status).toBe(200);
  await settleJobs(server);
  return answer.body;
}

async function strikes(): Promise<number> {
  const [row] = await server.app.sql`
    select count(*)::int as count from decisions where user_id = ${owner.id} and is_strike and undone_at is null`;
  return row.count;
}

const statusOf = async (person: Person) => (await person.get("/reports/my")).body.map(({ status }: any) => status);

async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

test("an undone takedown brings the video back, and its reports are pending as before", async () => {
  await report(reporter);
  await report(other);
  await decide(moderator, { action: "delete" });
  expect(await statusOf(reporter)).toEqual(["resolved"]);
  expect(await strikes()).toBe(1);
  const entry = await newestEntry();
  expect(await undo(admin, entry)).toEqual([200, true]);
  expect((await reporter.get(`/videos/${videoId}`)).status).toBe(200);
  expect([await statusOf(reporter), await statusOf(other)]).toEqual([["pending"], ["pending"]]);
  expect(await strikes()).toBe(0);
  expect((await reporter.get("/notifications")).body).toEqual([]);
  expect((await owner.get("/notifications")).body).toEqual([]);
  const { subjects } = (await moderator.get("/admin/queue")).body;
  expect(subjects.find(({ targetId }: any) => targetId === videoId)).toMatchObject({ reports: 2, category: "hate" });
  expect(await undo(admin, entry)).toEqual([200, false]);
  const [audited] = await server.app.sql`select undoes::float8 as undoes from audit_log order by id desc limit 1`;
  expect(audited.undoes).toBe(entry);
  expect(await drift()).toEqual([]);
});

test("where the reporter has reported again, the old report stays decided", async () => {
  await report(reporter);
  await decide(moderator, { verdict: "rejected" });
  const entry = await newestEntry();
  await report(reporter);
  expect(await undo(moderator, entry)).toEqual([200, true]);
  expect(await statusOf(reporter)).toEqual(["pending", "rejected"]);
  expect(await drift()).toEqual([]);
});

test("a ban is undone while that very ban stands", async () => {
  await moderator.post(`/admin/users/${owner.id}/ban`, { reason: "spam" });
  const first = await newestEntry();
  await admin.post(`/admin/users/${owner.id}/unban`);
  const unban = await newestEntry();
  expect(await undo(moderator, first)).toEqual([409, "NOT_UNDOABLE"]);
  // Moderators undo nothing that an admin did.
  expect(await undo(moderator, unban)).toEqual([403, "FORBIDDEN"]);
  expect(await undo(admin, unban)).toEqual([200, true]);
  expect((await owner.get("/users/me")).body.error.code).toBe("ACCOUNT_BANNED");
  expect(await undo(admin, first)).toEqual([200, true]);
  const { email, password } = owner;
  expect((await call(server.url, "POST", "/auth/login", { body: { email, password } })).status).toBe(200);
  expect(await drift()).toEqual([]);
});

test("a banned owner of a reported video is back when the decision is undone, with the reports on both", async () => {
  await report(reporter);
  await report(other, "user", owner.id);
  const socket = await owner.connect();
  await decide(moderator, { action: "ban" });
  await socket.closed;
  const entry = await newestEntry();
  expect(await undo(moderator, entry)).toEqual([200, true]);
  expect((await reporter.get(`/users/${owner.id}`)).status).toBe(200);
  expect([await statusOf(reporter), await statusOf(other)]).toEqual([["pending"], ["pending"]]);
  expect(await drift()).toEqual([]);
});

test("what was changed since is not undone, and the refusal says so", async () => {
  await report(reporter);
  await decide(moderator, { action: "delete" });
  const entry = await newestEntry();
  await admin.post(`/admin/videos/${videoId}/restore`);
  const refused = await admin.post(`/admin/audit-log/${entry}/undo`);
  expect([refused.status, refused.body.error.code]).toEqual([409, "NOT_UNDOABLE"]);
  expect(refused.body.error.message).toBe("The video is not taken down any more.");
  expect(await statusOf(reporter)).toEqual(["resolved"]);
  expect(await undo(admin, await newestEntry())).toEqual([200, true]);
  expect((await reporter.get(`/videos/${videoId}`)).status).toBe(404);
});

test("an unknown entry, what cannot be undone, one's own case", async () => {
  expect(await undo(moderator, 999_999_999)).toEqual([404, "NOT_FOUND"]);
  await report(reporter);
  await moderator.post(`/admin/reports/${await report(other)}/reject`, {});
  expect(await undo(moderator, await newestEntry())).toEqual([409, "NOT_UNDOABLE"]);
  await admin.post(`/admin/users/${owner.id}/ban`, {});
  const ban = await newestEntry();
  await server.app.sql`update accounts set status = 'active', role = 'moderator' where id = ${owner.id}`;
  expect(await undo(moderator, ban)).toEqual([403, "FORBIDDEN"]);
});

test("what staff changed of an account or a video is undone while nobody changed it again", async () => {
  await admin.post(`/admin/users/${owner.id}/verify`);
  const verified = await newestEntry();
  await admin.put(`/admin/users/${owner.id}/role`, { role: "moderator" });
  const promoted = await newestEntry();
  // Somebody of staff: only a higher rank undoes what concerns them.
  expect(await undo(moderator, verified)).toEqual([403, "FORBIDDEN"]);
  expect(await undo(admin, promoted)).toEqual([200, true]);
  expect(await undo(admin, verified)).toEqual([200, true]);
  await admin.put(`/admin/videos/${videoId}/visibility`, { visibility: "private" });
  const hidden = await newestEntry();
  expect(await undo(admin, hidden)).toEqual([200, true]);
  await admin.put(`/admin/videos/${videoId}/visibility`, { visibility: "private" });
  const again = await newestEntry();
  await admin.put(`/admin/videos/${videoId}/visibility`, { visibility: "public" });
  expect(await undo(admin, again)).toEqual([409, "NOT_UNDOABLE"]);
  const [row] = await server.app.sql`
    select a.role, a.is_verified as verified, v.visibility from accounts a join videos v on v.owner_id = a.id
    where v.id = ${videoId}`;
  expect(row).toEqual({ role: "user", verified: false, visibility: "public" });
});

test("a comment that was decided about comes back with its count", async () => {
  const { body: comment } = await owner.post("/comments/", { videoId, content: "rude" });
  await report(reporter, "comment", comment.id);
  await decide(moderator, { targetType: "comment", targetId: comment.id, action: "delete", reason: "Be kind." });
  expect((await reporter.get(`/comments/video/${videoId}`)).body).toEqual([]);
  const [notification] = (await owner.get("/notifications")).body;
  expect(notification).toMatchObject({ type: "admin_warning", refId: comment.id, reason: "Be kind." });
  expect(await undo(moderator, await newestEntry())).toEqual([200, true]);
  expect((await reporter.get(`/comments/video/${videoId}`)).body).toMatchObject([{ content: "rude" }]);
  expect((await owner.get("/notifications")).body).toEqual([]);
  expect(await drift()).toEqual([]);
});
