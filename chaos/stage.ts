import { join } from "node:path";
import type { Subprocess } from "bun";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../apps/server/src/platform/embedded-postgres.ts";
import { createDataDir } from "../apps/server/src/platform/postgres-home.ts";
import { TestRedis } from "../apps/server/tests/support/redis.ts";
import { freePort } from "../scripts/ports.ts";
import type { Dice } from "./dice.ts";

/** Of publications, so many in a thousand are lost, and as many doubled. */
const LOSS_PER_THOUSAND = 10;
const READY_WITHIN_MS = 60_000;
export const JWT_SECRET = "the secret of a run, long enough for it";

/** Real processes: Postgres, Redis, two nodes. All on loopback, and at the same addresses over every restart. */
export class Stage {
  readonly nodes: [Node, Node];
  readonly redis: TestRedis;
  readonly postgres: EmbeddedPostgres;

  private constructor(postgres: EmbeddedPostgres, redis: TestRedis, nodes: [Node, Node]) {
    this.postgres = postgres;
    this.redis = redis;
    this.nodes = nodes;
  }

  static async open(folder: string, dice: Dice, log: (line: string) => void): Promise<Stage> {
    const dataDir = join(folder, "postgres");
    await createDataDir(dataDir);
    const postgres = await startEmbeddedPostgres({ dataDir, log, settings: { max_connections: "60" } });
    const redis = await TestRedis.start();
    const nodes = await Promise.all(
      ["a", "b"].map(async (name) => {
        const luck = dice.child();
        const env = { DATA_DIR: join(folder, name), DATABASE_URL: postgres.url, REDIS_URL: redis.url };
        await createDataDir(env.DATA_DIR);
        return new Node(name, await freePort(), env, luck);
      }),
    );
    await Promise.all(nodes.map((node) => node.start()));
    return new Stage(postgres, redis, nodes as [Node, Node]);
  }

  /** The database is killed where it stands; its supervisor starts it again. */
  async killPostgres(): Promise<void> {
    const pid = this.postgres.pid();
    if (pid) process.kill(pid, "SIGKILL");
  }

  /** Publications of both nodes are lost, one and all. */
  mute(): void {
    for (const node of this.nodes) node.mute();
  }

  unmute(): void {
    for (const node of this.nodes) node.unmute();
  }

  /** Resolves when both nodes say that they can serve. */
  async healed(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.ready()));
  }

  publicationsStruck(): Record<string, number> {
    const sum = (kind: "dropped" | "doubled") => this.nodes.reduce((total, { struck }) => total + struck[kind], 0);
    return { "publications dropped": sum("dropped"), "publications doubled": sum("doubled") };
  }

  /** Nothing of it is needed any more: first the nodes, which hold connections to the database. */
  async kill(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop("SIGKILL")));
  }

  async close(): Promise<void> {
    await this.kill();
    await this.redis.kill();
    await this.postgres.stop();
  }
}

export class Node {
  readonly name: string;
  readonly url: string;
  readonly struck = { dropped: 0, doubled: 0 };
  readonly #env: Record<string, string>;
  readonly #dice: Dice;
  #child: Subprocess<"ignore", "pipe", "pipe"> | null = null;
  #output = "";

  constructor(name: string, port: number, env: Record<string, string>, dice: Dice) {
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    this.#dice = dice;
    this.#env = {
      ...env,
      ...{ PORT: String(port), JWT_SECRET, RATE_MESSAGES_PER_MINUTE: "0", EVENTS_PER_USER: "1000000" },
      ...{ RATE_COMMENTS_PER_MINUTE: "0", RATE_REACTIONS_PER_MINUTE: "0", RATE_REPORTS_PER_HOUR: "0" },
      ...{ RATE_CONNECTS_PER_MINUTE: "0", RATE_TICKETS_PER_MINUTE: "0", MIN_FREE_DISK_MB: "0" },
      ...{ DRAIN_SECONDS: "1", LOG_LEVEL: "error", PATH: process.env.PATH ?? "", DATABASE_POOL: "8" },
    };
  }

  async start(): Promise<void> {
    const script = join(import.meta.dir, "node.ts");
    const seed = String(this.#dice.below(2 ** 31));
    const child = Bun.spawn([process.execPath, "--no-orphans", script, seed, String(LOSS_PER_THOUSAND)], {
      env: this.#env,
      cwd: this.#env.DATA_DIR,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.#child = child;
    this.#output = "";
    void this.#follow(child);
    await this.ready();
  }

  /** `SIGKILL` where it stands, `SIGTERM` in order. */
  async stop(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    this.#child?.kill(signal);
    await this.#child?.exited;
  }

  mute(): void {
    this.#child?.kill("SIGUSR1");
  }

  unmute(): void {
    this.#child?.kill("SIGUSR2");
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

  async #follow(child: Subprocess<"ignore", "pipe", "pipe">): Promise<void> {
    const latest = { dropped: 0, doubled: 0 };
    const before = { ...this.struck };
    const read = async (stream: ReadableStream<Uint8Array>) => {
      for await (const chunk of stream) {
        const text = new TextDecoder().decode(chunk);
        this.#output = (this.#output + text).slice(-20_000);
        const [counts] = text.match(/\{"dropped".*\}(?=\s*$)/m) ?? [];
        if (counts) Object.assign(latest, JSON.parse(counts));
        this.struck.dropped = before.dropped + latest.dropped;
        this.struck.doubled = before.doubled + latest.doubled;
      }
    };
    await Promise.all([read(child.stdout), read(child.stderr)]);
  }
}
