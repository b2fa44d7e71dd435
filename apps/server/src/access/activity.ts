import type { Clock } from "../platform/clock.ts";
import { retrying, type Sql } from "../platform/postgres.ts";
import { bigints } from "../platform/sql-fragments.ts";

const QUARTER_MS = 15 * 60_000;

/**
 * Who gives a sign of being here. Only the first of each UTC quarter hour is written, and many accounts at once: a
 * request never waits for it.
 */
export class Activity {
  readonly #sql: Sql;
  readonly #clock: Clock;
  #quarterMs = 0;
  /** Who gave a sign in this quarter hour. */
  #noted = new Set<number>();
  /** By quarter hour, what is not written yet. */
  #unwritten = new Map<number, Set<number>>();
  #writing: Promise<void> = Promise.resolve();

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  /** An authenticated request, or a frame. */
  note(userId: number): void {
    const nowMs = this.#clock.now();
    const quarterMs = nowMs - (nowMs % QUARTER_MS);
    if (quarterMs !== this.#quarterMs) this.#noted = new Set();
    this.#quarterMs = quarterMs;
    if (this.#noted.has(userId)) return;
    this.#noted.add(userId);
    this.#unwritten.set(quarterMs, (this.#unwritten.get(quarterMs) ?? new Set()).add(userId));
  }

  /**
   * Resolves when everything noted so far is in the database, but for accounts whose row another transaction holds: they
   * are kept for the next time.
   */
  flush(): Promise<void> {
    this.#writing = this.#writing.catch(() => {}).then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const batch = this.#unwritten;
    this.#unwritten = new Map();
    for (const [quarterMs, users] of [...batch].sort(([a], [b]) => a - b)) {
      try {
        const locked = await retrying(() => moveOn(this.#sql, [...users], new Date(quarterMs)));
        batch.delete(quarterMs);
        if (locked.length > 0) this.#keep(new Map([[quarterMs, new Set(locked)]]));
      } catch (error) {
        this.#keep(batch);
        throw error;
      }
    }
  }

  #keep(batch: ReadonlyMap<number, ReadonlySet<number>>): void {
    for (const [quarterMs, users] of batch) {
      this.#unwritten.set(quarterMs, users.union(this.#unwritten.get(quarterMs) ?? new Set()));
    }
  }
}

/** Returns the accounts whose row another transaction holds. */
async function moveOn(sql: Sql, userIds: readonly number[], quarter: Date): Promise<number[]> {
  const rows: { userId: number }[] = await sql`
    with due as (
      select user_id from activity
      where user_id = any(${bigints(sql, userIds)}) and coalesce(last_quarter, '-infinity') < ${quarter}
    ),
    here as materialized (
      select user_id from activity
      where user_id in (select user_id from due) and coalesce(last_quarter, '-infinity') < ${quarter}
      order by user_id for update skip locked
    ),
    moved as (
      update activity a set last_quarter = ${quarter} from here where a.user_id = here.user_id
    )
    select user_id::float8 as "userId" from due where user_id not in (select user_id from here)`;
  return rows.map(({ userId }) => userId);
}
