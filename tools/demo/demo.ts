import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App } from "../../apps/server/src/app.ts";
import { openContext, startServer } from "../../apps/server/src/compose.ts";
import { type Config, ConfigError, readConfig } from "../../apps/server/src/config.ts";
import { createAdmin } from "../../apps/server/src/features/accounts/first-admin.ts";
import { isPortFree, PortTaken } from "../../apps/server/src/platform/port.ts";
import { createDataDir } from "../../apps/server/src/platform/postgres-home.ts";
import { onStopRequest, TERMINAL_SIGNALS } from "../../apps/server/src/platform/signals.ts";
import { makeClips } from "./clips.ts";
import { populate } from "./populate.ts";
import { closingWords } from "./summary.ts";
import { VIDEOS } from "./videos.ts";
import { ADMIN, PASSWORD } from "./world.ts";

/** All that is taken from the environment: a demo must never find its way to a database that matters. */
const HEEDED = ["HOST", "PORT", "CORS_ORIGINS", "STATS_TIMEZONE"];

/** Its people do in seconds what takes others days. */
const NO_BUDGETS = {
  RATE_COMMENTS_PER_MINUTE: "0",
  RATE_REACTIONS_PER_MINUTE: "0",
  RATE_REPORTS_PER_HOUR: "0",
  RATE_UPLOADS_PER_HOUR: "0",
  RATE_PROFILE_PER_HOUR: "0",
  RATE_SIGNUPS_PER_HOUR: "0",
  RATE_LOGINS_PER_HOUR: "0",
  RATE_SEARCHES_PER_MINUTE: "0",
  STORAGE_MB_PER_USER: "0",
  MIN_FREE_DISK_MB: "0",
};

const interruption = new AbortController();
const { signal } = interruption;
// Nobody who is impatient either wants to find what it made on the disk: it is removed first.
onStopRequest({ stop: () => interruption.abort(), abort() {}, signals: TERMINAL_SIGNALS });

const folder = join(tmpdir(), `reelay-demo-${randomBytes(4).toString("hex")}`);
const code = await demonstrate()
  .then(() => 0, explain)
  .finally(() => rm(folder, { recursive: true, force: true }));
process.exit(code);

/** Serves a small living world until somebody has had enough of it. */
async function demonstrate(): Promise<void> {
  const config = configure();
  console.log("A demo is being made: a database, a dozen people, their videos and what they do…");
  await createDataDir(join(folder, "clips"));
  const clips = makeClips(VIDEOS, join(folder, "clips"), { signal });
  const context = await openContext(config, { dataDir: folder });
  try {
    await serve(context.app, clips);
  } finally {
    await context.close();
  }
}

async function serve(app: App, clips: ReturnType<typeof makeClips>): Promise<void> {
  signal.throwIfAborted();
  await createAdmin(app, { email: `${ADMIN.username}@example.com`, username: ADMIN.username, password: PASSWORD });
  const running = await startServer(app);
  try {
    const guests = await populate(running.url, { clips, appoint: (username) => appoint(app, username), signal });
    console.log(await closingWords(running.url, guests));
    if (!signal.aborted) await once(signal, "abort");
    console.log("\nStopping…");
  } finally {
    await running.stop();
  }
}

/** The environment's port, else 3000, else any. */
function configure(): Config {
  const given = Object.fromEntries(HEEDED.map((name) => [name, process.env[name]]));
  const config = readConfig({ ...given, ...NO_BUDGETS, LOG_LEVEL: "warn" });
  if (isPortFree(config)) return config;
  if (given.PORT) throw new PortTaken(config);
  console.log(`Port ${config.port} on ${config.host} is taken by another program. The demo takes another one.`);
  return { ...config, port: 0 };
}

/** The one thing in the demo's world that nobody can do by the API. */
async function appoint({ sql }: App, username: string): Promise<void> {
  await sql`update accounts set role = 'moderator' where username = ${username}`;
}

function explain(error: unknown): number {
  if (signal.aborted) return 0;
  const isExplained = error instanceof ConfigError || error instanceof PortTaken;
  console.error(isExplained ? error.message : error);
  return 1;
}
