import { batched } from "../platform/batched.ts";
import { wait } from "../platform/clock.ts";
import { briefLockTimeout, isLockTimeout, retrying, type Sql } from "../platform/postgres.ts";
import { bigints } from "../platform/sql-fragments.ts";
import { markAt, type Position } from "./cursor.ts";

const MAX_FLUSHES = 20;
const FLUSH_AGAIN_MS = 50;

/** What is confirmed by user, then by session. */
type PendingConfirmations = Map<number, Map<number, Position>>;

/**
 * What clients have proven to have received, written behind in batches. A crash loses at most the last moment of it,
 * which repeats an event to a plain client and never skips one.
 */
export class Confirmations {
  readonly #sql: Sql;
  #pending: PendingConfirmations = new Map();
  #writing: PendingConfirmations = new Map();
  #current: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * Notes that a socket of the session received everything up to a place. Lower than before is ignored, and so is a place
   * without a mark: by the time that it is written, it could be of another log.
   */
  note(userId: number, sessionId: number, at: Position): void {
    if (at.mark === null) return;
    const sessions = this.#pending.get(userId) ?? new Map<number, Position>();
    this.#pending.set(userId, sessions);
    if ((sessions.get(sessionId)?.seq ?? -1) < at.seq) sessions.set(sessionId, at);
  }

  /** Notes in the database, before anything is sent, where a session stands that was nowhere before. */
  async place(session: Placed): Promise<void> {
    await placeBatched(this.#sql, session);
  }

  /** What was noted of a user is not worth anything: it is of a log that is not there any more. */
  forget(userId: number): void {
    this.#pending.delete(userId);
  }

  /**
   * The highest place noted here and perhaps not written yet, for the session and for the user; null when there is none.
   * Ask before reading the database: what is no longer here by then, that read will find there.
   */
  unwritten(userId: number, sessionId: number): { session: Position | null; user: Position | null } {
    const pending = [this.#pending.get(userId), this.#writing.get(userId)].filter((each) => each !== undefined);
    return {
      session: highest(pending.map((each) => each.get(sessionId))),
      user: highest(pending.flatMap((each) => [...each.values()])),
    };
  }

  /**
   * Writes what was noted before the call, but for what another transaction holds locked: that is kept for the next time.
   * Calls during a write share the one after it.
   * @throws when the database is away; then everything is kept.
   */
  async flush(): Promise<void> {
    if (this.#current) {
      this.#next ??= this.#current.catch(() => {}).then(() => this.#start());
      return await this.#next;
    }
    await this.#start();
  }

  /**
   * Writes everything, before the process ends: what is locked at one moment is free at the next, as a rule.
   * @throws when the database is away.
   */
  async flushAll(): Promise<void> {
    await this.flush();
    for (let again = 0; again < MAX_FLUSHES && this.#pending.size > 0; again++) {
      await wait(FLUSH_AGAIN_MS);
      await this.flush();
    }
  }

  #start(): Promise<void> {
    this.#next = null;
    if (this.#current) return this.flush();
    if (this.#pending.size === 0) return Promise.resolve();
    this.#writing = this.#pending;
    this.#pending = new Map();
    this.#current = this.#writeConfirmations(this.#writing)
      .catch((error) => {
        this.#keep(rowsOf(this.#writing));
        throw error;
      })
      .finally(() => {
        this.#writing = new Map();
        this.#current = null;
      });
    return this.#current;
  }

  async #writeConfirmations(confirmations: PendingConfirmations): Promise<void> {
    const rows = rowsOf(confirmations);
    const first = await this.#write(rows);
    if (first.missing.length === 0) return this.#keep(first.left);
    await makeStreams(this.#sql, first.missing).catch((error) => {
      if (!isLockTimeout(error)) throw error;
    });
    this.#keep((await this.#write(first.left)).left);
  }

  /** Returns what could not be written, and the users who have no row to be locked yet. */
  async #write(rows: readonly Row[]): Promise<{ left: Row[]; missing: number[] }> {
    const outcomes = await retrying(() => writeUnlocked(this.#sql, rows));
    const written = new Set(outcomes.filter(({ isWritten }) => isWritten).map(keyOf));
    return {
      left: rows.filter((row) => !written.has(keyOf(row))),
      missing: outcomes.filter(({ hasStream }) => !hasStream).map(({ userId }) => userId),
    };
  }

  #keep(rows: readonly Row[]): void {
    for (const { userId, sessionId, ...at } of rows) this.note(userId, sessionId, at);
  }
}

type Placed = { userId: number; sessionId: number; at: Position };

/**
 * Never beyond the log's end, and at a place of another log where a new session begins. One that has a place by now keeps
 * it.
 */
const placeBatched = batched(async (sql: Sql, sessions: readonly Placed[]): Promise<null[]> => {
  const column = (values: (number | null)[]) => bigints(sql, values);
  const [users, ids] = [sessions.map(({ userId }) => userId), sessions.map(({ sessionId }) => sessionId)];
  const [seqs, marks] = [sessions.map(({ at }) => at.seq), sessions.map(({ at }) => at.mark)];
  await sql`
    insert into session_cursors (user_id, session_id, confirmed_seq)
    select w.user_id, w.session_id, min(coalesce(
      case when w.mark is null or w.mark = ${markAt(sql, sql`w.seq`)} then least(w.seq, s.seq) else s.confirmed_seq end, 0))
    from unnest(${column(users)}, ${column(ids)}, ${column(seqs)}, ${column(marks)}) as w(user_id, session_id, seq, mark)
    left join user_streams s on s.user_id = w.user_id
    group by w.user_id, w.session_id order by w.user_id, w.session_id
    on conflict do nothing`;
  return sessions.map(() => null);
});

type Row = Position & { userId: number; sessionId: number };

function rowsOf(confirmations: PendingConfirmations): Row[] {
  return [...confirmations].flatMap(([userId, sessions]) =>
    [...sessions].map(([sessionId, at]) => ({ userId, sessionId, ...at })),
  );
}

function keyOf({ userId, sessionId }: Pick<Row, "userId" | "sessionId">): string {
  return `${userId} ${sessionId}`;
}

function highest(places: (Position | undefined)[]): Position | null {
  return places.reduce<Position | null>((top, at) => (at && (!top || at.seq > top.seq) ? at : top), null);
}

type Outcome = { userId: number; sessionId: number; isWritten: boolean; hasStream: boolean };

/**
 * Writes the rows that no other transaction holds, and waits for none. What exists is locked before it is written. A place
 * that this log does not have, of a database that has gone back since, counts as written and confirms nothing.
 */
async function writeUnlocked(sql: Sql, rows: readonly Row[]): Promise<Outcome[]> {
  const column = (name: keyof Row) => bigints(sql, rows, name);
  return await sql`
    with confirmed as (
      select * from unnest(${column("userId")}, ${column("sessionId")}, ${column("seq")}, ${column("mark")})
        as c(user_id, session_id, seq, mark)
    ),
    stream as materialized (
      select user_id, seq, head_mark, floor_seq, floor_mark from user_streams where user_id = any(${column("userId")})
      order by user_id for no key update skip locked
    ),
    known as materialized (
      select k.user_id, k.session_id from session_cursors k join confirmed c using (user_id, session_id)
      where k.user_id in (select user_id from stream)
      order by k.user_id, k.session_id for no key update of k skip locked
    ),
    writable as materialized (
      select c.user_id, c.session_id, c.seq, c.mark from confirmed c
      join stream using (user_id) left join known n using (user_id, session_id)
      where n.user_id is not null
        or not exists (select from session_cursors k where k.user_id = c.user_id and k.session_id = c.session_id)
    ),
    true_ones as materialized (
      select w.user_id, w.session_id, w.seq from writable w join stream s using (user_id)
      where w.mark = ${markAt(sql, sql`w.seq`)}
    ),
    moved as (
      update user_streams s set confirmed_seq = w.seq
      from (select user_id, max(seq) as seq from true_ones group by user_id) w
      where s.user_id = w.user_id and s.confirmed_seq < w.seq
    ),
    written as (
      insert into session_cursors as c (user_id, session_id, confirmed_seq)
      select user_id, session_id, seq from true_ones order by user_id, session_id
      on conflict (user_id, session_id) do update set confirmed_seq = excluded.confirmed_seq, updated_at = now()
        where c.confirmed_seq < excluded.confirmed_seq
    )
    select c.user_id::float8 as "userId", c.session_id::float8 as "sessionId", w.user_id is not null as "isWritten",
      exists (select from user_streams s where s.user_id = c.user_id) as "hasStream"
    from confirmed c left join writable w using (user_id, session_id)`;
}

/** For users who have received nothing yet, so that there is a row to lock. */
async function makeStreams(sql: Sql, userIds: readonly number[]): Promise<void> {
  await retrying(
    () => sql`
      with ${briefLockTimeout(sql)}
      insert into user_streams (user_id)
      select distinct id from brief_lock_timeout cross join unnest(${bigints(sql, userIds)}) as u(id)
      order by id on conflict do nothing`,
  );
}
