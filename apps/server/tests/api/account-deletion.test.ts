import { beforeEach, expect, test } from "bun:test";
import { MAX_SEEN_IDS } from "@reelay/contract";
import { addVideo, crowd, type Person, serverForFile, settleJobs, waitFor } from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let ann: Person;
let bob: Person;
let cleo: Person;
let videoId: number;

beforeEach(async () => {
  [ann] = await people("ann");
  [bob, cleo] = await people("bob", "cleo");
  videoId = await addVideo(server, bob);
});

async function close(person: Person): Promise<void> {
  const { status, body } = await person.delete("/users/me", { password: person.password });
  expect([status, body]).toEqual([200, { success: true, changed: true }]);
  await settleJobs(server);
}

async function bell(person: Person) {
  const [listed, unseen] = [await person.get("/notifications"), await person.get("/notifications/unseen/count")];
  return { unseen: unseen.body, listed: listed.body.map(({ type, actor }: any) => [type, actor.id]) };
}

/** The counters that are not what a recount says. */
async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

/** What of an account still counts somewhere. */
async function standing(userId: number) {
  const [row] = await server.app.sql`
    select (select count(*)::int from likes where user_id = ${userId} and deleted_at is null) as likes,
      (select count(*)::int from comments where user_id = ${userId} and deleted_at is null) as comments,
      (select count(*)::int from follows
        where ${userId}::bigint in (follower_id, followee_id) and deleted_at is null) as follows,
      (select count(*)::int from videos where owner_id = ${userId} and deleted_at is null) as videos,
      (select count(*)::int from notifications where actor_id = ${userId} and revoked_at is null) as notifications`;
  return row;
}

test("what a deleted account liked, wrote and followed is taken back, with the notifications of it", async () => {
  const second = await addVideo(server, bob);
  for (const id of [videoId, second]) {
    await ann.post(`/videos/${id}/like`);
    await cleo.post(`/videos/${id}/like`);
  }
  const { body: comment } = await cleo.post("/comments/", { videoId, content: "first" });
  await ann.post("/comments/", { videoId, content: "no", parentId: comment.id });
  await ann.post("/comments/", { videoId, content: `@${cleo.username} look` });
  await ann.post(`/users/${cleo.id}/follow`);
  const [like] = (await bob.get("/notifications?type=like")).body.filter((row: any) => row.actor.id === ann.id);
  await bob.post("/notifications/mark-seen", { notificationId: like.id });
  const sockets = [await bob.connect(), await cleo.connect()];
  expect((await cleo.get("/notifications/unseen/count")).body).toBe(3);

  await close(ann);

  expect(await bell(bob)).toEqual({
    unseen: 3,
    listed: [
      ["comment", cleo.id],
      ["like", cleo.id],
      ["like", cleo.id],
    ],
  });
  expect(await bell(cleo)).toEqual({ unseen: 0, listed: [] });
  const { body: video } = await bob.get(`/videos/${videoId}`);
  expect([video.likesCount, video.commentsCount]).toEqual([1, 1]);
  expect((await bob.get(`/videos/${second}`)).body.likesCount).toBe(1);
  expect((await bob.get(`/comments/video/${videoId}`)).body).toEqual([comment]);
  expect((await bob.get(`/social/likes/video/${videoId}`)).body.total).toBe(1);
  expect((await bob.get(`/users/${cleo.id}`)).body.followerCount).toBe(0);
  const last = sockets.map(async (socket) => {
    await socket.settled();
    return socket.of("notification:unseen_count").at(-1)?.data.count;
  });
  expect(await Promise.all(last)).toEqual([3, 0]);
  expect(await standing(ann.id)).toEqual({ likes: 0, comments: 0, follows: 0, videos: 0, notifications: 0 });
  expect(await drift()).toEqual([]);
});

test("its videos are gone with what stands on them, and what it was told or wrote to others stays", async () => {
  const own = await addVideo(server, ann);
  await bob.post(`/videos/${own}/like`);
  await bob.post("/comments/", { videoId: own, content: "nice" });
  await ann.post(`/videos/${own}/like`);
  await ann.post("/messages/", { receiverId: bob.id, content: "goodbye" });
  await close(ann);
  for (const path of [`/videos/${own}`, `/comments/video/${own}`, `/social/likes/video/${own}`]) {
    expect((await bob.get(path)).status).toBe(404);
  }
  const [message] = (await bob.get(`/messages/conversation/${ann.id}`)).body;
  expect(message).toMatchObject({ content: "goodbye", sender: { username: `deleted_${ann.id}` } });
  const [row] = await server.app.sql`select likes_count, comments_count from videos where id = ${own}`;
  expect(row).toEqual({ likes_count: 1, comments_count: 1 });
  expect(await drift()).toEqual([]);
});

test("a thousand comments of one account on one video are revoked in frames that a client can take", async () => {
  const socket = await bob.resume();
  await server.app.sql`
    with made as (
      insert into comments (video_id, user_id, content)
      select ${videoId}, ${ann.id}, 'spam' from generate_series(1, 1001) returning id
    ),
    counted as (update videos set comments_count = 1001 where id = ${videoId})
    select count(*) from notify_users((
      select array_agg(row(${bob.id}, 'comment', ${videoId}, ${ann.id}, id)::notification_draft) from made), null, null, null)`;
  expect((await bob.get("/notifications/unseen/count")).body).toBe(1001);
  await close(ann);
  const revoked = new Set<number>();
  while (revoked.size < 1001) {
    const { notificationIds } = (await socket.next("notification:revoked")).data;
    expect(notificationIds.length).toBeLessThanOrEqual(MAX_SEEN_IDS);
    for (const id of notificationIds) revoked.add(id);
  }
  await socket.settled();
  expect(socket.of("notification:unseen_count").at(-1)?.data).toEqual({ count: 0 });
  expect(await drift()).toEqual([]);
});

test("two thousand likes of as many people's videos are taken back at once", async () => {
  const makers = await crowd(server, 2000);
  const ids = makers.map(({ id }) => id);
  const { sql } = server.app;
  const videos: { id: number }[] = await sql`
    insert into videos (owner_id, title, external_url, visibility)
    select id, 'a title', 'https://example.com/v.mp4', 'public' from unnest(${sql.array(ids, "BIGINT")}) id
    returning id::float8 as id`;
  await sql`update accounts set video_count = 1 where id = any(${sql.array(ids, "BIGINT")})`;
  await Promise.all(videos.map(({ id }) => ann.post(`/videos/${id}/like`)));
  expect((await standing(ann.id)).notifications).toBe(2000);
  await close(ann);
  expect(await standing(ann.id)).toEqual({ likes: 0, comments: 0, follows: 0, videos: 0, notifications: 0 });
  expect(await bell(makers[0]!)).toEqual({ unseen: 0, listed: [] });
  expect(await drift()).toEqual([]);
});

test("deleted while it and others like, comment, follow and block: nothing of it stands, and all counts are exact", async () => {
  for (let round = 0; round < 4; round++) {
    const [leaver] = await people("leaver");
    const others = await crowd(server, 6);
    const own = await addVideo(server, leaver);
    const theirs = await Promise.all(others.map((person) => addVideo(server, person)));
    const doing = others.flatMap((person, n) => [
      () => leaver.post(`/videos/${theirs[n]}/like`),
      () => leaver.post("/comments/", { videoId: theirs[n], content: `@${person.username}` }),
      () => leaver.post(`/users/${person.id}/follow`),
      () => person.post(`/videos/${own}/like`),
      () => person.post("/comments/", { videoId: own, content: "hi" }),
      () => person.post(`/users/${leaver.id}/follow`),
      () => person.post(`/videos/${theirs[(n + 1) % 6]}/like`),
      () => person.post(`/users/${others[(n + 1) % 6]!.id}/follow`),
      () => person.delete(`/users/${leaver.id}/follow`),
      () => leaver.delete(`/videos/${theirs[n]}/like`),
    ]);
    const answers = [...doing, ...doing].map((act) => act());
    const closing = close(leaver);
    answers.push(...doing.map((act) => act()));
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    await closing;
    expect(statuses.filter((status) => ![200, 201, 401, 404].includes(status))).toEqual([]);
    expect(await standing(leaver.id)).toMatchObject({ likes: 0, comments: 0, follows: 0, notifications: 0 });
  }
  expect(await drift()).toEqual([]);
});

/** Resolves when that many of the server's statements wait for a lock. */
async function blocked(count: number): Promise<void> {
  await waitFor(async () => {
    const rows = await server.app.sql`
      select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return rows.length === count || undefined;
  });
}

/** A transaction of somebody else's that has locked rows, and keeps them until it is committed. */
async function holding(lock: (tx: Bun.ReservedSQL) => Promise<unknown>): Promise<() => Promise<void>> {
  const tx = await server.app.sql.reserve();
  await tx`begin`;
  await lock(tx);
  return async () => {
    await tx`commit`;
    tx.release();
  };
}

test("a like and a comment that have begun before the deletion are taken back by it, or refused", async () => {
  const commit = await holding((tx) => tx`select id from videos where id = ${videoId} for no key update`);
  const like = ann.post(`/videos/${videoId}/like`);
  const comment = ann.post("/comments/", { videoId, content: "wait for me" });
  await blocked(2);
  const closing = close(ann);
  await Promise.race([closing, blocked(3)]);
  await commit();
  // A batch that has waited for too long for the video lets go of the account, and comes after the deletion.
  expect([200, 401]).toContain((await like).status);
  expect([201, 401]).toContain((await comment).status);
  await closing;
  expect(await standing(ann.id)).toMatchObject({ likes: 0, comments: 0, notifications: 0 });
  expect(await drift()).toEqual([]);
});

test("a like and a comment that come while the deletion is under way are refused", async () => {
  await ann.post(`/videos/${videoId}/like`);
  const other = await addVideo(server, bob);
  const commit = await holding((tx) => tx`select id from videos where id = ${videoId} for no key update`);
  const closing = close(ann);
  await blocked(1);
  const like = ann.post(`/videos/${other}/like`);
  const comment = ann.post("/comments/", { videoId: other, content: "am I late?" });
  await Promise.race([Promise.all([like, comment]), blocked(3)]);
  await commit();
  await closing;
  expect([(await like).status, (await comment).status]).toEqual([401, 401]);
  expect(await standing(ann.id)).toMatchObject({ likes: 0, comments: 0, notifications: 0 });
  expect(await drift()).toEqual([]);
});

test("who came to follow it while the deletion waited for its locks is no reason for a deadlock", async () => {
  const [leaver] = await people("leaver");
  const { sql } = server.app;
  // Later than lock_timeout: a deadlock is not resolved behind our back, but fails.
  const connections = await Promise.all(Array.from({ length: 10 }, () => sql.reserve()));
  await Promise.all(connections.map((connection) => connection`set deadlock_timeout = '60s'`));
  for (const connection of connections) connection.release();
  const commit = await holding(async (tx) => {
    await tx`select id from accounts where id in (${cleo.id}, ${leaver.id}) order by id for no key update`;
    await tx`insert into follows (follower_id, followee_id) values (${cleo.id}, ${leaver.id})`;
    await tx`update accounts set follower_count = follower_count + 1 where id = ${leaver.id}`;
    await tx`update accounts set following_count = following_count + 1 where id = ${cleo.id}`;
  });
  const closing = close(leaver);
  await blocked(1);
  const unfollow = cleo.delete(`/users/${leaver.id}/follow`);
  await blocked(2);
  await commit();
  await closing;
  expect([200, 404]).toContain((await unfollow).status);
  expect(await standing(leaver.id)).toMatchObject({ follows: 0 });
  expect(await drift()).toEqual([]);
});
