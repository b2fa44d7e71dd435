import { beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, promote, serverForFile } from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

/* What happens when somebody likes, comments, follows or blocks: a test for each such row of the semantics. */

const { server, people } = serverForFile();
let ann: Person;
let bob: Person;
let cleo: Person;
let videoId: number;

beforeEach(async () => {
  [ann, bob, cleo] = await people("ann", "bob", "cleo");
  videoId = await addVideo(server, bob);
});

async function bell(person: Person) {
  const [listed, unseen] = [await person.get("/notifications"), await person.get("/notifications/unseen/count")];
  return { unseen: unseen.body, types: listed.body.map(({ type }: any) => type) };
}

async function ban(userId: number): Promise<void> {
  const [moderator] = await people("moderator");
  await promote(server, moderator, "moderator");
  expect((await moderator.post(`/admin/users/${userId}/ban`, { reason: "spam" })).body.changed).toBe(true);
}

test("like twice, or 50 times at once", async () => {
  const socket = await bob.connect();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ann.post(`/videos/${videoId}/like`)));
  expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
  expect((await ann.post(`/videos/${videoId}/like`)).body).toEqual({ changed: false, likesCount: 1 });
  await socket.settled();
  expect(socket.of("notification:new")).toHaveLength(1);
  expect(await bell(bob)).toEqual({ unseen: 1, types: ["like"] });
  const taken = await Promise.all(Array.from({ length: 20 }, () => ann.delete(`/videos/${videoId}/like`)));
  expect(taken.filter(({ body }) => body.changed)).toHaveLength(1);
  expect(taken.map(({ body }) => body.likesCount)).toEqual(Array(20).fill(0));
});

test("unlike, unfollow, delete a comment", async () => {
  const { body: comment } = await ann.post("/comments/", { videoId, content: "hi" });
  await ann.post(`/videos/${videoId}/like`);
  await ann.post(`/users/${bob.id}/follow`);
  const socket = await bob.connect();
  await socket.settled();
  const pushed = socket.of("notification:new").length;
  expect((await ann.delete(`/comments/${comment.id}`)).body.changed).toBe(true);
  expect((await ann.delete(`/videos/${videoId}/like`)).body.changed).toBe(true);
  expect((await ann.delete(`/users/${bob.id}/follow`)).body.changed).toBe(true);
  expect(await bell(bob)).toEqual({ unseen: 0, types: [] });
  await socket.settled();
  expect(socket.of("notification:unseen_count").at(-1)?.data).toEqual({ count: 0 });
  await ann.post(`/videos/${videoId}/like`);
  await ann.post(`/users/${bob.id}/follow`);
  expect(await bell(bob)).toEqual({ unseen: 2, types: ["follow", "like"] });
  await socket.settled();
  expect(socket.of("notification:new")).toHaveLength(pushed);
});

test("like or comment on one's own video; comment and reply to the same person", async () => {
  await bob.post(`/videos/${videoId}/like`);
  await bob.post("/comments/", { videoId, content: `@${bob.username} this is mine` });
  expect(await bell(bob)).toEqual({ unseen: 0, types: [] });
  const { body: first } = await cleo.post("/comments/", { videoId, content: "first" });
  const { body: own } = await bob.post("/comments/", { videoId, content: "thanks" });
  await ann.post("/comments/", { videoId, content: `@${cleo.username}. you too`, parentId: first.id });
  await ann.post("/comments/", { videoId, content: `@${bob.username}.`, parentId: own.id });
  await ann.post("/comments/", { videoId, content: `@${bob.username}. @${cleo.username}.` });
  expect(await bell(cleo)).toEqual({ unseen: 2, types: ["mention", "reply"] });
  expect(await bell(bob)).toEqual({ unseen: 4, types: ["mention", "reply", "comment", "comment"] });
});

test("follow, message, report or ban oneself", async () => {
  await promote(server, ann, "moderator");
  const answers = [
    await ann.post(`/users/${ann.id}/follow`),
    await ann.post("/messages/", { receiverId: ann.id, content: "me" }),
    await ann.post("/reports/", { targetType: "user", targetId: ann.id, reason: "me" }),
    await ann.post(`/admin/users/${ann.id}/ban`, { reason: "me" }),
  ];
  expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
    [422, "SELF_FOLLOW"],
    [422, "SELF_MESSAGE"],
    [422, "SELF_REPORT"],
    [409, "SELF_BAN"],
  ]);
});

test("like or comment on a private, deleted or banned owner's video", async () => {
  const [hidden, deleted] = [await addVideo(server, bob, "private"), await addVideo(server, bob)];
  await bob.delete(`/videos/${deleted}`);
  const bannedOwners = await addVideo(server, cleo);
  await ban(cleo.id);
  const codes = async (id: number) => {
    const answers = [await ann.post(`/videos/${id}/like`), await ann.post("/comments/", { videoId: id, content: "x" })];
    return answers.map(({ status, body }) => [status, body.error.code, body.error.message]);
  };
  const unknown = await codes(999_999_999);
  expect(unknown[0]!.slice(0, 2)).toEqual([404, "VIDEO_NOT_FOUND"]);
  for (const id of [hidden, deleted, bannedOwners]) expect(await codes(id)).toEqual(unknown);
});

test("list and count of notifications", async () => {
  for (let n = 0; n < 4; n++) await ann.post("/comments/", { videoId, content: `c${n}` });
  await ann.post(`/videos/${videoId}/like`);
  await ann.post(`/users/${bob.id}/follow`);
  const rows = (await bob.get("/notifications")).body;
  await bob.post("/notifications/mark-seen", { notificationId: rows.at(-1).id });
  await bob.delete(`/notifications/${rows.at(-2).id}`);
  await ann.delete(`/videos/${videoId}/like`);
  const unseen = (await bob.get("/notifications/?unseen=true")).body;
  expect(unseen).toHaveLength(3);
  expect((await bob.get("/notifications/unseen/count")).body).toBe(unseen.length);
  const drifts = await reconcile(server.app, { repair: false });
  expect(drifts.filter(({ counters }) => counters > 0)).toEqual([]);
  await server.app.sql`update user_streams set unseen_notifications = 7 where user_id = ${bob.id}`;
  const [found] = (await reconcile(server.app, { repair: true })).filter(({ counters }) => counters > 0);
  expect(found).toEqual({ name: "unseen notifications", counters: 1, by: 4 });
  expect((await bob.get("/notifications/unseen/count")).body).toBe(3);
});

test("a block", async () => {
  await ann.post(`/users/${bob.id}/follow`);
  await bob.post(`/users/${ann.id}/follow`);
  await ann.post("/messages/", { receiverId: bob.id, content: "before" });
  await ann.post(`/videos/${videoId}/like`);
  await cleo.post(`/videos/${videoId}/like`);
  expect((await bob.post(`/users/${ann.id}/block`)).body.changed).toBe(true);
  expect((await bob.post(`/users/${ann.id}/block`)).body.changed).toBe(false);
  const { followerCount, followingCount } = (await cleo.get(`/users/${bob.id}`)).body;
  expect([followerCount, followingCount]).toEqual([0, 0]);
  expect([await bell(ann), await bell(bob)]).toEqual([
    { unseen: 0, types: [] },
    { unseen: 1, types: ["like"] },
  ]);
  expect((await ann.get(`/messages/conversation/${bob.id}`)).body).toHaveLength(1);
  expect((await bob.get(`/messages/conversation/${ann.id}`)).body[0].content).toBe("before");
});

test("counts on content", async () => {
  await ann.post(`/videos/${videoId}/like`);
  await ann.post("/comments/", { videoId, content: "hi" });
  await ann.post(`/users/${bob.id}/follow`);
  expect((await cleo.post(`/videos/${videoId}/like`)).body.likesCount).toBe(2);
  expect((await cleo.post(`/users/${bob.id}/follow`)).body.followerCount).toBe(2);
  await ban(ann.id);
  const { likesCount, commentsCount } = (await cleo.get(`/videos/${videoId}`)).body;
  expect([likesCount, commentsCount]).toEqual([2, 1]);
  expect((await cleo.get(`/users/${bob.id}`)).body.followerCount).toBe(2);
  expect((await cleo.get(`/social/likes/video/${videoId}`)).body).toMatchObject({ total: 2, likes: [{ id: cleo.id }] });
  expect((await cleo.delete(`/videos/${videoId}/like`)).body.likesCount).toBe(1);
});
