import { existsSync, watch } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openContext } from "../apps/server/src/compose.ts";
import { ConfigError, readConfig } from "../apps/server/src/config.ts";
import { ensureFirstAdmin } from "../apps/server/src/features/accounts/first-admin.ts";
import { wait } from "../apps/server/src/platform/clock.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../apps/server/src/platform/embedded-postgres.ts";
import { InstanceRunning, lockInstance } from "../apps/server/src/platform/instance-lock.ts";
import { MigrationError } from "../apps/server/src/platform/migrate.ts";
import { readOwnSecret } from "../apps/server/src/platform/own-secret.ts";
import { chooseDataDir, createDataDir } from "../apps/server/src/platform/postgres-home.ts";
import { onStopRequest, TERMINAL_SIGNALS } from "../apps/server/src/platform/signals.ts";
import { buildDashboard } from "./build-dashboard.ts";

/*
 * npm run dev: a server that starts again when a file is saved, on a database that keeps running meanwhile; of the
 * dashboard, only its pages are built again. Folders that
 * are named on the command line are watched as well. Not `bun --watch`: it ends the server without letting it stop, and
 * its database with it.
 */

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const WATCHED = ["apps/server/src", "apps/server/migrations", "apps/server/sql", "packages/contract/src"];
const DASHBOARD = "apps/dashboard/src";
/** An editor that saves all files, or a checkout, is one change. */
const SETTLED_AFTER_MS = 100;

type Server = Bun.Subprocess<"ignore", "inherit", "inherit">;
type Environment = Record<string, string | undefined>;

const stopping = new AbortController();
const { signal } = stopping;
const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
let server: Server | undefined;
let changed = Promise.withResolvers<void>();

onStopRequest({ stop: () => stopping.abort(), abort, signals: TERMINAL_SIGNALS });
try {
  await develop();
} catch (error) {
  const isExplained = [ConfigError, InstanceRunning, MigrationError].some((kind) => error instanceof kind);
  console.error(isExplained ? (error as Error).message : error);
  process.exit(1);
}
process.exit(0);

async function develop(): Promise<void> {
  const config = readConfig(process.env);
  if (config.databaseUrl) return await serveAgainAndAgain({});
  const dataDir = chooseDataDir(config.dataDir, process.cwd());
  await createDataDir(dataDir);
  const lock = await lockInstance(dataDir);
  try {
    const database = await startEmbeddedPostgres({ dataDir, log: (line) => console.log(line) });
    await serveOn(database, dataDir).finally(() => database.stop());
  } finally {
    await lock.release();
  }
}

/** Gives the server what it would find or make by itself, if the database were its own. */
async function serveOn(database: EmbeddedPostgres, dataDir: string): Promise<void> {
  await createFirstAdmin(database, dataDir);
  await serveAgainAndAgain({
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    JWT_SECRET: process.env.JWT_SECRET || (await readOwnSecret(dataDir)),
  });
}

async function createFirstAdmin({ connection }: EmbeddedPostgres, dataDir: string): Promise<void> {
  const config = readConfig({ ...process.env, REDIS_URL: undefined, LOG_LEVEL: "warn" });
  const context = await openContext(config, { connection, dataDir });
  const admin = await ensureFirstAdmin(context.app, true).finally(() => context.close());
  if (admin) console.log(`First admin: ${admin.email}  password: ${admin.password}   (shown once)`);
}

/** Until it is asked to stop. A server that ends by itself, by a mistake in a file, waits for the file to be mended. */
async function serveAgainAndAgain(given: Environment): Promise<void> {
  watchFiles();
  watchDashboard();
  while (!signal.aborted) {
    changed = Promise.withResolvers();
    server = startServer(given);
    const { exited } = server;
    const reason = await Promise.race([exited, changed.promise, stopped]);
    if (reason !== undefined && !signal.aborted) {
      console.error(`The server ended (${reason}). It starts again when a file is saved.`);
      await Promise.race([changed.promise, stopped]);
    }
    server.kill("SIGTERM");
    await exited;
  }
}

/** In a session of its own: a terminal's Ctrl-C is for us. It has no client whose reconnect must be spread over time. */
function startServer(given: Environment): Server {
  return Bun.spawn([process.execPath, "--no-orphans", join(ROOT, "apps/server/src/main.ts")], {
    env: { DRAIN_SECONDS: "0", ...process.env, ...given },
    detached: true,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
}

/** The server reads the pages anew each time: who looks at one loads it again. */
function watchDashboard(): void {
  let isSettling = false;
  watch(join(ROOT, DASHBOARD), { recursive: true }, async () => {
    if (isSettling) return;
    isSettling = true;
    await wait(SETTLED_AFTER_MS);
    isSettling = false;
    await buildDashboard().then(
      () => console.log("\nThe dashboard was built again."),
      (error) => console.error(error),
    );
  });
}

function watchFiles(): void {
  const folders = [
    ...WATCHED.map((folder) => join(ROOT, folder)),
    ...process.argv.slice(2).map((path) => resolve(path)),
  ];
  let isSettling = false;
  const onChange = async (_: string, file: string | null) => {
    if (isSettling) return;
    isSettling = true;
    await wait(SETTLED_AFTER_MS);
    isSettling = false;
    console.log(`\n${file ?? "A file"} was saved: the server starts again.`);
    changed.resolve();
  };
  for (const folder of folders.filter((each) => existsSync(each))) watch(folder, { recursive: true }, onChange);
}

/** Postgres ends with us. */
function abort(): never {
  server?.kill("SIGKILL");
  process.exit(1);
}
