import { endTurn, takeTurn } from "../platform/periodic-jobs.ts";
import { isDatabaseAway, retrying, type Sql } from "../platform/postgres.ts";
import { bigints } from "../platform/sql-fragments.ts";
import { FLOODS } from "./append.ts";

/** What a log keeps. Whatever is trimmed, `floor_seq` follows: a client below it is reset, never given a part. */
export type Retention = {
  /** Events from before are trimmed. */
  before: Date;
  /** The newest so many stay, not counting the kinds that come in floods. */
  eventsPerUser: number;
};

/** Of what comes in floods, the newest so many of a user stay. */
const KEPT = { reactions: 200, comments: 500 } as const;
const KEEP_DAYS = 30;
/** A session that nobody can use any more, and that was used last longer ago. */
const KEEP_SESSIONS_DAYS = 60;
/** Logs trimmed by one statement, and the events of each kind it takes of one: an append waits no longer than that. */
const LOGS_AT_ONCE = 20;
const EVENTS_AT_ONCE = 200;
/** Logs, and session cursors, looked at by one statement. */
const SLICE = 500;
const TURN_SECONDS = 10;

/** The beginning of what is kept. */
export function retentionStart(nowMs: number): Date {
  return new Date(nowMs - KEEP_DAYS * 86_400_000);
}

/** Trims every log to what it keeps. */
export async function trimLogs(sql: Sql, retention: Retention): Promise<void> {
  let after = 0;
  do {
    const users = await readSlice(sql, after);
    await trim(sql, retention, users);
    after = endOf(users);
  } while (after > 0);
}

/** Trims the logs that have grown, one node at a time. */
export async function trimGrownLogs(sql: Sql, retention: Retention): Promise<void> {
  if ((await takeTurn(sql, "trim logs that grew", TURN_SECONDS)) === null) return;
  for (let users = await takeGrown(sql); users.length > 0; users = await takeGrown(sql))
    await trim(sql, retention, users);
}

/** Trims the next of all logs in turn, one node at a time: what became old, and what was missed. */
export async function trimNextLogs(sql: Sql, retention: Retention): Promise<void> {
  const name = "trim logs in turn";
  const after = await takeTurn(sql, name, TURN_SECONDS);
  if (after === null) return;
  const users = await readSlice(sql, after);
  // Before they are trimmed: whatever becomes of them, the next ones have their turn.
  await endTurn(sql, name, endOf(users));
  await trim(sql, retention, users);
}

/** Forgets how far sessions were that have ended, a part of them in turn, one node at a time. */
export async function forgetSessionCursors(sql: Sql): Promise<void> {
  const name = "forget session cursors";
  const after = await takeTurn(sql, name, TURN_SECONDS);
  if (after !== null) await endTurn(sql, name, await forgetSlice(sql, after));
}

async function readSlice(sql: Sql, after: number): Promise<number[]> {
  const rows: { userId: number }[] = await sql`
    select user_id::float8 as "userId" from user_streams where user_id > ${after} order by user_id limit ${SLICE}`;
  return rows.map(({ userId }) => userId);
}

/** Where the next slice begins; 0: this was the last one. */
function endOf(users: readonly number[]): number {
  return users.length < SLICE ? 0 : users.at(-1)!;
}

/** A log that cannot be trimmed holds up none of the others. */
async function trim(sql: Sql, retention: Retention, users: readonly number[]): Promise<void> {
  try {
    await trimTogether(sql, retention, users);
  } catch (error) {
    if (users.length === 1 || isDatabaseAway(error)) throw error;
    const middle = users.length >> 1;
    try {
      await trim(sql, retention, users.slice(0, middle));
    } finally {
      await trim(sql, retention, users.slice(middle));
    }
  }
}

async function trimTogether(sql: Sql, retention: Retention, users: readonly number[]): Promise<void> {
  let due = await findDue(sql, retention, users);
  while (due.length > 0) {
    const trimmed = await retrying(() => trimSome(sql, retention, due.slice(0, LOGS_AT_ONCE)));
    // Somebody else holds them: another time.
    if (trimmed === 0) due = due.slice(LOGS_AT_ONCE);
    else due = await findDue(sql, retention, due);
  }
}

/** Of these logs, those that hold more than they keep. A few places of an index show each. */
async function findDue(sql: Sql, { before, eventsPerUser }: Retention, users: readonly number[]): Promise<number[]> {
  const rows: { userId: number }[] = await sql`
    select s.user_id::float8 as "userId" from user_streams s
    cross join lateral (
      select e.seq, e.created_at from user_events e where e.user_id = s.user_id order by e.seq limit 1
    ) oldest
    where s.user_id = any(${bigints(sql, users)}) and (
      oldest.created_at < ${before}
      or ${beyond(sql, "reactions")} is not null
      or ${beyond(sql, "comments")} is not null
      or (s.seq - oldest.seq >= ${eventsPerUser} and ${beyondAll(sql, eventsPerUser)} is not null)
    )
    order by s.user_id`;
  return rows.map(({ userId }) => userId);
}

/** Removes a bounded number of events of logs that nobody is writing to. Returns how many. */
async function trimSome(sql: Sql, { before, eventsPerUser }: Retention, users: readonly number[]): Promise<number> {
  const [row] = await sql`
    with s as materialized (
      select user_id from user_streams where user_id = any(${bigints(sql, users)})
      order by user_id for no key update skip locked
    ),
    surplus as (
      select s.user_id, part.seq from s cross join lateral (
        select o.seq from (
          select e.seq, e.created_at from user_events e where e.user_id = s.user_id order by e.seq limit ${EVENTS_AT_ONCE}
        ) o where o.created_at < ${before}
        union (
          select e.seq from user_events e
          where e.user_id = s.user_id and e.flood = ${FLOODS.reactions} and e.seq <= ${beyond(sql, "reactions")}
          order by e.seq limit ${EVENTS_AT_ONCE}
        )
        union (
          select e.seq from user_events e
          where e.user_id = s.user_id and e.flood = ${FLOODS.comments} and e.seq <= ${beyond(sql, "comments")}
          order by e.seq limit ${EVENTS_AT_ONCE}
        )
        union (
          select e.seq from user_events e
          where e.user_id = s.user_id and e.seq <= ${beyondAll(sql, eventsPerUser)} order by e.seq limit ${EVENTS_AT_ONCE}
        )
      ) part
    ),
    gone as (
      delete from user_events e using surplus g where e.user_id = g.user_id and e.seq = g.seq
      returning e.user_id, e.seq, e.mark
    ),
    risen as (
      update user_streams u set floor_seq = g.seq, floor_mark = g.mark
      from (select distinct on (user_id) user_id, seq, mark from gone order by user_id, seq desc) g
      where u.user_id = g.user_id and u.floor_seq < g.seq
    )
    select count(*)::int as count from gone`;
  return row.count;
}

/** The newest event of a flood that is one too many in the log of `s`; null: there is none. */
function beyond(sql: Sql, flood: keyof typeof FLOODS) {
  return sql`(
    select k.seq from user_events k where k.user_id = s.user_id and k.flood = ${FLOODS[flood]}
    order by k.seq desc offset ${KEPT[flood]} limit 1)`;
}

/** The same of all events. Those of floods come on top, so that they take nobody's place. */
function beyondAll(sql: Sql, eventsPerUser: number) {
  return sql`(
    select k.seq from user_events k where k.user_id = s.user_id order by k.seq desc
    offset ${eventsPerUser} + (select count(*) from user_events f where f.user_id = s.user_id and f.flood <> 0) limit 1)`;
}

/** Those that grow while they are trimmed are noted again; what a process that ends has taken is found in turn. */
async function takeGrown(sql: Sql): Promise<number[]> {
  const rows: { userId: number }[] = await sql`
    delete from logs_to_trim where user_id in (
      select user_id from logs_to_trim order by user_id limit ${SLICE} for update skip locked)
    returning user_id::float8 as "userId"`;
  return rows.map(({ userId }) => userId);
}

/** Returns the last session it came to; 0: it came to the end. */
async function forgetSlice(sql: Sql, after: number): Promise<number> {
  const [row] = await sql`
    with slice as (
      select user_id, session_id from session_cursors where session_id > ${after} order by session_id limit ${SLICE}
    ),
    gone as (
      delete from session_cursors c using slice where c.user_id = slice.user_id and c.session_id = slice.session_id
        and c.updated_at < now() - make_interval(days => ${KEEP_SESSIONS_DAYS})
        and not exists (
          select from sessions s where s.id = c.session_id and s.revoked_at is null and (
            s.last_used_at > now() - make_interval(days => ${KEEP_SESSIONS_DAYS})
            or exists (select from refresh_tokens t where t.session_id = s.id and t.used_at is null and t.expires_at > now())))
    )
    select count(*)::int as count, max(session_id)::float8 as last from slice`;
  return row.count < SLICE ? 0 : row.last;
}
