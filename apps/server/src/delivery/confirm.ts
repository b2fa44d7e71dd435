import { retrying, type Sql } from "../platform/postgres.ts";

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
   * Writes everything noted before the call. Whoever comes while a write is under way shares the one after it.
   * @throws when the database is away; what could not be written is kept for the next time.
   */
  async flush(): Promise<void> {
    if (this.#current) {
      this.#next ??= this.#current.catch(() => {}).then(() => this.#start());
      return await this.#next;
    }
    await this.#start();
  }

  #start(): Promise<void> {
    this.#next = null;
    if (this.#current) return this.flush();
    if (this.#pending.size === 0) return Promise.resolve();
    this.#writing = this.#pending;
    this.#pending = new Map();
    this.#current = this.#writeBook(this.#writing)
      .catch((error) => {
        for (const [userId, sessions] of this.#writing) {
          for (const [sessionId, seq] of sessions) this.note(userId, sessionId, seq);
        }
        throw error;
      })
      .finally(() => {
        this.#writing = new Map();
        this.#current = null;
      });
    return this.#current;
  }

  async #writeBook(book: Book): Promise<void> {
    const sql = this.#sql;
    const rows = [...book].flatMap(([userId, sessions]) =>
      [...sessions].map(([id, seq]) => [userId, id, seq] as const),
    );
    const column = (index: 0 | 1 | 2) =>
      sql.array(
        rows.map((row) => row[index]),
        "BIGINT",
      );
    await retrying(
      () => sql`
        with confirmed as (
          select * from unnest(${column(0)}, ${column(1)}, ${column(2)}) as c(user_id, session_id, seq)
        ),
        streams as (
          insert into user_streams as s (user_id, confirmed_seq)
          select user_id, max(seq) from confirmed group by user_id order by user_id
          on conflict (user_id) do update set confirmed_seq = excluded.confirmed_seq
            where s.confirmed_seq < excluded.confirmed_seq
          returning 1
        )
        insert into session_cursors as c (user_id, session_id, confirmed_seq)
        select user_id, session_id, seq from confirmed where (select count(*) from streams) >= 0
        order by user_id, session_id
        on conflict (user_id, session_id) do update set confirmed_seq = excluded.confirmed_seq, updated_at = now()
          where c.confirmed_seq < excluded.confirmed_seq`,
    );
  }
}

function highest(values: (number | undefined)[]): number | null {
  return values.reduce<number | null>((top, value) => (value === undefined ? top : Math.max(top ?? 0, value)), null);
}
