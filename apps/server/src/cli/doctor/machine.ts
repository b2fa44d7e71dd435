import { constants, existsSync } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config } from "../../config.ts";
import { isPortFree } from "../../platform/port.ts";
import { databaseUserCanReach } from "../../platform/postgres-home.ts";
import { attempt, type Finding, fail, ok, warn } from "./finding.ts";

const BYTES_PER_MB = 1024 * 1024;
/** With less, the embedded database cannot be sure to write. */
const MIN_DATABASE_MB = 100;
const ANSWERS_WITHIN_MS = 3000;
const SECRETS = ["jwt-secret", "postgres-password"];

/** What the machine gives us: a folder, room, a port. */
export async function lookAtMachine(config: Config, dataDir: string): Promise<Finding[]> {
  return [
    await attempt("data folder", "Choose another DATA_DIR.", () => lookAtFolder(config, dataDir)),
    await attempt("secrets", "Make them readable by their owner only.", () => lookAtSecrets(dataDir)),
    await attempt("disk", "Choose another DATA_DIR.", () => lookAtDisk(config, dataDir)),
    await attempt("port", "Choose another PORT or HOST.", () => lookAtPort(config)),
    lookAtProxies(config),
  ];
}

async function lookAtFolder({ databaseUrl }: Config, dataDir: string): Promise<Finding> {
  const check = "data folder";
  const folder = nearestFolder(dataDir);
  await access(folder, constants.W_OK | constants.X_OK);
  if (!databaseUrl && !databaseUserCanReach(dataDir)) {
    return fail(
      check,
      `The account that runs the database cannot enter ${dataDir}.`,
      "Choose another DATA_DIR, or set DATABASE_URL.",
    );
  }
  return ok(check, folder === dataDir ? `${dataDir} can be written.` : `${dataDir} is created by the first start.`);
}

async function lookAtSecrets(dataDir: string): Promise<Finding> {
  for (const path of SECRETS.map((name) => join(dataDir, name)).filter((each) => existsSync(each))) {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) return fail("secrets", `${path} is open to other users.`, `chmod 600 ${path}`);
  }
  return ok("secrets", "No file of secrets is open to other users.");
}

async function lookAtDisk({ databaseUrl, minFreeDiskBytes }: Config, dataDir: string): Promise<Finding> {
  const check = "disk";
  const { bavail, bsize } = await statfs(nearestFolder(dataDir));
  const freeMb = Math.floor((bavail * bsize) / BYTES_PER_MB);
  const message = `${freeMb} MB are free.`;
  if (!databaseUrl && freeMb < MIN_DATABASE_MB) return fail(check, message, "Make room: the database is on this disk.");
  if (freeMb * BYTES_PER_MB < minFreeDiskBytes) {
    return warn(check, message, "Make room, or lower MIN_FREE_DISK_MB: uploads are refused.");
  }
  return ok(check, message);
}

async function lookAtPort(config: Config): Promise<Finding> {
  const check = "port";
  const { host, port } = config;
  if (port === 0) return ok(check, "Any that is free.");
  if (isPortFree(config)) return ok(check, `${port} on ${host} is free: no server listens.`);
  const url = `http://${reachable(host)}:${port}`;
  const health = await read(`${url}/healthz`);
  if (health?.body.status === undefined) {
    return fail(check, `${port} on ${host} is taken by another program.`, "Choose another PORT.");
  }
  const ready = await read(`${url}/readyz`);
  if (ready?.status === 200) return ok(check, `A server of ours is ready on ${url}.`);
  return warn(check, `A server of ours on ${url} cannot serve: ${ready?.body.status ?? "no answer"}.`, "See its log.");
}

/** Budgets count by address, which is a proxy's unless we know of the proxy. */
function lookAtProxies({ host, trustedProxies, redisUrl }: Config): Finding {
  const check = "proxies";
  if (trustedProxies > 0) return ok(check, `${trustedProxies} in front of us are trusted to name the client.`);
  const isLocal = ["127.0.0.1", "::1", "localhost"].includes(host);
  if (isLocal && !redisUrl) return ok(check, "None: only this machine reaches the server.");
  const message = "TRUSTED_PROXIES is 0: behind a load balancer every client has its address.";
  return warn(check, message, "Set it to the number of proxies in front; without any, ignore this.");
}

function nearestFolder(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestFolder(dirname(path));
}

function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

async function read(url: string): Promise<{ status: number; body: { status?: string } } | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    return { status: response.status, body: (await response.json()) as { status?: string } };
  } catch {
    return null;
  }
}
