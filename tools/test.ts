import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../apps/server/src/platform/embedded-postgres.ts";
import { migrate } from "../apps/server/src/platform/migrate.ts";
import { type Connection, openPostgres, type Sql } from "../apps/server/src/platform/postgres.ts";
import { createDataDir } from "../apps/server/src/platform/postgres-home.ts";
import { runBrowserTests } from "./test-browser.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FOLDERS = ["./packages", "./apps/server/src", "./apps/server/tests", "./apps/dashboard/tests/unit", "./scripts"];
/** What runs elsewhere than the server has types of its own. */
const TYPED_APART = [
  "packages/contract",
  "packages/sdk",
  "packages/sdk/tests",
  "apps/dashboard",
  "apps/dashboard/tests",
];
const BROWSER_TESTS = "apps/dashboard/tests/pages";
const TEMPLATE = "reelay_template";
const WORKERS = 4;
const TEST_TIMEOUT_MS = 90_000;
/** Enough for each fault to happen twice or more. */
const CHAOS_SECONDS = process.env.CHAOS_SECONDS ?? "60";

/** Nothing outlives a run, so nothing needs to reach the disk. */
const THROW_AWAY = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" };

type Tally = { passed: number; failed: number };
const ONE_FAILURE: Tally = { passed: 0, failed: 1 };

const filters = process.argv.slice(2);
const folder = join(tmpdir(), `reelay-test-${randomBytes(4).toString("hex")}`);
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interruption.abort());

const dataDir = join(folder, "postgres");
const scratch = join(folder, "tmp");
await createDataDir(dataDir);
await createDataDir(scratch);
const tally = await testEverything().finally(() => rm(folder, { recursive: true, force: true }));
if (interruption.signal.aborted) {
  console.log("Interrupted.");
  process.exit(130);
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed === 0 ? 0 : 1);

/** Types, lint, all tests and a minute of chaos; or, when the command line names some tests, only those. */
async function testEverything(): Promise<Tally> {
  const checks =
    filters.length > 0
      ? []
      : [
          check("types", tool("tsc"), "--noEmit"),
          ...TYPED_APART.map((path) => check(`types of ${path}`, tool("tsc"), "--noEmit", "-p", path)),
          check("lint", tool("biome"), "check", ".", "--error-on-warnings"),
        ];
  const starting = step("database", startTemplate);
  const checked = await Promise.all(checks);
  const postgres = await starting;
  const tested = postgres && !interruption.signal.aborted ? await runTests(postgres) : [ONE_FAILURE];
  await postgres?.stop();
  // By itself: it wants both processors, and takes them from nobody's deadline.
  const chaos =
    filters.length > 0 || interruption.signal.aborted
      ? []
      : [await check("chaos", process.execPath, join(ROOT, "chaos/run.ts"), "--seconds", CHAOS_SECONDS)];
  return sum([...checked, ...tested, ...chaos]);
}

function tool(name: string): string {
  return join(ROOT, "node_modules/.bin", name);
}

/** A program's run, which counts as one test. What it says is shown when it fails. */
async function check(name: string, ...command: string[]): Promise<Tally> {
  const passed = await step(name, async () => {
    const child = Bun.spawn(command, {
      cwd: ROOT,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      signal: interruption.signal,
    });
    const output = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    if ((await child.exited) !== 0) throw new Error(output.join("").trim());
    return true;
  });
  return passed ? { passed: 1, failed: 0 } : ONE_FAILURE;
}

/** Says how long `work` took, or why it failed. */
async function step<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  const startedMs = performance.now();
  const seconds = () => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
  try {
    const result = await work();
    console.log(`${name}: ${seconds()}`);
    return result;
  } catch (error) {
    if (!interruption.signal.aborted) console.error(`${name}: failed, ${seconds()}\n${(error as Error).message}`);
    return undefined;
  }
}

/** A Postgres that holds one migrated database, of which every test file makes its own copy. */
async function startTemplate(): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: console.error, settings: THROW_AWAY });
  try {
    await query(postgres.connection, (sql) => sql.unsafe(`create database ${TEMPLATE}`));
    await query({ ...postgres.connection, database: TEMPLATE }, migrate);
    return postgres;
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function query(connection: Connection, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = openPostgres(connection, 1);
  try {
    await work(sql);
  } finally {
    await sql.close();
  }
}

/** First those that the runtime runs, then those in a browser: each wants the processors for itself. */
async function runTests({ connection }: EmbeddedPostgres): Promise<Tally[]> {
  const { path, username, password } = connection;
  const environment = {
    REELAY_TEST_POSTGRES: JSON.stringify({ path, username, password }),
    // A test that is killed leaves its files where we remove them.
    TMPDIR: scratch,
    // A forgotten test.only fails instead of hiding the others.
    CI: "true",
    ...(process.stderr.isTTY && { FORCE_COLOR: "1" }),
  };
  const isForBrowser = (filter: string) => filter.includes(BROWSER_TESTS);
  const [inBrowser, others] = [filters.filter(isForBrowser), filters.filter((each) => !isForBrowser(each))];
  const tallies: Tally[] = [];
  if (others.length > 0 || inBrowser.length === 0) tallies.push(await runBunTests(environment, others));
  if (others.length === 0) {
    const { signal } = interruption;
    const tally = await step("tests in a browser", () =>
      runBrowserTests({ root: ROOT, environment, filters: inBrowser, signal }),
    );
    tallies.push(tally ?? ONE_FAILURE);
  }
  return tallies;
}

async function runBunTests(environment: Record<string, string>, filters: readonly string[]): Promise<Tally> {
  const report = join(folder, "junit.xml");
  const startedMs = performance.now();
  const tests = Bun.spawn(
    [
      ...[process.execPath, "test", `--parallel=${WORKERS}`, `--timeout=${TEST_TIMEOUT_MS}`],
      ...["--reporter=junit", `--reporter-outfile=${report}`],
      ...(filters.length > 0 ? filters : FOLDERS.filter((each) => existsSync(join(ROOT, each)))),
    ],
    {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdin: "ignore",
      stdout: "inherit",
      stderr: "pipe",
      signal: interruption.signal,
    },
  );
  const summary = await passOn(tests.stderr);
  const exitCode = await tests.exited;
  const tally = count(
    await Bun.file(report)
      .text()
      .catch(() => ""),
    summary,
    exitCode,
  );
  console.log(`tests: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  return tally;
}

/** Shows what comes, as it comes, and answers the end of it. */
async function passOn(output: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let tail = "";
  for await (const chunk of output) {
    await Bun.write(Bun.stderr, chunk);
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-2000);
  }
  return tail;
}

/**
 * The report knows every test and every crashed worker; the summary what could not be loaded, and what was skipped as
 * opposed to left out by -t. What was skipped counts as failed, and so does a run that tested nothing, or that ended
 * badly without saying why.
 */
function count(report: string, output: string, exitCode: number): Tally {
  const [totals = ""] = report.match(/<testsuites [^>]*>/) ?? [];
  const reported = (name: string) => Number(totals.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? 0);
  const summary =
    Bun.stripANSI(output)
      .split(/^ *\d+ pass$/m)
      .at(-1) ?? "";
  const unwanted = [...summary.matchAll(/^ *(\d+) (?:skip|todo|errors?)$/gm)].map(([, number]) => Number(number));
  const passed = reported("tests") - reported("failures") - reported("skipped");
  const failed = unwanted.reduce((a, b) => a + b, reported("failures"));
  const isSilentFailure = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: isSilentFailure ? 1 : failed };
}

function sum(tallies: Tally[]): Tally {
  return tallies.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }));
}
