import { CLOSE, type CloseReason } from "@reelay/contract";
import type { Authenticator } from "../access/authenticator.ts";
import type { Caller } from "../access/caller.ts";
import type { Standing } from "../access/standing.ts";
import type { Confirmations } from "../delivery/confirmations.ts";
import { type Position, placeOf, type Start, startFrom } from "../delivery/cursor.ts";
import { frameOf, unreadCount, unseenCount } from "../delivery/publication.ts";
import type { Replay, SessionHead } from "../delivery/replay.ts";
import type { Roster } from "../delivery/socket-counts.ts";
import { type Clock, wait } from "../platform/clock.ts";
import type { Connection } from "./connection.ts";
import { type Hub, MAX_SOCKETS_PER_USER } from "./hub.ts";

/** Why a socket is not let in, and what is still to be said to it. */
export type Refusal = { reason: CloseReason; lastWords?: string };

export type HandshakeServices = {
  hub: Hub;
  roster: Roster;
  authenticator: Authenticator;
  /** Takes one from what a user may open; false when it is used up. */
  allowConnect(userId: number): Promise<boolean>;
  replay: Replay;
  confirmations: Confirmations;
  /** Of this database: part of every cursor. */
  epoch: string;
  /** Asks the other nodes to close a socket of the user that stopped answering, each one. */
  evictElsewhere(userId: number): void;
  clock: Clock;
  /** Called when somebody was let in. */
  onActivity(userId: number): void;
};
export type Step = (connection: Connection, services: HandshakeServices) => Promise<Refusal | undefined>;

/**
 * What happens between a verified token and a live socket. The order is the correctness: the socket is registered and
 * the channel subscribed *before* account and log are read, so a ban or an event that is committed meanwhile is either
 * in what is read or arrives on the channel; and what arrives is only remembered until the backlog has been written.
 */
export const HANDSHAKE: Readonly<Record<"register" | "subscribe" | "recheck" | "place" | "greet" | "backlog", Step>> = {
  register,
  subscribe,
  recheck,
  place,
  greet,
  backlog,
};

/** How long other nodes have to close a silent socket, and how often it is looked whether one has. */
const EVICTION_MS = 1000;
const LOOK_EVERY_MS = 100;

async function register(connection: Connection, services: HandshakeServices): Promise<Refusal | undefined> {
  const { hub, authenticator } = services;
  const { userId } = connection.caller;
  // Before anything is spent: a token that is good for nothing must not use up what its owner may open.
  const refusal = refusalFor(
    await authenticator.cachedStanding(connection.caller),
    connection.caller,
    CLOSE.unauthorized,
  );
  if (refusal) return refusal;
  if (!(await services.allowConnect(userId))) return { reason: CLOSE.abuse };
  // It may have left meanwhile, and would never leave again.
  if (connection.isClosed()) return;
  const isAdded = hub.add(connection) || (evictSilent(userId, services) && hub.add(connection));
  return isAdded && (await enterOnAllNodes(connection, services)) ? undefined : { reason: CLOSE.tooManySockets };
}

/** Refused only when no node has a socket of the user that stopped answering. */
async function enterOnAllNodes(connection: Connection, services: HandshakeServices): Promise<boolean> {
  const { hub, roster, evictElsewhere } = services;
  const { userId } = connection.caller;
  const enter = () => roster.enter(userId, hub.countOf(userId), MAX_SOCKETS_PER_USER);
  if (await enter()) return true;
  if (evictSilent(userId, services) && (await enter())) return true;
  evictElsewhere(userId);
  for (let waitedMs = 0; waitedMs < EVICTION_MS && !connection.isClosed(); waitedMs += LOOK_EVERY_MS) {
    await wait(LOOK_EVERY_MS);
    if (!connection.isClosed() && (await enter())) return true;
  }
  return false;
}

/**
 * Closes one socket of the user on this node whose client has stopped answering. False when there is none, or when that
 * cannot be told: behind a pause of the process, answers may wait to be read.
 */
export function evictSilent(userId: number, { hub, roster }: Pick<HandshakeServices, "hub" | "roster">): boolean {
  if (hub.wasPaused()) return false;
  const silent = [...hub.of(userId)].find(({ liveness }) => liveness.hasStoppedAnswering());
  if (!silent) return false;
  hub.remove(silent);
  silent.close(CLOSE.silent);
  roster.leave(userId, hub.countOf(userId));
  return true;
}

async function subscribe(connection: Connection, { hub }: HandshakeServices): Promise<undefined> {
  await hub.subscribed(connection.caller.userId);
}

async function recheck(connection: Connection, { authenticator }: HandshakeServices): Promise<Refusal | undefined> {
  return refusalFor(await authenticator.standing(connection.caller), connection.caller, CLOSE.unauthorized);
}

/**
 * Where the session stands is in the database before it is told that it is connected: else what its user's other devices
 * confirm while it is away could move the start of its next connection past events it never got.
 */
async function place(connection: Connection, services: HandshakeServices): Promise<undefined> {
  const { userId, sessionId } = connection.caller;
  const unwritten = services.confirmations.unwritten(userId, sessionId);
  const stream = { epoch: services.epoch, userId };
  const { cursor } = connection;
  const wanted = cursor === null ? ((unwritten.session ?? unwritten.user)?.seq ?? 0) : placeOf(cursor, stream);
  const head = await services.replay.head(userId, sessionId, wanted);
  const start = cursor === null ? whereSessionStands(head, unwritten) : startFrom(cursor, stream, head);
  if (cursor === null && head.sessionConfirmed === null) {
    await services.confirmations.place({ userId, sessionId, at: start.at });
  }
  connection.outbox.ring(head.seq);
  connection.entry = { start, counters: [unreadCount({ userId, ...head }), unseenCount({ userId, ...head })] };
}

async function greet(connection: Connection, { onActivity }: HandshakeServices): Promise<undefined> {
  onActivity(connection.caller.userId);
  connection.greet();
}

async function backlog(connection: Connection): Promise<undefined> {
  const { entry } = connection;
  if (entry) await connection.startAt(entry.start, entry.counters);
}

type Unwritten = ReturnType<Confirmations["unwritten"]>;

/** A plain client goes on after what its session has proven to have; a new session, after what any of its user has. */
function whereSessionStands(head: SessionHead, { session, user }: Unwritten): Start {
  const isOfThisLog = (session ?? user)?.mark === head.markThere;
  const ofSession = greater(head.sessionConfirmed, isOfThisLog ? session : null);
  return { resume: "ok", at: ofSession ?? greater(head.userConfirmed, isOfThisLog ? user : null) };
}

/** The refusal a standing calls for, if any. A revoked session reads differently at the door and inside. */
export function refusalFor(standing: Standing, caller: Caller, revoked: CloseReason): Refusal | undefined {
  switch (standing.kind) {
    case "good":
      return;
    case "banned": {
      const { reason, bannedAt } = standing.ban;
      const lastWords = frameOf("admin:user_banned", { userId: caller.userId, reason, bannedAt });
      return { reason: CLOSE.banned, lastWords };
    }
    case "deleted":
      return { reason: CLOSE.deleted };
    case "revoked":
      return { reason: revoked };
  }
}

/** Of what the database has and what is not written yet. */
function greater<T extends Position | null>(written: T, unwritten: Position | null): T | Position {
  return unwritten && (!written || unwritten.seq > written.seq) ? unwritten : written;
}
