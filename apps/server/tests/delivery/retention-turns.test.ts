import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  addVideo,
  createTestDatabase,
  crowd,
  cursorAt,
  HeldRows,
  type Person,
  peopleOf,
  signUp,
  startTestServer,
  type TestDatabase,
  type TestServer,
  waitFor,
} from "@reelay/testkit";
import { forgetSessionCursors, trimGrownLogs, trimLogs, trimNextLogs } from "../../src/delivery/retention.ts";
import { takeTurn } from "../../src/platform/periodic-jobs.ts";
import type { Sql } from "../../src/platform/postgres.ts";

/* Trimming beside everything else: in small steps, one node at a time, whatever fails or is locked. */

const LONG_AGO = new Date(0);

let database: TestDatabase;
let server: TestServer;
let sql: Sql;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startTestServer({ env: { RATE_MESSAGES_PER_MINUTE: "0" }, database });
  sql = server.app.sql;
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

beforeEach(async () => {
  [ann, bob] = await peopleOf(server, "ann", "bob");
});

async function send(...contents: string[]): Promise<void> {
  for (const content of contents) await ann.post("/messages/", { receiverId: bob.id, content });
}

/** Ann's comments on a video of Bob's, as far as his log is concerned. */
async function comment(videoId: number, first: number, last: number): Promise<void> {
  await sql`
    select count(*) from notify_users(array(
      select row(${bob.id}, 'comment', ${videoId}, ${ann.id}, n)::notification_draft
      from generate_series(${first}::bigint, ${last}) n), null, null, null)`;
}

/** Events that nobody reads, in large numbers. */
async function fill(person: Person, count: number): Promise<void> {
  await sql`
    select count(*) from append_events(array(
      select row(${person.id}, 'sync:stale', null, '{"refetch":[]}', 0, 0, null)::event_draft
      from generate_series(1, ${count}::integer)))`;
}

type Log = { count: number; first: number; floor: number; hasFloorMark: boolean };

async function log(person: Person): Promise<Log> {
  const [row] = await sql`
    select s.floor_seq::int as floor, s.floor_mark <> 0 as "hasFloorMark", count(e.seq)::int as count, min(e.seq)::int as first
    from user_streams s left join user_events e using (user_id) where s.user_id = ${person.id}
    group by s.user_id`;
  return row;
}

/** A database that a process talks to until it is killed, before so many statements more. */
function killedAfter(statements: number): Sql {
  let left = statements;
  return new Proxy(sql, {
    apply(target, self, values: [TemplateStringsArray, ...unknown[]]) {
      const isStatement = /^\s*(select|with)/.test(values[0][0]!);
      if (isStatement && left-- <= 0) throw new Error("killed");
      return Reflect.apply(target, self, values);
    },
  });
}

test("a stranger's ten thousand comments push out none of the messages that wait", async () => {
  await send("1", "2", "3", "4", "5");
  const videoId = await addVideo(server, bob);
  for (let first = 1; first < 10_200; first += 3400) await comment(videoId, first, first + 3399);
  const below = await cursorAt(server.app, bob.id, 5);
  // The server's own turn may hold the log at the moment, and is not waited for.
  await waitFor(async () => {
    await trimLogs(sql, { before: LONG_AGO, eventsPerUser: 10_000 });
    return (await log(bob)).floor === 5 + 10_200 - 500 ? true : undefined;
  });
  const plain = await bob.connect();
  await plain.settled();
  expect(plain.of("message:new").map(({ data }) => data.content)).toEqual(["1", "2", "3", "4", "5"]);
  expect(plain.of("notification:new")).toHaveLength(500);
  const resumable = await bob.resume(below);
  expect(resumable.of("sync:reset").map(({ data }) => data.reason)).toEqual(["too_old"]);
  expect(resumable.of("message:new")).toEqual([]);
  const { floor } = await log(bob);
  expect(floor).toBe(5 + 10_200 - 500);
  const atFloor = await bob.get(`/events?cursor=${await cursorAt(server.app, bob.id, floor)}&limit=1`);
  expect([atFloor.body.reset, atFloor.body.events[0].seq]).toEqual([undefined, floor + 1]);
});

test("what a log keeps by number is counted without floods", async () => {
  const videoId = await addVideo(server, bob);
  await send("1", "2", "3");
  await comment(videoId, 1, 50);
  await send("4");
  await trimLogs(sql, { before: LONG_AGO, eventsPerUser: 4 });
  expect(await log(bob)).toMatchObject({ count: 54, floor: 0 });
  await send("5");
  await trimLogs(sql, { before: LONG_AGO, eventsPerUser: 4 });
  expect(await log(bob)).toMatchObject({ count: 54, floor: 1, first: 2 });
});

test("a log that grew is noted, and trimmed when its turn comes", async () => {
  await fill(bob, 100);
  expect(await sql`select from logs_to_trim where user_id = ${bob.id}`).toHaveLength(0);
  await fill(bob, 100);
  expect(await sql`select from logs_to_trim where user_id = ${bob.id}`).toHaveLength(1);
  await waitFor(async () => {
    await sql`update periodic_jobs set due_at = now() where name = 'trim logs that grew'`;
    await trimGrownLogs(sql, { before: LONG_AGO, eventsPerUser: 50 });
    return (await log(bob)).count === 50 ? true : undefined;
  });
  expect(await sql`select from logs_to_trim where user_id = ${bob.id}`).toHaveLength(0);
});

test("a trim that is killed half-way has removed a part from the beginning, and the next one goes on", async () => {
  await fill(bob, 5200);
  const rule = { before: LONG_AGO, eventsPerUser: 200 };
  let left = 5200;
  let kills = 0;
  for (let statements = 4; left > 200; statements += 4) {
    await trimLogs(killedAfter(statements), rule).catch((error) => {
      expect(error.message).toBe("killed");
      kills++;
    });
    const { count, first, floor, hasFloorMark } = await log(bob);
    expect([first, count, hasFloorMark]).toEqual([floor + 1, 5200 - floor, floor > 0]);
    // Each in a small step, so that nobody who writes to the log waits for long.
    expect(left - count).toBeLessThanOrEqual((200 * statements) / 2);
    left = count;
  }
  expect(left).toBe(200);
  expect(kills).toBeGreaterThan(2);
});

test("a log that is locked is left for another time, and holds up no other", async () => {
  await fill(ann, 300);
  await fill(bob, 300);
  const rule = { before: LONG_AGO, eventsPerUser: 100 };
  const held = await HeldRows.hold(
    database,
    (tx) => tx`
    select 1 from user_streams where user_id = ${ann.id} for update`,
  );
  await trimLogs(sql, rule);
  expect([(await log(ann)).count, (await log(bob)).count]).toEqual([300, 100]);
  await held.release();
  await trimLogs(sql, rule);
  expect((await log(ann)).count).toBe(100);
});

test("a log that cannot be trimmed holds up no other, whichever way it is come to", async () => {
  await sql`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`;
  await sql.unsafe(
    `create trigger refuse before delete on user_events for each row when (old.user_id = ${ann.id}) execute function refuse()`,
  );
  const rule = { before: LONG_AGO, eventsPerUser: 100 };
  for (const [name, trim] of [
    ["trim logs that grew", trimGrownLogs],
    ["trim logs in turn", trimNextLogs],
  ] as const) {
    const outcome = await waitFor(async () => {
      await fill(ann, 300);
      await fill(bob, 300);
      await sql`update periodic_jobs set due_at = now(), position = 0 where name = ${name}`;
      // Nothing happens when the running server has the turn.
      return await trim(sql, rule).catch((error) => error.message);
    });
    expect([outcome, (await log(bob)).count]).toEqual(["refused", 100]);
  }
  await sql`drop trigger refuse on user_events`;
});

test("one node at a time has a turn, and every node has one again when it is over", async () => {
  await sql`insert into periodic_jobs (name) values ('a test')`;
  for (let round = 0; round < 3; round++) {
    await sql`update periodic_jobs set due_at = now() - interval '1 second' where name = 'a test'`;
    const turns = await Promise.all(Array.from({ length: 8 }, () => takeTurn(sql, "a test", 60)));
    expect(turns.filter((turn) => turn !== null)).toEqual([0]);
  }
});

test("a step that always fails ends none of the others", async () => {
  await fill(bob, 10);
  await sql`update user_events set created_at = now() - interval '31 days' where user_id = ${bob.id} and seq <= 4`;
  // For the jobs of the running server: those before it in the list cannot do their work.
  await sql`alter table logs_to_trim rename to missing`;
  await waitFor(async () => ((await log(bob)).count === 6 ? true : undefined));
  await sql`alter table missing rename to logs_to_trim`;
});

test("the place of a session lives as long as the session, however long ago it moved", async () => {
  const [living, idle, recent, loggedOut] = [
    await signUp(server),
    await signUp(server),
    await signUp(server),
    await signUp(server),
  ];
  const people = [living, idle, recent, loggedOut];
  for (const person of people) await person.connect();
  await loggedOut.post("/auth/logout");
  for (const person of people) await person.leave().catch(() => {});
  const ids = sql.array(
    people.map(({ id }) => id),
    "BIGINT",
  );
  const long = sql`now() - interval '61 days'`;
  await sql`update session_cursors set updated_at = ${long} where user_id = any(${ids})`;
  await sql`update sessions set last_used_at = ${long} where user_id = any(${ids}) and user_id <> ${recent.id}`;
  // Nobody can use these any more.
  await sql`
    update refresh_tokens set expires_at = now() where session_id in (
      select id from sessions where user_id in (${idle.id}, ${recent.id}))`;
  const left = async () => {
    const rows =
      await sql`select user_id::float8 as id from session_cursors where user_id = any(${ids}) order by user_id`;
    return rows.map(({ id }: { id: number }) => id);
  };
  expect(await left()).toEqual(people.map(({ id }) => id));
  await waitFor(async () => {
    await sql`update periodic_jobs set due_at = now() where name = 'forget session cursors'`;
    await forgetSessionCursors(sql);
    return (await left()).length < 4 ? true : undefined;
  });
  expect(await left()).toEqual([living.id, recent.id]);
  // A phone that comes back after two months goes on where it was, whatever another device has confirmed since.
  await ann.post("/messages/", { receiverId: living.id, content: "for both" });
  await sql`update user_streams set confirmed_seq = seq where user_id = ${living.id}`;
  const socket = await living.connect();
  expect((await socket.next("message:new")).data.content).toBe("for both");
});

test("all logs are looked at in turn, a part of them at a time", async () => {
  const many = await crowd(server, 501);
  await sql`
    select count(*) from append_events(array(
      select row(a.id, 'sync:stale', null, '{"refetch":[]}', 0, 0, null)::event_draft
      from accounts a cross join generate_series(1, 3) where a.id >= ${many[0]!.id} and a.id <= ${many.at(-1)!.id}))`;
  await waitFor(async () => {
    await sql`update periodic_jobs set due_at = now() where name = 'trim logs in turn'`;
    await trimNextLogs(sql, { before: LONG_AGO, eventsPerUser: 1 });
    const [row] = await sql`
      select count(*)::int as count from user_events where user_id between ${many[0]!.id} and ${many.at(-1)!.id}`;
    return row.count === many.length ? true : undefined;
  });
});
