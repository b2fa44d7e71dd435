import { wait } from "../platform/clock.ts";
import { briefLockTimeout, isLockTimeout, retrying, type Sql } from "../platform/postgres.ts";

const MAX_FLUSHES = 20;
const FLUSH_AGAIN_MS = 50;

/** Confirmed seq by user, then by session. */
type Book = Map<number, Map<number, number>>;

/**
 * What clients have proven to have received, written behind in batches. A crash loses at most the last moment of it,
 * which repeats an event to a plain client and never skips one.
 */
export class Confirmations {
  readonly #sql: Sql;
  #pending: Book = new Map();
  #writing: Book = new Map();
  #current: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Notes that a socket of the session received everything up to `seq`. Lower than before is ignored. */
  note(userId: number, sessionId: number, seq: number): void {
    const sessions = this.#pending.get(userId) ?? new Map<number, number>();
    this.#pending.set(userId, sessions);
    if ((sessions.get(sessionId) ?? -1) < seq) sessions.set(sessionId, seq);
  }

  /**
   * The highest seq noted here and perhaps not written yet, for the session and for the user; null when there is none.
   * Ask before reading the database: what is no longer here by then, that read will find there.
   */
  unwritten(userId: number, sessionId: number): { session: number | null; user: number | null } {
    const books = [this.#pending.get(userId), this.#writing.get(userId)].filter((book) => book !== undefined);
    return {
      session: highest(books.map((book) => book.get(sessionId))),
      user: highest(books.flatMap((book) => [...book.values()])),
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
    this.#current = this.#writeBook(this.#writing)
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

  async #writeBook(book: Book): Promise<void> {
    const rows = rowsOf(book);
    const first = await this.#write(rows);
    if (first.missing.length === 0) return this.#keep(first.left);
    await makeStreams(this.#sql, first.missing).catch((error) => {
      if (!isLockTimeout(error)) throw error;
    });
    this.#keep((await this.#write(first.left)).left);
  }

  /** Answers what could not be written, and the users who have no row to be locked yet. */
  async #write(rows: readonly Row[]): Promise<{ left: Row[]; missing: number[] }> {
    const outcomes = await retrying(() => writeUnlocked(this.#sql, rows));
    const written = new Set(outcomes.filter(({ isWritten }) => isWritten).map(keyOf));
    return {
      left: rows.filter((row) => !written.has(keyOf(row))),
      missing: outcomes.filter(({ hasStream }) => !hasStream).map(({ userId }) => userId),
    };
  }

  #keep(rows: readonly Row[]): void {
    for (const { userId, sessionId, seq } of rows) this.note(userId, sessionId, seq);
  }
}

type Row = { userId: number; sessionId: number; seq: number };

function rowsOf(book: Book): Row[] {
  return [...book].flatMap(([userId, sessions]) =>
    [...sessions].map(([sessionId, seq]) => ({ userId, sessionId, seq })),
  );
}

function keyOf({ userId, sessionId }: Omit<Row, "seq">): string {
  return `${userId} ${sessionId}`;
}
function highest(values: (number | undefined)[]): number | null {
  return values.reduce<number | null>((top, value) => (value === undefined ? top : Math.max(top ?? 0, value)), null);
}

type Outcome = { userId: number; sessionId: number; isWritten: boolean; hasStream: boolean };

/** Writes the rows that no other transaction holds, and waits for none. What exists is locked before it is written. */
async function writeUnlocked(sql: Sql, rows: readonly Row[]): Promise<Outcome[]> {
  const column = (name: keyof Row) =>
    sql.array(
      rows.map((row) => row[name]),
      "BIGINT",
    );
  return await sql`
    with confirmed as (
      select * from unnest(${column("userId")}, ${column("sessionId")}, ${column("seq")}) as c(user_id, session_id, seq)
    ),
    stream as materialized (
      select user_id from user_streams where user_id = any(${column("userId")})
      order by user_id for no key update skip locked
    ),
    known as materialized (
      select k.user_id, k.session_id from session_cursors k join confirmed c using (user_id, session_id)
      where k.user_id in (select user_id from stream)
      order by k.user_id, k.session_id for no key update of k skip locked
    ),
    writable as materialized (
      select c.user_id, c.session_id, c.seq from confirmed c
      join stream using (user_id) left join known n using (user_id, session_id)
      where n.user_id is not null
        or not exists (select from session_cursors k where k.user_id = c.user_id and k.session_id = c.session_id)
    ),
    moved as (
      update user_streams s set confirmed_seq = w.seq
      from (select user_id, max(seq) as seq from writable group by user_id) w
      where s.user_id = w.user_id and s.confirmed_seq < w.seq
    ),
    written as (
      insert into session_cursors as c (user_id, session_id, confirmed_seq)
      select user_id, session_id, seq from writable order by user_id, session_id
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
      select distinct id from brief_lock_timeout cross join unnest(${sql.array([...userIds], "BIGINT")}) as u(id)
      order by id on conflict do nothing`,
  );
}
