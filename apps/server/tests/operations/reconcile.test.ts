import { beforeAll, expect, test } from "bun:test";
import { addVideo, crowd, type Person, serverForFile } from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

const { server, people } = serverForFile();
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [ann, bob] = await people("ann", "bob");
  const video = await addVideo(server, bob);
  await ann.post(`/videos/${video}/like`);
  await ann.post("/comments/", { videoId: video, content: "wow" });
  await ann.post(`/users/${bob.id}/follow`);
  await ann.post("/messages/", { receiverId: bob.id, content: "hi" });
  await ann.post("/reports/", { targetType: "video", targetId: video, reason: "spam" });
});

const wrong = async (repair: boolean) =>
  (await reconcile(server.app, { repair })).filter(({ counters }) => counters > 0).map(({ name }) => name);

/** What each kind of counter is made wrong by. */
const DAMAGE: Record<string, () => Promise<unknown>> = {
  "unseen notifications": () => server.app.sql`update user_streams set unseen_notifications = 9`,
  "unread messages": () => server.app.sql`update user_streams set unread_messages = unread_messages + 1`,
  "unread messages of conversations": () => server.app.sql`update conversations set unread = 7`,
  "last messages of conversations": () => server.app.sql`update conversations set last_message_id = null`,
  "likes and comments of videos": () => server.app.sql`update videos set likes_count = 5, comments_count = 0`,
  "followers, followings and videos of accounts": () => server.app.sql`update accounts set video_count = 3`,
  "active accounts": () => server.app.sql`update activity set is_counted = not is_counted where user_id = ${ann.id}`,
  "subjects of the queue": () => server.app.sql`update moderation_queue set score = score + 7, hate = 1`,
  statistics: () => server.app.sql`update statistics set value = value + 1 where metric = 'likes'`,
  "listing of videos": () => server.app.sql`update video_listing set standing = 'private'`,
  "listing of accounts": () => server.app.sql`update account_listing set total_views = 7 where user_id = ${bob.id}`,
};

test("nothing is wrong with what the features wrote, and every kind of counter is looked at", async () => {
  expect(await wrong(false)).toEqual([]);
  expect((await reconcile(server.app, { repair: false })).map(({ name }) => name)).toEqual(Object.keys(DAMAGE));
});

for (const [name, damage] of Object.entries(DAMAGE)) {
  test(`${name}: drift is found, left alone unless asked, and put right`, async () => {
    await damage();
    expect(await wrong(false)).toContain(name);
    expect(await wrong(true)).toContain(name);
    expect(await wrong(false)).toEqual([]);
  });
}

test("a socket hears of a counter that was put right", async () => {
  await server.app.sql`update user_streams set unread_messages = 4 where user_id = ${bob.id}`;
  const socket = await bob.connect();
  expect((await socket.next("message:unread_count")).data).toEqual({ count: 4 });
  await reconcile(server.app, { repair: true });
  await server.running.repair();
  expect((await socket.next("message:unread_count")).data).toEqual({ count: 1 });
});

test("beside a storm of likes, nothing is repaired that was right", async () => {
  const people = await crowd(server, 30, "storm");
  const video = await addVideo(server, bob);
  const storm = Promise.all(people.map((person) => person.post(`/videos/${video}/like`)));
  const during = await Promise.all(Array.from({ length: 5 }, () => wrong(true)));
  await storm;
  expect(during.flat()).toEqual([]);
  expect(await wrong(false)).toEqual([]);
});
