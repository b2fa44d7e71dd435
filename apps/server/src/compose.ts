import type { Server } from "bun";
import { createApi } from "./api.ts";
import type { App } from "./context.ts";
import { AccessFeed } from "./access/changes.ts";
import { accessChanged, type Publication } from "./delivery/publication.ts";
import type { Replay } from "./delivery/replay.ts";
import { forgetSessionCursors, retentionStart, trimGrownLogs, trimNextLogs } from "./delivery/retention.ts";
import { noteSilent } from "./delivery/silent-nodes.ts";
import { Evacuation } from "./evacuation.ts";
import { purgeKeptAvatars } from "./features/accounts/avatar.ts";
import { forgetDevices } from "./features/accounts/device-retention.ts";
import { forgetExpired, redeemTicket } from "./features/accounts/sessions.ts";
import { forgetOldAudit } from "./features/audit/audit.ts";
import { markSeen } from "./features/messages/seen.ts";
import { Typing } from "./features/messages/typing.ts";
import { endExpiredBans } from "./features/moderation/bans.ts";
import { endFloods, forgetFloods } from "./features/notifications/floods.ts";
import { markNotificationsSeen } from "./features/notifications/notifications.ts";
import { tidyStatistics } from "./features/stats/stats.ts";
import { forgetViews } from "./features/videos/views.ts";
import { purgeVideos } from "./features/videos/purge.ts";
import { asApiError, asFrameError, errorBody } from "./http/errors.ts";
import type { Standing as PrincipalStanding } from "./access/standing.ts";
import { byTarget, withHost } from "./http/request-target.ts";
import { wait } from "./platform/clock.ts";
import { Jobs } from "./platform/jobs.ts";
import type { Gate, HANDSHAKE, Standing } from "./realtime/handshake.ts";
import { type SocketData, Sockets } from "./realtime/socket.ts";

/** 32 random bytes; a token has dots. */
const TICKET = /^[\w-]{43}$/;
const STOP_MS = 10_000;
const HOUR_MS = 3_600_000;
/** An event whose publication was lost waits no longer than that. */
const REPAIR_EVERY_MS = 10_000;
const TURN_EVERY_MS = 10_000;

export type Running = {
  url: string;
  sockets: Sockets;
  /** Makes up for whatever was published and not heard. */
  repair(): Promise<void>;
  /** Closes the sockets, finishes what is under way, saves what was confirmed. */
  stop(): Promise<void>;
};

/** Jobs that make up for whatever was lost on a faster way. */
export type RepairJob = "repair streams" | "repair streams without Redis";

/**
 * Where a test may put barriers: between the steps of a connect, and around the reads of the log. A test of a faster way
 * leaves out the jobs that would hide what is lost on it.
 */
export type Seams = {
  handshake?: typeof HANDSHAKE;
  replay?: (replay: Replay) => Replay;
  without?: readonly RepairJob[];
};

/** Starts serving. */
export async function startServer(app: App, seams: Seams = {}): Promise<Running> {
  const typing = new Typing(app);
  const sockets = openSockets(app, typing, seams);
  const feed = new AccessFeed(app.sql, {
    changed: (userId) => hear(app, sockets, accessChanged(userId)),
    databaseChanged() {
      app.principals.forgetAll();
      for (const userId of app.channels.users()) hear(app, sockets, accessChanged(userId));
    },
  });
  await feed.start();
  await app.roster.announce(sockets.hub);
  const evacuation = new Evacuation(app, sockets);
  let isServing = true;
  const server = listen(app, sockets, () => isServing && !evacuation.isOn());
  measure(app, sockets);
  const jobs = startJobs({ app, sockets, typing, feed, evacuation }, seams.without);
  return {
    url: `http://${app.config.host.includes(":") ? `[${app.config.host}]` : app.config.host}:${server.port}`,
    sockets,
    repair: () => repair(app, sockets),
    async stop() {
      isServing = false;
      await sockets.stop(app.config.drainMs);
      app.arrivals.wakeAll();
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
  const { channels, roster, confirmations, epoch, clock, log } = app;
  const sockets = new Sockets({
    closed: app.metrics.counter("reelay_sockets_closed_total", "Sockets that ended", "code"),
    ...{ channels, roster, confirmations, epoch, clock, log },
    stallMs: app.config.stallMs,
    gate: gateOf(app),
    handshake: seams.handshake,
    replay: seams.replay?.(app.replay) ?? app.replay,
    handlers: {
      "message:mark_seen": async ({ identity }, wanted) => void (await markSeen(app, identity.userId, wanted)),
      "notification:mark_seen": async ({ identity }, { notificationIds }) =>
        void (await markNotificationsSeen(app, identity.userId, notificationIds)),
      "message:typing": ({ identity }, data) => typing.set(identity.userId, data.conversationWith, data.isTyping),
    },
    heardFrom: (userId) => app.activity.note(userId),
    evictElsewhere: (userId) => app.broker.publish([{ kind: "evict", userId }]),
    spendConnect: async (userId) => (await app.limits.connects.spend(userId)) === 0,
    spend: async (userId) => (await app.limits.messages.spend(userId)) === 0,
    spendTyping: async (userId) => (await app.limits.typing.spend(userId)) === 0,
    explain: asFrameError,
  });
  app.broker.onReceive((publication) => hear(app, sockets, publication));
  app.broker.onBack(() => {
    const done = Promise.all([repair(app, sockets), app.roster.announce(sockets.hub)]);
    done.catch((error) => app.log.warn({ err: error }, "what was missed while Redis was away was not made up for"));
  });
  return sockets;
}

function measure({ metrics, broker, channels, durableJobs }: App, { hub }: Sockets): void {
  metrics.gauge("reelay_sockets", "Open sockets", () => [...hub.connections()].length);
  metrics.gauge("reelay_users", "Users this node listens for", () => channels.users().length);
  metrics.gauge("reelay_durable_jobs", "Durable jobs that are not done, of all nodes", () => durableJobs.pending);
  metrics.gauge("reelay_hearing", "1: other nodes are heard; 0: Redis is away, the log is polled", () =>
    broker.isHearing() ? 1 : 0,
  );
}

function hear(app: App, sockets: Sockets, publication: Publication): void {
  if (publication.kind === "access") app.principals.forget(publication.userId);
  app.arrivals.receive(publication);
  sockets.receive(publication);
}

/**
 * Reads where the log of everybody stands for whom this node listens: what their channel lost is made up for, and a log
 * that went back is noticed.
 */
async function repair(app: App, { hub }: Sockets): Promise<void> {
  const before = new Map(hub.connections().map((each) => [each, { at: each.outbox.last, rev: each.countersRev }]));
  for (const head of await app.replay.heads(app.channels.users())) {
    app.arrivals.compare(head.userId, head);
    for (const connection of hub.of(head.userId)) {
      const stood = before.get(connection);
      if (stood) connection.heartbeat(head, stood);
    }
  }
}

function gateOf(app: App): Gate {
  return {
    async identify(credential) {
      if (TICKET.test(credential)) return await redeemTicket(app, credential);
      return await app.tokens.verify(credential);
    },
    standing: async (identity) => flat(await app.principals.freshStanding(identity)),
    lastStanding: async (identity) => flat(await app.principals.standing(identity)),
  };
}

function flat(standing: PrincipalStanding): Standing {
  return standing.kind === "banned" ? { kind: "banned", ...standing.ban } : standing;
}

type Working = { app: App; sockets: Sockets; typing: Typing; feed: AccessFeed; evacuation: Evacuation };

function startJobs({ app, sockets, typing, feed, evacuation }: Working, without: readonly RepairJob[] = []): Jobs {
  let isDatabaseAway = false;
  const jobs = new Jobs(app.log);
  const repairEvery = (intervalMs: number, name: RepairJob, isDue: () => boolean) => {
    if (!without.includes(name)) jobs.every(intervalMs, name, () => (isDue() ? repair(app, sockets) : undefined));
  };
  jobs.every(200, "sweep sockets", () => sockets.sweep.tick());
  jobs.every(500, "end typing", () => typing.tick());
  jobs.every(250, "save confirmations", () => app.confirmations.flush());
  jobs.every(250, "follow access changes", async () => {
    const wasAway = isDatabaseAway;
    isDatabaseAway = true;
    const isAnother = await feed.poll();
    // What was committed while connections broke may never have been published.
    if (wasAway || isAnother) await repair(app, sockets);
    isDatabaseAway = false;
  });
  jobs.every(1000, "write activity", () => app.activity.flush());
  jobs.every(60_000, "tidy statistics", () => tidyStatistics(app));
  jobs.every(1000, "end expired bans", () => endExpiredBans(app));
  jobs.every(500, "do durable jobs", () => app.durableJobs.work(app));
  jobs.every(1000, "end floods", () => endFloods(app));
  jobs.every(60_000, "forget floods", () => forgetFloods(app));
  jobs.every(1000, "watch the database", () => app.database.tick());
  jobs.every(1000, "send clients to nodes that can serve", () => evacuation.tick());
  jobs.every(3000, "keep the roster", () => app.roster.keep(app.database.isAnswering()));
  const nodeId = crypto.randomUUID();
  jobs.every(1000, "note that Redis is away", () => (app.broker.isHearing() ? undefined : noteSilent(app.sql, nodeId)));
  repairEvery(REPAIR_EVERY_MS, "repair streams", () => true);
  repairEvery(500, "repair streams without Redis", () => !app.broker.isHearing() || feed.isAnyNodeSilent);
  const retention = () => ({
    before: retentionStart(app.clock.now()),
    eventsPerUser: app.config.eventsPerUser,
  });
  jobs.every(TURN_EVERY_MS, "trim logs that grew", () => trimGrownLogs(app.sql, retention()));
  jobs.every(TURN_EVERY_MS, "trim logs in turn", () => trimNextLogs(app.sql, retention()));
  jobs.every(TURN_EVERY_MS, "forget session cursors", () => forgetSessionCursors(app.sql));
  jobs.every(HOUR_MS, "purge deleted videos", () => purgeVideos(app));
  jobs.every(HOUR_MS, "purge pictures kept for reports", () => purgeKeptAvatars(app));
  jobs.every(HOUR_MS, "forget devices", () => forgetDevices(app));
  jobs.every(HOUR_MS, "forget old audit rows", () => forgetOldAudit(app));
  jobs.every(HOUR_MS, "forget what expired", async () => {
    await feed.trim();
    await forgetExpired(app);
    await forgetViews(app);
    await app.storage.sweep();
  });
  return jobs;
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
