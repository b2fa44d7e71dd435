import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { type Answer, addVideo, crowd, type Person, promote, serverForFile } from "@reelay/testkit";

/* Acting on something in the moment in which it is deleted: one of the two comes first, and every count is that of the rows. */

const ROUNDS = 12;

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let admin: Person;
let owner: Person;
let viewers: Person[];

beforeAll(async () => {
  [admin] = await people("admin");
  await promote(server, admin, "admin");
});

beforeEach(async () => {
  [owner, ...viewers] = await crowd(server, 7);
});

afterEach(async () => {
  const { sql } = server.app;
  const videos = await sql`
    select id, likes_count, comments_count, views_count, shares_count from videos v
    where likes_count <> (select count(*) from likes where video_id = v.id and deleted_at is null)
      or comments_count <> (select count(*) from comments where video_id = v.id and deleted_at is null)
      or views_count <> (select count(*) from video_views where video_id = v.id and kind = 'view')
      or shares_count <> (select count(*) from video_views where video_id = v.id and kind = 'share')`;
  const owners = await sql`
    select id, video_count from accounts a
    where video_count <> (select count(*) from videos where owner_id = a.id and deleted_at is null)`;
  const streams = await sql`
    select user_id, unseen_notifications, unread_messages, seq from user_streams s
    where unseen_notifications <> (select count(*) from notifications n where n.user_id = s.user_id
        and is_unseen(n, s.notifications_seen_up_to, null))
      or unread_messages <> (select count(*) from messages m
        left join conversations c on c.user_id = m.receiver_id and c.peer_id = m.sender_id
        where m.receiver_id = s.user_id and is_unseen(m, c.seen_up_to))
      or seq <> (select count(*) from user_events where user_id = s.user_id)`;
  expect([[...videos], [...owners], [...streams]]).toEqual([[], [], []]);
  await expectStatisticsExact();
});

async function expectStatisticsExact(): Promise<void> {
  const [counted] = await server.app.sql`
    select (select count(*)::int from videos where deleted_at is null) as videos,
      (select count(*)::int from videos where deleted_at is not null) as deleted,
      (select count(*)::int from likes where deleted_at is null) as likes,
      (select count(*)::int from comments where deleted_at is null) as comments,
      (select count(*)::int from video_views where kind = 'view') as views,
      (select count(*)::int from reports where status = 'pending') as pending,
      (select count(*)::int from reports where status = 'resolved') as resolved`;
  const { videos, reports, engagement } = (await admin.get("/admin/stats/overview")).body;
  expect({
    videos: videos.total,
    deleted: videos.deleted,
    likes: engagement.total_likes,
    comments: engagement.total_comments,
    views: engagement.total_views,
    pending: reports.pending,
    resolved: reports.resolved,
  }).toEqual(counted);
}

function statusesOf(answers: Answer[]): number[] {
  return [...new Set(answers.map(({ status }) => status))].sort();
}

/** Statuses that neither coming first nor coming too late explains. */
function strangeOnes(answers: Answer[]): number[] {
  return statusesOf(answers).filter((status) => ![200, 201, 404].includes(status));
}

/** Everything somebody can do to a video, by six people at once. */
function reactTo(videoId: number): Promise<Answer>[] {
  const about = { targetType: "video", targetId: videoId, reason: "spam" };
  return viewers.flatMap((viewer, n) => [
    viewer.post(`/videos/${videoId}/like`),
    viewer.post("/comments/", { videoId, content: `hello @${owner.username} @${viewers[(n + 1) % 6]!.username}` }),
    viewer.post(`/social/bookmarks/${videoId}`),
    viewer.post(`/videos/${videoId}/view`),
    viewer.post(`/videos/${videoId}/share`),
    viewer.post("/reports/", about),
    n % 2 ? viewer.delete(`/videos/${videoId}/like`) : viewer.delete(`/social/bookmarks/${videoId}`),
  ]);
}

test("reactions to a video and its owner deleting it: done, or not found", async () => {
  const outcomes = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const id = await addVideo(server, owner);
    const before = reactTo(id);
    const deletions = [
      owner.delete(`/videos/${id}`),
      owner.delete(`/videos/${id}`),
      admin.delete(`/admin/videos/${id}`),
    ];
    const reactions = await Promise.all([...before, ...reactTo(id)]);
    const deleted = await Promise.all(deletions);
    for (const { status } of reactions) outcomes.add(status);
    expect(statusesOf(deleted)).toEqual([200]);
    expect(deleted.filter(({ body }) => body.changed)).toHaveLength(1);
    expect((await owner.get(`/videos/${id}`)).status).toBe(404);
    expect((await viewers[0]!.post(`/videos/${id}/like`)).status).toBe(404);
  }
  expect([...outcomes].sort()).toEqual([200, 201, 404]);
});

test("reactions to a video that is taken down and restored, over and over: it comes back with what was counted", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const id = await addVideo(server, owner);
    const decisions = Array.from({ length: 4 }, () => [
      admin.delete(`/admin/videos/${id}`),
      admin.post(`/admin/videos/${id}/restore`),
    ]).flat();
    const reactions = await Promise.all([...reactTo(id), ...reactTo(id)]);
    const decided = await Promise.all(decisions);
    expect(strangeOnes(reactions)).toEqual([]);
    expect(statusesOf(decided)).toEqual([200]);
    await admin.post(`/admin/videos/${id}/restore`);
    const { body } = await viewers[0]!.get(`/videos/${id}`);
    expect((await viewers[0]!.get(`/social/likes/video/${id}`)).body.total).toBe(body.likesCount);
    expect((await viewers[0]!.get(`/comments/video/${id}`)).body).toHaveLength(body.commentsCount);
  }
});

test("answers to a comment, edits and reports of it, and two who delete it: it is deleted once", async () => {
  const videoId = await addVideo(server, owner);
  const [author, ...others] = viewers as [Person, ...Person[]];
  for (let round = 0; round < ROUNDS; round++) {
    const content = `what does @${owner.username} say?`;
    const { body: comment } = await author.post("/comments/", { videoId, content });
    const before = others.map((other) => other.post("/comments/", { videoId, content: "I", parentId: comment.id }));
    const deletions = [author, owner, author].map((person) => person.delete(`/comments/${comment.id}`));
    const answers = await Promise.all([
      ...before,
      ...others.map((other) => other.post("/comments/", { videoId, content: "too", parentId: comment.id })),
      ...others.map((other) => other.post("/reports/", { targetType: "comment", targetId: comment.id, reason: "?" })),
      author.put(`/comments/${comment.id}`, { content: `${content} Nothing.` }),
    ]);
    const deleted = await Promise.all(deletions);
    expect(strangeOnes(answers)).toEqual([]);
    expect(deleted.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(deleted.filter(({ body }) => body.changed)).toHaveLength(1);
    expect((await author.put(`/comments/${comment.id}`, { content: "x" })).status).toBe(404);
  }
});

test("a message that is read, reported and taken back at the same moment, and a notification that is deleted", async () => {
  const [sender] = viewers as [Person];
  for (let round = 0; round < ROUNDS; round++) {
    const videoId = await addVideo(server, owner);
    const { body: message } = await sender.post("/messages/", { receiverId: owner.id, content: "hello" });
    await sender.post(`/videos/${videoId}/like`);
    const [like] = (await owner.get("/notifications/?type=like")).body;
    const answers = await Promise.all([
      owner.post("/messages/mark-seen", { messageIds: [message.id] }),
      sender.delete(`/messages/${message.id}`),
      owner.put(`/messages/${sender.id}/read`),
      sender.delete(`/messages/${message.id}`),
      owner.post("/notifications/mark-seen", { notificationId: like.id }),
      sender.delete(`/videos/${videoId}/like`),
      owner.post("/notifications/mark-all-seen"),
      sender.post(`/videos/${videoId}/like`),
    ]);
    expect(statusesOf(answers)).toEqual([200]);
    const late = await Promise.all([
      owner.post("/reports/", { targetType: "message", targetId: message.id, reason: "rude" }),
      owner.delete(`/notifications/${like.id}`),
      sender.delete(`/videos/${videoId}/like`),
    ]);
    expect(strangeOnes(late)).toEqual([]);
    expect((await owner.get(`/messages/conversation/${sender.id}`)).body).toEqual([]);
  }
});

test("an account that is deleted while others react to it and moderators decide about its videos", async () => {
  for (let round = 0; round < 4; round++) {
    const [goer] = await people("goer");
    const [id, takenDown] = [await addVideo(server, goer), await addVideo(server, goer)];
    await admin.delete(`/admin/videos/${takenDown}`);
    const before = reactTo(id);
    const [gone, ...answers] = await Promise.all([
      goer.delete("/users/me", { password: goer.password }),
      admin.post(`/admin/videos/${takenDown}/restore`),
      admin.delete(`/admin/videos/${id}`),
      ...before,
      ...viewers.map((viewer) => viewer.post(`/users/${goer.id}/follow`)),
      ...viewers.map((viewer) => viewer.post("/messages/", { receiverId: goer.id, content: "stay!" })),
      admin.post(`/admin/videos/${takenDown}/restore`),
      ...reactTo(id),
    ]);
    expect(gone.status).toBe(200);
    expect(strangeOnes(answers)).toEqual([]);
    for (const video of [id, takenDown]) expect((await admin.post(`/admin/videos/${video}/restore`)).status).toBe(404);
    expect((await viewers[0]!.get(`/users/${goer.id}`)).status).toBe(404);
  }
});
