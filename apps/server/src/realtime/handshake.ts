import { CLOSE, type CloseReason } from "@reelay/contract";
import type { Authenticator } from "../access/authenticator.ts";
import type { Caller } from "../access/caller.ts";
import type { Standing } from "../access/standing.ts";
import type { Confirmations } from "../delivery/confirmations.ts";
import { type Position, placeOf, type Start, startFrom } from "../delivery/cursor.ts";
import { frameOf, unreadCount, unseenCount } from "../delivery/publication.ts";
import type { Replay, SessionHead } from "../delivery/replay.ts";
import type { SocketCounts } from "../delivery/socket-counts.ts";
import { type Clock, wait } from "../platform/clock.ts";
import type { Connection } from "./connection.ts";
import { type Hub, MAX_SOCKETS_PER_USER } from "./hub.ts";

/** Why a socket is not let in, and the frame that is still sent to it. */
export type Refusal = { reason: CloseReason; finalFrame?: string };

export type HandshakeServices = {
  hub: Hub;
  socketCounts: SocketCounts;
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
  /** Called when a client is let in. */
  onConnected(connection: Connection): void;
};

export type Step = (connection: Connection, services: HandshakeServices) => Promise<Refusal | undefined>;
/** Steps in their order, each with its name. */
export type Handshake = readonly (readonly [name: string, step: Step])[];

/**
 * What happens between a verified token and a live socket. The order is the correctness: the socket is registered and
 * the channel subscribed *before* account and log are read, so a ban or an event that is committed meanwhile is either
 * in what is read or arrives on the channel; and what arrives is only remembered until the backlog has been written.
 */
export const HANDSHAKE = [
  ["register", register],
  ["subscribe", subscribe],
  ["recheck", recheck],
  ["place", place],
  ["connected", sendConnected],
  ["backlog", writeBacklog],
] as const satisfies Handshake;

/** How long other nodes have to close a silent socket, and how often this one checks whether one has. */
const EVICTION_MS = 1000;
const LOOK_EVERY_MS = 100;

async function register(connection: Connection, services: HandshakeServices): Promise<Refusal | undefined> {
  const { hub, authenticator } = services;
  const { userId } = connection.caller;
  // Before anything is spent: a token that is not valid any more must not use up the sockets of its user.
  const refusal = refusalFor(
    await authenticator.cachedStanding(connection.caller),
    connection.caller,
    CLOSE.unauthorized,
  );
  if (refusal) return refusal;
  if (!(await services.allowConnect(userId))) return { reason: CLOSE.abuse };
  // A socket that left meanwhile would never leave again.
  if (connection.isClosed()) return;
  const isAdded = hub.add(connection) || (evictSilent(userId, services) && hub.add(connection));
  return isAdded && (await reserveOnAllNodes(connection, services)) ? undefined : { reason: CLOSE.tooManySockets };
}

/** Refused only when no node has a socket of the user that stopped answering. */
async function reserveOnAllNodes(connection: Connection, services: HandshakeServices): Promise<boolean> {
  const { hub, socketCounts, evictElsewhere } = services;
  const { userId } = connection.caller;
  const reserve = () => socketCounts.reserve(userId, hub.countOf(userId), MAX_SOCKETS_PER_USER);
  if (await reserve()) return true;
  if (evictSilent(userId, services) && (await reserve())) return true;
  evictElsewhere(userId);
  for (let waitedMs = 0; waitedMs < EVICTION_MS && !connection.isClosed(); waitedMs += LOOK_EVERY_MS) {
    await wait(LOOK_EVERY_MS);
    if (!connection.isClosed() && (await reserve())) return true;
  }
  return false;
}

/**
 * Closes one socket of the user on this node whose client has stopped answering. False when there is none, or when that
 * is not known: behind a pause of the process, pongs may wait to be read.
 */
export function evictSilent(
  userId: number,
  { hub, socketCounts }: Pick<HandshakeServices, "hub" | "socketCounts">,
): boolean {
  if (hub.wasPaused()) return false;
  const silent = [...hub.of(userId)].find((connection) => connection.hasStoppedAnswering());
  if (!silent) return false;
  hub.remove(silent);
  silent.close(CLOSE.silent);
  socketCounts.update(userId, hub.countOf(userId));
  return true;
}

async function subscribe(connection: Connection, { hub }: HandshakeServices): Promise<undefined> {
  await hub.subscribed(connection.caller.userId);
}

async function recheck(connection: Connection, { authenticator }: HandshakeServices): Promise<Refusal | undefined> {
  return refusalFor(await authenticator.standing(connection.caller), connection.caller, CLOSE.unauthorized);
}

/**
 * The place of the session is in the database before `connected` is sent: else what the user's other devices confirm while
 * this one is away could move the start of its next connection past events it never got.
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
  connection.placeAt(start, [unreadCount({ userId, ...head }), unseenCount({ userId, ...head })]);
}

async function sendConnected(connection: Connection, { onConnected }: HandshakeServices): Promise<undefined> {
  onConnected(connection);
  connection.sendConnected();
}

async function writeBacklog(connection: Connection): Promise<undefined> {
  await connection.startReplay();
}

type Unwritten = ReturnType<Confirmations["unwritten"]>;

/** A plain client goes on after what its session has proven to have; a new session, after what any of its user's has. */
function whereSessionStands(head: SessionHead, { session, user }: Unwritten): Start {
  const isOfThisLog = (session ?? user)?.mark === head.markThere;
  const ofSession = greater(head.sessionConfirmed, isOfThisLog ? session : null);
  return { resume: "ok", at: ofSession ?? greater(head.userConfirmed, isOfThisLog ? user : null) };
}

/** The refusal a standing calls for, if any. `revoked` is the reason for a session that ended: it depends on how far the socket is. */
export function refusalFor(standing: Standing, caller: Caller, revoked: CloseReason): Refusal | undefined {
  switch (standing.kind) {
    case "good":
      return;
    case "banned": {
      const { reason, bannedAt } = standing.ban;
      const finalFrame = frameOf("admin:user_banned", { userId: caller.userId, reason, bannedAt });
      return { reason: CLOSE.banned, finalFrame };
    }
    case "deleted":
      return { reason: CLOSE.deleted };
    case "revoked":
      return { reason: revoked };
  }
}

/** The higher of what the database has and what is not written yet. */
function greater<T extends Position | null>(written: T, unwritten: Position | null): T | Position {
  return unwritten && (!written || unwritten.seq > written.seq) ? unwritten : written;
}
