import { beforeEach, expect, test } from "bun:test";
import { Comment, Video } from "@reelay/contract";
import {
  accepted,
  addVideo,
  call,
  HeldRows,
  mp4,
  type Person,
  PICTURES,
  promote,
  serverForFile,
  waitFor,
} from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

/* What is hidden is gone for everybody but its owner and staff, and no count moves. */

const { server, people } = serverForFile();
let moderator: Person;
let owner: Person;
let fan: Person;
let videoId: number;

beforeEach(async () => {
  [moderator, owner, fan] = await people("moderator", "owner", "fan");
  await promote(server, moderator, "moderator");
  videoId = await addVideo(server, owner);
});

async function hide(kind: "videos" | "comments", id: number): Promise<void> {
  const { status, body } = await moderator.post(`/admin/${kind}/${id}/hide`, { reason: "Spam" });
  expect([status, body.changed]).toEqual([200, true]);
}

async function comment(by: Person, content = "nice", parentId?: number): Promise<number> {
  const { status, body } = await by.post("/comments/", { videoId, content, parentId });
  expect(status).toBe(201);
  return body.id;
}

const idsOf = (rows: { id: number }[]) => rows.map(({ id }) => id);
const codesOf = (answers: { body: any }[]) => answers.map(({ body }) => body.error?.code ?? "none");
const commentsFor = async (person: Person) => (await person.get(`/comments/video/${videoId}`)).body;

async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

/** Every list in which the fan could find the video. */
const LISTS: Record<string, () => Promise<Video[]>> = {
  feed: async () => (await fan.get("/videos/")).body,
  "feed without a token": async () => (await call(server.url, "GET", "/videos/")).body,
  "followed people": async () => (await fan.get("/videos/following/feed")).body,
  "of a person": async () => (await fan.get(`/videos/user/${owner.id}`)).body,
  search: async () => (await fan.get("/videos/search?q=a title")).body,
  bookmarks: async () => (await fan.get("/social/bookmarks/my")).body.videos,
};

test("a hidden video is in no list of others, and back in each when it is shown", async () => {
  await fan.post(`/users/${owner.id}/follow`);
  await fan.post(`/social/bookmarks/${videoId}`);
  const where = async () => {
    const found: string[] = [];
    for (const [name, read] of Object.entries(LISTS)) if (idsOf(await read()).includes(videoId)) found.push(name);
    return found;
  };
  expect(await where()).toEqual(Object.keys(LISTS));
  await hide("videos", videoId);
  expect(await where()).toEqual([]);
  expect((await fan.get("/social/bookmarks/my")).body.total).toBe(0);
  await moderator.post(`/admin/videos/${videoId}/unhide`);
  expect(await where()).toEqual(Object.keys(LISTS));
});

test("to others a hidden video is one that does not exist, whatever they do with it", async () => {
  const commentId = await comment(fan);
  await fan.post(`/videos/${videoId}/like`);
  await hide("videos", videoId);
  const onVideo = [
    await call(server.url, "GET", `/videos/${videoId}`),
    await fan.get(`/videos/${videoId}`),
    await fan.put(`/videos/${videoId}`, { title: "mine" }),
    await fan.delete(`/videos/${videoId}`),
    await fan.post(`/videos/${videoId}/view`),
    await fan.post(`/videos/${videoId}/share`),
    await fan.post(`/videos/${videoId}/like`),
    await fan.delete(`/videos/${videoId}/like`),
    await fan.get(`/social/likes/video/${videoId}`),
    await fan.post(`/social/bookmarks/${videoId}`),
    await fan.get(`/comments/video/${videoId}`),
    await fan.post("/comments/", { videoId, content: "still here?" }),
    await moderator.get(`/videos/${videoId}`),
  ];
  expect(codesOf(onVideo)).toEqual(onVideo.map(() => "VIDEO_NOT_FOUND"));
  const onComment = [
    await fan.put(`/comments/${commentId}`, { content: "x" }),
    await fan.delete(`/comments/${commentId}`),
  ];
  expect(codesOf(onComment)).toEqual(["COMMENT_NOT_FOUND", "COMMENT_NOT_FOUND"]);
});

test("its owner sees it, marked, and goes on with it; nothing else is marked", async () => {
  const other = await addVideo(server, owner);
  await hide("videos", videoId);
  const { body } = await owner.get(`/videos/${videoId}`);
  expect(body.isHidden).toBe(true);
  Video.parse(body);
  const listed: Video[] = (await owner.get(`/videos/user/${owner.id}`)).body;
  expect(listed.map(({ id, isHidden }) => [id, isHidden])).toEqual([
    [other, undefined],
    [videoId, true],
  ]);
  expect("isHidden" in listed[0]!).toBe(false);
  expect((await owner.put(`/videos/${videoId}`, { title: "better" })).body).toMatchObject({
    title: "better",
    isHidden: true,
  });
  expect((await owner.post(`/videos/${videoId}/like`)).body.likesCount).toBe(1);
  expect((await owner.post(`/social/bookmarks/${videoId}`)).body.changed).toBe(true);
  const [bookmark] = (await owner.get("/social/bookmarks/my")).body.videos;
  expect([bookmark.id, bookmark.isHidden]).toEqual([videoId, true]);
  await comment(owner, "mine");
  expect(await commentsFor(owner)).toMatchObject([{ content: "mine" }]);
  expect((await owner.delete(`/videos/${videoId}`)).body.changed).toBe(true);
});

test("staff's list has it, marked, and filters by it", async () => {
  const other = await addVideo(server, owner);
  await hide("videos", videoId);
  const listed = async (query: string, by = moderator) => {
    const { status, body } = await by.get(`/videos/?${query}`);
    expect(status).toBe(200);
    return body.filter(({ ownerId }: Video) => ownerId === owner.id).map(({ id, isHidden }: Video) => [id, isHidden]);
  };
  expect(await listed("")).toEqual([
    [other, undefined],
    [videoId, true],
  ]);
  expect(await listed("hidden=true")).toEqual([[videoId, true]]);
  expect(await listed("hidden=false")).toEqual([[other, undefined]]);
  expect(await listed("hidden=true", fan)).toEqual([[other, undefined]]);
  await owner.delete(`/videos/${videoId}`);
  expect(await listed("hidden=true")).toEqual([]);
  expect(await listed("hidden=true&status=all")).toEqual([[videoId, true]]);
  expect((await moderator.get("/videos/?hidden=perhaps")).status).toBe(422);
});

test("a hidden comment is gone for others, the video's owner among them, and answered no more", async () => {
  const commentId = await comment(fan);
  const [reader] = await people("reader");
  const answer = await comment(reader, "indeed", commentId);
  await hide("comments", commentId);
  for (const person of [owner, reader]) expect(idsOf(await commentsFor(person))).toEqual([answer]);
  expect(idsOf((await call(server.url, "GET", `/comments/video/${videoId}`)).body)).toEqual([answer]);
  const refused = [
    await reader.post("/comments/", { videoId, content: "and", parentId: commentId }),
    await owner.delete(`/comments/${commentId}`),
    await reader.put(`/comments/${commentId}`, { content: "x" }),
  ];
  expect(codesOf(refused)).toEqual(["COMMENT_NOT_FOUND", "COMMENT_NOT_FOUND", "COMMENT_NOT_FOUND"]);
  for (const person of [fan, moderator]) {
    const listed: Comment[] = await commentsFor(person);
    expect(listed.map(({ id, isHidden }) => [id, isHidden])).toEqual([
      [answer, undefined],
      [commentId, true],
    ]);
    for (const each of listed) Comment.parse(each);
    expect("isHidden" in listed[0]!).toBe(false);
  }
  const { body: page } = await moderator.get(`/admin/videos/${videoId}`);
  expect(page.recent_comments).toMatchObject([{ id: answer }, { id: commentId, isHidden: true }]);
  expect([page.video, page.recent_comments[0]].map((each) => "isHidden" in each)).toEqual([false, false]);
  expect((await fan.put(`/comments/${commentId}`, { content: "nicer" })).body).toMatchObject({ isHidden: true });
  await moderator.post(`/admin/comments/${commentId}/unhide`);
  expect(idsOf(await commentsFor(reader))).toEqual([answer, commentId]);
  await hide("comments", commentId);
  expect((await fan.delete(`/comments/${commentId}`)).body.changed).toBe(true);
});

test("its bytes are its owner's, by a signed address, and staff's while it is hidden", async () => {
  const video = await accepted(
    server,
    [
      ["title", "x"],
      ["file", mp4()],
      ["thumb", PICTURES.png],
    ],
    owner,
  );
  const files = [video.url, video.thumbUrl!];
  const statuses = (urls: string[]) => Promise.all(urls.map(async (url) => (await fetch(server.url + url)).status));
  expect(await statuses(files)).toEqual([200, 200]);
  await hide("videos", video.id);
  expect(await statuses(files)).toEqual([404, 404]);
  const { body: mine } = await owner.get(`/videos/${video.id}`);
  const [theirs] = (await moderator.get("/videos/?hidden=true")).body;
  expect(theirs.id).toBe(video.id);
  for (const { url, thumbUrl } of [mine, theirs]) expect(await statuses([url, thumbUrl])).toEqual([200, 200]);
  const { body: page } = await moderator.get(`/admin/videos/${video.id}`);
  expect(page.video.isHidden).toBe(true);
  expect(await statuses([page.video.videoUrl, page.video.thumbUrl])).toEqual([200, 200]);
  const signed = theirs.url as string;
  await moderator.post(`/admin/videos/${video.id}/unhide`);
  expect(await statuses(files)).toEqual([200, 200]);
  await owner.put(`/videos/${video.id}`, { visibility: "private" });
  expect(await statuses([signed])).toEqual([404]);
  expect((await fan.get(`/videos/${video.id}`)).status).toBe(404);
});

test("a notification of it names no target any more, in the list and in the log, but for the owner, without a picture", async () => {
  await (await fan.connect()).close();
  const parentId = await comment(fan);
  const cursor = (await fan.get("/notifications/")).headers.get("x-event-cursor")!;
  await comment(owner, `thanks @${fan.username}`, parentId);
  const target = async (person: Person) => (await person.get("/notifications/")).body.at(-1).target;
  expect(await target(fan)).toMatchObject({ id: videoId, thumbUrl: "https://example.com/t.jpg" });
  await hide("videos", videoId);
  expect(await target(fan)).toBeNull();
  expect(await target(owner)).toEqual({ type: "video", id: videoId, title: "a title", thumbUrl: null });
  const socket = await fan.connect();
  expect((await socket.next("notification:new")).data).toMatchObject({ type: "reply", target: null });
  const { body } = await fan.get(`/events?cursor=${encodeURIComponent(cursor)}`);
  expect(body.events).toMatchObject([{ type: "notification:new", data: { type: "reply", target: null } }]);
});

test("whom a comment on a hidden video mentions is not notified", async () => {
  await hide("videos", videoId);
  await comment(owner, `look @${fan.username}`);
  expect((await fan.get("/notifications/")).body).toEqual([]);
});

test("no count moves by hiding or showing, and none is found wrong", async () => {
  const commentId = await comment(fan);
  await fan.post(`/videos/${videoId}/like`);
  await owner.put("/users/me", { bio: "here" });
  const counts = async () => {
    const { likesCount, commentsCount } = (await owner.get(`/videos/${videoId}`)).body;
    const { videoCount } = (await fan.get(`/users/${owner.id}`)).body;
    const { videos, engagement } = (await moderator.get("/admin/stats/overview")).body;
    return { likesCount, commentsCount, videoCount, videos, engagement };
  };
  const before = await counts();
  expect(before).toMatchObject({ likesCount: 1, commentsCount: 1, videoCount: 1 });
  await hide("comments", commentId);
  await hide("videos", videoId);
  expect(await counts()).toEqual(before);
  expect(await drift()).toEqual([]);
  await moderator.post(`/admin/videos/${videoId}/unhide`);
  await moderator.post(`/admin/comments/${commentId}/unhide`);
  expect(await counts()).toEqual(before);
  expect(await drift()).toEqual([]);
});

test("a like and a comment that waited while the video was being hidden are refused", async () => {
  const held = await HeldRows.hold(
    server.database,
    (tx) => tx`update videos set hidden_at = now(), hidden_by = 'staff' where id = ${videoId} returning id`,
  );
  const waiting = [fan.post(`/videos/${videoId}/like`), fan.post("/comments/", { videoId, content: "quick" })];
  await waitFor(async () => {
    const rows = await server.app.sql`
      select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return rows.length === 2 || undefined;
  });
  await held.release();
  expect(codesOf(await Promise.all(waiting))).toEqual(["VIDEO_NOT_FOUND", "VIDEO_NOT_FOUND"]);
  const { body } = await owner.get(`/videos/${videoId}`);
  expect([body.likesCount, body.commentsCount]).toEqual([0, 0]);
});

test("feeds and a person's videos are read from their indexes", async () => {
  const planOf = async (condition: string) => {
    const rows = await server.app.sql.begin(async (tx) => {
      await tx`set local enable_seqscan = off`;
      await tx`set local enable_sort = off`;
      return await tx.unsafe(`explain select v.id from videos v where ${condition} order by v.id desc limit 20`);
    });
    return rows.map((row: object) => Object.values(row)[0]).join("\n");
  };
  expect(await planOf("is_shown(v)")).toContain("videos_newest");
  expect(await planOf("v.owner_id = 1 and is_shown(v)")).toMatch(/videos_(owner|newest)/);
  expect(await planOf("v.owner_id = 1 and is_shown_to(v, 2)")).toContain("Index Cond: (owner_id = 1)");
  expect(await planOf("v.hidden_at is not null")).toContain("videos_hidden");
});
