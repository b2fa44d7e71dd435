import { join } from "node:path";
import type { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { Subprocess } from "bun";
import type { Injected, Order } from "./node.ts";

const READY_WITHIN_MS = 60_000;
export const JWT_SECRET = "the secret of a run, long enough for it";

/** Where a node finds what it needs. */
export type NodeEnv = { DATA_DIR: string; DATABASE_URL: string; REDIS_URL: string };

/** A server in a process of its own, at the same address over every restart. */
export class NodeProcess {
  readonly name: string;
  readonly url: string;
  /** Over all the processes there were. */
  readonly injected: Injected = { dropped: 0, doubled: 0 };
  readonly #env: Record<string, string>;
  readonly #random: SeededRandom;
  readonly #order: Order = { lossPerThousand: 0, clockAheadMs: 0 };
  #child: Subprocess<"ignore", "pipe", "pipe"> | null = null;
  #output = "";

  constructor(name: string, port: number, env: NodeEnv, random: SeededRandom) {
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    this.#random = random;
    this.#env = {
      ...env,
      ...{ PORT: String(port), JWT_SECRET, RATE_MESSAGES_PER_MINUTE: "0", EVENTS_PER_USER: "300" },
      ...{ RATE_COMMENTS_PER_MINUTE: "0", RATE_REACTIONS_PER_MINUTE: "0", RATE_REPORTS_PER_HOUR: "0" },
      ...{ RATE_CONNECTS_PER_MINUTE: "0", RATE_TICKETS_PER_MINUTE: "0", MIN_FREE_DISK_MB: "0" },
      ...{ DRAIN_SECONDS: "1", LOG_LEVEL: "error", PATH: process.env.PATH ?? "", DATABASE_POOL: "8" },
    };
  }

  async start(): Promise<void> {
    const before = { ...this.injected };
    const child = Bun.spawn(
      [process.execPath, "--no-orphans", join(import.meta.dir, "node.ts"), String(this.#random.below(2 ** 31))],
      {
        env: this.#env,
        cwd: this.#env.DATA_DIR,
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
        ipc: ({ dropped, doubled }: Injected) => {
          this.injected.dropped = before.dropped + dropped;
          this.injected.doubled = before.doubled + doubled;
        },
      },
    );
    this.#child = child;
    this.#output = "";
    for (const stream of [child.stdout, child.stderr]) void this.#keepOutput(stream);
    this.order({});
    await this.ready();
  }

  /** `SIGKILL` where it stands, `SIGTERM` in order. */
  async stop(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    this.#child?.kill(signal);
    await this.#child?.exited;
  }

  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** What it shall do from now on, over restarts too. */
  order(change: Partial<Order>): void {
    Object.assign(this.#order, change);
    this.#child?.send(this.#order);
  }

  async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      if (this.#child?.exitCode != null) throw new Error(`node ${this.name} ended by itself:\n${this.#output}`);
      const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(3000) }).catch(() => null);
      if (response?.status === 200) return;
      if (Date.now() > deadline) throw new Error(`node ${this.name} did not get ready:\n${this.#output}`);
      await Bun.sleep(50);
    }
  }

  async #keepOutput(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      this.#output = (this.#output + decoder.decode(chunk, { stream: true })).slice(-20_000);
    }
  }
}
