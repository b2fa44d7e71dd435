import { Database, SQLiteError } from "bun:sqlite";
import { createHash } from "node:crypto";
import { chmodSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wait } from "./clock.ts";

export type InstanceLock = {
  /** Gives the folder free for the next instance. A process that dies without it frees the folder as well. */
  release(): Promise<void>;
};

/** Another living process holds the folder. `pid` is missing when the holder is too busy to answer. */
export class InstanceRunning extends Error {
  override readonly name = "InstanceRunning";
  readonly pid: number | undefined;

  constructor(dataDir: string, pid: number | undefined) {
    const who = pid === undefined ? "it does not answer" : `pid ${pid}`;
    super(`Reelay is already running on ${dataDir} (${who}). Stop it first, or choose another DATA_DIR.`);
    this.pid = pid;
  }
}

type Holder = "nobody" | { pid: number | undefined };

const maxSocketPathBytes = process.platform === "linux" ? 107 : 103;
const answerDeadlineMs = 2_000;
const mutexDeadlineMs = 10_000;

/**
 * Makes this process the only instance on `dataDir`, an existing folder. The lock is a listening unix socket, which
 * the kernel closes with the process, however that ends.
 *
 * @throws InstanceRunning when another process holds the folder.
 */
export async function lockInstance(dataDir: string): Promise<InstanceLock> {
  const path = socketPath(join(realpathSync(dataDir), "reelay.lock.sock"));
  const listener = await throughTheGate(dataDir, async () => {
    const holder = await askHolder(path);
    if (holder !== "nobody") throw new InstanceRunning(dataDir, holder.pid);
    return listen(path);
  });
  return { release: () => throughTheGate(dataDir, async () => listener.stop(true)) };
}

/**
 * `path` itself, or a hashed name for it in the temporary folder when a unix socket's address has no room for it.
 *
 * @param reservedBytes room to leave for what the caller appends to the path.
 */
export function socketPath(path: string, reservedBytes = 0): string {
  if (Buffer.byteLength(path) + reservedBytes <= maxSocketPathBytes) return path;
  return join(tmpdir(), `reelay-${createHash("sha256").update(path).digest("hex").slice(0, 16)}`);
}

/**
 * Between "nobody answers" and "I listen", a second start could do the same. One at a time, then: SQLite's file lock is
 * the kernel's, so unlike a file with a pid in it, it is never left behind and never mistaken.
 */
async function throughTheGate<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const mutex = new Database(join(dataDir, "reelay.lock"));
  try {
    const deadline = Date.now() + mutexDeadlineMs;
    while (!tryToLock(mutex)) {
      if (Date.now() > deadline) throw new Error(`Another start of Reelay on ${dataDir} does not come to an end.`);
      await wait(10, { keepsProcessAlive: true });
    }
    return await work();
  } finally {
    mutex.close();
  }
}

function tryToLock(mutex: Database): boolean {
  try {
    mutex.run("begin exclusive");
    return true;
  } catch (error) {
    if (error instanceof SQLiteError && error.code === "SQLITE_BUSY") return false;
    throw error;
  }
}

/** Only a refused connection means that nobody is there: one that breaks before the answer is tried again. */
async function askHolder(path: string): Promise<Holder> {
  const deadline = Date.now() + answerDeadlineMs;
  while (Date.now() < deadline) {
    const answer = await askOnce(path, deadline - Date.now());
    if (answer !== "interrupted") return answer;
  }
  return { pid: undefined };
}

async function askOnce(path: string, patienceMs: number): Promise<Holder | "interrupted"> {
  const { promise, resolve, reject } = Promise.withResolvers<Holder | "interrupted">();
  const timer = setTimeout(resolve, patienceMs, { pid: undefined });
  Bun.connect({
    unix: path,
    socket: {
      data(socket, line) {
        resolve({ pid: Number.parseInt(line.toString(), 10) });
        socket.end();
      },
      close: () => resolve("interrupted"),
    },
  }).catch((error) => {
    if (["ENOENT", "ECONNREFUSED"].includes(error.code)) resolve("nobody");
    else if (error.code === "ECONNRESET") resolve("interrupted");
    else reject(error);
  });
  return promise.finally(() => clearTimeout(timer));
}

function listen(path: string) {
  rmSync(path, { force: true });
  const listener = Bun.listen({
    unix: path,
    socket: { open: (socket) => void socket.write(`${process.pid}\n`), data() {} },
  });
  chmodSync(path, 0o600);
  listener.unref();
  return listener;
}
