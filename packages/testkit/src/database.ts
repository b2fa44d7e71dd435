import type { SQL } from "bun";
import { type Connection, openPostgres } from "../../../apps/server/src/platform/postgres.ts";

export type TestDatabase = { connection: Connection; drop(): Promise<void> };

/** A database of one's own, cloned from the migrated template of the test run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  // Only one clone of a template can be made at a time: file-level copies do not wait for each other, so we do.
  return await create((admin, name) =>
    withLock(admin, () => admin.unsafe(`create database ${name} template reelay_template`)),
  );
}

/** A database of one's own that was never migrated. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return await create((admin, name) => admin.unsafe(`create database ${name} template template0`));
}

async function create(work: (admin: SQL, name: string) => Promise<unknown>): Promise<TestDatabase> {
  const given = process.env.REELAY_TEST_POSTGRES;
  if (!given) throw new Error("Run tests with `npm test`: it starts the database they need.");
  const server: { path: string; username: string; password: string } = JSON.parse(given);
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const admin = openPostgres({ ...server, database: "postgres" }, 1);
  await work(admin, name);
  return {
    connection: { ...server, database: name },
    async drop() {
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.close();
    },
  };
}

async function withLock(sql: SQL, work: () => Promise<unknown>): Promise<void> {
  await sql`select pg_advisory_lock(1)`;
  try {
    await work();
  } finally {
    await sql`select pg_advisory_unlock(1)`;
  }
}
