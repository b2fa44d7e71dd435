import { retrying, type Sql } from "../platform/postgres.ts";

/** What a log keeps. Whatever is trimmed, `floor_seq` follows: who was not that far yet is told so, never given a part. */
export type Retention = {
  /** Events from before are trimmed. */
  before: Date;
  /** The newest so many stay. */
  eventsPerUser: number;
};

/** Of events about likes and follows, which come in floods, the newest so many of a user stay. */
const REACTIONS_PER_USER = 200;
const KEEP_DAYS = 30;
/** A session that confirmed nothing for longer than its tokens can live. */
const KEEP_SESSIONS_DAYS = 60;
/** So much in one statement: an append waits for the trimming of its user's log no longer than that. */
const MAX_EVENTS = 5000;
const MAX_USERS = 50;

/** The beginning of what is kept. */
export function retentionStart(nowMs: number): Date {
  return new Date(nowMs - KEEP_DAYS * 86_400_000);
}

/** Trims every log to what it keeps. Safe beside other nodes that do the same. */
export async function trimLogs(sql: Sql, { before, eventsPerUser }: Retention): Promise<void> {
  const steps = [
    { trim: () => trimOld(sql, before), most: MAX_EVENTS },
    // Before the number of all is looked at: a storm of reactions must not push messages out.
    { trim: () => trimReactions(sql), most: MAX_USERS },
    { trim: () => trimLong(sql, eventsPerUser), most: MAX_USERS },
  ];
  for (const { trim, most } of steps) while ((await retrying(trim)) >= most);
}

/** Forgets how far sessions were that ended long ago. */
export async function forgetSessionCursors(sql: Sql): Promise<void> {
  await sql`delete from session_cursors where updated_at < now() - make_interval(days => ${KEEP_SESSIONS_DAYS})`;
}

async function trimOld(sql: Sql, before: Date): Promise<number> {
  const [row] = await sql`
    with old as (
      select user_id, seq from user_events where created_at < ${before} limit ${MAX_EVENTS}
    ),
    locked as (
      select user_id from user_streams where user_id in (select user_id from old) order by user_id for update
    ),
    gone as (
      delete from user_events e using old
      where e.user_id = old.user_id and e.seq = old.seq and (select count(*) from locked) > 0
      returning e.user_id, e.seq
    ),
    risen as (
      update user_streams s set floor_seq = greatest(s.floor_seq, g.top)
      from (select user_id, max(seq) as top from gone group by user_id) g where s.user_id = g.user_id
    )
    select count(*)::int as count from gone`;
  return row.count;
}

async function trimLong(sql: Sql, eventsPerUser: number): Promise<number> {
  const [row] = await sql`
    with long as (
      select user_id, seq - ${eventsPerUser} as top from user_streams
      where seq - floor_seq > ${eventsPerUser} order by user_id limit ${MAX_USERS} for update skip locked
    ),
    gone as (
      delete from user_events e using long where e.user_id = long.user_id and e.seq <= long.top
    ),
    risen as (
      update user_streams s set floor_seq = long.top from long where s.user_id = long.user_id
    )
    select count(*)::int as count from long`;
  return row.count;
}

async function trimReactions(sql: Sql): Promise<number> {
  const [row] = await sql`
    with many as (
      select user_id from user_events where is_reaction
      group by user_id having count(*) > ${REACTIONS_PER_USER} limit ${MAX_USERS}
    ),
    locked as (
      select user_id from user_streams where user_id in (select user_id from many) order by user_id for update
    ),
    gone as (
      delete from user_events e using locked l
      where e.user_id = l.user_id and e.is_reaction and e.seq <= (
        select k.seq from user_events k where k.user_id = l.user_id and k.is_reaction
        order by k.seq desc offset ${REACTIONS_PER_USER} limit 1)
      returning e.user_id, e.seq
    ),
    risen as (
      update user_streams s set floor_seq = greatest(s.floor_seq, g.top)
      from (select user_id, max(seq) as top from gone group by user_id) g where s.user_id = g.user_id
    )
    select count(*)::int as count from many`;
  return row.count;
}
