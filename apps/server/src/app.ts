import type { Server } from "bun";
import { createApi } from "./api.ts";
import type { App } from "./context.ts";
import { AccessFeed } from "./delivery/access.ts";
import { accessChanged, type Publication } from "./delivery/publication.ts";
import type { Replay } from "./delivery/replay.ts";
import { forgetSessionCursors, retentionStart, trimLogs } from "./delivery/retention.ts";
import { forgetExpired, redeemTicket } from "./features/accounts/sessions.ts";
import { markSeen } from "./features/messages/seen.ts";
import { Typing } from "./features/messages/typing.ts";
import { endExpiredBans } from "./features/moderation/moderation.ts";
import { endFloods, forgetFloods } from "./features/notifications/floods.ts";
import { markNotificationsSeen } from "./features/notifications/notifications.ts";
import { tidyStatistics } from "./features/stats/stats.ts";
import { forgetViews } from "./features/videos/counting.ts";
import { purgeVideos } from "./features/videos/purge.ts";
import { asApiError, asFrameError, errorBody } from "./http/errors.ts";
import { byTarget, withHost } from "./http/request-target.ts";
import { wait } from "./platform/clock.ts";
import { Jobs } from "./platform/jobs.ts";
import type { Gate, HANDSHAKE } from "./realtime/handshake.ts";
import { type SocketData, Sockets } from "./realtime/socket.ts";

/** 32 random bytes; a token has dots. */
const TICKET = /^[\w-]{43}$/;
const STOP_MS = 10_000;
const HOUR_MS = 3_600_000;
/** An event whose publication was lost waits no longer than that. */
const REPAIR_EVERY_MS = 10_000;
const TRIM_EVERY_MS = 300_000;

export type Running = {
  url: string;
  sockets: Sockets;
  /** Makes up for whatever was published and not heard. */
  repair(): Promise<void>;
  /** Closes the sockets, finishes what is under way, saves what was confirmed. */
  stop(): Promise<void>;
};

/** Where a test may put barriers: between the steps of a connect, and around the reads of the log. */
export type Seams = { handshake?: typeof HANDSHAKE; replay?: (replay: Replay) => Replay };

/** Starts serving. */
export async function startServer(app: App, seams: Seams = {}): Promise<Running> {
  const typing = new Typing(app);
  const sockets = openSockets(app, typing, seams);
  const feed = new AccessFeed(app.sql, (userId) => hear(app, sockets, accessChanged(userId)));
  await feed.start();
  await app.roster.announce(sockets.hub);
  let isServing = true;
  const server = listen(app, sockets, () => isServing);
  measure(app, sockets);
  const jobs = startJobs({ app, sockets, typing, feed });
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
      await Promise.race([jobs.stop(), wait(STOP_MS)]);
      // What cannot be saved now is sent once more on the next connect.
      await app.activity.flush().catch((error) => app.log.warn({ err: error }, "activity was not saved"));
      await app.confirmations.flush().catch((error) => app.log.warn({ err: error }, "confirmations were not saved"));
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

function measure({ metrics, broker, channels }: App, { hub }: Sockets): void {
  metrics.gauge("reelay_sockets", "Open sockets", () => [...hub.connections()].length);
  metrics.gauge("reelay_users", "Users this node listens for", () => channels.users().length);
  metrics.gauge("reelay_hearing", "1: other nodes are heard; 0: Redis is away, the log is polled", () =>
    broker.isHearing() ? 1 : 0,
  );
}

function hear(app: App, sockets: Sockets, publication: Publication): void {
  if (publication.kind === "access") app.principals.forget(publication.userId);
  app.arrivals.receive(publication);
  sockets.hub.receive(publication);
}

/** Reads where the log of everybody stands whom this node has to hear of: what his channel lost is made up for. */
async function repair(app: App, sockets: Sockets): Promise<void> {
  for (const head of await app.replay.heads(app.channels.users())) {
    app.arrivals.ring(head.userId, head.seq);
    for (const connection of sockets.hub.of(head.userId)) connection.heartbeat(head);
  }
}

function gateOf(app: App): Gate {
  return {
    async identify(credential) {
      if (TICKET.test(credential)) return await redeemTicket(app, credential);
      return await app.tokens.verify(credential);
    },
    async standing(identity) {
      const standing = await app.principals.freshStanding(identity);
      return standing.kind === "banned" ? { kind: "banned", ...standing.ban } : standing;
    },
  };
}

type Working = { app: App; sockets: Sockets; typing: Typing; feed: AccessFeed };

function startJobs({ app, sockets, typing, feed }: Working): Jobs {
  let isDatabaseAway = false;
  const jobs = new Jobs(app.log);
  jobs.every(200, "sweep sockets", () => sockets.sweep.tick());
  jobs.every(500, "end typing", () => typing.tick());
  jobs.every(250, "save confirmations", () => app.confirmations.flush());
  jobs.every(250, "follow access changes", async () => {
    const wasAway = isDatabaseAway;
    isDatabaseAway = true;
    await feed.poll();
    // What was committed while connections broke may never have been published.
    if (wasAway) await repair(app, sockets);
    isDatabaseAway = false;
  });
  jobs.every(1000, "write activity", () => app.activity.flush());
  jobs.every(60_000, "tidy statistics", () => tidyStatistics(app));
  jobs.every(1000, "end expired bans", () => endExpiredBans(app));
  jobs.every(1000, "end floods", () => endFloods(app));
  jobs.every(60_000, "forget floods", () => forgetFloods(app));
  jobs.every(3000, "keep the roster", () => app.roster.keep());
  jobs.every(REPAIR_EVERY_MS, "repair streams", () => repair(app, sockets));
  jobs.every(500, "repair streams without Redis", () => (app.broker.isHearing() ? undefined : repair(app, sockets)));
  jobs.every(TRIM_EVERY_MS, "trim logs", () => {
    const { eventsPerUser } = app.config;
    return trimLogs(app.sql, { before: retentionStart(app.clock.now()), eventsPerUser });
  });
  jobs.every(HOUR_MS, "purge deleted videos", () => purgeVideos(app));
  jobs.every(HOUR_MS, "forget what expired", async () => {
    await feed.trim();
    await forgetExpired(app);
    await forgetSessionCursors(app.sql);
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
