import { join } from "node:path";
import { FaultyNetwork } from "@reelay/testkit/faulty-network.ts";
import { freePort } from "@reelay/testkit/ports.ts";
import { TestRedis } from "@reelay/testkit/redis.ts";
import type { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { Sql } from "../apps/server/src/platform/postgres.ts";
import { createDataDir } from "../apps/server/src/platform/postgres-home.ts";
import { Database } from "./database.ts";
import { NodeProcess } from "./node-process.ts";

/** Of publications, so many in a thousand are lost while a fault lasts, and as many doubled. */
const LOSS_PER_THOUSAND = 10;

/**
 * Real processes: Postgres, Redis, two nodes. All on loopback, and at the same addresses over every restart. Node a
 * reaches Redis, node b the database, over a stretch of network that can fail.
 */
export class Cluster {
  readonly database: Database;
  readonly redis: TestRedis;
  /** Between node a and Redis. */
  readonly redisLine: FaultyNetwork;
  /** Between node b and the database. */
  readonly databaseLine: FaultyNetwork;
  readonly nodes: [NodeProcess, NodeProcess];

  private constructor(parts: Omit<Cluster, "open" | "lose" | "healed" | "injectedPublications" | "kill" | "close">) {
    this.database = parts.database;
    this.redis = parts.redis;
    this.redisLine = parts.redisLine;
    this.databaseLine = parts.databaseLine;
    this.nodes = parts.nodes;
  }

  /** `prepare` makes the database ready before a node sees it. */
  static async open(
    folder: string,
    random: SeededRandom,
    prepare: (database: Database) => Promise<Sql>,
  ): Promise<Cluster> {
    const database = await Database.start(folder);
    await database.useSmallDisk(await prepare(database));
    const redis = await TestRedis.start();
    const redisLine = await FaultyNetwork.before(redis.url);
    const databaseLine = await FaultyNetwork.between(() => database.dial());
    const wiring = [
      { DATABASE_URL: database.url, REDIS_URL: redisLine.url.replace("http:", "redis:") },
      { DATABASE_URL: database.urlAt(databaseLine.port), REDIS_URL: redis.url },
    ];
    const nodes = await Promise.all(
      wiring.map(async (urls, index) => {
        const name = "ab"[index]!;
        const env = { DATA_DIR: join(folder, name), ...urls };
        await createDataDir(env.DATA_DIR);
        return new NodeProcess(name, await freePort(), env, random.child());
      }),
    );
    await Promise.all(nodes.map((node) => node.start()));
    return new Cluster({ database, redis, redisLine, databaseLine, nodes: nodes as [NodeProcess, NodeProcess] });
  }

  /** Publications of both nodes are lost: a few and as many doubled, all, or none. */
  lose(publications: "few" | "all" | "none"): void {
    const lossPerThousand = { few: LOSS_PER_THOUSAND, all: 1000, none: 0 }[publications];
    for (const node of this.nodes) node.order({ lossPerThousand });
  }

  /** Resolves when both nodes say that they can serve. */
  async healed(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.ready()));
  }

  injectedPublications(): Record<string, number> {
    const sum = (kind: "dropped" | "doubled") => this.nodes.reduce((total, { injected }) => total + injected[kind], 0);
    return { "publications dropped": sum("dropped"), "publications doubled": sum("doubled") };
  }

  /** Nothing of it is needed any more: first the nodes, which hold connections to the database. */
  async kill(): Promise<void> {
    for (const node of this.nodes) node.thaw();
    await Promise.all(this.nodes.map((node) => node.stop("SIGKILL")));
  }

  async close(): Promise<void> {
    await this.kill();
    this.redis.thaw();
    this.redisLine.close();
    this.databaseLine.close();
    await this.redis.kill();
    await this.database.stop();
  }
}
