import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config.ts";
import { reconcile } from "../../features/reconcile/reconcile.ts";
import { JOB_STEPS } from "../../job-steps.ts";
import { startEmbeddedPostgres } from "../../platform/embedded-postgres.ts";
import { InstanceRunning, lockInstance } from "../../platform/instance-lock.ts";
import { type Connection, openPostgres, SESSION_SETTINGS, type Sql } from "../../platform/postgres.ts";
import { runningConnection } from "../../platform/postgres-home.ts";
import { readSchema } from "../../platform/schema.ts";
import { texts } from "../../platform/sql-fragments.ts";
import { attempt, type Finding, fail, ok, warn } from "./finding.ts";

const NEEDED_MAJOR = 18;
/** Beyond, times of tokens and bans are visibly wrong; far beyond, they are useless. */
const SKEW_WARN_MS = 2000;
const SKEW_FAIL_MS = 60_000;
const LATE_JOB_SECONDS = 3600;

type Options = { isDeep: boolean };

/** The database as it is: nothing is migrated, repaired or made. */
export async function lookAtDatabase(config: Config, dataDir: string, options: Options): Promise<Finding[]> {
  const check = "database";
  if (config.databaseUrl) return await lookOn({ url: config.databaseUrl }, options);
  if (!existsSync(join(dataDir, "reelay.lock"))) return [ok(check, "None yet: the first start makes one.")];
  try {
    return await withEmbedded(dataDir, (connection) => lookOn(connection, options));
  } catch (error) {
    return [fail(check, (error as Error).message, `See ${join(dataDir, "postgres.log")}.`)];
  }
}

/** The one that a server runs; without a server, one that runs for as long as it is looked at. */
async function withEmbedded<T>(dataDir: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const lock = await lockInstance(dataDir).catch((error) => {
    if (error instanceof InstanceRunning) return null;
    throw error;
  });
  if (!lock) return await work(await runningConnection(dataDir));
  try {
    const embedded = await startEmbeddedPostgres({ dataDir, log() {} });
    return await work(embedded.connection).finally(() => embedded.stop());
  } finally {
    await lock.release();
  }
}

async function lookOn(connection: Connection, { isDeep }: Options): Promise<Finding[]> {
  const sql = openPostgres(connection, 1);
  try {
    const reached = await attempt("database", "Start it, or correct DATABASE_URL.", () => lookAtVersion(sql));
    if (reached.status === "fail") return [reached];
    const schema = await attempt("schema", "Check the rights of the database's user.", () => lookAtSchema(sql));
    const findings = [
      reached,
      await attempt("session", "Check what stands between us and the database.", () => lookAtSession(sql)),
      await attempt("clock", "Synchronise both clocks.", () => lookAtClock(sql)),
      schema,
    ];
    if (schema.status !== "ok") return findings;
    return [...findings, ...(await lookAtContent(sql, isDeep))];
  } finally {
    await sql.close();
  }
}

/** What only a database of this program's schema can be asked. */
async function lookAtContent(sql: Sql, isDeep: boolean): Promise<Finding[]> {
  const advice = "See the message.";
  return [
    await attempt("admin", advice, () => lookAtAdmins(sql)),
    await attempt("durable jobs", advice, () => lookAtJobs(sql)),
    ...(isDeep ? [await attempt("counters", advice, () => lookAtCounters(sql))] : []),
  ];
}

async function lookAtVersion(sql: Sql): Promise<Finding> {
  const [row] =
    await sql`select current_setting('server_version') as version, current_setting('server_version_num') as number`;
  const major = Math.floor(Number(row.number) / 10_000);
  if (major >= NEEDED_MAJOR) return ok("database", `PostgreSQL ${row.version} answers.`);
  return fail("database", `PostgreSQL ${row.version} is too old.`, `Use PostgreSQL ${NEEDED_MAJOR}.`);
}

async function lookAtSession(sql: Sql): Promise<Finding> {
  const check = "session";
  const wanted: Record<string, string> = SESSION_SETTINGS;
  const rows: { name: string; setting: string }[] = await sql`
    select name, setting from pg_settings where name = any(${texts(sql, Object.keys(wanted))})`;
  const wrong = rows.filter(({ name, setting }) => setting !== wanted[name]).map(({ name }) => name);
  if (wrong.length === 0) return ok(check, "It has the timeouts and plans that we ask for.");
  const message = `${wrong.join(", ")} of our sessions are not what we ask for.`;
  return fail(check, message, "A pooler between us drops them: connect directly, or in session mode.");
}

async function lookAtClock(sql: Sql): Promise<Finding> {
  const check = "clock";
  const beforeMs = Date.now();
  const [row] = await sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
  // It was read at some moment of the round trip.
  const skewMs = Math.round(Math.max(0, beforeMs - row.ms, row.ms - Date.now()));
  if (skewMs < SKEW_WARN_MS) return ok(check, "The database has our time.");
  const found = skewMs < SKEW_FAIL_MS ? warn : fail;
  return found(check, `The database is ${skewMs} ms away from our time.`, "Synchronise both clocks.");
}

async function lookAtSchema(sql: Sql): Promise<Finding> {
  const check = "schema";
  const { version, migrations, functions } = await readSchema();
  const [{ exists }] = await sql`select to_regclass('schema_info') is not null as exists`;
  if (!exists) return warn(check, "The database has no schema yet.", "A start creates it; so does reelay migrate.");
  const [stored] = await sql`select version, compatible_from as "compatibleFrom" from schema_info`;
  if (stored.version > version) {
    const message = `It has version ${stored.version}, this program ${version}.`;
    if (stored.compatibleFrom <= version) return ok(check, `${message} They work together.`);
    return fail(check, message, "Install the newer release.");
  }
  const applied: { name: string; checksum: string }[] = await sql`
    select name, checksum from migrations union all select name, checksum from sql_files`;
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  const pending = [...migrations, ...functions].filter(({ name, checksum }) => checksums.get(name) !== checksum);
  if (pending.length === 0) return ok(check, `It is the newest: version ${version}.`);
  return warn(
    check,
    `${pending.length} files of the schema are not applied.`,
    "A start applies them; so does reelay migrate.",
  );
}

async function lookAtAdmins(sql: Sql): Promise<Finding> {
  const [{ count }] = await sql`select count(*)::int as count from accounts where role = 'admin' and status = 'active'`;
  if (count > 0) return ok("admin", count === 1 ? "There is one." : `There are ${count}.`);
  return warn("admin", "Nobody can administer this.", "reelay admin create --email you@example.com");
}

/** A job whose kind no program knows any more is never done. */
async function lookAtJobs(sql: Sql): Promise<Finding> {
  const check = "durable jobs";
  const kinds = texts(sql, Object.keys(JOB_STEPS));
  const [row] = await sql`
    select count(*)::int as pending, coalesce(max(failures), 0)::int as failures,
      (count(*) filter (where kind <> all(${kinds})))::int as orphans,
      coalesce(extract(epoch from now() - min(run_after)), 0)::float8 as "lateSeconds"
    from durable_jobs`;
  if (row.orphans > 0) {
    const message = `${row.orphans} are of a kind that this version does not know.`;
    return fail(check, message, "Run the version that wrote them until they are done.");
  }
  if (row.lateSeconds > LATE_JOB_SECONDS || row.failures > 5) {
    const message = `${row.pending} are waiting, the longest for ${Math.round(row.lateSeconds)} s; up to ${row.failures} failures.`;
    return warn(check, message, 'Start a server; if one runs, look for "durable job" in its log.');
  }
  return ok(check, row.pending === 0 ? "None is waiting." : `${row.pending} are being done.`);
}

async function lookAtCounters(sql: Sql): Promise<Finding> {
  const wrong = (await reconcile({ sql }, { repair: false })).filter(({ counters }) => counters > 0);
  if (wrong.length === 0) return ok("counters", "Every one is exact.");
  const message = `Wrong: ${wrong.map(({ name, counters }) => `${name} (${counters})`).join(", ")}.`;
  return fail("counters", message, "reelay reconcile puts them right. It is a fault of ours: please report it.");
}
