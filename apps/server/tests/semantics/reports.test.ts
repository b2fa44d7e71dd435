import { beforeEach, expect, test } from "bun:test";
import { MODERATION } from "@reelay/contract";
import { addVideo, type Person, promote, serverForFile } from "@reelay/testkit";
import { purgeVideos } from "../../src/features/videos/purge.ts";

/* What happens when something is reported, judged or taken down: a test for each such row of the semantics. */

const { server, people } = serverForFile();
let admin: Person;
let owner: Person;
let reporter: Person;
let videoId: number;

beforeEach(async () => {
  [admin, owner, reporter] = await people("admin", "owner", "reporter");
  await promote(server, admin, "admin");
  videoId = await addVideo(server, owner);
});

async function report(targetType: string, targetId: number, by = reporter) {
  const { status, body } = await by.post("/reports/", { targetType, targetId, reason: "spam" });
  expect(status).toBe(201);
  return body;
}

async function own(person: Person) {
  return (await person.get("/reports/my")).body.map(({ status, result }: any) => [status, result]);
}

test("admin deletes a video", async () => {
  await report("video", videoId);
  const [owners, reporters] = [await owner.connect(), await reporter.connect()];
  expect((await admin.delete(`/admin/videos/${videoId}`, { reason: "spam" })).body.changed).toBe(true);
  expect((await owners.next("admin:video_deleted")).data).toMatchObject({ videoId, reason: "spam" });
  expect((await owners.next("notification:new")).data).toMatchObject({ type: "admin_delete", refId: videoId });
  expect((await reporters.next("admin:report_resolved")).data.status).toBe("resolved");
  expect((await reporters.next("notification:new")).data.type).toBe("admin_resolve");
  for (const person of [owner, reporter]) {
    expect((await person.get(`/videos/${videoId}`)).status).toBe(404);
    expect((await person.get(`/videos/user/${owner.id}`)).body).toEqual([]);
  }
  expect((await admin.post(`/admin/videos/${videoId}/restore`)).body.changed).toBe(true);
  expect((await reporter.get(`/videos/${videoId}`)).status).toBe(200);
  const before = owners.frames.length;
  await owner.delete(`/videos/${videoId}`);
  await owners.settled();
  expect(owners.frames.slice(before).map(({ type }) => type)).toEqual(["error"]);
});

test("delete twice, an unknown one, without a reason", async () => {
  const socket = await owner.connect();
  expect((await admin.delete(`/admin/videos/${videoId}`)).body.changed).toBe(true);
  expect((await admin.delete(`/admin/videos/${videoId}`)).body.changed).toBe(false);
  expect((await admin.delete("/admin/videos/999999999")).status).toBe(404);
  await socket.settled();
  const told = socket.of("admin:video_deleted").map(({ data }) => data.reason);
  expect(told).toEqual(["Violation of the community guidelines"]);
});

test("report on something already removed", async () => {
  const byOwner = await addVideo(server, owner);
  await owner.delete(`/videos/${byOwner}`);
  await admin.delete(`/admin/videos/${videoId}`);
  expect((await report("video", videoId)).status).toBe("resolved");
  expect((await report("video", byOwner)).status).toBe("pending");
});

test("report evidence", async () => {
  const { body: comment } = await owner.post("/comments/", { videoId, content: "bad words" });
  const { body: message } = await owner.post("/messages/", { receiverId: reporter.id, content: "worse words" });
  const reports = [
    await report("video", videoId),
    await report("comment", comment.id),
    await report("message", message.id),
    await report("user", owner.id),
  ];
  const pages = () => Promise.all(reports.map(async ({ id }) => (await admin.get(`/reports/${id}`)).body));
  const before = await pages();
  expect(before.map(({ snapshot }) => snapshot)).toMatchObject([
    { title: "a title", thumbUrl: "https://example.com/t.jpg", likesCount: 0, authorUsername: owner.username },
    { text: "bad words", videoTitle: "a title" },
    { text: "worse words" },
    { authorId: owner.id, videoCount: 1 },
  ]);
  await owner.put(`/videos/${videoId}`, { title: "innocent" });
  await owner.put("/users/me", { username: `new${owner.username}` });
  await owner.delete(`/comments/${comment.id}`);
  await owner.delete(`/messages/${message.id}`);
  await owner.delete(`/videos/${videoId}`);
  await purgeVideos(server.app);
  expect(await pages()).toEqual(before);
});

test("two admins resolve at once", async () => {
  const [second] = await people("second");
  await promote(server, second, "admin");
  const { id } = await report("video", videoId);
  const socket = await reporter.connect();
  const answers = await Promise.all([
    admin.post(`/admin/reports/${id}/resolve`, { result: "one" }),
    second.post(`/admin/reports/${id}/resolve`, { result: "two" }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const [[, standing]] = await own(reporter);
  const loser = answers.find(({ status }) => status === 409)!;
  expect(loser.body.error).toMatchObject({ code: "REPORT_ALREADY_DECIDED", details: { result: standing } });
  await socket.settled();
  expect(socket.of("admin:report_resolved")).toHaveLength(1);
});

test("resolve one report of several on a target", async () => {
  const others = await people("third", "fourth");
  const first = await report("video", videoId);
  for (const person of others) await report("video", videoId, person);
  await admin.post(`/admin/reports/${first.id}/reject`, { reason: "fine" });
  expect([await own(reporter), await own(others[0]), await own(others[1])]).toEqual([
    [["rejected", "fine"]],
    [["pending", null]],
    [["pending", null]],
  ]);
  const sockets = await Promise.all(others.map((person) => person.connect()));
  await admin.delete(`/admin/videos/${videoId}`);
  for (const socket of sockets) expect((await socket.next("admin:report_resolved")).data.status).toBe("resolved");
  expect(await own(reporter)).toEqual([["rejected", "fine"]]);
});

test("resolve with a status of pending, or anything else", async () => {
  const { id } = await report("video", videoId);
  for (const status of ["pending", "done", "", 1]) {
    expect((await admin.post(`/admin/reports/${id}/resolve`, { status })).status).toBe(422);
  }
  expect(await own(reporter)).toEqual([["pending", null]]);
});

test("the result is the reporter's to see, who decided is not", async () => {
  const { id } = await report("video", videoId);
  const socket = await reporter.connect();
  await admin.post(`/admin/reports/${id}/resolve`, { result: "Removed" });
  expect(Object.keys((await socket.next("admin:report_resolved")).data)).toEqual([
    "reportId",
    "status",
    "result",
    "resolvedAt",
  ]);
  expect((await socket.next("notification:new")).data).toMatchObject({ actor: MODERATION, target: null });
  expect(await own(reporter)).toEqual([["resolved", "Removed"]]);
  expect(JSON.stringify((await reporter.get("/reports/my")).body)).not.toContain("resolvedBy");
});
