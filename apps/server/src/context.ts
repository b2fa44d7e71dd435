import { randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { Arrivals } from "./delivery/long-polls.ts";
import type { Broker } from "./delivery/broker.ts";
import { openLocalBroker } from "./delivery/broker-local.ts";
import { openRedisBroker } from "./delivery/broker-redis.ts";
import { Channels } from "./delivery/channels.ts";
import { Confirmations } from "./delivery/confirmations.ts";
import { readEpoch } from "./delivery/cursor.ts";
import { openReplay, type Replay } from "./delivery/replay.ts";
import { LOCAL_ROSTER, RedisRoster, type Roster } from "./delivery/socket-counts.ts";
import { Activity } from "./access/activity.ts";
import { Disk } from "./platform/disk.ts";
import { type Limits, openLimits } from "./http/limits.ts";
import { Principals } from "./access/standing.ts";
import { SignedUrls } from "./access/signed-urls.ts";
import { Tokens } from "./access/tokens.ts";
import { JOB_STEPS } from "./job-steps.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import { DatabaseWatch } from "./platform/database-watch.ts";
import { DurableJobs } from "./platform/durable-jobs.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./platform/embedded-postgres.ts";
import { lockInstance } from "./platform/instance-lock.ts";
import { type Logger, openLog } from "./platform/log.ts";
import { Metrics } from "./platform/metrics.ts";
import { migrate } from "./platform/migrate.ts";
import type { Connection, Sql } from "./platform/postgres.ts";
import { chooseDataDir, createDataDir } from "./platform/postgres-home.ts";
import { bucketShelf } from "./platform/object-store-s3.ts";
import { openStorage, type Storage } from "./platform/object-store.ts";
import { RENDERERS } from "./renderers.ts";

/** What the parts of one running server share. */
export type App = Readonly<{
  config: Config;
  sql: Sql;
  database: DatabaseWatch;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  storage: Storage;
  /** Of this database: part of every cursor. */
  epoch: string;
  tokens: Tokens;
  signedUrls: SignedUrls;
  principals: Principals;
  activity: Activity;
  limits: Limits;
  disk: Disk;
  broker: Broker;
  roster: Roster;
  channels: Channels;
  arrivals: Arrivals;
  replay: Replay;
  confirmations: Confirmations;
  durableJobs: DurableJobs<App>;
}>;

/** The whole test seam of the resources: anything given here is used instead of what the configuration asks for. */
export type Overrides = {
  clock?: Clock;
  log?: Logger;
  connection?: Connection;
  dataDir?: string;
  broker?: Broker;
  /** Runs in the transaction of each batch of a durable job, before the batch. */
  beforeBatch?: (kind: string) => Promise<void>;
};

export type Context = {
  app: App;
  dataDir: string;
  /** Set when this process runs its own Postgres. */
  embedded: EmbeddedPostgres | undefined;
  close(): Promise<void>;
};

/** Opens everything a server needs, in order; what was opened is closed again when a later part fails. */
export async function openContext(config: Config, overrides: Overrides = {}): Promise<Context> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await openResources(config, overrides, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function openResources(
  config: Config,
  overrides: Overrides,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<Context> {
  const log = overrides.log ?? openLog(config.logLevel);
  const clock = overrides.clock ?? systemClock;
  const dataDir = overrides.dataDir ?? chooseDataDir(config.dataDir, process.cwd());
  await createDataDir(dataDir);
  // First, because it may be refused: before a database is made for nothing.
  const { broker, roster, link } = await openNodes(config, overrides.broker, log, closers);
  const { connection, embedded } = await openDatabase(config, overrides.connection, dataDir, closers);
  const database = new DatabaseWatch(connection, config.databasePool, log);
  const { sql } = database;
  closers.push(() => sql.close());
  await migrate(sql, { log, ...(!config.databaseUrl && { dataDir }) });
  const secret = config.jwtSecret ?? (await ownSecret(dataDir));
  const channels = new Channels(broker);
  const app: App = Object.freeze({
    config,
    sql,
    database,
    clock,
    log,
    metrics: new Metrics(),
    storage: openStorage(join(dataDir, "media"), config.bucket && bucketShelf(config.bucket)),
    epoch: await readEpoch(sql),
    tokens: new Tokens(secret, config.accessTokenTtlSeconds, clock),
    signedUrls: new SignedUrls(secret, clock),
    principals: new Principals(sql, clock),
    activity: new Activity(sql, clock),
    limits: openLimits(config.rates, link),
    disk: new Disk(dataDir, config.minFreeDiskBytes, sql),
    broker,
    roster,
    channels,
    arrivals: new Arrivals(channels),
    replay: openReplay(sql, RENDERERS, log),
    confirmations: new Confirmations(sql),
    durableJobs: new DurableJobs<App>(sql, log, JOB_STEPS, overrides.beforeBatch),
  });
  return { app, dataDir, embedded, close };
}

/** How this node and the others hear of each other. */
async function openNodes(config: Config, override: Broker | undefined, log: Logger, closers: (() => Promise<void>)[]) {
  if (override || !config.redisUrl) return { broker: override ?? openLocalBroker(), roster: LOCAL_ROSTER, link: null };
  const broker = await openRedisBroker(config.redisUrl, log);
  closers.push(async () => broker.link.close());
  return { broker, roster: new RedisRoster(broker.link), link: broker.link };
}

async function openDatabase(
  config: Config,
  override: Connection | undefined,
  dataDir: string,
  closers: (() => Promise<void>)[],
): Promise<{ connection: Connection; embedded: EmbeddedPostgres | undefined }> {
  if (override) return { connection: override, embedded: undefined };
  if (config.databaseUrl) return { connection: { url: config.databaseUrl }, embedded: undefined };
  const lock = await lockInstance(dataDir);
  closers.push(() => lock.release());
  const embedded = await startEmbeddedPostgres({ dataDir, log: (line) => console.log(line) });
  closers.push(() => embedded.stop());
  return { connection: embedded.connection, embedded };
}

/** The secret of an instance that was given none: made once, readable by its owner only. */
async function ownSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, "jwt-secret");
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(randomBytes(32).toString("hex"));
    await file.sync();
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return (await readFile(path, "utf8")).trim();
}
