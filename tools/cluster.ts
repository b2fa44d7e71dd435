import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, listens } from "@reelay/testkit/ports.ts";
import type { Subprocess } from "bun";
import { wait } from "../apps/server/src/platform/clock.ts";
import { readOwnSecret } from "../apps/server/src/platform/own-secret.ts";
import { chooseDataDir, connectionUrl, runningConnection } from "../apps/server/src/platform/postgres-home.ts";
import { onStopRequest, TERMINAL_SIGNALS } from "../apps/server/src/platform/signals.ts";

/* Two nodes, a Redis and the embedded Postgres on this machine: a cluster to try things on, without Docker. */

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** The second node takes the next one; 0: each any that is free. */
const FIRST_PORT = Number(process.env.PORT ?? 3000);

type Child = Subprocess<"ignore", "pipe", "pipe">;
/** In the order of their start; they are stopped the other way round. */
const children: Child[] = [];
let isStopping = false;

onStopRequest({ stop: () => void stop(0), abort, signals: TERMINAL_SIGNALS });

if (!Bun.which("redis-server")) {
  console.error("npm run cluster needs redis-server on the PATH. Install it first.");
  process.exit(1);
}
if (process.env.DATABASE_URL) {
  console.error(
    "npm run cluster runs on the embedded database: unset DATABASE_URL, or start your nodes with npm start.",
  );
  process.exit(1);
}
const redisPort = await freePort();
const shared = { REDIS_URL: `redis://127.0.0.1:${redisPort}`, DRAIN_SECONDS: process.env.DRAIN_SECONDS ?? "2" };
const redis = ["redis-server", "--port", `${redisPort}`, "--bind", "127.0.0.1", "--save", "", "--loglevel", "warning"];
start("redis ", redis, {});
while (!(await listens(redisPort))) await wait(10, { keepsProcessAlive: true });
const urls = [await startNode("node 1", { ...shared, PORT: `${FIRST_PORT}` })];
// The second one shares the first one's database, secret and folder of files.
const dataDir = chooseDataDir(process.env.DATA_DIR, process.cwd());
const others = {
  DATABASE_URL: connectionUrl(await runningConnection(dataDir)),
  JWT_SECRET: process.env.JWT_SECRET ?? (await readOwnSecret(dataDir)),
};
urls.push(
  await startNode("node 2", { ...shared, ...others, DATA_DIR: dataDir, PORT: `${FIRST_PORT && FIRST_PORT + 1}` }),
);
console.log(`\nTwo nodes: ${urls.join(" and ")}. What is sent on one reaches the other. Ctrl-C stops everything.`);

/** Returns its URL, once it is up. */
async function startNode(name: string, env: Record<string, string>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const command = [process.execPath, "--no-orphans", join(ROOT, "apps/server/src/main.ts")];
  start(name, command, env, (line) => {
    const [, url] = line.match(/is up on (\S+)/) ?? [];
    if (url) resolve(url);
  });
  return await promise;
}

/** In a session of its own: a terminal's Ctrl-C is for us. When one ends by itself, everything ends. */
function start(name: string, command: string[], env: Record<string, string>, onLine = (_: string) => {}): void {
  const child = Bun.spawn(command, {
    env: { ...process.env, ...env },
    detached: true,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  children.push(child);
  for (const stream of [child.stdout, child.stderr]) void passOn(name, stream, onLine);
  void child.exited.then(async (code) => {
    if (isStopping) return;
    console.error(`${name} ended by itself (${code}).`);
    await stop(1);
  });
}

async function passOn(name: string, stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines.filter((each) => each.trim() !== "")) {
      console.log(`${name} | ${line}`);
      onLine(line);
    }
  }
}

/** Stops the children one after another. */
async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (const child of children.toReversed()) {
    child.kill("SIGTERM");
    await child.exited;
  }
  process.exit(code);
}

function abort(): never {
  for (const child of children) child.kill("SIGKILL");
  process.exit(1);
}
