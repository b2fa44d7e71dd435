import type { Server } from "bun";
import { createApi } from "./api.ts";
import type { App } from "./context.ts";
import { AccessFeed } from "./delivery/access.ts";
import { Confirmations } from "./delivery/confirm.ts";
import { openReplay, type Replay, renderOwnData } from "./delivery/replay.ts";
import { forgetExpired, redeemTicket } from "./features/accounts/sessions.ts";
import { renderMessages } from "./features/messages/messages.ts";
import { markSeen } from "./features/messages/seen.ts";
import { Typing } from "./features/messages/typing.ts";
import { endExpiredBans, renderBan } from "./features/moderation/moderation.ts";
import { renderVideoDeleted } from "./features/moderation/takedowns.ts";
import { markNotificationsSeen } from "./features/notifications/notifications.ts";
import { renderNotifications } from "./features/notifications/notify.ts";
import { tidyStatistics } from "./features/stats/stats.ts";
import { forgetViews } from "./features/videos/counting.ts";
import { asApiError, asFrameError, errorBody } from "./http/errors.ts";
import { wait } from "./platform/clock.ts";
import { Jobs } from "./platform/jobs.ts";
import type { Gate, HANDSHAKE } from "./realtime/handshake.ts";
import { type SocketData, Sockets } from "./realtime/socket.ts";
import { HEARTBEAT_MS } from "./realtime/sweep.ts";

const SOCKET_PATH = /^[^?#]*:\/\/[^/]*\/api\/v1\/ws\/?(\?|$)/;
/** 32 random bytes; a token has dots. */
const TICKET = /^[\w-]{43}$/;
const STOP_MS = 10_000;
const HOUR_MS = 3_600_000;

export type Running = {
  url: string;
  sockets: Sockets;
  /** Closes the sockets, finishes what is under way, saves what was confirmed. */
  stop(): Promise<void>;
};

/** Where a test may put barriers: between the steps of a connect, and around the reads of the log. */
export type Seams = { handshake?: typeof HANDSHAKE; replay?: (replay: Replay) => Replay };

/** Starts serving. */
export async function startServer(app: App, seams: Seams = {}): Promise<Running> {
  const confirmations = new Confirmations(app.sql);
  const typing = new Typing(app);
  const sockets = openSockets(app, confirmations, typing, seams);
  const feed = new AccessFeed(app.sql, (userId) => accessChanged(app, sockets, userId));
  await feed.start();
  let isServing = true;
  const server = listen(app, sockets, () => isServing);
  const jobs = startJobs({ app, sockets, confirmations, typing, feed });
  return {
    url: `http://${app.config.host.includes(":") ? `[${app.config.host}]` : app.config.host}:${server.port}`,
    sockets,
    async stop() {
      isServing = false;
      sockets.stop();
      await Promise.race([server.stop(), wait(STOP_MS)]);
      await server.stop(true);
      await Promise.race([jobs.stop(), wait(STOP_MS)]);
      // What cannot be saved now is sent once more on the next connect.
      await app.activity.flush().catch((error) => app.log.warn({ err: error }, "activity was not saved"));
      await confirmations.flush().catch((error) => app.log.warn({ err: error }, "confirmations were not saved"));
    },
  };
}

function openSockets(app: App, confirmations: Confirmations, typing: Typing, seams: Seams): Sockets {
  const replay = openReplay(app.sql, {
    "message:new": renderMessages,
    "message:seen": renderOwnData,
    "message:deleted": renderOwnData,
    "notification:new": renderNotifications,
    "notification:seen": renderOwnData,
    "admin:user_banned": renderBan,
    "admin:video_deleted": renderVideoDeleted,
    "admin:report_resolved": renderOwnData,
  });
  const sockets = new Sockets({
    gate: gateOf(app),
    confirmations,
    handshake: seams.handshake,
    broker: app.broker,
    clock: app.clock,
    log: app.log,
    replay: seams.replay?.(replay) ?? replay,
    handlers: {
      "message:mark_seen": async ({ identity }, wanted) => void (await markSeen(app, identity.userId, wanted)),
      "notification:mark_seen": async ({ identity }, { notificationIds }) =>
        void (await markNotificationsSeen(app, identity.userId, notificationIds)),
      "message:typing": ({ identity }, data) => typing.set(identity.userId, data.conversationWith, data.isTyping),
    },
    heardFrom: (userId) => app.activity.note(userId),
    spend: async (userId) => (await app.limits.messages.spend(userId)) === 0,
    spendTyping: async (userId) => (await app.limits.typing.spend(userId)) === 0,
    explain: asFrameError,
  });
  app.broker.onReceive((publication) => {
    if (publication.kind === "access") accessChanged(app, sockets, publication.userId);
    else sockets.hub.receive(publication);
  });
  return sockets;
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

/** An account or a session changed: nothing remembered of it counts, and its sockets are looked at again. */
function accessChanged(app: App, sockets: Sockets, userId: number): void {
  app.principals.forget(userId);
  sockets.hub.receive({ kind: "access", userId });
}

type Working = { app: App; sockets: Sockets; confirmations: Confirmations; typing: Typing; feed: AccessFeed };

function startJobs({ app, sockets, confirmations, typing, feed }: Working): Jobs {
  let isDatabaseAway = false;
  const jobs = new Jobs(app.log);
  jobs.every(200, "sweep sockets", () => sockets.sweep.tick());
  jobs.every(500, "end typing", () => typing.tick());
  jobs.every(250, "save confirmations", () => confirmations.flush());
  jobs.every(250, "follow access changes", async () => {
    const wasAway = isDatabaseAway;
    isDatabaseAway = true;
    await feed.poll();
    // What was committed while connections broke may never have been published.
    if (wasAway) await sockets.repair();
    isDatabaseAway = false;
  });
  jobs.every(1000, "write activity", () => app.activity.flush());
  jobs.every(60_000, "tidy statistics", () => tidyStatistics(app));
  jobs.every(1000, "end expired bans", () => endExpiredBans(app));
  jobs.every(HEARTBEAT_MS, "repair streams", () => sockets.repair());
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
  return Bun.serve({
    hostname: app.config.host,
    port: app.config.port,
    idleTimeout: 30,
    // What a body may hold is decided by each route; the runtime must not answer in our place.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    fetch(request, server) {
      const wantsSocket = SOCKET_PATH.test(request.url) && /^websocket$/i.test(request.headers.get("upgrade") ?? "");
      if (wantsSocket && isServing() && sockets.upgrade(request, server)) return;
      return api.fetch(request, { app, address: server.requestIP(request)?.address ?? "unknown" });
    },
    error(thrown) {
      app.log.error({ err: thrown }, "a request failed before it was routed");
      return Response.json(errorBody(asApiError(thrown), crypto.randomUUID()), { status: 500 });
    },
    websocket: sockets.websocket,
  });
}
