import { beforeEach, describe, expect, test } from "bun:test";
import { Notification, NotificationsSeen } from "@reelay/contract";
import { accepted, addVideo, crowd, mp4, type Person, PICTURES, promote, serverForFile } from "@reelay/testkit";
import { z } from "zod";

const { server, people } = serverForFile();
let ann: Person;
let bob: Person;
let videoId: number;

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
  videoId = await addVideo(server, bob);
});

type Listed = z.infer<typeof Notification>;

async function list(person: Person, query = ""): Promise<Listed[]> {
  const { status, body } = await person.get(`/notifications/${query}`);
  expect(status).toBe(200);
  return z.array(Notification).parse(body);
}

async function unseen(person: Person): Promise<number> {
  return (await person.get("/notifications/unseen/count")).body;
}

const ROW_KEYS = ["actor", "createdAt", "id", "refId", "seen", "target", "type", "userId"];

describe("Notifications (the guide's checklist)", () => {
  async function expectPushed(type: string, refId: number, act: () => Promise<unknown>, hasTarget: boolean) {
    const socket = await bob.connect();
    await act();
    const frame = await socket.next("notification:new");
    expect(Object.keys(frame).sort()).toEqual(["data", "type"]);
    expect(Object.keys(frame.data).sort()).toEqual(ROW_KEYS);
    expect(frame.data).toMatchObject({ userId: bob.id, type, refId, seen: false });
    expect(frame.data.actor).toEqual({ id: ann.id, username: ann.username, avatarUrl: null });
    expect(frame.data.target !== null).toBe(hasTarget);
    const count = await socket.next("notification:unseen_count");
    expect(count).toEqual({ type: "notification:unseen_count", data: { count: 1 } });
    expect(await list(bob)).toEqual([frame.data]);
    await bob.leave();
  }

  test("Like video → owner nhận notification WebSocket", async () => {
    await expectPushed("like", videoId, () => ann.post(`/videos/${videoId}/like`), true);
  });

  test("Comment video → owner nhận notification", async () => {
    await expectPushed("comment", videoId, () => ann.post("/comments/", { videoId, content: "wow" }), true);
  });

  test("Follow user → followed user nhận notification", async () => {
    await expectPushed("follow", ann.id, () => ann.post(`/users/${bob.id}/follow`), false);
  });

  test("Unseen count được update đúng", async () => {
    const socket = await bob.connect();
    await socket.settled();
    await ann.post(`/videos/${videoId}/like`);
    await ann.post(`/users/${bob.id}/follow`);
    await socket.all("notification:unseen_count", 2);
    const [newest, oldest] = await list(bob);
    socket.send({ type: "notification:mark_seen", data: { notificationIds: [oldest!.id] } });
    await socket.all("notification:unseen_count", 3);
    expect(socket.of("notification:unseen_count").map((frame) => frame.data.count)).toEqual([1, 2, 1]);
    await ann.delete(`/users/${bob.id}/follow`);
    await socket.all("notification:unseen_count", 4);
    expect(await unseen(bob)).toBe(0);
    expect((await list(bob)).map(({ id }) => id)).toEqual([oldest!.id]);
    expect(newest!.type).toBe("follow");
  });
});

test("offline, it waits and arrives on the next connect; one taken back meanwhile does not", async () => {
  const before = await bob.connect();
  await before.close();
  await ann.post(`/videos/${videoId}/like`);
  await ann.post(`/users/${bob.id}/follow`);
  await ann.delete(`/videos/${videoId}/like`);
  const socket = await bob.connect();
  await socket.settled();
  expect(socket.of("notification:new").map((frame) => frame.data.type)).toEqual(["follow"]);
  expect(socket.of("notification:unseen_count").map((frame) => frame.data.count)).toEqual([1]);
});

test("like twice, or 50 times at once: one row, one notification, one event", async () => {
  const socket = await bob.connect();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ann.post(`/videos/${videoId}/like`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
  expect((await ann.post(`/social/likes/${videoId}`)).body).toEqual({ changed: false, likesCount: 1 });
  await socket.settled();
  expect(socket.of("notification:new")).toHaveLength(1);
  expect(await unseen(bob)).toBe(1);
});

test("like, unlike, like: the notification comes back silently, without a second push", async () => {
  const socket = await bob.connect();
  // Only a live socket hears of what is taken back a moment later.
  await socket.settled();
  for (let n = 0; n < 5; n++) {
    expect((await ann.post(`/videos/${videoId}/like`)).body).toEqual({ changed: true, likesCount: 1 });
    expect((await ann.delete(`/videos/${videoId}/like`)).body).toEqual({ changed: true, likesCount: 0 });
    expect(await list(bob)).toEqual([]);
    expect(await unseen(bob)).toBe(0);
  }
  expect((await ann.delete(`/videos/${videoId}/like`)).body).toEqual({ changed: false, likesCount: 0 });
  await ann.post(`/videos/${videoId}/like`);
  await socket.settled();
  expect(socket.of("notification:new")).toHaveLength(1);
  expect(await list(bob)).toHaveLength(1);
  expect(await unseen(bob)).toBe(1);
});

test("a like/unlike race leaves counts and rows equal", async () => {
  const people = await crowd(server, 10);
  const work = people.flatMap((person) =>
    Array.from({ length: 20 }, (_, n) => (n % 2 ? person.delete : person.post).call(person, `/videos/${videoId}/like`)),
  );
  const answers = await Promise.all(work);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await expectExact(bob);
});

test("1 000 likers of one video: one effect each, counts exact", async () => {
  const people = await crowd(server, 1000);
  const answers = await Promise.all(people.map((person) => person.post(`/videos/${videoId}/like`)));
  expect(answers.filter(({ status, body }) => status === 200 && body.changed)).toHaveLength(1000);
  const counts = answers.map(({ body }) => body.likesCount);
  expect(Math.max(...counts)).toBe(1000);
  expect(await unseen(bob)).toBe(1000);
  await expectExact(bob);
});

/** The video's and the user's counters equal what the rows say. */
async function expectExact(person: Person): Promise<void> {
  const [row] = await server.app.sql`
    select v.likes_count = (select count(*) from likes where video_id = v.id and deleted_at is null) as "likesAreExact",
      coalesce(s.unseen_notifications, 0) = (select count(*) from notifications n where n.user_id = v.owner_id
        and is_unseen(n, s.notifications_seen_up_to, null)) as "unseenIsExact",
      coalesce(s.seq, 0) = (select count(*) from user_events e where e.user_id = v.owner_id) as "logIsGapless"
    from videos v left join user_streams s on s.user_id = v.owner_id where v.id = ${videoId} and v.owner_id = ${person.id}`;
  expect(row).toEqual({ likesAreExact: true, unseenIsExact: true, logIsGapless: true });
}

test("nobody is notified of his own doing", async () => {
  await bob.post(`/videos/${videoId}/like`);
  await bob.post("/comments/", { videoId, content: `I, @${bob.username}, like this` });
  expect(await list(bob)).toEqual([]);
  expect(await unseen(bob)).toBe(0);
});

test("one action makes one notification a person: an answer before a mention before a comment", async () => {
  const [cleo] = await people("cleo");
  const first = await cleo.post("/comments/", { videoId, content: "first" });
  const content = `@${cleo.username} @${bob.username}. what do you think?`;
  await ann.post("/comments/", { videoId, content, parentId: first.body.id });
  expect((await list(cleo)).map(({ type }) => type)).toEqual(["reply"]);
  expect((await list(bob)).map(({ type }) => type)).toEqual(["mention", "comment"]);
});

test("deleting a comment takes its notifications back, from everybody", async () => {
  const [cleo] = await people("cleo");
  const { body } = await ann.post("/comments/", { videoId, content: `look @${cleo.username}` });
  expect([await unseen(bob), await unseen(cleo)]).toEqual([1, 1]);
  expect((await ann.delete(`/comments/${body.id}`)).body).toEqual({ success: true, changed: true });
  expect([await unseen(bob), await unseen(cleo)]).toEqual([0, 0]);
  expect([await list(bob), await list(cleo)]).toEqual([[], []]);
  expect((await ann.delete(`/comments/${body.id}`)).body).toEqual({ success: true, changed: false });
});

test("a block takes back what was not seen, both ways, and stops what would follow", async () => {
  await ann.post(`/videos/${videoId}/like`);
  await ann.post(`/users/${bob.id}/follow`);
  const [, like] = await list(bob);
  await bob.post("/notifications/mark-seen", { notificationId: like!.id });
  await bob.post(`/users/${ann.id}/block`);
  expect((await list(bob)).map(({ type }) => type)).toEqual(["like"]);
  expect(await unseen(bob)).toBe(0);
  const refused = await ann.post(`/videos/${await addVideo(server, bob)}/like`);
  expect(refused).toMatchObject({ status: 403, body: { error: { code: "CANNOT_REACT" } } });
  const comment = await ann.post("/comments/", { videoId, content: "x" });
  expect(comment.body.error.code).toBe("CANNOT_REACT");
});

test("mark seen: ids, one id, all; others' and unknown ids ignored; the user's other sockets are told", async () => {
  const [cleo] = await people("cleo");
  await ann.post(`/videos/${videoId}/like`);
  await cleo.post(`/videos/${videoId}/like`);
  await cleo.post(`/users/${ann.id}/follow`);
  const [second, first] = (await list(bob)) as [Listed, Listed];
  const [notHis] = await list(ann);
  const socket = await bob.connect();
  const ids = [first.id, notHis!.id, 999_999_999];
  const answer = await bob.post("/notifications/mark-seen", { notification_ids: ids });
  NotificationsSeen.parse(answer.body);
  expect(answer.body).toEqual({ updated: [first.id], updatedCount: 1, upToId: first.id, unseenCount: 1 });
  const event = await socket.next("notification:seen");
  expect(Object.keys(event.data).sort()).toEqual(["notificationIds", "seenAt"]);
  expect(event.data.notificationIds).toEqual([first.id]);
  expect((await bob.post("/notifications/mark-seen", { notificationId: first.id })).body.updatedCount).toBe(0);
  expect((await bob.post("/notifications/mark-all-seen")).body).toMatchObject({ updated: [second.id], unseenCount: 0 });
  expect(await unseen(ann)).toBe(1);
  expect((await bob.post("/notifications/mark-seen", {})).status).toBe(422);
});

test("the deployed client marks notifications as seen under the name of notification:new", async () => {
  await ann.post(`/videos/${videoId}/like`);
  const [row] = await list(bob);
  const socket = await bob.connect();
  socket.send({ type: "notification:new", data: { notificationIds: [row!.id] } });
  expect((await socket.next("notification:seen")).data.notificationIds).toEqual([row!.id]);
});

test("deleting one: out of list and count; a second time nothing changes; another's is not found", async () => {
  await ann.post(`/videos/${videoId}/like`);
  const [row] = await list(bob);
  expect((await ann.delete(`/notifications/${row!.id}`)).status).toBe(404);
  expect((await bob.delete(`/notifications/${row!.id}`)).body.changed).toBe(true);
  expect((await bob.delete(`/notifications/${row!.id}`)).body.changed).toBe(false);
  expect([await list(bob), await unseen(bob)]).toEqual([[], 0]);
  await ann.delete(`/videos/${videoId}/like`);
  await ann.post(`/videos/${videoId}/like`);
  expect([await list(bob), await unseen(bob)]).toEqual([[], 0]);
});

test("the list: newest first, by type, unseen only, by page and before an id", async () => {
  for (let n = 0; n < 5; n++) await ann.post("/comments/", { videoId, content: `c${n}` });
  await ann.post(`/videos/${videoId}/like`);
  const all = await list(bob);
  expect(all.map(({ type }) => type)).toEqual(["like", "comment", "comment", "comment", "comment", "comment"]);
  expect(await list(bob, "?type=like")).toEqual([all[0]!]);
  expect(await list(bob, "?skip=1&limit=2")).toEqual(all.slice(1, 3));
  expect(await list(bob, `?before_id=${all[2]!.id}&limit=2`)).toEqual(all.slice(3, 5));
  await bob.post("/notifications/mark-seen", { notificationId: all[0]!.id });
  expect(await list(bob, "?unseen=true")).toEqual(all.slice(1));
  expect((await bob.get("/notifications?type=nonsense")).status).toBe(422);
});

test("what a notification is about is shown while its reader may see it, with a picture that opens", async () => {
  const [cleo] = await people("cleo");
  const video = await accepted(
    server,
    [
      ["title", "mine"],
      ["file", mp4()],
      ["thumb", PICTURES.png],
    ],
    bob,
  );
  const socket = await cleo.connect();
  await ann.post("/comments/", { videoId: video.id, content: `@${cleo.username}` });
  const target = { type: "video" as const, id: video.id, title: "mine", thumbUrl: video.thumbUrl };
  const withoutPicture = { ...target, thumbUrl: null };
  expect((await socket.next("notification:new")).data.target).toEqual(target);
  expect((await fetch(server.url + video.thumbUrl!)).status).toBe(200);
  const targets = async () => [await list(bob), await list(cleo)].map(([row]) => row!.target);
  expect(await targets()).toEqual([target, target]);
  await bob.put(`/videos/${video.id}`, { visibility: "private" });
  expect(await targets()).toEqual([withoutPicture, null]);
  await bob.put(`/videos/${video.id}`, { visibility: "public" });
  await server.app.sql`update accounts set status = 'banned' where id = ${bob.id}`;
  expect((await list(cleo))[0]!.target).toBeNull();
  await server.app.sql`update accounts set status = 'active' where id = ${bob.id}`;
  expect(await targets()).toEqual([target, target]);
  await promote(server, ann, "moderator");
  await ann.delete(`/admin/videos/${video.id}`);
  expect(await targets()).toEqual([withoutPicture, null]);
  expect((await list(bob))[0]!.type).toBe("admin_delete");
});

test("a notification that waited in the log says nothing of what was hidden meanwhile", async () => {
  const [cleo] = await people("cleo");
  await (await cleo.connect()).close();
  await ann.post("/comments/", { videoId, content: `@${cleo.username}` });
  await bob.put(`/videos/${videoId}`, { visibility: "private" });
  const socket = await cleo.connect();
  expect((await socket.next("notification:new")).data).toMatchObject({ type: "mention", target: null });
});

test("reactions to what is private, deleted, a banned owner's or unknown: 404, as if it did not exist", async () => {
  const privateId = await addVideo(server, bob, "private");
  const [banned] = await people("banned");
  const bannedId = await addVideo(server, banned);
  await server.app.sql`update accounts set status = 'banned' where id = ${banned.id}`;
  const deletedId = await addVideo(server, bob);
  await bob.delete(`/videos/${deletedId}`);
  for (const id of [privateId, bannedId, deletedId, 999_999_999]) {
    const answers = [
      await ann.post(`/videos/${id}/like`),
      await ann.delete(`/videos/${id}/like`),
      await ann.post("/comments/", { videoId: id, content: "x" }),
      await ann.get(`/comments/video/${id}`),
      await ann.get(`/social/likes/video/${id}`),
    ];
    expect(answers.map(({ body }) => body.error.code)).toEqual(Array(5).fill("VIDEO_NOT_FOUND"));
  }
  expect((await bob.post(`/videos/${privateId}/like`)).status).toBe(200);
});
