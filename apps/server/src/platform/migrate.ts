import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ReservedSQL } from "bun";
import type { Sql } from "./postgres.ts";

/** The database and this program do not fit together; the message says how. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

const FOLDER = fileURLToPath(new URL("../../migrations/", import.meta.url));
const LOCK_KEY = 0x7265656c6179; // "reelay"

/**
 * Brings the database to the newest schema: plain SQL files in the order of their numbers, each in a transaction of its
 * own, under an advisory lock so that nodes starting together take turns. Returns the names applied.
 * @throws MigrationError when a file that was applied has changed since, or the database is newer than this program.
 */
export async function migrate(sql: Sql): Promise<string[]> {
  const connection = await sql.reserve();
  try {
    await connection`select pg_advisory_lock(${LOCK_KEY})`;
    return await applyPending(connection);
  } finally {
    await connection`select pg_advisory_unlock(${LOCK_KEY})`.catch(() => {});
    connection.release();
  }
}

async function applyPending(connection: ReservedSQL): Promise<string[]> {
  await connection.unsafe(
    "create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())",
  );
  const rows: { name: string; checksum: string }[] = await connection`select name, checksum from migrations`;
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const files = (await readdir(FOLDER)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort();
  for (const name of applied.keys()) {
    if (!files.includes(name))
      throw new MigrationError(`The database has migration ${name}, which this version does not know.`);
  }
  const done: string[] = [];
  for (const name of files) {
    const text = await Bun.file(FOLDER + name).text();
    const checksum = createHash("sha256").update(text).digest("hex");
    const before = applied.get(name);
    if (before === undefined) {
      await applyOne(connection, name, text, checksum);
      done.push(name);
    } else if (before !== checksum) {
      throw new MigrationError(`Migration ${name} was changed after it had been applied.`);
    }
  }
  return done;
}

async function applyOne(connection: ReservedSQL, name: string, text: string, checksum: string): Promise<void> {
  await connection`begin`;
  try {
    await connection.unsafe(text);
    await connection`insert into migrations (name, checksum) values (${name}, ${checksum})`;
    await connection`commit`;
  } catch (error) {
    await connection`rollback`.catch(() => {});
    throw new MigrationError(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
