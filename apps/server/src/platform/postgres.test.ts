import { afterAll, beforeAll, expect, test } from "bun:test";
import { createTestDatabase, type TestDatabase, waitFor } from "@reelay/testkit";
import { isDatabaseAway, openPostgres, type Sql, type Tx, transaction } from "./postgres.ts";

let database: TestDatabase;
let sql: Sql;
let other: Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  [sql, other] = [openPostgres(database.connection, 2), openPostgres(database.connection, 1)];
});

afterAll(async () => {
  await Promise.all([sql.close(), other.close()]);
  await database.drop();
});

/** Lets the transaction idle until the server has ended its session. */
async function idle(tx: Tx): Promise<void> {
  await tx`set local idle_in_transaction_session_timeout = 50`;
  const [{ pid }] = await tx`select pg_backend_pid() as pid`;
  await waitFor(async () => {
    const rows = await other`select from pg_stat_activity where pid = ${pid}`;
    return rows.length === 0 ? true : undefined;
  });
}

test("the server ends what a frozen process leaves open, finds out who is cut off, and plans without workers", async () => {
  const rows: { name: string; setting: string }[] = await sql`
    select name, reset_val as setting from pg_settings
    where name in ('idle_in_transaction_session_timeout', 'max_parallel_workers_per_gather')
      or name ~ '^tcp_keepalives'`;
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
    idle_in_transaction_session_timeout: "5000",
    max_parallel_workers_per_gather: "0",
    tcp_keepalives_idle: "10",
    tcp_keepalives_interval: "5",
    tcp_keepalives_count: "3",
  });
});

test("a transaction that the server ended because it idled is repeated: it has not committed", async () => {
  let attempts = 0;
  await transaction(sql, async (tx) => {
    await tx`insert into accounts (username) values ('sleeper')`;
    if (++attempts === 1) await idle(tx);
  });
  expect(attempts).toBe(2);
  expect((await sql`select count(*)::int as count from accounts where username = 'sleeper'`)[0].count).toBe(1);
});

test("one that idles every time ends as a database that is away, not in a promise that hangs", async () => {
  const error = await transaction(sql, idle).catch((thrown) => thrown);
  expect(isDatabaseAway(error)).toBe(true);
  expect((await sql`select 1 as one`)[0].one).toBe(1);
});
