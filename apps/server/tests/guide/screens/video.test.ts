import { beforeAll, beforeEach, expect, test } from "bun:test";
import { serverForFile } from "@reelay/testkit";
import { FrontEnd, refusal } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

const { server } = serverForFile();
let owner: FrontEnd;
let app: FrontEnd;
let videoId: number;

beforeAll(async () => {
  [owner, app] = [await FrontEnd.join(server, "owner"), await FrontEnd.join(server, "viewer")];
});

beforeEach(async () => {
  const video = await owner.post("/videos", { title: "Sài Gòn", url: "https://example.com/v.mp4", thumb_url: null });
  videoId = video.id;
});

const textsOf = (comments: any[]) => comments.map(({ content }) => content);

test("the video page: the video, who likes it, and its comments, which one writes, answers, edits and deletes", async () => {
  expectShape(await app.get(`/videos/${videoId}/`), "video");
  expect(await app.get(`/comments/video/${videoId}`)).toEqual([]);

  const first = await app.post("/comments/", { video_id: videoId, content: "  Đẹp quá! 😍 " });
  expectShape(first, "comment");
  expectShape(first.user, "person");
  expect(first).toMatchObject({ videoId, parentId: null, userId: app.user.id, content: "Đẹp quá! 😍" });
  const reply = await owner.post("/comments", { video_id: videoId, content: "Cảm ơn @viewer.", parent_id: first.id });
  expect(reply.parentId).toBe(first.id);
  expect(await app.get(`/comments/video/${videoId}/?skip=0&limit=20`)).toEqual([reply, first]);
  expect((await app.get(`/videos/${videoId}`)).commentsCount).toBe(2);

  const edited = await app.put(`/comments/${first.id}/`, { content: "Đẹp!" });
  expect(edited).toEqual({ ...first, content: "Đẹp!", updatedAt: edited.updatedAt });
  expect(await refusal(app.put(`/comments/${reply.id}`, { content: "mine" }))).toEqual([403, "You may not do that."]);
  expect(await refusal(app.post("/comments/", { video_id: videoId, content: "   " }))).toEqual([
    422,
    "content: at least 1 character",
  ]);
  expect(await owner.delete(`/comments/${first.id}/`)).toEqual({ success: true, changed: true });
  expect(textsOf(await app.get(`/comments/video/${videoId}`))).toEqual(["Cảm ơn @viewer."]);

  await app.post(`/videos/${videoId}/like`);
  const likes = await new FrontEnd(server).get(`/social/likes/video/${videoId}/`);
  expectShape(likes.likes, "user");
  expect([likes.total, likes.likes[0].username]).toEqual([1, "viewer"]);
});

test("its owner hears of a comment and a like at once, and edits and deletes what is his", async () => {
  await owner.connect();
  const before = await owner.get("/notifications/unseen/count");
  const commented = owner.until("notification:new", ({ refId }) => refId === videoId);
  const counted = owner.until("notification:unseen_count", ({ count }) => count === before + 1);
  await app.post("/comments/", { video_id: videoId, content: "wow" });
  expectShape(await commented, "notification");
  expect(await commented).toMatchObject({ type: "comment", actor: { username: "viewer" }, seen: false });
  await counted;
  const liked = owner.next("notification:new");
  await app.post(`/videos/${videoId}/like`);
  expect(await liked).toMatchObject({ type: "like", refId: videoId, target: { type: "video", title: "Sài Gòn" } });
  await owner.goOffline();

  const edited = await owner.put(`/videos/${videoId}`, { title: "Sài Gòn về đêm", visibility: "hidden" });
  expect(edited).toMatchObject({ title: "Sài Gòn về đêm", visibility: "private", likesCount: 1 });
  expect((await refusal(app.get(`/videos/${videoId}`)))[0]).toBe(404);
  expect(await owner.delete(`/videos/${videoId}/`)).toEqual({ success: true, changed: true });
  expect((await refusal(owner.get(`/videos/${videoId}`)))[0]).toBe(404);
});
