import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Subprocess } from "bun";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const DEADLINE_MS = 60_000;

export type Exit = { code: number; output: string };

/** A server in a process of its own, started as `npm start` starts it, on a folder that outlives it. */
export class ServerProcess {
  readonly #child: Subprocess<"ignore", "pipe", "pipe">;
  readonly output: () => string;
  readonly exited: Promise<Exit>;

  private constructor(child: Subprocess<"ignore", "pipe", "pipe">) {
    let text = "";
    const read = async (stream: ReadableStream<Uint8Array>) => {
      for await (const chunk of stream) text += new TextDecoder().decode(chunk);
    };
    const reading = Promise.all([read(child.stdout), read(child.stderr)]);
    this.#child = child;
    this.output = () => text;
    this.exited = child.exited.then(async (code) => {
      await reading;
      return { code, output: text };
    });
  }

  /** `root`: of the tree whose server it is. */
  static spawn(dataDir: string, env: Record<string, string> = {}, args = ["main.ts"], root = ROOT): ServerProcess {
    const [script, ...rest] = args;
    const command = [join(root, "apps/server/src", script!), ...rest];
    return ServerProcess.#run(dataDir, command, { DATA_DIR: dataDir, PORT: "0", LOG_LEVEL: "warn", ...env });
  }

  /** As `npm run demo` does; what it makes, it makes in the folder. */
  static demo(folder: string, env: Record<string, string> = {}): ServerProcess {
    return ServerProcess.#run(folder, [join(ROOT, "tools/demo/demo.ts")], { TMPDIR: folder, ...env });
  }

  /** As `npm run dev` does; the folders are watched besides the source. */
  static dev(dataDir: string, env: Record<string, string> = {}, watched: string[] = []): ServerProcess {
    const given = { DATA_DIR: dataDir, PORT: "0", LOG_LEVEL: "warn", ...env };
    return ServerProcess.#run(dataDir, [join(ROOT, "tools/dev.ts"), ...watched], given);
  }

  static #run(cwd: string, command: string[], env: Record<string, string>): ServerProcess {
    const child = Bun.spawn([process.execPath, "--no-orphans", ...command], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    return new ServerProcess(child);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** The URL, once it is up. */
  async url(): Promise<string> {
    const found = await waitFor(() => this.output().match(/is up on (\S+)/)?.[1] ?? this.#died());
    if (found === "died") throw new Error(`the server did not start:\n${this.output()}`);
    return found;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #died(): "died" | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? undefined : "died";
  }
}

/** A folder that a database's own user can enter as well. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "reelay-start-"));
  await chmod(path, 0o711);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The living process ids whose command line names the folder. */
export async function processesOf(folder: string): Promise<number[]> {
  const { stdout } = Bun.spawnSync(["ps", "-eo", "pid=,stat=,args="]);
  return stdout
    .toString()
    .split("\n")
    .filter((line) => line.includes(folder) && !/^\s*\d+ Z/.test(line) && line.includes("postgres"))
    .map((line) => Number.parseInt(line, 10));
}

/** Waits until `look` answers something, looking again whenever the process has nothing else to do. */
export async function waitFor<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
