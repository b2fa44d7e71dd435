import { join } from "node:path";
import type { Server } from "bun";
import { Activity } from "./access/activity.ts";
import { AppealTokens } from "./access/appeal-tokens.ts";
import { Authenticator } from "./access/authenticator.ts";
import { openLimits } from "./access/budgets.ts";
import { AccessFeed } from "./access/changes.ts";
import { SignedUrls } from "./access/signed-urls.ts";
import { Standings } from "./access/standing.ts";
import { Tickets } from "./access/tickets.ts";
import { Tokens } from "./access/tokens.ts";
import { createApi } from "./api.ts";
import type { App } from "./app.ts";
import type { Config } from "./config.ts";
import type { Broker } from "./delivery/broker.ts";
import { Channels } from "./delivery/channels.ts";
import { commit, type PublishingTx } from "./delivery/commit.ts";
import { Confirmations } from "./delivery/confirmations.ts";
import { readEpoch } from "./delivery/cursor.ts";
import { LongPolls } from "./delivery/long-polls.ts";
import type { Publication } from "./delivery/publication.ts";
import { openReplay, type Replay } from "./delivery/replay.ts";
import { Evacuation } from "./evacuation.ts";
import { markSeen } from "./features/messages/seen.ts";
import { Typing } from "./features/messages/typing.ts";
import { markNotificationsSeen } from "./features/notifications/notifications.ts";
import { measure } from "./gauges.ts";
import { asApiError, asFrameError, errorBody } from "./http/errors.ts";
import { addressBehindProxies } from "./http/origin.ts";
import { byTarget, withHost } from "./http/request-target.ts";
import { JOB_STEPS } from "./job-steps.ts";
import { jobsOf, type RepairJob } from "./jobs.ts";
import { type Clock, systemClock, wait } from "./platform/clock.ts";
import { DatabaseWatch } from "./platform/database-watch.ts";
import { Disk } from "./platform/disk.ts";
import { DurableJobs } from "./platform/durable-jobs.ts";
import type { EmbeddedPostgres } from "./platform/embedded-postgres.ts";
import { Jobs } from "./platform/jobs.ts";
import { type Logger, openLog } from "./platform/log.ts";
import { Metrics } from "./platform/metrics.ts";
import { migrate } from "./platform/migrate.ts";
import { openStorage } from "./platform/object-store.ts";
import { bucketStore } from "./platform/object-store-s3.ts";
import { readOwnSecret } from "./platform/own-secret.ts";
import type { Connection } from "./platform/postgres.ts";
import { chooseDataDir, createDataDir } from "./platform/postgres-home.ts";
import type { Handshake } from "./realtime/handshake.ts";
import { type SocketData, Sockets } from "./realtime/socket.ts";
import { RENDERERS } from "./renderers.ts";
import { type Closers, openDatabase, openNodes } from "./resources.ts";

/** What a test may give instead of what the configuration asks for. */
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
  const closers: Closers = [];
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
  closers: Closers,
  close: () => Promise<void>,
): Promise<Context> {
  const log = overrides.log ?? openLog(config.logLevel);
  const clock = overrides.clock ?? systemClock;
  const dataDir = overrides.dataDir ?? chooseDataDir(config.dataDir, process.cwd());
  await createDataDir(dataDir);
  // Redis may refuse, so it comes before a database is created for nothing.
  const { broker, socketCounts, link } = await openNodes(config, overrides.broker, log, closers);
  const { connection, embedded } = await openDatabase(config, overrides.connection, dataDir, closers);
  const database = new DatabaseWatch(connection, config.databasePool, log);
  const { sql } = database;
  closers.push(() => sql.close());
  await migrate(sql, { log, ...(!config.databaseUrl && { dataDir }) });
  const secret = config.jwtSecret ?? (await readOwnSecret(dataDir));
  const channels = new Channels(broker);
  const app: App = Object.freeze({
    config,
    sql,
    database,
    clock,
    log,
    metrics: new Metrics(),
    storage: openStorage(join(dataDir, "media"), config.bucket && bucketStore(config.bucket)),
    disk: new Disk(dataDir, config.minFreeDiskBytes, sql),
    tokens: new Tokens(secret, config.accessTokenTtlSeconds, clock),
    tickets: new Tickets(sql, clock),
    signedUrls: new SignedUrls(secret, clock),
    appealTokens: new AppealTokens(secret, clock),
    standings: new Standings(sql, clock),
    activity: new Activity(sql, clock),
    limits: openLimits(config.rates, link),
    epoch: await readEpoch(sql),
    broker,
    socketCounts,
    channels,
    longPolls: new LongPolls(channels),
    replay: openReplay(sql, RENDERERS, log),
    confirmations: new Confirmations(sql),
    durableJobs: new DurableJobs<App, PublishingTx>({
      sql,
      log,
      steps: JOB_STEPS,
      transaction: (work) => commit({ sql, broker }, work),
      beforeBatch: overrides.beforeBatch,
    }),
  });
  return { app, dataDir, embedded, close };
}

const STOP_MS = 10_000;

export type Running = {
  url: string;
  sockets: Sockets;
  /** Reads the logs of everybody this node serves, and delivers what publications lost. */
  repair(): Promise<void>;
  /** Closes the sockets, finishes what is under way, saves what was confirmed. */
  stop(): Promise<void>;
};

/**
 * Where a test may put barriers: between the steps of a connect, and around the reads of the log. A test of a faster way
 * leaves out the jobs that would hide what is lost on it.
 */
export type Seams = {
  handshake?: Handshake;
  replay?: (replay: Replay) => Replay;
  without?: readonly RepairJob[];
};

/** Starts serving. */
export async function startServer(app: App, seams: Seams = {}): Promise<Running> {
  const typing = new Typing(app);
  const sockets = openSockets(app, typing, seams);
  const receive = (publication: Publication) => receivePublication(app, sockets, publication);
  const repair = () => repairStreams(app, sockets);
  app.broker.onReceive(receive);
  app.broker.onReconnect(() => {
    const done = Promise.all([repair(), app.socketCounts.announce(sockets.hub)]);
    done.catch((error) => app.log.warn({ err: error }, "streams were not repaired after redis reconnected"));
  });
  const feed = new AccessFeed(app.sql, {
    changed: (userId) => receive({ kind: "access", userId }),
    databaseChanged() {
      app.standings.forgetAll();
      for (const userId of app.channels.users()) receive({ kind: "access", userId });
    },
  });
  await feed.start();
  await app.socketCounts.announce(sockets.hub);
  const evacuation = new Evacuation(app, sockets);
  let isServing = true;
  const server = listen(app, sockets, () => isServing && !evacuation.isOn());
  measure(app, sockets);
  const jobs = new Jobs(app.log, app.metrics);
  for (const job of jobsOf({ app, sockets, typing, feed, evacuation, repair })) {
    if (!seams.without?.some((name) => name === job.name)) jobs.start(job);
  }
  return {
    url: `http://${app.config.host.includes(":") ? `[${app.config.host}]` : app.config.host}:${server.port}`,
    sockets,
    repair,
    async stop() {
      isServing = false;
      await sockets.stop(app.config.drainMs);
      app.longPolls.wakeAll();
      await Promise.race([server.stop(), wait(STOP_MS)]);
      await server.stop(true);
      app.durableJobs.stop();
      await Promise.race([jobs.stop(), wait(STOP_MS)]);
      // What cannot be saved now is sent once more on the next connect.
      await app.activity.flush().catch((error) => app.log.warn({ err: error }, "activity was not saved"));
      await app.confirmations.flushAll().catch((error) => app.log.warn({ err: error }, "confirmations were not saved"));
    },
  };
}

function openSockets(app: App, typing: Typing, seams: Seams): Sockets {
  return new Sockets({
    channels: app.channels,
    socketCounts: app.socketCounts,
    confirmations: app.confirmations,
    epoch: app.epoch,
    clock: app.clock,
    log: app.log,
    stallMs: app.config.stallMs,
    authenticator: new Authenticator(app),
    handshake: seams.handshake,
    replay: seams.replay?.(app.replay) ?? app.replay,
    handlers: {
      "message:mark_seen": async ({ caller }, wanted) => void (await markSeen(app, caller.userId, wanted)),
      "notification:mark_seen": async ({ caller }, { notificationIds }) =>
        void (await markNotificationsSeen(app, caller.userId, notificationIds)),
      "message:typing": ({ caller }, data) => typing.set(caller.userId, data.conversationWith, data.isTyping),
    },
    closed: app.metrics.counter(
      "reelay_websocket_connections_closed_total",
      "WebSocket connections that ended",
      "code",
    ),
    addressOf: ({ headers }, peer) => addressBehindProxies(app, headers, peer),
    onActivity: (userId) => app.activity.note(userId),
    evictElsewhere: (userId) => app.broker.publish([{ kind: "evict", userId }]),
    allowConnect: async (userId) => (await app.limits.connects.spend(userId)) === 0,
    allowFrame: async (userId) => (await app.limits.messages.spend(userId)) === 0,
    allowTyping: async (userId) => (await app.limits.typing.spend(userId)) === 0,
    toFrameError: asFrameError,
  });
}

function receivePublication(app: App, sockets: Sockets, publication: Publication): void {
  if (publication.kind === "access") app.standings.forget(publication.userId);
  app.longPolls.receive(publication);
  sockets.receive(publication);
}

/** Compares the log of everybody this node serves with what was delivered: what a channel lost is sent, a log that went back is noticed. */
async function repairStreams(app: App, { hub }: Sockets): Promise<void> {
  const before = new Map(hub.connections().map((connection) => [connection, connection.progress()]));
  for (const head of await app.replay.heads(app.channels.users())) {
    app.longPolls.compare(head.userId, head);
    for (const connection of hub.of(head.userId)) {
      const progress = before.get(connection);
      if (progress) connection.repair(head, progress);
    }
  }
}

function listen(app: App, sockets: Sockets, isServing: () => boolean): Server<SocketData> {
  const api = createApi({ corsOrigins: app.config.corsOrigins, isServing });
  const { routes, fetch } = byTarget<SocketData>((request, server, fault) => {
    if (!fault && isServing() && sockets.upgrade(request, server)) return;
    return api.fetch(withHost(request), { app, fault, address: server.requestIP(request)?.address ?? "unknown" });
  });
  return Bun.serve({
    hostname: app.config.host,
    port: app.config.port,
    // Longer than a poll for events may wait.
    idleTimeout: 40,
    // What a body may hold is decided by each route; the runtime must not answer in our place.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    routes,
    fetch,
    error(thrown) {
      app.log.error({ err: thrown }, "a request failed before it was routed");
      const headers = { "X-Content-Type-Options": "nosniff" };
      return Response.json(errorBody(asApiError(thrown), crypto.randomUUID()), { status: 500, headers });
    },
    websocket: sockets.websocket,
  });
}
