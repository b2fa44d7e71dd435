import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { openPostgres, type Sql } from "./postgres.ts";
import { chooseDataDir, createDataDir, databaseUserCanReach, runningConnection } from "./postgres-home.ts";

setDefaultTimeout(20_000);

const isRoot = process.geteuid?.() === 0;
const root = mkdtempSync(join(tmpdir(), "reelay-pg-"));
chmodSync(root, 0o711);
afterAll(() => rmSync(root, { recursive: true }), 120_000);

const template = newDataDir("template").then(async (dataDir) => {
  await (await start(dataDir)).stop();
  return dataDir;
});

let passwords: Promise<string> | undefined;

/** Starts a database, writes a row, says the postmaster's pid, and stays. */
const owner = `
  import { startEmbeddedPostgres } from ${JSON.stringify(import.meta.resolve("./embedded-postgres.ts"))};
  import { openPostgres } from ${JSON.stringify(import.meta.resolve("./postgres.ts"))};
  const postgres = await startEmbeddedPostgres({ dataDir: process.argv[1], log() {} });
  await openPostgres(postgres.connection, 1)\`create table kept as select 'by owner' as value\`;
  console.log(postgres.pid());
`;

test("makes a database, keeps it over a restart, and leaves no process behind", async () => {
  const dataDir = await newDataDir("restart");
  const first = await start(dataDir);
  await query(first, (sql) => sql`create table kept as select 'first' as value`);
  await first.stop();
  expect(first.pid()).toBeUndefined();
  expect(processesIn(dataDir)).toEqual([]);

  const second = await start(dataDir);
  expect(await keptValues(second)).toEqual(["first"]);
  await second.stop();
  expect(processesIn(dataDir)).toEqual([]);
});

test("has what the migrations need, and no open port", async () => {
  const postgres = await start(await usedDataDir("settings"), { work_mem: "5MB" });
  const [row] = await query(postgres, async (sql) => {
    await sql`create extension pg_trgm`;
    await sql`create extension unaccent`;
    return sql`
      select lower('ÉÀ') as folded, current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync,
        current_setting('server_version_num')::int / 10000 as major, current_setting('work_mem') as setting`;
  });
  expect(row).toEqual({ folded: "éà", addresses: "", fsync: "on", major: 18, setting: "5MB" });
  expect(statSync(join(postgres.connection.path, "..")).mode & 0o777).toBe(0o700);
  const url = new URL(postgres.url);
  expect(join(url.searchParams.get("host") ?? "", ".s.PGSQL.5432")).toBe(postgres.connection.path);
  await postgres.stop();
});

test("whoever does not know the password is refused, and only its owner can read it", async () => {
  const dataDir = await passwordDir();
  const postgres = await start(dataDir);
  expect(await loginError(postgres, "")).toBeDefined();
  expect(await loginError(postgres, "0".repeat(64))).toBe("28P01");
  expect(await loginError(postgres, postgres.connection.password)).toBeUndefined();
  expect(await runningConnection(dataDir)).toEqual(postgres.connection);
  const byUrl = openPostgres({ url: postgres.url }, 1);
  expect(await byUrl`select 1 as one`).toEqual([{ one: 1 }]);
  await byUrl.close();
  const { mode, uid } = statSync(join(dataDir, "postgres-password"));
  expect([mode & 0o777, uid]).toEqual([0o600, process.geteuid!()]);
  expect(await Bun.file(join(dataDir, "postgres.log")).text()).not.toContain(postgres.connection.password);
  await postgres.stop();
});

test("a folder of before there were passwords gets one at its next start, whatever its own rules say", async () => {
  const dataDir = await passwordDir();
  rmSync(join(dataDir, "postgres-password"));
  await Bun.write(join(dataDir, "postgres-18", "pg_hba.conf"), "local all all trust\n");
  const postgres = await start(dataDir);
  expect(await loginError(postgres, "")).toBeDefined();
  expect(await query(postgres, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await postgres.stop();
});

test("killed before the password got its file, the next start makes another one", async () => {
  const dataDir = await passwordDir();
  renameSync(join(dataDir, "postgres-password"), join(dataDir, "postgres-password.tmp"));
  const postgres = await start(dataDir);
  expect(await query(postgres, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await postgres.stop();
  expect(existsSync(join(dataDir, "postgres-password.tmp"))).toBe(false);
});

test("a password that is not the database's is said, with what to do", async () => {
  const dataDir = await passwordDir();
  await Bun.write(join(dataDir, "postgres-password"), "0".repeat(64));
  await expect(start(dataDir)).rejects.toThrow(/postgres-password is not the database's\. Remove/);
  expect(processesIn(dataDir)).toEqual([]);
  rmSync(join(dataDir, "postgres-password"));
  await (await start(dataDir)).stop();
});

test("comes back with every committed row after a kill -9 of the postmaster", async () => {
  const restarted = Promise.withResolvers<void>();
  const dataDir = await usedDataDir("killed");
  const postgres = await startEmbeddedPostgres({ dataDir, log() {}, onRestart: restarted.resolve });
  await query(postgres, (sql) => sql`create table kept as select 'committed' as value`);
  const killed = postgres.pid();
  kill(killed);
  await restarted.promise;
  expect(postgres.pid()).not.toBe(killed);
  expect(await keptValues(postgres)).toEqual(["committed"]);
  await postgres.stop();
});

test("stops for good when told so in the middle of a restart", async () => {
  const failing = Promise.withResolvers<void>();
  const dataDir = await usedDataDir("stopped");
  const log = (message: string) => message.includes("did not start") && failing.resolve();
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  chmodSync(join(dataDir, "postgres-18"), 0o777);
  kill(postgres.pid());
  await failing.promise;
  await postgres.stop();
  // What is left of the killed one ends by itself, a moment after it; none is started any more.
  while (processesIn(dataDir).length > 0) await new Promise(setImmediate);
  expect(postgres.pid()).toBeUndefined();
});

test("a killed owner's rows are there at the next start", async () => {
  const dataDir = await usedDataDir("orphaned");
  const child = Bun.spawn([process.execPath, "-e", owner, dataDir], { stdout: "pipe" });
  const { value } = await child.stdout.getReader().read();
  const orphan = Number.parseInt(new TextDecoder().decode(value), 10);
  expect(processesIn(dataDir)).toContain(orphan);
  child.kill("SIGKILL");
  await child.exited;

  const postgres = await start(dataDir);
  expect(processesIn(dataDir)).not.toContain(orphan);
  expect(await keptValues(postgres)).toEqual(["by owner"]);
  await postgres.stop();
});

test("what an interrupted first start left half made is made anew", async () => {
  const dataDir = await newDataDir("half-made");
  const halfMade = ["postgres-18.tmp", "binaries-18.0.tmp", "binaries-17.0"];
  for (const name of halfMade) {
    mkdirSync(join(dataDir, name));
    await Bun.write(join(dataDir, name, "PG_VERSION"), "half");
  }
  const postgres = await start(dataDir);
  await postgres.stop();
  for (const name of halfMade) expect(existsSync(join(dataDir, name))).toBe(false);
});

test("a pid file that names a stranger does not keep it from starting, nor harm the stranger", async () => {
  const dataDir = await usedDataDir("stranger");
  await Bun.write(join(dataDir, "postgres-18", "postmaster.pid"), `${process.pid}\n`);
  const postgres = await start(dataDir);
  await postgres.stop();
});

test("an unusable setting is reported with Postgres' own words", async () => {
  const dataDir = await usedDataDir("unusable");
  await expect(start(dataDir, { max_connections: "many" })).rejects.toThrow(
    /did not start:[\s\S]*invalid value for parameter "max_connections"/,
  );
});

test("a folder too deep for a unix socket works as well", async () => {
  const postgres = await start(await newDataDir("deep".repeat(30)));
  expect(postgres.connection.path).not.toStartWith(root);
  expect(await query(postgres, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await postgres.stop();
  rmSync(join(postgres.connection.path, ".."), { recursive: true });
});

test("the data folder is the one asked for, else one that the database's user can reach", () => {
  const secret = join(root, "secret");
  mkdirSync(secret, { mode: 0o700 });
  expect(chooseDataDir("/srv/reelay", secret)).toBe("/srv/reelay");
  expect(chooseDataDir("here", root)).toBe(join(root, "here"));
  expect(chooseDataDir(undefined, root)).toBe(join(root, "data"));
  expect(databaseUserCanReach(join(secret, "missing"))).toBe(!isRoot);
  const chosen = chooseDataDir(undefined, secret);
  if (isRoot) expect(chosen).toMatch(/^\/var\/lib\/reelay\/secret-[0-9a-f]{8}$/);
  else expect(chosen).toBe(join(secret, "data"));
});

async function newDataDir(name: string): Promise<string> {
  const dataDir = join(root, name);
  await createDataDir(dataDir);
  return dataDir;
}

/** A copy of one that was started and stopped once: quicker than making each test's own. */
async function usedDataDir(name: string): Promise<string> {
  const dataDir = join(root, name);
  await Bun.$`cp -Rp ${await template} ${dataDir}`;
  return dataDir;
}

/** One for all tests of the password, which leave it as they found it. */
function passwordDir(): Promise<string> {
  passwords ??= usedDataDir("password");
  return passwords;
}

function start(dataDir: string, settings?: Record<string, string>): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir, settings, log() {} });
}

async function keptValues(postgres: EmbeddedPostgres): Promise<string[]> {
  const rows = await query<{ value: string }>(postgres, (sql) => sql`select value from kept`);
  return rows.map((row) => row.value);
}

async function query<Row>(postgres: EmbeddedPostgres, work: (sql: Sql) => Promise<Row[]>): Promise<Row[]> {
  const sql = openPostgres(postgres.connection, 1);
  try {
    return await work(sql);
  } finally {
    await sql.close();
  }
}

/** Undefined when the password opens the database. */
async function loginError({ connection }: EmbeddedPostgres, password: string): Promise<string | undefined> {
  const sql = openPostgres({ ...connection, password }, 1);
  try {
    await sql`select 1`;
  } catch (error) {
    return String((error as { errno?: unknown; code?: unknown }).errno ?? (error as { code?: unknown }).code);
  } finally {
    await sql.close();
  }
}

function kill(pid: number | undefined): void {
  if (pid === undefined) throw new Error("there is no postmaster to kill");
  process.kill(pid, "SIGKILL");
}

/** Every process of Postgres works in its data folder; a zombie works nowhere. */
function processesIn(dataDir: string): number[] {
  if (process.platform !== "linux") return pids(Bun.spawnSync(["lsof", "-t", "-a", "-d", "cwd", "+D", dataDir]).stdout);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && workingFolder(name).startsWith(dataDir))
    .map(Number);
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

function pids(output: Uint8Array): number[] {
  return (new TextDecoder().decode(output).match(/\d+/g) ?? []).map(Number);
}
