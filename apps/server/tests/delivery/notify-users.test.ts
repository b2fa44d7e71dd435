import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { createTestDatabase, type TestDatabase } from "@reelay/testkit";
import { openPostgres, type Sql } from "../../src/platform/postgres.ts";

/* The SQL function itself, with no server around it: three are published in ten seconds, and the clock is an argument. */

const LIMIT = 3;
const NOON_MS = Date.parse("2030-01-31T12:00:00Z");

let database: TestDatabase;
let sql: Sql;
let [bob, videoId] = [0, 0];
let fans: number[];

beforeAll(async () => {
  database = await createTestDatabase();
  sql = openPostgres(database.connection, 4);
});

afterAll(async () => {
  await sql.close();
  await database.drop();
});

beforeEach(async () => {
  const made: { id: number }[] = await sql`
    insert into accounts (username) select gen_random_uuid()::text from generate_series(1, 12) returning id::int as id`;
  [bob, ...fans] = made.map(({ id }) => id) as [number, ...number[]];
  videoId = bob * 1000;
});

type Draft = { userId?: number; type?: string; refId?: number; actorId: number | null; subjectId?: number };
type Row = { ord: number; outcome: string; id: number; seq: number | null; unseen: number };

async function notify(drafts: Draft[], ms = 0): Promise<Row[]> {
  const rows = drafts.map((draft) => ({ userId: bob, type: "like", refId: videoId, ...draft }));
  const notified: Row[] = await sql`
    select ord::int as ord, outcome, notification_id::int as id, seq::int as seq, unseen_notifications as unseen
    from notify_users(array(
      select row(d."userId", d.type, d."refId", d."actorId", d."subjectId")::notification_draft
      from json_to_recordset(${rows}::json)
        as d("userId" bigint, type text, "refId" bigint, "actorId" bigint, "subjectId" bigint)
    ), ${LIMIT}::integer, interval '10 seconds', ${new Date(NOON_MS + ms)}::timestamptz)`;
  return [...notified];
}

const likes = (from: number, to: number) => fans.slice(from, to).map((actorId) => ({ actorId }));
const outcomes = async (drafts: Draft[], ms = 0) => (await notify(drafts, ms)).map(({ outcome }) => outcome);

async function events(): Promise<[string, number | null, number][]> {
  const rows: { type: string; subject: number | null; flood: number }[] = await sql`
    select type, subject_id::int as subject, flood from user_events where user_id = ${bob} order by seq`;
  return rows.map(({ type, subject, flood }) => [type, subject, flood]);
}

test("a notification is a row, an event and a count; the same again is nothing", async () => {
  const [first] = await notify([{ actorId: fans[0]! }]);
  expect(first).toMatchObject({ ord: 1, outcome: "new", seq: 1, unseen: 1 });
  expect(await events()).toEqual([["notification:new", first!.id, 1]]);
  expect(await notify([{ actorId: fans[0]! }])).toHaveLength(0);
  const comment = { type: "comment", actorId: fans[0]!, subjectId: 7 };
  expect(await outcomes([comment, comment, { ...comment, subjectId: 8 }])).toEqual(["new", "new"]);
  expect(await outcomes([{ type: "admin_delete", actorId: null }])).toEqual(["new"]);
  expect((await events()).map(([, , flood]) => flood)).toEqual([1, 2, 2, 0]);
  const [{ count }] = await sql`select count(*)::int as count from notifications where user_id = ${bob}`;
  expect(count).toBe(4);
});

test("nobody is notified of what they did themselves, or across a block in either direction", async () => {
  await sql`insert into blocks (blocker_id, blocked_id) values (${bob}, ${fans[0]}), (${fans[1]}, ${bob})`;
  const rows = await notify([{ actorId: bob }, ...likes(0, 3)]);
  expect(rows.map(({ ord, outcome }) => [ord, outcome])).toEqual([[4, "new"]]);
  expect(await notify([])).toHaveLength(0);
});

test("without a limit, what comes in floods is refused and all else is not", async () => {
  const notifyAny = (type: string) =>
    sql`select outcome from notify_users(array[row(${bob}, ${type}, 1, ${fans[0]}, 0)::notification_draft], null, null, null)`;
  expect([...(await notifyAny("comment"))]).toEqual([{ outcome: "new" }]);
  await expect(Promise.resolve(notifyAny("follow"))).rejects.toThrow("null value in column");
});

test("a revoked one comes back silently: the same row, counted again unless it had been seen", async () => {
  const [first, second] = await notify(likes(0, 2));
  await sql`update notifications set revoked_at = now() where id in (${first!.id}, ${second!.id})`;
  await sql`update notifications set seen_at = now() where id = ${second!.id}`;
  await sql`update user_streams set unseen_notifications = 0 where user_id = ${bob}`;
  const revived = await notify(likes(0, 2));
  expect(revived.map(({ outcome, id, unseen }) => [outcome, id, unseen])).toEqual([
    ["revived", first!.id, 1],
    ["revived", second!.id, 1],
  ]);
  expect((await events()).slice(2)).toEqual([
    ["sync:stale", null, 1],
    ["sync:stale", null, 1],
  ]);
});

test("what its reader deleted stays away, and what a block still revokes; what was seen by watermark comes back seen", async () => {
  const [deleted, blocked, seen] = await notify(likes(0, 3));
  await sql`update notifications set revoked_at = now() where user_id = ${bob}`;
  await sql`update notifications set deleted_at = now() where id = ${deleted!.id}`;
  await sql`
    insert into notification_revocations (user_id, actor_id, ids)
    values (${bob}, ${fans[1]}, int8multirange(int8range(${blocked!.id}, ${blocked!.id}, '[]')))`;
  await sql`
    update user_streams set unseen_notifications = 0, notifications_seen_up_to = ${seen!.id} where user_id = ${bob}`;
  expect(await notify(likes(0, 3))).toMatchObject([{ ord: 3, outcome: "revived", id: seen!.id, unseen: 0 }]);
});

test("up to the limit each is published; from there on until the window ends they are counted", async () => {
  expect(await outcomes(likes(0, 1))).toEqual(["new"]);
  expect(await outcomes(likes(1, 3), 5000)).toEqual(["new", "new"]);
  expect(await outcomes(likes(3, 4), 5000)).toEqual(["suppressed"]);
  const [last] = await notify(likes(4, 5), 9999);
  expect(last).toMatchObject({ outcome: "suppressed", seq: null, unseen: 5 });
  const [flood] = await sql`
    select suppressed_id::int as id, suppressed_at as at from notification_floods where user_id = ${bob}`;
  expect([flood.id, flood.at.getTime()]).toEqual([last!.id, NOON_MS + 9999]);
  expect(await outcomes(likes(5, 9), 10_000)).toEqual(["new", "new", "new", "suppressed"]);
  expect(await outcomes(likes(9, 10), 19_999)).toEqual(["suppressed"]);
  expect(await outcomes(likes(10, 11), 20_000)).toEqual(["new"]);
  expect((await events()).length).toBe(7);
});

test("a batch that begins in the middle of the limit publishes what is left of it, in its order", async () => {
  expect(await outcomes(likes(0, 2))).toEqual(["new", "new"]);
  const rows = await notify(likes(2, 5), 1);
  expect(rows.map(({ outcome }) => outcome)).toEqual(["new", "suppressed", "suppressed"]);
  const [flood] = await sql`select suppressed_id::int as id, published from notification_floods where user_id = ${bob}`;
  expect(flood).toEqual({ id: rows[2]!.id, published: LIMIT });
});

test("each video is a flood of its own, all follows are one, and comments are none", async () => {
  expect(await outcomes(likes(0, 4))).toEqual(["new", "new", "new", "suppressed"]);
  expect(await outcomes(likes(0, 1).map((each) => ({ ...each, refId: videoId + 1 })))).toEqual(["new"]);
  const follows = fans.slice(0, 4).map((actorId) => ({ type: "follow", refId: actorId, actorId }));
  expect(await outcomes(follows)).toEqual(["new", "new", "new", "suppressed"]);
  const comments = fans.slice(0, 5).map((actorId) => ({ type: "comment", actorId, subjectId: actorId }));
  expect(await outcomes(comments)).toEqual(Array.from({ length: 5 }, () => "new"));
});

test("a revived one takes no part in a flood", async () => {
  await notify(likes(0, 2));
  await sql`update notifications set revoked_at = now() where user_id = ${bob}`;
  expect(await outcomes(likes(0, 2))).toEqual(["revived", "revived"]);
  expect(await outcomes(likes(2, 4))).toEqual(["new", "suppressed"]);
});
