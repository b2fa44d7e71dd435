import { afterEach, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import {
  createEmptyDatabase,
  processesOf,
  ServerProcess,
  type TestDatabase,
  temporaryFolder,
  waitFor,
} from "@reelay/testkit";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { type LockPatience, MigrationError, migrate } from "../../src/platform/migrate.ts";
import { openPostgres, type Sql } from "../../src/platform/postgres.ts";
import { readSchema, type Schema } from "../../src/platform/schema.ts";

let database: TestDatabase;
let sql: Sql;

beforeEach(async () => {
  database = await createEmptyDatabase();
  sql = openPostgres(database.connection, 4);
});

afterEach(async () => {
  await sql.close();
  await database.drop();
});

const PATIENCE: LockPatience = { lockTimeoutMs: 200, pauseMs: 10, maxAttempts: 1000 };

type Texts = Record<string, string>;

function schemaOf(version: number, compatibleFrom: number, migrations: Texts, functions: Texts = {}): Schema {
  const files = (texts: Texts) =>
    Object.entries(texts).map(([name, text]) => ({
      name,
      text,
      checksum: createHash("sha256").update(text).digest("hex"),
    }));
  return { version, compatibleFrom, migrations: files(migrations), functions: files(functions) };
}

const numbered = (value: number) =>
  `create or replace function answer() returns integer language sql as $$ select ${value} $$`;
const FIRST = { "0001_things.sql": "create table things (id bigint primary key)" };
const SECOND = { ...FIRST, "0002_name.sql": "alter table things add column name text" };

/** Every relation, column and function there is. */
async function catalog(): Promise<unknown[]> {
  return await sql`
    select c.relname || '.' || a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and not a.attisdropped
    union all select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace
    order by name`;
}

async function triggers(): Promise<unknown[]> {
  return [...(await sql`select pg_get_triggerdef(oid) as trigger from pg_trigger where not tgisinternal order by 1`)];
}

const answer = async () => (await sql`select answer() as value`)[0].value;
const hasName = async () =>
  (await sql`select 1 from pg_attribute where attrelid = 'things'::regclass and attname = 'name'`).length === 1;

test("what is new is applied once, functions after tables, and a changed function again", async () => {
  const first = schemaOf(1, 1, FIRST, { "answer.sql": numbered(1), "other.sql": "select count(*) from things" });
  expect(await migrate(sql, { schema: first })).toEqual(["0001_things.sql", "answer.sql", "other.sql"]);
  expect(await migrate(sql, { schema: first })).toEqual([]);
  const second = schemaOf(2, 1, SECOND, { "answer.sql": numbered(2), "other.sql": "select count(*) from things" });
  expect(await migrate(sql, { schema: second })).toEqual(["0002_name.sql", "answer.sql"]);
  expect([await answer(), await hasName()]).toEqual([2, true]);
});

test("functions are replaced all at once or not at all", async () => {
  await migrate(sql, { schema: schemaOf(1, 1, FIRST, { "answer.sql": numbered(1) }) });
  const broken = schemaOf(2, 1, FIRST, { "answer.sql": numbered(2), "other.sql": "select nothing" });
  const failure = await migrate(sql, { schema: broken }).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(MigrationError);
  expect((failure as Error).message).toContain('other.sql: column "nothing" does not exist');
  expect(await answer()).toBe(1);
  expect(await migrate(sql, { schema: schemaOf(2, 1, FIRST, { "answer.sql": numbered(2) }) })).toEqual(["answer.sql"]);
  expect(await answer()).toBe(2);
});

test("every file of sql/ can be applied again, beside transactions that have written to every table it counts", async () => {
  const schema = await readSchema();
  await migrate(sql, { schema });
  const before = await triggers();
  const writer = await sql.reserve();
  await writer`begin`;
  await writer.unsafe(`
    insert into accounts (username) values ('ann');
    insert into videos (owner_id, title, external_url, visibility) values (1, 'a title', 'https://example.com', 'public');
    insert into likes values (1, 1);
    insert into follows values (1, 1);
    insert into comments (video_id, user_id, content) values (1, 1, 'wow');
    insert into video_views values (1, 1, 'view', now());
    update videos set views_count = 1;
    insert into reports (reporter_id, target_type, target_id, reason, snapshot) values (1, 'user', 1, 'spam', '{}');
    update activity set last_quarter = now()`);
  await sql`update sql_files set checksum = 'another'`;
  const again = await migrate(sql, { schema, patience: { ...PATIENCE, maxAttempts: 1 } });
  expect(again).toEqual(schema.functions.map(({ name }) => name));
  expect([await triggers(), before.length > 0]).toEqual([before, true]);
  await writer`commit`;
  writer.release();
  const counted = await sql`
    select metric, quarter, sum(value)::int as value from statistics where metric <> 'views_made' group by 1, 2 order by 1, 2`;
  const recounted = await sql`select metric, quarter, value::int as value from statistics_recounted order by 1, 2`;
  expect(counted.length).toBeGreaterThan(10);
  expect([...counted]).toEqual([...recounted]);
});

test("a program that is older than the database applies nothing, and starts when the database allows it", async () => {
  const older = schemaOf(1, 1, FIRST, { "answer.sql": numbered(1) });
  await migrate(sql, { schema: older });
  await migrate(sql, { schema: schemaOf(2, 1, SECOND, { "answer.sql": numbered(2) }) });
  expect(await migrate(sql, { schema: older })).toEqual([]);
  expect(await answer()).toBe(2);
  await migrate(sql, { schema: schemaOf(3, 2, SECOND, { "answer.sql": numbered(3) }) });
  const refused = migrate(sql, { schema: older });
  await expect(refused).rejects.toThrow(
    "The database has schema version 3, which needs a program of version 2 or newer; this one has 1.",
  );
  expect(await answer()).toBe(3);
});

test("an interrupted migration is not taken for the end of it by an older program", async () => {
  const older = schemaOf(1, 1, FIRST);
  await migrate(sql, { schema: older });
  const broken = { ...SECOND, "0003_broken.sql": "select 1 / 0" };
  await expect(migrate(sql, { schema: schemaOf(2, 1, broken) })).rejects.toThrow("division by zero");
  expect(await hasName()).toBe(true);
  expect(await migrate(sql, { schema: older })).toEqual([]);
  const mended = { ...SECOND, "0003_broken.sql": "select 1" };
  expect(await migrate(sql, { schema: schemaOf(2, 1, mended) })).toEqual(["0003_broken.sql"]);
});

test("a migration that was changed, or that is unknown, is refused before anything is touched", async () => {
  await migrate(sql, { schema: schemaOf(1, 1, SECOND) });
  const before = await catalog();
  const changed = { ...SECOND, "0002_name.sql": "select 2", "0003_more.sql": "create table more ()" };
  await expect(migrate(sql, { schema: schemaOf(2, 2, changed) })).rejects.toThrow(
    "Migration 0002_name.sql was changed after it had been applied.",
  );
  await expect(migrate(sql, { schema: schemaOf(1, 1, FIRST) })).rejects.toThrow(
    "The database has migration 0002_name.sql, which this version does not know.",
  );
  expect(await catalog()).toEqual(before);
  expect([...(await sql`select version from schema_info`)]).toEqual([{ version: 1 }]);
});

const UNRELEASED = `
  create table migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now());
  insert into migrations values ('0001_accounts.sql', 'abc'), ('0016_silent_nodes.sql', 'def')`;

test("a database from before the first release is refused with what to delete, before anything is touched", async () => {
  await sql.unsafe(UNRELEASED);
  const before = await catalog();
  const { database: name } = database.connection as { database: string };
  await expect(migrate(sql)).rejects.toThrow(
    `Drop the database "${name}" and create it anew, empty; then start again.`,
  );
  await expect(migrate(sql, { dataDir: "/srv/reelay" })).rejects.toThrow(
    "Delete the folder /srv/reelay, with the database and the uploads in it; then start again.",
  );
  expect(await catalog()).toEqual(before);
});

test("a start on a data folder from before the first release ends with that one sentence", async () => {
  const folder = await temporaryFolder();
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, log: () => {} });
  const own = openPostgres(postgres.connection, 1);
  await own.unsafe(UNRELEASED);
  await own.close();
  await postgres.stop();
  for (const args of [["main.ts"], ["cli.ts", "migrate"]]) {
    const { code, output } = await ServerProcess.spawn(folder.path, {}, args).exited;
    expect(code).toBe(1);
    expect(output.trim().split("\n")).toHaveLength(1);
    expect(output).toContain(`Delete the folder ${folder.path}, with the database and the uploads in it`);
  }
  await waitFor(async () => ((await processesOf(folder.path)).length === 0 ? true : undefined));
  await folder.remove();
});

/** Resolves once a statement waits for a lock, which others then queue behind. */
async function blocked(): Promise<void> {
  await waitFor(async () => {
    const rows = await sql`
      select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like 'alter table%'`;
    return rows.length > 0 ? true : undefined;
  });
}

test("a migration that meets a held lock lets others pass, tries again, and gets it in the end", async () => {
  await migrate(sql, { schema: schemaOf(1, 1, FIRST) });
  const holder = await sql.reserve();
  await holder`begin`;
  await holder`select count(*) from things`;
  const migrating = migrate(sql, { schema: schemaOf(2, 1, SECOND), patience: PATIENCE });
  await blocked();
  // Behind a migration that waited on, this would wait for the holder as well.
  expect([...(await sql`select count(*)::int as count from things`)]).toEqual([{ count: 0 }]);
  await blocked();
  await holder`commit`;
  holder.release();
  expect(await migrating).toEqual(["0002_name.sql"]);
  expect(await hasName()).toBe(true);
});

test("a lock that is never given up is a sentence, and nothing of the migration stays", async () => {
  await migrate(sql, { schema: schemaOf(1, 1, FIRST) });
  const holder = await sql.reserve();
  await holder`begin`;
  await holder`select count(*) from things`;
  const patience = { ...PATIENCE, maxAttempts: 2 };
  const schema = schemaOf(2, 1, { ...FIRST, "0002_name.sql": `create table more (); ${SECOND["0002_name.sql"]}` });
  await expect(migrate(sql, { schema, patience })).rejects.toThrow("end it (see pg_stat_activity), then start again.");
  await holder`rollback`;
  holder.release();
  expect([...(await sql`select to_regclass('more') as more`), await hasName()]).toEqual([{ more: null }, false]);
});

test("a long migration is not cut short, and the pool's timeouts stand again afterwards", async () => {
  const one = openPostgres(database.connection, 1);
  await one.unsafe("set statement_timeout = 100; set lock_timeout = 100");
  const slow = schemaOf(1, 1, { "0001_slow.sql": "select pg_sleep(0.5)" });
  expect(await migrate(one, { schema: slow })).toEqual(["0001_slow.sql"]);
  const [timeouts] = await one`
    select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`;
  expect(timeouts).toEqual({ statement: "15s", lock: "10s" });
  await one.close();
});
