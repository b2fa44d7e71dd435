import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { createTestDatabase, type TestDatabase, waitFor } from "@reelay/testkit";
import { openPostgres, type Queryable, type Sql, transaction } from "../../src/platform/postgres.ts";

/* The SQL function itself, with no server around it. */

let database: TestDatabase;
let sql: Sql;
let lastUser = 0;
let [ann, bob] = [0, 0];

beforeAll(async () => {
  database = await createTestDatabase();
  sql = openPostgres(database.connection, 8);
});

afterAll(async () => {
  await sql.close();
  await database.drop();
});

beforeEach(() => {
  [ann, bob] = [++lastUser, ++lastUser];
});

type Draft = { user: number; type?: string; subject?: number; unread?: number; unseen?: number; flood?: number };
type Row = {
  ord: number;
  user: number;
  seq: number | null;
  mark: number | null;
  after: number | null;
  rev: number;
  unread: number;
  unseen: number;
};

async function append(drafts: Draft[], db: Queryable = sql): Promise<Row[]> {
  const rows: Row[] = await db`
    select ord::int as ord, user_id::int as user, seq::int as seq, mark, after_mark as after, rev::int as rev,
      unread_messages as unread, unseen_notifications as unseen
    from append_events(array(
      select row(d.user, d.type, d.subject, null, coalesce(d.unread, 0), coalesce(d.unseen, 0), d.flood)::event_draft
      from json_to_recordset(${drafts}::json)
        as d("user" bigint, type text, subject bigint, unread integer, unseen integer, flood smallint)))`;
  return [...rows];
}

type Logged = { seq: number; mark: number; type: string; subject: number; flood: number };

async function logOf(user: number): Promise<Logged[]> {
  const rows: Logged[] = await sql`
    select seq::int as seq, mark, type, subject_id::int as subject, flood from user_events
    where user_id = ${user} order by seq`;
  return [...rows];
}

/** Whether a call waits for the lock of a stream. */
async function waiting(): Promise<boolean> {
  const rows = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return rows.length > 0;
}

const message = (user: number, subject: number): Draft => ({ user, type: "message:new", subject, unread: 1 });

test("one row a draft, in their order; each user has numbers of their own, and each event the mark of the one before", async () => {
  const rows = await append([message(bob, 1), message(ann, 2), message(bob, 3), message(bob, 4), message(ann, 5)]);
  expect(rows.map(({ ord, user, seq }) => [ord, user, seq])).toEqual([
    [1, bob, 1],
    [2, ann, 1],
    [3, bob, 2],
    [4, bob, 3],
    [5, ann, 2],
  ]);
  const ofBob = rows.filter(({ user }) => user === bob);
  expect(ofBob.map(({ after }) => after)).toEqual([0, ofBob[0]!.mark, ofBob[1]!.mark]);
  const [next] = await append([message(bob, 6)]);
  expect(next).toMatchObject({ seq: 4, after: ofBob[2]!.mark });
  const log = await logOf(bob);
  expect(log.map(({ seq, subject }) => [seq, subject])).toEqual([
    [1, 1],
    [2, 3],
    [3, 4],
    [4, 6],
  ]);
  expect(log.map(({ mark }) => mark)).toEqual([...ofBob, next!].map(({ mark }) => mark!));
  expect(log.every(({ mark }) => mark > 0)).toBe(true);
});

test("every row has the user's counters and revision of after the whole call", async () => {
  const rows = await append([message(bob, 1), { user: bob, type: "notification:new", unseen: 1 }, message(ann, 1)]);
  expect(rows.map(({ rev, unread, unseen }) => [rev, unread, unseen])).toEqual([
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 0],
  ]);
  expect(await append([message(bob, 2)])).toMatchObject([{ rev: 2, unread: 2, unseen: 1 }]);
});

test("a draft without a type moves the counters and takes no number", async () => {
  const rows = await append([message(bob, 1), { user: bob, unread: 2 }, message(bob, 3)]);
  expect(rows.map(({ seq }) => seq)).toEqual([1, null, 2]);
  expect(rows.map(({ mark }) => mark === null)).toEqual([false, true, false]);
  expect(rows[2]).toMatchObject({ after: rows[0]!.mark, unread: 4 });
  const [head] = await sql`select head_mark as mark from user_streams where user_id = ${bob}`;
  expect(head.mark).toBe(rows[2]!.mark);
  const [silent] = await append([{ user: bob, unread: -1 }]);
  expect(silent).toMatchObject({ seq: null, rev: 2, unread: 3 });
  expect((await logOf(bob)).map(({ seq }) => seq)).toEqual([1, 2]);
  expect(await append([message(bob, 4)])).toMatchObject([{ seq: 3, after: rows[2]!.mark }]);
});

test("nothing in, nothing out", async () => {
  expect(await append([])).toHaveLength(0);
  expect([...(await sql`select * from append_events(null)`)]).toEqual([]);
  expect(await logOf(bob)).toEqual([]);
});

test("a counter does not go below zero, and goes up from there", async () => {
  await append([{ user: bob, type: "notification:new", unread: 1, unseen: 2 }]);
  expect(await append([{ user: bob, unread: -5, unseen: -3 }])).toMatchObject([{ unread: 0, unseen: 0 }]);
  expect(await append([{ user: bob, unread: 1, unseen: 1 }])).toMatchObject([{ unread: 1, unseen: 1 }]);
});

test("a transaction that is rolled back leaves no gap, and one that is open holds the next", async () => {
  await append([message(bob, 1)]);
  const failing = transaction(sql, async (tx) => {
    expect(await append([message(bob, 2)], tx)).toMatchObject([{ seq: 2 }]);
    throw new Error("changed its mind");
  });
  await expect(failing).rejects.toThrow("changed its mind");
  const order: string[] = [];
  let behind: Promise<Row[]> = Promise.resolve([]);
  await transaction(sql, async (tx) => {
    expect(await append([message(bob, 3)], tx)).toMatchObject([{ seq: 2 }]);
    behind = append([message(bob, 4)]).finally(() => order.push("next"));
    await waitFor(async () => ((await waiting()) ? true : undefined));
    order.push("commits");
  });
  expect(await behind).toMatchObject([{ seq: 3 }]);
  expect(order).toEqual(["commits", "next"]);
});

test("many callers at once, who name the same users in every order, end without deadlock, gap or double", async () => {
  const users = [ann, bob, ++lastUser];
  const rounds = Array.from({ length: 60 }, (_, n) => users.map((_, k) => users[(n + k * (n % 2 ? 1 : 2)) % 3]!));
  await Promise.all(rounds.map((each, n) => append(each.map((user) => message(user, n)))));
  const numbers = Array.from({ length: 60 }, (_, n) => n + 1);
  for (const user of users) expect((await logOf(user)).map(({ seq }) => seq)).toEqual(numbers);
});

test("a log is noted for trimming each time it has grown by 128 events; an event has the class of its draft", async () => {
  const noted = async () => (await sql`select 1 from logs_to_trim where user_id = ${bob}`).length === 1;
  const many = (count: number) => append(Array.from({ length: count }, () => ({ ...message(bob, 1), flood: 2 })));
  await many(127);
  expect(await noted()).toBe(false);
  await many(1);
  expect(await noted()).toBe(true);
  await sql`delete from logs_to_trim where user_id = ${bob}`;
  await many(127);
  expect(await noted()).toBe(false);
  await append([message(bob, 1)]);
  expect(await noted()).toBe(true);
  expect((await logOf(bob)).slice(-2).map(({ flood }) => flood)).toEqual([2, 0]);
});
