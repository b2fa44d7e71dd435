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
const LOCK_TIMEOUT_MS = 10_000;
const MAX_ATTEMPTS = 4;

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
      statement_timeout: String(STATEMENT_TIMEOUT_MS),
      lock_timeout: String(LOCK_TIMEOUT_MS),
      // Our statements are few, large and prepared: planning one anew costs more than running it.
      plan_cache_mode: "force_generic_plan",
      jit: "off",
    },
  } as SQL.Options);
}

/** Runs `work` in one transaction; a deadlock or serialization failure repeats the whole of it, at most three times. */
export function transaction<T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> {
  return retrying(() => sql.begin((tx) => work(tx as Tx)) as Promise<T>);
}

/** Runs one statement, repeated like a transaction when it loses a deadlock. */
export async function retrying<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isContention(error)) throw error;
    }
  }
}

/** The constraint a unique violation names, undefined for any other error. */
export function violatedUnique(error: unknown): string | undefined {
  return sqlState(error) === "23505" ? (error as { constraint?: string }).constraint : undefined;
}

/** True when the database could not be asked, as opposed to having answered with an error. */
export function isDatabaseAway(error: unknown): boolean {
  const state = sqlState(error);
  if (state) return state.startsWith("08") || state.startsWith("57P") || state === "53300";
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^ERR_POSTGRES_|^ECONN|^ENOENT$|^EPIPE$|FailedToOpenSocket/.test(code);
}

function isContention(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40P01" || state === "40001";
}

function sqlState(error: unknown): string | undefined {
  const errno = (error as { errno?: unknown } | null)?.errno;
  return typeof errno === "string" && /^[0-9A-Z]{5}$/.test(errno) ? errno : undefined;
}
