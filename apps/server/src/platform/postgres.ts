import { SQL, type TransactionSQL } from "bun";

declare const transactional: unique symbol;

/** A pool: every statement is its own transaction. */
export type Sql = SQL;
/** One open transaction. The brand keeps a pool from being passed where statements must succeed or fail together. */
export type Tx = TransactionSQL & { readonly [transactional]: true };
/** For a single statement, which is a transaction of its own on a pool and part of one on a `Tx`. */
export type Queryable = Sql | Tx;
/** A part of a statement, to be put into another one. */
export type Fragment = SQL.Query<unknown>;

export type Connection = { url: string } | { path: string; username: string; password: string; database: string };

const STATEMENT_TIMEOUT_MS = 15_000;
/** Longer than a transaction may idle: who waits for a node that froze is served when that node's locks are released. */
const LOCK_TIMEOUT_MS = 10_000;
/** A process that is frozen or cut off in the middle of a transaction keeps its rows locked no longer than that. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5000;
/** How long a batch waits for one row: longer than any healthy transaction holds it. */
const BATCH_LOCK_TIMEOUT_MS = 500;
const MAX_ATTEMPTS = 4;

/** What every session is opened with, and a pooler in between may have dropped. */
export const SESSION_SETTINGS = {
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  lock_timeout: String(LOCK_TIMEOUT_MS),
  idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_TIMEOUT_MS),
  // Our statements are few, large and prepared: planning one anew costs more than running it.
  plan_cache_mode: "force_generic_plan",
  jit: "off",
  // A generic plan does not know how few rows are asked for, and starts workers for twenty of them.
  max_parallel_workers_per_gather: "0",
};

/** Opens a pool. `idleTimeout` and `maxLifetime` stay 0: closing idle connections under load loses queries. */
export function openPostgres(connection: Connection, max = 10): Sql {
  return new SQL({
    ...connection,
    adapter: "postgres",
    max,
    idleTimeout: 0,
    maxLifetime: 0,
    connectionTimeout: 10,
    connection: {
      application_name: "reelay",
      ...SESSION_SETTINGS,
      // The server finds out within half a minute that we are unreachable, instead of after two hours.
      tcp_keepalives_idle: "10",
      tcp_keepalives_interval: "5",
      tcp_keepalives_count: "3",
    },
  } as SQL.Options);
}

/**
 * Runs `work` in one transaction. A deadlock, a serialization failure, or a transaction that the server ended because it
 * idled, repeats the whole of it, at most three times: none of them has committed.
 */
export function transaction<T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> {
  return retrying(() => sql.begin((tx) => work(tx as Tx)) as Promise<T>);
}

/** Runs one statement, repeated like a transaction. */
export async function retrying<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isContention(error)) throw error;
    }
  }
}

/**
 * A common table expression that shortens how long the statement waits for a lock, for a batch that must not stand still
 * behind one row. Nothing else changes it back: it ends with the transaction. The expression that the statement's locks
 * depend on must read it: \`from brief_lock_timeout cross join …\`.
 */
export function briefLockTimeout(db: Queryable): Fragment {
  return db`brief_lock_timeout as materialized (
    select set_config('lock_timeout', ${String(BATCH_LOCK_TIMEOUT_MS)}, true)
  )`;
}

export type RowLock = {
  table: string;
  /** The column of the ids. */
  key?: string;
  /** How the caller wants to lock the rows: only locks that conflict with that are seen. */
  lock?: "no key update" | "key share";
};

/**
 * Which of the rows that exist are locked by another transaction now, and a mark of that transaction. Waits for none, and
 * keeps none locked.
 */
export async function findLocked(
  db: Sql,
  { table, key = "id", lock = "no key update" }: RowLock,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const wanted = db.array([...new Set(ids)], "BIGINT");
  const locking = lock === "key share" ? db`for key share skip locked` : db`for no key update skip locked`;
  const rows: { id: number; holder: string }[] = await db`
    with free as materialized (
      select ${db(key)} as id from ${db(table)} where ${db(key)} = any(${wanted}) ${locking}
    )
    select ${db(key)}::float8 as id, xmax::text as holder from ${db(table)}
    where ${db(key)} = any(${wanted}) and ${db(key)} not in (select id from free)`;
  return new Map(rows.map(({ id, holder }) => [id, holder]));
}

/** The constraint a unique violation names, undefined for any other error. */
export function violatedUnique(error: unknown): string | undefined {
  return sqlState(error) === "23505" ? (error as { constraint?: string }).constraint : undefined;
}

/** True when the database could not be asked, or has no room, memory or connection left, as opposed to having refused. */
export function isDatabaseAway(error: unknown): boolean {
  const state = sqlState(error);
  if (state) return state.startsWith("08") || state.startsWith("57P") || /^53[123]00$/.test(state) || state === IDLED;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^ERR_POSTGRES_|^ECONN|^ENOENT$|^EPIPE$|FailedToOpenSocket/.test(code);
}

/** True when a statement failed because there is no room on the database's disk. */
export function isDiskFull(error: unknown): boolean {
  return sqlState(error) === "53100";
}

/** True when a row, or a table, stayed locked by another transaction for longer than the caller may wait. */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === "55P03";
}

/** The server ended the session because its transaction idled: this process was frozen, or stood still. */
const IDLED = "25P03";

/** True when a transaction was ended for the sake of others, and may be repeated. */
export function isContention(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40P01" || state === "40001" || state === IDLED;
}

/** The five characters by which Postgres names what went wrong; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  const errno = (error as { errno?: unknown } | null)?.errno;
  return typeof errno === "string" && /^[0-9A-Z]{5}$/.test(errno) ? errno : undefined;
}
