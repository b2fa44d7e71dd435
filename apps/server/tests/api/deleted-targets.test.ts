import { beforeAll, beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, promote, serverForFile, settleJobs, signUp } from "@reelay/testkit";

/* What every verb answers to the id of something that was deleted. */

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let admin: Person;
let owner: Person;
let viewer: Person;

beforeAll(async () => {
  [admin] = await people("admin");
  await promote(server, admin, "admin");
});

beforeEach(async () => {
  [owner, viewer] = await Promise.all([signUp(server, "owner"), signUp(server, "viewer")]);
});

/** Who does what, and what comes of it: a code, or whether something changed, or a field of the answer. */
type Attempt = [by: Person, request: string, body: object | undefined, outcome: unknown];

async function expectOutcomes(attempts: Attempt[]): Promise<void> {
  const found: unknown[] = [];
  for (const [by, request, body] of attempts) {
    const [method, path] = request.split(" ") as [string, string];
    const answer = await by.call<any>(method, path, body);
    found.push([request, answer.body?.error?.code ?? answer.body?.changed ?? answer.body?.status ?? answer.status]);
  }
  expect(found).toEqual(attempts.map(([, request, , outcome]) => [request, outcome]));
}

async function made(by: Person, path: string, body: object): Promise<number> {
  const answer = await by.post(path, body);
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const NO_VIDEO = "VIDEO_NOT_FOUND";
const NO_COMMENT = "COMMENT_NOT_FOUND";
const NO_USER = "USER_NOT_FOUND";

/** What others and its owner meet at a video that is gone, whoever deleted it. */
function attemptsOnVideo(id: number, commentId: number): Attempt[] {
  return [
    [viewer, `GET /videos/${id}`, undefined, NO_VIDEO],
    [owner, `GET /videos/${id}`, undefined, NO_VIDEO],
    [owner, `PUT /videos/${id}`, { title: "again" }, NO_VIDEO],
    [viewer, `PUT /videos/${id}`, { title: "mine" }, NO_VIDEO],
    [viewer, `DELETE /videos/${id}`, undefined, NO_VIDEO],
    [owner, `DELETE /videos/${id}`, undefined, false],
    [viewer, `POST /videos/${id}/view`, undefined, NO_VIDEO],
    [viewer, `POST /videos/${id}/share`, undefined, NO_VIDEO],
    [viewer, `POST /videos/${id}/like`, undefined, NO_VIDEO],
    [viewer, `DELETE /videos/${id}/like`, undefined, NO_VIDEO],
    [viewer, `GET /social/likes/video/${id}`, undefined, NO_VIDEO],
    [viewer, `POST /social/bookmarks/${id}`, undefined, NO_VIDEO],
    [viewer, `DELETE /social/bookmarks/${id}`, undefined, true],
    [viewer, `DELETE /social/bookmarks/${id}`, undefined, NO_VIDEO],
    [viewer, `GET /comments/video/${id}`, undefined, NO_VIDEO],
    [viewer, "POST /comments/", { videoId: id, content: "hello?" }, NO_VIDEO],
    [viewer, "POST /comments/", { videoId: id, content: "hello?", parentId: commentId }, NO_VIDEO],
    [viewer, `PUT /comments/${commentId}`, { content: "hello?" }, NO_COMMENT],
    [viewer, `DELETE /comments/${commentId}`, undefined, NO_COMMENT],
    [owner, `DELETE /comments/${commentId}`, undefined, NO_COMMENT],
  ];
}

async function videoWithReactions(): Promise<{ id: number; commentId: number }> {
  const id = await addVideo(server, owner);
  await viewer.post(`/videos/${id}/like`);
  await viewer.post(`/social/bookmarks/${id}`);
  return { id, commentId: await made(viewer, "/comments/", { videoId: id, content: "first" }) };
}

test("a video that its owner deleted is gone for every verb; it can still be reported, and nobody brings it back", async () => {
  const { id, commentId } = await videoWithReactions();
  await owner.delete(`/videos/${id}`);
  await expectOutcomes([
    ...attemptsOnVideo(id, commentId),
    [viewer, "POST /reports/", { targetType: "video", targetId: id, reason: "spam" }, "pending"],
    [viewer, "POST /reports/", { targetType: "comment", targetId: commentId, reason: "spam" }, "pending"],
    [admin, `DELETE /admin/videos/${id}`, { reason: "late" }, false],
    [admin, `POST /admin/videos/${id}/restore`, undefined, false],
    [viewer, `GET /videos/${id}`, undefined, NO_VIDEO],
  ]);
});

test("so is one that a moderator took down; a report of it is answered at once, and it can come back", async () => {
  const { id, commentId } = await videoWithReactions();
  await admin.delete(`/admin/videos/${id}`);
  await expectOutcomes([
    ...attemptsOnVideo(id, commentId),
    [viewer, "POST /reports/", { targetType: "video", targetId: id, reason: "spam" }, "resolved"],
    [viewer, "POST /reports/", { targetType: "comment", targetId: commentId, reason: "spam" }, "resolved"],
    [admin, `DELETE /admin/videos/${id}`, { reason: "again" }, false],
    [admin, `POST /admin/videos/${id}/restore`, undefined, true],
    [admin, `POST /admin/videos/${id}/restore`, undefined, false],
    [viewer, `GET /videos/${id}`, undefined, 200],
    [viewer, `PUT /comments/${commentId}`, { content: "still here" }, 200],
  ]);
  expect((await viewer.get(`/videos/${id}`)).body).toMatchObject({ likesCount: 1, commentsCount: 1, isLiked: true });
});

test("a comment that was deleted cannot be edited or answered; deleting it again changes nothing", async () => {
  const videoId = await addVideo(server, owner);
  const id = await made(viewer, "/comments/", { videoId, content: "oops", clientId: "c1" });
  await viewer.delete(`/comments/${id}`);
  await expectOutcomes([
    [viewer, `PUT /comments/${id}`, { content: "oops!" }, NO_COMMENT],
    [viewer, `DELETE /comments/${id}`, undefined, false],
    [owner, `DELETE /comments/${id}`, undefined, false],
    [admin, `DELETE /comments/${id}`, undefined, "FORBIDDEN"],
    [owner, "POST /comments/", { videoId, content: "what?", parentId: id }, NO_COMMENT],
    [viewer, "POST /comments/", { videoId, content: "oops", clientId: "c1" }, "IDEMPOTENCY_MISMATCH"],
    [owner, "POST /reports/", { targetType: "comment", targetId: id, reason: "rude" }, "pending"],
  ]);
  expect((await viewer.get(`/videos/${videoId}`)).body.commentsCount).toBe(0);
  expect((await viewer.get(`/comments/video/${videoId}`)).body).toEqual([]);
});

test("a message that was deleted is not marked as seen; deleting it again answers the same", async () => {
  const id = await made(owner, "/messages/", { receiverId: viewer.id, content: "oops", clientId: "m1" });
  await owner.delete(`/messages/${id}`);
  await expectOutcomes([
    [owner, `DELETE /messages/${id}`, undefined, 200],
    [viewer, `DELETE /messages/${id}`, undefined, "MESSAGE_NOT_FOUND"],
    [owner, "POST /messages/", { receiverId: viewer.id, content: "oops", clientId: "m1" }, "MESSAGE_DELETED"],
    [viewer, "POST /reports/", { targetType: "message", targetId: id, reason: "rude" }, "pending"],
    [admin, "POST /reports/", { targetType: "message", targetId: id, reason: "rude" }, "NOT_FOUND"],
  ]);
  const seen = { updated: [], updatedCount: 0, upToId: null, seenAt: null, unreadCount: 0 };
  expect((await viewer.post("/messages/mark-seen", { messageIds: [id] })).body).toEqual(seen);
  expect((await viewer.put(`/messages/${owner.id}/read`)).body).toEqual(seen);
  expect((await viewer.get(`/messages/conversation/${owner.id}`)).body).toEqual([]);
});

test("a notification that was deleted or taken back is not marked as seen, and does not return", async () => {
  const videoId = await addVideo(server, owner);
  await viewer.post(`/users/${owner.id}/follow`);
  await viewer.post(`/videos/${videoId}/like`);
  const [like, follow] = (await owner.get("/notifications/")).body;
  await owner.delete(`/notifications/${like.id}`);
  await viewer.delete(`/users/${owner.id}/follow`);
  await expectOutcomes([
    [owner, `DELETE /notifications/${like.id}`, undefined, false],
    [owner, `DELETE /notifications/${follow.id}`, undefined, "NOTIFICATION_NOT_FOUND"],
  ]);
  const nothing = { updated: [], updatedCount: 0, upToId: null, unseenCount: 0 };
  const ids = [like.id, follow.id];
  expect((await owner.post("/notifications/mark-seen", { notificationIds: ids })).body).toEqual(nothing);
  expect((await owner.post("/notifications/mark-all-seen")).body).toEqual(nothing);
  expect((await owner.get("/notifications/")).body).toEqual([]);
});

test("a deleted account is gone for every verb, and with it its videos: even one that a moderator had taken down", async () => {
  const [video, takenDown] = [await addVideo(server, owner), await addVideo(server, owner)];
  const report = await made(viewer, "/reports/", { targetType: "user", targetId: owner.id, reason: "rude" });
  await admin.delete(`/admin/videos/${takenDown}`);
  await owner.delete("/users/me", { password: owner.password });
  await settleJobs(server);
  await expectOutcomes([
    [viewer, `GET /users/${owner.id}`, undefined, NO_USER],
    [viewer, `GET /videos/user/${owner.id}`, undefined, NO_USER],
    [viewer, `GET /social/followers/${owner.id}`, undefined, NO_USER],
    [viewer, `POST /users/${owner.id}/follow`, undefined, NO_USER],
    [viewer, `POST /users/${owner.id}/block`, undefined, NO_USER],
    [viewer, "POST /messages/", { receiverId: owner.id, content: "hello?" }, NO_USER],
    [viewer, `GET /videos/${video}`, undefined, NO_VIDEO],
    [viewer, "POST /reports/", { targetType: "user", targetId: owner.id, reason: "again" }, "pending"],
    [admin, "POST /reports/", { targetType: "user", targetId: owner.id, reason: "rude" }, "NOT_FOUND"],
    [admin, `POST /admin/users/${owner.id}/ban`, { reason: "late" }, NO_USER],
    [admin, `POST /admin/users/${owner.id}/unban`, undefined, NO_USER],
    [admin, `DELETE /admin/videos/${video}`, undefined, false],
    [admin, `POST /admin/videos/${video}/restore`, undefined, NO_VIDEO],
    [admin, `POST /admin/videos/${takenDown}/restore`, undefined, NO_VIDEO],
    [admin, `POST /admin/reports/${report}/resolve`, { result: "gone" }, true],
  ]);
  const [account] = await server.app.sql`select video_count from accounts where id = ${owner.id}`;
  expect(account.video_count).toBe(0);
});
