import { wait } from "./clock.ts";
import type { Logger } from "./log.ts";
import { type Connection, openPostgres, type Sql } from "./postgres.ts";

/** Longer than any statement may take (15 s), so that one connection that is busy does not look dead. */
const SILENT_TICKS = 30;
/** Below this the database counts as answering; one late answer is no outage. */
const LATE_TICKS = 5;
/** A pool that was replaced and still does not answer cannot be helped from within. */
const STUCK_TICKS = 90;
const FRESH_ANSWERS_MS = 5000;

/**
 * Watches whether the pool answers. A connection whose other end is gone without a word (a firewall that forgot it, a
 * proxy that moved) neither answers nor breaks for a quarter of an hour or longer, and every query on it hangs as long.
 * When a query has hung for half a minute while a fresh connection is answered, the pool is replaced by a new one: what
 * hangs is rejected as a database that is away.
 *
 * Time is counted in ticks, one a second: a process that was paused must not take the pause for silence.
 */
export class DatabaseWatch {
  /** The pool of the moment, behind one value. */
  readonly sql: Sql;
  readonly #open: (max?: number) => Sql;
  readonly #log: Logger;
  #pool: Sql;
  #ticks = 0;
  #answeredAt = 0;
  #replacedAt = 0;
  #hasFreshAnswered = false;
  /** The probes that are not answered yet, by the tick they were sent at. */
  #probes = new Set<number>();

  constructor(connection: Connection, max: number, log: Logger) {
    this.#open = (size = max) => openPostgres(connection, size);
    this.#log = log;
    this.#pool = this.#open();
    this.sql = new Proxy(this.#pool, {
      apply: (_, __, values) => Reflect.apply(this.#pool, undefined, values),
      get: (_, name) => {
        const value = Reflect.get(this.#pool, name);
        return typeof value === "function" ? value.bind(this.#pool) : value;
      },
    });
  }

  /** Call once a second. */
  async tick(): Promise<void> {
    this.#ticks++;
    this.#probe();
    const oldest = Math.min(this.#ticks, ...this.#probes);
    const isSilent = this.isCutOff() || this.#ticks - oldest >= SILENT_TICKS;
    if (!isSilent || this.#ticks - this.#replacedAt < SILENT_TICKS) return;
    this.#hasFreshAnswered = await this.#doesFreshAnswer();
    if (this.#hasFreshAnswered) await this.#replace();
  }

  /** The pool answered within the last seconds. */
  isAnswering(): boolean {
    return this.#ticks - this.#answeredAt < LATE_TICKS;
  }

  /** The pool has not answered for half a minute. */
  isCutOff(): boolean {
    return this.#ticks - this.#answeredAt >= SILENT_TICKS;
  }

  /** The database answers others, and this process not, however often the pool was replaced. */
  isStuck(): boolean {
    return this.#hasFreshAnswered && this.#ticks - this.#answeredAt >= STUCK_TICKS;
  }

  #probe(): void {
    if (this.#probes.size >= SILENT_TICKS) return;
    const [pool, probes, sentAt] = [this.#pool, this.#probes, this.#ticks];
    probes.add(sentAt);
    pool`select 1`
      .then(() => {
        if (pool === this.#pool) this.#answeredAt = this.#ticks;
      })
      .catch(() => {})
      .finally(() => probes.delete(sentAt));
  }

  async #doesFreshAnswer(): Promise<boolean> {
    const fresh = this.#open(1);
    const answer = fresh`select 1`.then(
      () => true,
      () => false,
    );
    const hasAnswered = await Promise.race([answer, wait(FRESH_ANSWERS_MS).then(() => false)]);
    await fresh.close({ timeout: 0 });
    return hasAnswered;
  }

  async #replace(): Promise<void> {
    this.#log.error("the database answers, but not on our connections: they are replaced by new ones");
    const old = this.#pool;
    this.#pool = this.#open();
    this.#probes = new Set();
    this.#replacedAt = this.#ticks;
    await old.close({ timeout: 0 });
  }
}
