import type { Subprocess } from "bun";
import { freePort, listens } from "./ports.ts";
import { waitFor } from "./process.ts";

/** A Redis of one's own, on loopback, without a disk. Can be killed, frozen, and started again at the same address. */
export class TestRedis {
  readonly url: string;
  readonly #port: number;
  readonly #password: string;
  #child: Subprocess | null = null;

  private constructor(port: number, password: string) {
    this.#port = port;
    this.#password = password;
    this.url = `redis://${password ? `:${password}@` : ""}127.0.0.1:${port}`;
  }

  static async start({ password = "" } = {}): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), password);
    await redis.start();
    return redis;
  }

  async start(): Promise<void> {
    const options = { port: String(this.#port), bind: "127.0.0.1", save: "", appendonly: "no" };
    const args = Object.entries({ ...options, ...(this.#password && { requirepass: this.#password }) });
    this.#child = Bun.spawn(["redis-server", ...args.flatMap(([name, value]) => [`--${name}`, value])], {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    await waitFor(async () => ((await listens(this.#port)) ? true : undefined));
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.exited;
  }

  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }
}
