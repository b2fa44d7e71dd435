import { beforeEach, describe, expect, test } from "bun:test";
import { MODERATION, Report } from "@reelay/contract";
import { accepted, addVideo, crowd, mp4, type Person, PICTURES, promote, serverForFile } from "@reelay/testkit";

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let admin: Person;
let owner: Person;
let reporter: Person;
let videoId: number;

beforeEach(async () => {
  [admin, owner, reporter] = await people("admin", "owner", "reporter");
  await promote(server, admin, "admin");
  videoId = await addVideo(server, owner);
});

async function report(by: Person, targetType: string, targetId: number, reason = "spam") {
  const answer = await by.post("/reports/", { targetType, targetId, reason });
  if (answer.status < 300) Report.parse(answer.body);
  return answer;
}

async function notifications(person: Person): Promise<{ type: string; refId: number; actor: object | null }[]> {
  return (await person.get("/notifications")).body;
}

describe("Admin Functions (the guide's checklist)", () => {
  test("Delete video → owner nhận notification", async () => {
    const socket = await owner.connect();
    await socket.settled();
    const answer = await admin.delete(`/admin/videos/${videoId}`, { reason: "copyright" });
    expect(answer).toMatchObject({ status: 200, body: { success: true, changed: true } });
    const event = await socket.next("admin:video_deleted");
    expect(Object.keys(event).sort()).toEqual(["data", "type"]);
    expect(Object.keys(event.data).sort()).toEqual(["deletedAt", "reason", "videoId"]);
    expect(event.data).toMatchObject({ videoId, reason: "copyright" });
    const pushed = await socket.next("notification:new");
    expect(pushed.data).toMatchObject({
      type: "admin_delete",
      refId: videoId,
      actor: MODERATION,
      target: { id: videoId },
    });
    expect((await notifications(owner)).map(({ type }) => type)).toEqual(["admin_delete"]);
  });

  test("Resolve report → reporter nhận notification", async () => {
    const socket = await reporter.connect();
    await socket.settled();
    const { body } = await report(reporter, "video", videoId);
    const answer = await admin.post(`/admin/reports/${body.id}/resolve`, { status: "resolved", result: "Removed" });
    expect(answer).toMatchObject({ status: 200, body: { success: true, changed: true } });
    const event = await socket.next("admin:report_resolved");
    expect(Object.keys(event.data).sort()).toEqual(["reportId", "resolvedAt", "result", "status"]);
    expect(event.data).toMatchObject({ reportId: body.id, status: "resolved", result: "Removed" });
    const pushed = await socket.next("notification:new");
    expect(pushed.data).toMatchObject({ type: "admin_resolve", refId: body.id, actor: MODERATION, target: null });
    const [mine] = (await reporter.get("/reports/my")).body;
    expect(mine).toMatchObject({
      id: body.id,
      status: "resolved",
      result: "Removed",
      resolvedAt: event.data.resolvedAt,
    });
  });
});

test("offline, the decisions wait; a deletion that was undone meanwhile is not told", async () => {
  const { body } = await report(reporter, "user", owner.id);
  await admin.post(`/admin/reports/${body.id}/reject`, { reason: "nothing wrong" });
  const socket = await reporter.connect();
  await socket.settled();
  expect(socket.of("admin:report_resolved").map((frame) => frame.data)).toEqual([
    expect.objectContaining({ reportId: body.id, status: "rejected", result: "nothing wrong" }),
  ]);
  await admin.delete(`/admin/videos/${videoId}`);
  await admin.post(`/admin/videos/${videoId}/restore`);
  const owners = await owner.connect();
  await owners.settled();
  expect(owners.of("admin:video_deleted")).toEqual([]);
});

test("deleting twice changes nothing; unknown is 404; without a reason there is a default one", async () => {
  const socket = await owner.connect();
  expect((await admin.delete(`/admin/videos/${videoId}`)).body.changed).toBe(true);
  expect((await socket.next("admin:video_deleted")).data.reason.length).toBeGreaterThan(5);
  expect((await admin.delete(`/admin/videos/${videoId}`, { reason: "again" })).body.changed).toBe(false);
  expect((await admin.delete("/admin/videos/999999999")).status).toBe(404);
  await socket.settled();
  expect(socket.of("admin:video_deleted")).toHaveLength(1);
});

test("fields are taken from the query as well; deleting one's own video tells nobody", async () => {
  const own = await addVideo(server, admin);
  const socket = await admin.connect();
  expect((await admin.delete(`/admin/videos/${own}?reason=test`)).body.changed).toBe(true);
  await socket.settled();
  expect(socket.frames.map(({ type }) => type)).toEqual(["connected", "error"]);
  const [row] = await server.app.sql`select delete_reason from videos where id = ${own}`;
  expect(row.delete_reason).toBe("test");
});

test("taking a video down resolves the pending reports on it, and each reporter is told", async () => {
  const others = await crowd(server, 3);
  const reporters = [reporter, ...others];
  for (const person of reporters) await report(person, "video", videoId);
  const sockets = await Promise.all(reporters.map((person) => person.connect()));
  await admin.delete(`/admin/videos/${videoId}`, { reason: "x" });
  for (const socket of sockets) expect((await socket.next("admin:report_resolved")).data.status).toBe("resolved");
  const [{ count }] = await server.app.sql`
    select count(*)::int as count from reports where target_id = ${videoId} and status = 'pending'`;
  expect(count).toBe(0);
});

test("a ban resolves the pending reports on the account; deciding one report leaves the others", async () => {
  const [second] = await people("second");
  const first = (await report(reporter, "user", owner.id)).body;
  await report(second, "user", owner.id);
  await admin.post(`/admin/reports/${first.id}/resolve`, { result: "warned" });
  expect((await second.get("/reports/my")).body[0].status).toBe("pending");
  const socket = await second.connect();
  await admin.post(`/admin/users/${owner.id}/ban`, { reason: "spam" });
  expect((await socket.next("admin:report_resolved")).data.status).toBe("resolved");
});

test("two admins decide at once: one 200, one 409 with the standing verdict, one event", async () => {
  const [other] = await people("other");
  await promote(server, other, "moderator");
  const { body } = await report(reporter, "video", videoId);
  const socket = await reporter.connect();
  const answers = await Promise.all([
    admin.post(`/admin/reports/${body.id}/resolve`, { result: "yes" }),
    other.post(`/admin/reports/${body.id}/resolve`, { status: "rejected", result: "no" }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const loser = answers.find(({ status }) => status === 409)!;
  expect(loser.body.error).toMatchObject({
    code: "REPORT_ALREADY_DECIDED",
    details: { resolvedAt: expect.any(String) },
  });
  await socket.settled();
  expect(socket.of("admin:report_resolved")).toHaveLength(1);
  const again = answers[0]!.status === 200 ? admin : other;
  const verdict = answers[0]!.status === 200 ? { status: "approved" } : { status: "rejected" };
  expect((await again.post(`/admin/reports/${body.id}/resolve`, verdict)).body.changed).toBe(false);
});

test("a verdict of pending or anything else is 422; an unknown report 404; without the role 403 first", async () => {
  const { body } = await report(reporter, "video", videoId);
  for (const status of ["pending", "maybe", 5]) {
    expect((await admin.post(`/admin/reports/${body.id}/resolve`, { status })).status).toBe(422);
  }
  expect((await admin.post("/admin/reports/999999999/resolve", {})).body.error.code).toBe("REPORT_NOT_FOUND");
  for (const path of ["/admin/reports/nonsense/resolve", "/admin/reports/1/reject", "/admin/videos/0/restore"]) {
    expect((await reporter.post(path, { status: "?" })).body.error.code).toBe("FORBIDDEN");
  }
  expect((await reporter.delete(`/admin/videos/${videoId}`)).status).toBe(403);
});

test("the same report again while pending is the same one; after a verdict a new one", async () => {
  const first = await report(reporter, "video", videoId, "spam");
  expect(first.status).toBe(201);
  expect(await report(reporter, "video", videoId, "other words")).toMatchObject({ status: 200, body: first.body });
  const many = await Promise.all(Array.from({ length: 10 }, () => report(admin, "video", videoId)));
  expect(many.filter(({ status }) => status === 201)).toHaveLength(1);
  await admin.post(`/admin/reports/${first.body.id}/reject`);
  expect((await report(reporter, "video", videoId)).status).toBe(201);
});

test("what can be reported, and what cannot", async () => {
  const comment = await owner.post("/comments/", { videoId, content: "bad words" });
  const message = await owner.post("/messages/", { receiverId: reporter.id, content: "worse words" });
  expect((await report(reporter, "comment", comment.body.id)).status).toBe(201);
  expect((await report(reporter, "message", message.body.id)).status).toBe(201);
  expect((await report(admin, "message", message.body.id)).status).toBe(404);
  expect((await report(reporter, "user", reporter.id)).body.error.code).toBe("SELF_REPORT");
  for (const type of ["video", "user", "comment", "message"]) {
    expect((await report(reporter, type, 999_999_999)).status).toBe(404);
  }
  expect((await report(reporter, "video", await addVideo(server, owner, "private"))).status).toBe(404);
  expect((await report(reporter, "planet", videoId)).status).toBe(422);
  expect((await report(reporter, "video", videoId, " ")).status).toBe(422);
  expect((await report(reporter, "video", videoId, "x".repeat(501))).status).toBe(422);
});

test("what moderators removed before is resolved from the start; what its owner removed is not", async () => {
  await admin.delete(`/admin/videos/${videoId}`);
  expect((await report(reporter, "video", videoId)).body).toMatchObject({
    status: "resolved",
    result: expect.any(String),
  });
  const byOwner = await addVideo(server, owner);
  await owner.delete(`/videos/${byOwner}`);
  expect((await report(reporter, "video", byOwner)).body.status).toBe("pending");
});

test("the evidence is frozen: what is edited or deleted later does not change it", async () => {
  const { body } = await report(reporter, "video", videoId);
  await server.app.sql`update videos set title = 'innocent now' where id = ${videoId}`;
  await admin.delete(`/admin/videos/${videoId}`);
  const [row] = await server.app.sql`select snapshot from reports where id = ${body.id}`;
  expect(row.snapshot).toMatchObject({ title: "a title", authorId: owner.id, authorUsername: owner.username });
});

test("the picture that is frozen with a video is the one that everybody sees", async () => {
  const video = await accepted(
    server,
    [
      ["title", "mine"],
      ["file", mp4()],
      ["thumb", PICTURES.png],
    ],
    owner,
  );
  const { body } = await report(reporter, "video", video.id);
  const { thumbUrl } = (await admin.get(`/reports/${body.id}`)).body.snapshot;
  expect([thumbUrl.split("?")[0], (await fetch(server.url + thumbUrl)).status]).toEqual([video.thumbUrl, 200]);
});

test("a deletion is audited, and what was taken down comes back exactly as it was", async () => {
  await reporter.post(`/videos/${videoId}/like`);
  await admin.delete(`/admin/videos/${videoId}`, { reason: "mistake" });
  expect((await reporter.get(`/comments/video/${videoId}`)).status).toBe(404);
  expect((await admin.post(`/admin/videos/${videoId}/restore`)).body.changed).toBe(true);
  expect((await admin.post(`/admin/videos/${videoId}/restore`)).body.changed).toBe(false);
  expect((await reporter.get(`/social/likes/video/${videoId}`)).body.total).toBe(1);
  const rows = await server.app.sql`
    select action, actor_id::float8 as actor from audit_log where target_type = 'video' and target_id = ${videoId} order by id`;
  expect([...rows]).toEqual([
    { action: "video_delete", actor: admin.id },
    { action: "video_restore", actor: admin.id },
  ]);
});
