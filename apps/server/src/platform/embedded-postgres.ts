import { closeSync, existsSync, openSync, readFileSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { wait } from "./clock.ts";
import { openPostgres, type Sql } from "./postgres.ts";
import {
  connectionUrl,
  database,
  type EmbeddedConnection,
  type PostgresHome,
  preparePostgresHome,
  runningConnection,
  socketName,
  spawnBinary,
} from "./postgres-home.ts";
import { prepareLogin } from "./postgres-login.ts";

export type EmbeddedPostgres = {
  /** Options for Bun's `new SQL(...)`. */
  connection: EmbeddedConnection;
  /** The same as a postgres:// URL, for libpq and other clients. */
  url: string;
  /** The postmaster's, or undefined while it is down. */
  pid(): number | undefined;
  /** Ends Postgres for good: a fast shutdown, and harder means when that takes too long. Works during a restart too. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** An existing folder whose instance lock the caller holds (`lockInstance`). */
  dataDir: string;
  log: (message: string) => void;
  /** Postgres settings over our defaults. */
  settings?: Record<string, string>;
  /** Called when Postgres is ready again after an unexpected end. */
  onRestart?: () => void;
};

const leftoversDeadlineMs = 60_000;
const maxLogBytes = 10 * 1024 * 1024;
const firstPauseMs = 50;
const longestPauseMs = 2_000;
const wrongPassword = "28P01";

/** Fast, immediate, and none at all. Each keeps what is committed; the later ones cost a recovery at the next start. */
const endings = [
  ["SIGINT", 20_000],
  ["SIGQUIT", 6_000],
  ["SIGKILL", 2_000],
] as const;

const defaultSettings = {
  listen_addresses: "",
  port: "5432",
  max_connections: "50",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "log",
  log_checkpoints: "off",
};

/**
 * Runs our own Postgres in `dataDir`, reachable through a unix socket only, and keeps it running until `stop`.
 * Resolves at the first answered query.
 *
 * @throws Error with a sentence for the operator and the last lines of Postgres' own log when it cannot start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = await preparePostgresHome(options.dataDir, options.log);
  const supervisor = new Supervisor(home, options);
  await supervisor.start();
  const connection = await runningConnection(home.dataDir);
  return {
    connection,
    url: connectionUrl(connection),
    pid: () => supervisor.pid(),
    stop: () => supervisor.stop(),
  };
}

class Supervisor {
  readonly #home: PostgresHome;
  readonly #options: EmbeddedPostgresOptions;
  readonly #stopping = new AbortController();
  #postmaster: Subprocess | undefined;
  #watch: Promise<void> | undefined;

  constructor(home: PostgresHome, options: EmbeddedPostgresOptions) {
    this.#home = home;
    this.#options = options;
  }

  async start(): Promise<void> {
    process.on("exit", this.#interrupt);
    try {
      const deadline = Date.now() + leftoversDeadlineMs;
      await this.#launchUntilReady((failure) => isHeldByLeftovers(failure) && Date.now() < deadline);
      await createDatabase(this.#home);
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#watch = this.#keepRunning();
  }

  pid(): number | undefined {
    return this.#postmaster && !hasEnded(this.#postmaster) ? this.#postmaster.pid : undefined;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const postmaster = this.#postmaster;
    if (postmaster) await end(postmaster.pid, () => hasEnded(postmaster));
    await this.#watch;
    process.off("exit", this.#interrupt);
  }

  async #keepRunning(): Promise<void> {
    while (true) {
      await this.#postmaster?.exited;
      if (this.#stopping.signal.aborted) return;
      const reason = this.#postmaster?.signalCode ?? `exit code ${this.#postmaster?.exitCode}`;
      this.#options.log(`The embedded database ended unexpectedly (${reason}); starting it again`);
      await this.#launchUntilReady(() => true);
      if (this.#stopping.signal.aborted) return;
      this.#options.log("The embedded database is back");
      this.#options.onRestart?.();
    }
  }

  async #launchUntilReady(mayRetry: (failure: string) => boolean): Promise<void> {
    for (let pauseMs = firstPauseMs; !this.#stopping.signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const failure = await this.#launch().catch(String);
      if (failure === undefined || this.#stopping.signal.aborted) return;
      const report = `The embedded database did not start:\n${failure}`;
      if (!mayRetry(failure)) throw new Error(report);
      this.#options.log(report);
      await wait(pauseMs, { keepsProcessAlive: true, signal: this.#stopping.signal });
    }
  }

  /** Resolves when Postgres answers, or, with the last lines of its log, when it has ended instead. */
  async #launch(): Promise<string | undefined> {
    await clearLeftovers(this.#home);
    if (this.#stopping.signal.aborted) return undefined;
    const failure = await prepareLogin(this.#home);
    if (failure !== undefined) return failure;
    if (this.#stopping.signal.aborted) return undefined;
    const logStart = rotateLog(this.#home.logFile);
    const postmaster = spawnPostmaster(this.#home, this.#options.settings);
    this.#postmaster = postmaster;
    while (!hasEnded(postmaster)) {
      if (await answers(this.#home)) return undefined;
      await Promise.race([postmaster.exited, wait(10, { keepsProcessAlive: true })]);
    }
    return lastLines(await Bun.file(this.#home.logFile).slice(logStart).text());
  }

  /** Where nothing ties Postgres to our life, at least an orderly exit takes it along. */
  #interrupt = (): void => {
    const pid = this.pid();
    if (pid) signal(pid, "SIGINT");
  };
}

/**
 * An earlier postmaster may have outlived its owner; it is asked to stop. A pid file that names anybody else would only
 * keep ours from starting. Processes of an earlier one that still use the data are found by Postgres itself.
 */
async function clearLeftovers(home: PostgresHome): Promise<void> {
  const pidFile = join(home.cluster, "postmaster.pid");
  const pid = existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, "utf8"), 10) : Number.NaN;
  if (runsCluster(pid, home.cluster)) await end(pid, () => !runsCluster(pid, home.cluster));
  await rm(pidFile, { force: true });
  await rm(join(home.socketFolder, socketName), { force: true });
  await rm(join(home.socketFolder, `${socketName}.lock`), { force: true });
}

/** By its command line: false for a zombie, which has none, and for a stranger who was given the pid since. */
function runsCluster(pid: number, cluster: string): boolean {
  if (Number.isNaN(pid)) return false;
  return commandLine(pid).includes(`postgres -D ${cluster} `);
}

function commandLine(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  if (process.platform === "linux") return existsSync(file) ? readFileSync(file, "utf8").replaceAll("\0", " ") : "";
  return Bun.spawnSync(["ps", "-ww", "-o", "command=", "-p", `${pid}`]).stdout.toString();
}

function spawnPostmaster(home: PostgresHome, settings: Record<string, string> = {}): Subprocess {
  const places = { unix_socket_directories: home.socketFolder, hba_file: home.loginRulesFile };
  const all = { ...defaultSettings, ...places, ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = openSync(home.logFile, "a", 0o600);
  try {
    return spawnBinary(home, "postgres", ["-D", home.cluster, ...args], log);
  } finally {
    closeSync(log);
  }
}

/** @throws Error when Postgres does not know our password, which it never will. */
async function answers(home: PostgresHome): Promise<boolean> {
  if (!existsSync(join(home.socketFolder, socketName))) return false;
  return query(home, (sql) => sql`select 1`).then(
    () => true,
    (error) => {
      if (error.errno !== wrongPassword) return false;
      throw new Error(
        `The password in ${home.passwordFile} is not the database's. Remove that file: a start creates one.`,
      );
    },
  );
}

async function createDatabase(home: PostgresHome): Promise<void> {
  await query(home, async (sql) => {
    const found = await sql`select 1 from pg_database where datname = ${database}`;
    if (found.length === 0) await sql.unsafe(`create database ${database}`);
  });
}

async function query<T>(home: PostgresHome, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = openPostgres({ ...(await runningConnection(home.dataDir)), database: "postgres" }, 1);
  try {
    return await work(sql);
  } finally {
    await sql.close();
  }
}

async function end(pid: number, isGone: () => boolean): Promise<void> {
  for (const [name, patienceMs] of endings) {
    if (isGone()) return;
    signal(pid, name);
    const deadline = Date.now() + patienceMs;
    while (!isGone() && Date.now() < deadline) await wait(5, { keepsProcessAlive: true });
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in the meantime.
  }
}

function hasEnded(child: Subprocess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function isHeldByLeftovers(failure: string): boolean {
  return /pre-existing shared memory block|lock file ".*" already exists/.test(failure);
}

/** @returns the size of the log, in bytes, at which this start's lines begin. */
function rotateLog(logFile: string): number {
  const sizeBytes = Bun.file(logFile).size;
  if (sizeBytes <= maxLogBytes) return sizeBytes;
  renameSync(logFile, `${logFile}.old`);
  return 0;
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-10).join("\n");
}
