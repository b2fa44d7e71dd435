import { join } from "node:path";
import { TestRedis } from "@reelay/testkit/redis.ts";
import type { Measure } from "./results.ts";
import { Server, type ServerOptions } from "./server.ts";
import type { Tree } from "./tree.ts";

/** How much of everything: the defaults show the harm, the quick ones that a scenario runs. */
export type Sizes = {
  rows: number;
  quietMs: number;
  windowMs: number;
  freezeMs: number;
  holdMs: number;
  formUnderscores: number;
  abandoned: number;
  waiting: number;
};

export const FULL: Sizes = {
  rows: 200_000,
  quietMs: 3000,
  windowMs: 10_000,
  freezeMs: 15_000,
  holdMs: 10_000,
  formUnderscores: 256_000,
  abandoned: 2000,
  waiting: 400,
};

export const QUICK: Sizes = {
  rows: 4000,
  quietMs: 1000,
  windowMs: 2500,
  freezeMs: 5000,
  holdMs: 4000,
  formUnderscores: 48_000,
  abandoned: 100,
  waiting: 30,
};

export type Scenario = { point: number; run(stand: Stand): Promise<Measure[]> };

/** What one run of one scenario starts, and takes down again. */
export class Stand {
  readonly tree: Tree;
  readonly sizes: Sizes;
  readonly hasBudgets: boolean;
  readonly #folder: string;
  readonly #servers: Server[] = [];
  #redis: TestRedis | null = null;

  constructor(tree: Tree, sizes: Sizes, folder: string, { hasBudgets = false } = {}) {
    this.tree = tree;
    this.sizes = sizes;
    this.hasBudgets = hasBudgets;
    this.#folder = folder;
  }

  async start(options: ServerOptions = {}): Promise<Server> {
    const dataDir = join(this.#folder, `node-${this.#servers.length}`);
    const server = await Server.start(this.tree, dataDir, { hasBudgets: this.hasBudgets, ...options });
    this.#servers.push(server);
    return server;
  }

  /** Two nodes with a Redis, on the first one's embedded database. */
  async startCluster(): Promise<[Server, Server]> {
    this.#redis = await TestRedis.start();
    const env = { REDIS_URL: this.#redis.url, JWT_SECRET: "the secret of a run, long enough for it" };
    const first = await this.start({ env });
    const second = await this.start({ env: { ...env, DATABASE_URL: await first.databaseUrl() } });
    return [first, second];
  }

  /** The last one started holds connections to the first one's database. */
  async close(): Promise<void> {
    for (const server of this.#servers.toReversed()) await server.stop();
    await this.#redis?.kill();
  }
}
