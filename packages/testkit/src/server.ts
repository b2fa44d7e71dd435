import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App } from "../../../apps/server/src/app.ts";
import { openContext, type Running, type Seams, startServer } from "../../../apps/server/src/compose.ts";
import { readConfig } from "../../../apps/server/src/config.ts";
import type { Broker } from "../../../apps/server/src/delivery/broker.ts";
import { reconcile } from "../../../apps/server/src/features/reconcile/reconcile.ts";
import { type Logger, openLog } from "../../../apps/server/src/platform/log.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { waitFor } from "./process.ts";

/** Real time plus whatever a test adds to it. */
export class TestClock {
  #ahead = 0;
  #shift = 0;
  now(): number {
    return Date.now() + this.#ahead + this.#shift;
  }
  monotonic(): number {
    return performance.now() + this.#ahead;
  }
  /** Time passes. */
  advance(ms: number): void {
    this.#ahead += ms;
  }
  /** Somebody sets the wall clock, while no time passes. */
  shiftWall(ms: number): void {
    this.#shift += ms;
  }
}

/** Tests do in a minute, from one address, what people do in a day. What they do to the disk is theirs to clean up. */
export const NO_BUDGETS = {
  RATE_COMMENTS_PER_MINUTE: "0",
  RATE_REACTIONS_PER_MINUTE: "0",
  RATE_REPORTS_PER_HOUR: "0",
  RATE_UPLOADS_PER_HOUR: "0",
  RATE_PROFILE_PER_HOUR: "0",
  RATE_TICKETS_PER_MINUTE: "0",
  RATE_SIGNUPS_PER_HOUR: "0",
  RATE_LOGINS_PER_HOUR: "0",
  RATE_SEARCHES_PER_MINUTE: "0",
  MIN_FREE_DISK_MB: "0",
};

export type TestServer = {
  url: string;
  app: App;
  database: TestDatabase;
  running: Running;
  clock: TestClock;
  /** Whatever the test did, every counter must be what a recount says. */
  stop(): Promise<void>;
};

export type TestServerOptions = Seams & {
  env?: Record<string, string>;
  broker?: Broker;
  /** A barrier in the transaction of each batch of a durable job. */
  beforeBatch?: (kind: string) => Promise<void>;
  log?: Logger;
  /** Of several servers, which are the nodes of one cluster; whoever made it drops it. */
  database?: TestDatabase;
};

/** Waits until no durable job is left that is due, helping to do them. */
export async function settleJobs({ app }: Pick<TestServer, "app">): Promise<void> {
  await waitFor(async () => {
    await app.durableJobs.work(app);
    const due = await app.sql`select id from durable_jobs where run_after < now() + interval '5 minutes'`;
    return due.length === 0 || undefined;
  });
}

/** A whole server on a database of its own, as `npm start` makes it, on a free port and a clock that can be moved. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { env = {}, broker, beforeBatch, log, database: shared, ...seams } = options;
  const database = shared ?? (await createTestDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), "reelay-test-"));
  const clock = new TestClock();
  const config = readConfig({
    PORT: "0",
    JWT_SECRET: "a secret of the tests, long enough",
    LOG_LEVEL: "silent",
    ...NO_BUDGETS,
    ...env,
  });
  const { connection } = database;
  const overrides = { clock, log: log ?? openLog(config.logLevel), connection, dataDir, broker, beforeBatch };
  const context = await openContext(config, overrides);
  const running = await startServer(context.app, seams);
  return {
    url: running.url,
    app: context.app,
    database,
    running,
    clock,
    async stop() {
      await running.stop();
      const drifts = await reconcile(context.app, { repair: false });
      await context.close();
      if (!shared) await database.drop();
      await rm(dataDir, { recursive: true, force: true });
      const wrong = drifts.filter(({ counters }) => counters > 0);
      if (wrong.length > 0) throw new Error(`counters drifted: ${JSON.stringify(wrong)}`);
    },
  };
}
