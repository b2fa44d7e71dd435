import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Running, type Seams, startServer } from "../../src/app.ts";
import { readConfig } from "../../src/config.ts";
import { type App, openContext } from "../../src/context.ts";
import type { Broker } from "../../src/delivery/broker.ts";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";
import { type Logger, openLog } from "../../src/platform/log.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

/** Real time plus whatever a test adds to it. */
export class TestClock {
  #ahead = 0;
  now(): number {
    return Date.now() + this.#ahead;
  }
  advance(ms: number): void {
    this.#ahead += ms;
  }
}

export type TestServer = {
  url: string;
  app: App;
  running: Running;
  clock: TestClock;
  /** Whatever the test did, every counter must be what a recount says. */
  stop(): Promise<void>;
};

export type TestServerOptions = Seams & {
  env?: Record<string, string>;
  broker?: Broker;
  log?: Logger;
  /** Of several servers, which are the nodes of one cluster; whoever made it drops it. */
  database?: TestDatabase;
};

/** A whole server on a database of its own, as `npm start` makes it, on a free port and a clock that can be moved. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { env = {}, broker, log, database: shared, ...seams } = options;
  const database = shared ?? (await createTestDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), "reelay-test-"));
  const clock = new TestClock();
  const config = readConfig({
    PORT: "0",
    JWT_SECRET: "a secret of the tests, long enough",
    LOG_LEVEL: "silent",
    ...env,
  });
  const { connection } = database;
  const overrides = { clock, log: log ?? openLog(config.logLevel), connection, dataDir, broker };
  const context = await openContext(config, overrides);
  const running = await startServer(context.app, seams);
  return {
    url: running.url,
    app: context.app,
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
