import { beforeEach, expect, test } from "bun:test";
import { addVideo, crowd, type Person, promote, serverForFile, settleJobs } from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

/*
 * What touches more rows than a statement can: the state counts at once, while a job that does the rest is kept from its
 * first batch, and every counter is exact at any moment, also between two batches.
 */

const MANY = 3000;

const { server, people } = serverForFile({
  env: { RATE_MESSAGES_PER_MINUTE: "0" },
  beforeBatch: async () => {
    if (--batchesLeft < 0) throw new Error("The test allows no further batch.");
  },
});
let ann: Person;
let bob: Person;
let cleo: Person;
let videoId: number;
/** How many batches may still be done; a job that begins another fails, and is put off. */
let batchesLeft = Number.POSITIVE_INFINITY;

beforeEach(async () => {
  batchesLeft = Number.POSITIVE_INFINITY;
  [ann, bob, cleo] = await people("ann", "bob", "cleo");
  videoId = await addVideo(server, bob);
});

async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

/** Lets so many batches be done, and looks after each at what must hold at any moment; then lets the jobs end. */
async function stepwise(batches: number, look: () => Promise<void>): Promise<void> {
  const { sql, durableJobs } = server.app;
  for (let n = 0; n < batches; n++) {
    batchesLeft = 1;
    await sql`update durable_jobs set run_after = now()`;
    await durableJobs.work(server.app);
    await look();
  }
  batchesLeft = Number.POSITIVE_INFINITY;
  await sql`update durable_jobs set run_after = now()`;
  await settleJobs(server);
  await look();
}

/** Comments of one person that the other was notified of, without their events. */
async function flood(from: Person, to: Person, count = MANY): Promise<void> {
  await server.app.sql`
    with made as (
      insert into notifications (user_id, type, ref_id, actor_id, subject_id)
      select ${to.id}, 'comment', ${videoId}, ${from.id}, -n from generate_series(1, ${count}) n returning id
    )
    insert into user_streams as s (user_id, unseen_notifications) select ${to.id}, count(*) from made
    on conflict (user_id) do update set unseen_notifications = s.unseen_notifications + excluded.unseen_notifications`;
}

/** What a bell shows, in whole, and whether list and count agree. */
async function bell(person: Person) {
  const [listed, unseen, count] = await Promise.all(
    ["?limit=100", "?unseen=true&limit=100", "unseen/count"].map((query) => person.get(`/notifications/${query}`)),
  );
  return { listed: listed!.body, unseen: unseen!.body.length, count: count!.body };
}

test("a block: what the pair had not seen is out of list, count and log at once, and its job moves no counter", async () => {
  const { cursor } = (await bob.resume()).of("sync:synced")[0]!.data;
  await bob.leave();
  await ann.post("/comments/", { videoId, content: "the oldest" });
  const [oldest] = (await bob.get("/notifications")).body;
  await flood(ann, bob);
  await cleo.post(`/videos/${videoId}/like`);
  await cleo.post(`/users/${bob.id}/follow`);
  batchesLeft = 0;
  const socket = await bob.resume();
  expect((await bob.post(`/users/${ann.id}/block`)).body.changed).toBe(true);
  await socket.settled();
  expect(socket.of("notification:unseen_count").at(-1)!.data).toEqual({ count: 2 });
  expect(socket.of("sync:stale").at(-1)!.data).toEqual({ refetch: ["/notifications"] });
  const [{ left }] = await server.app.sql`
    select count(*)::int as left from notifications where actor_id = ${ann.id} and revoked_at is null`;
  expect(left).toBe(MANY + 1 - 500);
  const look = async () => {
    const { listed, unseen, count } = await bell(bob);
    expect([listed.map(({ type }: any) => type), unseen, count]).toEqual([["follow", "like"], 2, 2]);
    expect(await drift()).toEqual([]);
  };
  await look();
  const replayed = await bob.resume(cursor);
  expect(replayed.of("notification:new").map(({ data }) => data.type)).toEqual(["like", "follow"]);
  expect((await bob.post("/notifications/mark-seen", { notificationId: oldest.id })).body.updated).toEqual([]);
  expect((await bob.delete(`/notifications/${oldest.id}`)).status).toBe(404);
  await stepwise(2, look);
  const rows = await server.app.sql`
    select id from notifications where user_id = ${bob.id} and actor_id = ${ann.id} and revoked_at is null
    union all select actor_id from notification_revocations`;
  expect(rows).toHaveLength(0);
});

test("marking all as seen while a block's rows are still to follow brings none of them back", async () => {
  await flood(ann, bob);
  await cleo.post(`/videos/${videoId}/like`);
  batchesLeft = 0;
  await bob.post(`/users/${ann.id}/block`);
  expect((await bob.post("/notifications/mark-all-seen")).body).toMatchObject({ updatedCount: 1, unseenCount: 0 });
  await stepwise(2, async () => {
    const { listed, unseen, count } = await bell(bob);
    expect([listed.map(({ type, seen }: any) => [type, seen]), unseen, count]).toEqual([[["like", true]], 0, 0]);
    expect(await drift()).toEqual([]);
  });
});

test("what comes after a block was lifted is there, though the rows of the block are still to follow", async () => {
  await flood(ann, bob);
  batchesLeft = 0;
  await bob.post(`/users/${ann.id}/block`);
  await bob.delete(`/users/${ann.id}/block`);
  await ann.post("/comments/", { videoId, content: "sorry" });
  await stepwise(2, async () => {
    const { listed, unseen, count } = await bell(bob);
    expect([listed.length, unseen, count]).toEqual([1, 1, 1]);
    expect(await drift()).toEqual([]);
  });
});

test("blocked a second time before the first block's rows followed: all of it is gone, what was seen in between stays", async () => {
  await flood(ann, bob);
  batchesLeft = 0;
  await bob.post(`/users/${ann.id}/block`);
  await bob.delete(`/users/${ann.id}/block`);
  await ann.post("/comments/", { videoId, content: "seen" });
  await bob.post("/notifications/mark-all-seen");
  await server.app.sql`
    update notifications set subject_id = -1000000 + subject_id where user_id = ${bob.id} and subject_id < 0`;
  await flood(ann, bob);
  await bob.post(`/users/${ann.id}/block`);
  await stepwise(3, async () => {
    const { listed, unseen, count } = await bell(bob);
    expect([listed.map(({ seen }: any) => seen), unseen, count]).toEqual([[true], 0, 0]);
    expect(await drift()).toEqual([]);
  });
});

test("comments that arrive while their writer is blocked: none stays unseen, list and count agree", async () => {
  for (let round = 0; round < 5; round++) {
    const comments = Array.from({ length: 20 }, () => ann.post("/comments/", { videoId, content: "quick" }));
    const block = bob.post(`/users/${ann.id}/block`);
    const statuses = (await Promise.all(comments)).map(({ status }) => status);
    await block;
    expect(statuses.filter((status) => ![201, 403].includes(status))).toEqual([]);
    expect(await bell(bob)).toEqual({ listed: [], unseen: 0, count: 0 });
    await bob.delete(`/users/${ann.id}/block`);
  }
  expect(await drift()).toEqual([]);
});

test("marking all of many notifications as seen writes none of their rows, and names the newest 500", async () => {
  await flood(ann, bob);
  const [plain, resumable] = [await bob.connect(), await bob.resume()];
  const { body } = await bob.post("/notifications/mark-all-seen");
  expect(body).toMatchObject({ updatedCount: MANY, upToId: body.updated.at(-1), unseenCount: 0 });
  expect(body.updated).toHaveLength(500);
  const { listed, unseen, count } = await bell(bob);
  expect(listed.map(({ id }: any) => id)).toEqual(body.updated.toReversed().slice(0, 100));
  expect([listed.every(({ seen }: any) => seen), unseen, count]).toEqual([true, 0, 0]);
  await Promise.all([plain.settled(), resumable.settled()]);
  expect(plain.of("notification:seen").map(({ data }) => data.notificationIds)).toEqual([body.updated]);
  expect(plain.of("notification:unseen_count").at(-1)!.data).toEqual({ count: 0 });
  expect(resumable.of("sync:stale")).toHaveLength(1);
  const [{ written }] = await server.app.sql`
    select count(*)::int as written from notifications where user_id = ${bob.id} and seen_at is not null`;
  expect(written).toBe(0);
  await cleo.post(`/videos/${videoId}/like`);
  expect((await bell(bob)).count).toBe(1);
  expect((await bob.post("/notifications/mark-all-seen")).body.updatedCount).toBe(1);
  expect(await drift()).toEqual([]);
});

test("reading a conversation of many messages writes none of their rows, and names the newest 500", async () => {
  await ann.post("/messages/", { receiverId: bob.id, content: "first" });
  await server.app.sql`
    with made as (
      insert into messages (sender_id, receiver_id, content)
      select ${ann.id}, ${bob.id}, 'spam' from generate_series(2, ${MANY}) returning id
    ),
    counted as (update user_streams set unread_messages = ${MANY} where user_id = ${bob.id})
    update conversations set last_message_id = (select max(id) from made), unread = ${MANY} * (user_id = ${bob.id})::integer
    where user_id in (${ann.id}, ${bob.id})`;
  const socket = await ann.connect();
  const { body } = await bob.put(`/messages/${ann.id}/read`);
  expect(body).toMatchObject({ updatedCount: MANY, upToId: body.updated.at(-1), unreadCount: 0 });
  expect(body.updated).toHaveLength(500);
  await socket.settled();
  expect(socket.of("message:seen").map(({ data }) => data.messageIds)).toEqual([body.updated]);
  for (const [person, peer] of [
    [ann, bob],
    [bob, ann],
  ] as const) {
    const [talk] = (await person.get("/messages/inbox")).body;
    expect(talk).toMatchObject({ userId: peer.id, unreadCount: 0, lastMessage: { seen: true } });
    const { body: page } = await person.get(`/messages/conversation/${peer.id}`);
    expect(page.every(({ seen }: any) => seen)).toBe(true);
  }
  const [{ written }] = await server.app.sql`
    select count(*)::int as written from messages where receiver_id = ${bob.id} and seen_at is not null`;
  expect(written).toBe(0);
  const before = body.updated.slice(0, 2);
  expect((await bob.post("/messages/mark-seen", { messageIds: before })).body.updatedCount).toBe(0);
  await ann.delete(`/messages/${before[0]}`);
  expect((await bob.get("/messages/unread/count")).body).toBe(0);
  await ann.post("/messages/", { receiverId: bob.id, content: "one more" });
  expect((await bob.put(`/messages/${ann.id}/read`)).body).toMatchObject({ updatedCount: 1, unreadCount: 0 });
  expect(await drift()).toEqual([]);
});

test("a ban with many reports is in force at once; they are closed after it, each reporter notified once", async () => {
  const reporters = await crowd(server, MANY);
  const { sql } = server.app;
  const ids = sql.array(
    reporters.map(({ id }) => id),
    "BIGINT",
  );
  await sql`
    insert into reports (reporter_id, target_type, target_id, reason, snapshot)
    select id, 'user', ${ann.id}, 'rude', '{}' from unnest(${ids}) id`;
  await promote(server, cleo, "moderator");
  batchesLeft = 0;
  const { body } = await cleo.post(`/admin/users/${ann.id}/ban`, { reason: "spam" });
  expect(body).toMatchObject({ success: true, changed: true });
  expect((await ann.post("/messages/", { receiverId: bob.id, content: "me?" })).status).toBe(403);
  const closed = async () => {
    const [row] = await sql`
      select (select count(*)::int from reports where target_id = ${ann.id} and status = 'resolved') as reports,
        (select count(*)::int from notifications where user_id = any(${ids}) and type = 'admin_resolve') as notifications,
        (select count(*)::int from user_events where user_id = any(${ids}) and type = 'admin:report_resolved') as events`;
    return row;
  };
  expect(await closed()).toEqual({ reports: 0, notifications: 0, events: 0 });
  expect((await reporters[7]!.get("/reports/my")).body).toMatchObject([{ status: "resolved" }]);
  await stepwise(3, async () => {
    const { reports, ...others } = await closed();
    expect(others).toEqual({ notifications: reports, events: reports });
    expect(await drift()).toEqual([]);
  });
  expect((await closed()).reports).toBe(MANY);
  expect((await reporters[7]!.get("/notifications")).body).toMatchObject([{ type: "admin_resolve" }]);
});
