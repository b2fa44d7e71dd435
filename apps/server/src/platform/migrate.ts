import { setTimeout as sleep } from "node:timers/promises";
import type { ReservedSQL } from "bun";
import type { Logger } from "./log.ts";
import { isContention, isLockTimeout, type Sql } from "./postgres.ts";
import { readSchema, type Schema, type SqlFile } from "./schema.ts";

/** The database and this program do not fit together; the message says how. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

/** How long a migration waits for a lock, and how often it tries again: whatever needs the table queues behind it. */
export type LockPatience = { lockTimeoutMs: number; pauseMs: number; maxAttempts: number };

export type MigrateOptions = {
  schema?: Schema;
  /** The folder of the embedded database. */
  dataDir?: string;
  log?: Logger;
  patience?: LockPatience;
};

type Run = { connection: ReservedSQL; schema: Schema; log: Logger | undefined; patience: LockPatience };
type Applied = ReadonlyMap<string, string>;

const LOCK_KEY = 0x7265656c6179; // "reelay"
const PATIENCE: LockPatience = { lockTimeoutMs: 1000, pauseMs: 1000, maxAttempts: 60 };

/**
 * Brings the database to the schema of this program: what is new of `migrations/`, then what changed of `sql/`, under an
 * advisory lock so that nodes starting together take turns. A database of a newer program is left as it is. Returns the
 * names applied.
 * @throws MigrationError when the database needs a newer program, a file that was applied has changed since, a statement
 * failed, or the database is older than the first release.
 */
export async function migrate(sql: Sql, options: MigrateOptions = {}): Promise<string[]> {
  const { schema = await readSchema(), dataDir, log, patience = PATIENCE } = options;
  const connection = await sql.reserve();
  try {
    // A migration takes as long as it takes, and so does waiting for another node's.
    await connection`select set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false)`;
    await takeTurn(connection, log);
    await refuseUnreleased(connection, dataDir);
    return await applyAll({ connection, schema, log, patience });
  } finally {
    await connection`select pg_advisory_unlock(${LOCK_KEY})`.catch(() => {});
    await connection.unsafe("reset statement_timeout; reset lock_timeout").catch(() => {});
    connection.release();
  }
}

async function takeTurn(connection: ReservedSQL, log: Logger | undefined): Promise<void> {
  const [row] = await connection`select pg_try_advisory_lock(${LOCK_KEY}) as "isOurs"`;
  if (row.isOurs) return;
  log?.info("another node brings the database to its schema, waiting for it");
  await connection`select pg_advisory_lock(${LOCK_KEY})`;
}

/** The schema of before the first release came in other files, and nothing leads from it to this one. */
async function refuseUnreleased(connection: ReservedSQL, dataDir: string | undefined): Promise<void> {
  const [row] = await connection`
    select current_database() as name,
      to_regclass('migrations') is not null and to_regclass('schema_info') is null as "isUnreleased"`;
  if (!row.isUnreleased) return;
  const remedy = dataDir
    ? `Delete the folder ${dataDir}, with the database and the uploads in it`
    : `Drop the database "${row.name}" and create it anew, empty`;
  throw new MigrationError(
    `The database was made by a version of Reelay from before its first release and cannot be upgraded. ${remedy}; then start again.`,
  );
}

async function applyAll(run: Run): Promise<string[]> {
  const { connection, schema } = run;
  const stored = await readVersion(connection);
  if (stored && stored.version > schema.version) {
    if (stored.compatibleFrom <= schema.version) return [];
    throw new MigrationError(
      `The database has schema version ${stored.version}, which needs a program of version ${stored.compatibleFrom} or newer; this one has ${schema.version}. Install the newer release.`,
    );
  }
  const migrations = stored ? await readApplied(connection, "migrations") : new Map();
  const pending = findPending(schema.migrations, migrations);
  // The version comes first: a program that is older must not go on where this one was interrupted.
  if (stored?.version !== schema.version || stored.compatibleFrom !== schema.compatibleFrom) {
    await inTransaction(run, "The schema's version", () => writeVersion(run));
  }
  for (const file of pending) {
    await inTransaction(run, `Migration ${file.name}`, () => apply(connection, "migrations", file));
  }
  const functions = await readApplied(connection, "sql_files");
  const changed = schema.functions.filter(({ name, checksum }) => functions.get(name) !== checksum);
  if (changed.length > 0) {
    // All at once: no statement finds one of them new and another one old.
    await inTransaction(run, "A change of the SQL functions", async () => {
      for (const file of changed) await apply(connection, "sql_files", file);
    });
  }
  return [...pending, ...changed].map(({ name }) => name);
}

async function readVersion(connection: ReservedSQL): Promise<Pick<Schema, "version" | "compatibleFrom"> | null> {
  const [row] = await connection`select to_regclass('schema_info') is not null as "isThere"`;
  if (!row.isThere) return null;
  const [stored] = await connection`select version, compatible_from as "compatibleFrom" from schema_info`;
  return stored;
}

async function readApplied(connection: ReservedSQL, table: "migrations" | "sql_files"): Promise<Applied> {
  const rows: { name: string; checksum: string }[] = await connection`select name, checksum from ${connection(table)}`;
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

function findPending(files: readonly SqlFile[], applied: Applied): SqlFile[] {
  for (const name of applied.keys()) {
    if (!files.some((file) => file.name === name))
      throw new MigrationError(`The database has migration ${name}, which this version does not know.`);
  }
  for (const { name, checksum } of files) {
    if ((applied.get(name) ?? checksum) !== checksum)
      throw new MigrationError(`Migration ${name} was changed after it had been applied.`);
  }
  return files.filter(({ name }) => !applied.has(name));
}

async function writeVersion({ connection, schema }: Run): Promise<void> {
  await connection.unsafe(`
    create table if not exists schema_info (
      only_row boolean primary key default true check (only_row),
      version integer not null,
      compatible_from integer not null
    );
    create table if not exists migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now()
    );
    create table if not exists sql_files (
      name text primary key, checksum text not null, applied_at timestamptz not null default now()
    )`);
  await connection`
    insert into schema_info (version, compatible_from) values (${schema.version}, ${schema.compatibleFrom})
    on conflict (only_row) do update set version = excluded.version, compatible_from = excluded.compatible_from`;
}

async function apply(connection: ReservedSQL, table: "migrations" | "sql_files", file: SqlFile): Promise<void> {
  await connection.unsafe(file.text).catch((error: Error) => {
    error.message = `${file.name}: ${error.message}`;
    throw error;
  });
  await connection`
    insert into ${connection(table)} (name, checksum) values (${file.name}, ${file.checksum})
    on conflict (name) do update set checksum = excluded.checksum, applied_at = now()`;
}

/** Runs `work` in a transaction that waits for each lock only briefly, and repeats the whole of it when it got one of them not. */
async function inTransaction(run: Run, name: string, work: () => Promise<void>): Promise<void> {
  const { connection, log, patience } = run;
  for (let attempt = 1; ; attempt++) {
    try {
      await connection`begin`;
      await connection`select set_config('lock_timeout', ${String(patience.lockTimeoutMs)}, true)`;
      await work();
      await connection`commit`;
      return;
    } catch (error) {
      await connection`rollback`.catch(() => {});
      const isLocked = isLockTimeout(error) || isContention(error);
      if (!isLocked || attempt === patience.maxAttempts) throw failureOf(name, error as Error, isLocked);
      log?.warn({ attempt }, `${name} waits for a lock that another transaction holds`);
      await sleep(patience.pauseMs);
    }
  }
}

function failureOf(name: string, cause: Error, isLocked: boolean): MigrationError {
  const remedy = isLocked
    ? " An open transaction holds what it needs: end it (see pg_stat_activity), then start again."
    : "";
  return new MigrationError(`${name} failed: ${cause.message}.${remedy}`, { cause });
}
