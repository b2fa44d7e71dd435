import {
  assertNever,
  CLIENT_FRAME_ALIASES,
  CLIENT_FRAMES,
  CLOSE,
  type ClientFrame,
  type ClientFrameData,
  type ClientFrameType,
  camelKeys,
  type FrameErrorCode,
  LIFE_SIGNS,
  parseClientFrame,
} from "@reelay/contract";
import type { Authenticator } from "../access/authenticator.ts";
import type { Confirmations } from "../delivery/confirmations.ts";
import type { Clock } from "../platform/clock.ts";
import type { Connection } from "./connection.ts";

/** What the application does with a frame, by type. Called one at a time for a socket, in order. */
export type FrameHandlers = {
  [T in Exclude<ClientFrameType, "auth:refresh" | "ack">]: (
    connection: Connection,
    data: ClientFrameData<T>,
  ) => Promise<void>;
};

export type InboundServices = {
  handlers: FrameHandlers;
  authenticator: Authenticator;
  confirmations: Confirmations;
  clock: Clock;
  /** Called for every frame that is an action of the user. */
  onActivity(userId: number): void;
  /** Takes one from the user's budget; false when it is used up. */
  allowFrame(userId: number): Promise<boolean>;
  /** Like `allowFrame`, for typing. */
  allowTyping(userId: number): Promise<boolean>;
  /** What a client is sent of an error that a handler threw. */
  toFrameError(error: unknown): { code: FrameErrorCode; message: string };
};

/** How often a client went on over its budget within a window. */
export type Breaches = { count: number; sinceMs: number };

/** A frame that makes sense. A life sign asks for nothing. */
export type InboundFrame = { type: "life_sign" } | ClientFrame;

/** `typing` is dropped over its budget, `message` is an error. */
type Budget = "typing" | "message";

/** A frame, or what is wrong with it: the budget is spent all the same. */
export type ParsedFrame = { ok: true; frame: InboundFrame } | { ok: false; problem: string; budget: Budget };

const BREACH_WINDOW_MS = 60_000;
const MAX_BREACHES = 20;

export function parseFrame(raw: string | Buffer): ParsedFrame {
  const value = typeof raw === "string" ? parseJson(raw) : undefined;
  if (typeof value?.type !== "string") return { ok: false, problem: "Not a frame.", budget: "message" };
  if (LIFE_SIGNS.has(value.type)) return { ok: true, frame: { type: "life_sign" } };
  const type = typeNamed(value.type);
  if (!type) return { ok: false, problem: "Unknown type.", budget: "message" };
  const parsed = parseClientFrame(type, camelKeys(value.data));
  if (parsed.frame) return { ok: true, frame: parsed.frame };
  const { issue } = parsed;
  return { ok: false, problem: `data.${issue.path.join(".")}: ${issue.message}`, budget: budgetOf(type) };
}

/** Handles a frame to the end. Whatever goes wrong becomes an `error` frame. */
export async function handleFrame(
  connection: Connection,
  parsed: ParsedFrame,
  socket: { breaches: Breaches | null },
  services: InboundServices,
): Promise<void> {
  const { userId } = connection.caller;
  services.onActivity(userId);
  try {
    const budget = parsed.ok ? budgetOf(parsed.frame.type) : parsed.budget;
    const isAllowed = await (budget === "typing" ? services.allowTyping(userId) : services.allowFrame(userId));
    if (!isAllowed && budget === "message") noteBreach(connection, socket, services.clock);
    if (!isAllowed) return;
    if (parsed.ok) await perform(connection, parsed.frame, services);
    else sendError(connection, services.clock, "INVALID_MESSAGE", parsed.problem);
  } catch (error) {
    const { code, message } = services.toFrameError(error);
    sendError(connection, services.clock, code, message);
  }
}

function parseJson(raw: string): { type?: unknown; data?: unknown } | null | undefined {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function typeNamed(name: string): ClientFrameType | undefined {
  if (Object.hasOwn(CLIENT_FRAME_ALIASES, name)) return CLIENT_FRAME_ALIASES[name];
  return Object.hasOwn(CLIENT_FRAMES, name) ? (name as ClientFrameType) : undefined;
}

function budgetOf(type: InboundFrame["type"]): Budget {
  return type === "message:typing" ? "typing" : "message";
}

async function perform(connection: Connection, frame: InboundFrame, services: InboundServices): Promise<void> {
  switch (frame.type) {
    case "message:mark_seen":
      return await services.handlers["message:mark_seen"](connection, frame.data);
    case "notification:mark_seen":
      return await services.handlers["notification:mark_seen"](connection, frame.data);
    case "message:typing":
      return await services.handlers["message:typing"](connection, frame.data);
    case "auth:refresh":
      return await refresh(connection, frame.data, services);
    // These take no place in the queue: they are handled when they come.
    case "ack":
    case "life_sign":
      return;
    default:
      assertNever(frame);
  }
}

async function refresh(
  connection: Connection,
  { token }: ClientFrameData<"auth:refresh">,
  { authenticator, confirmations, clock }: InboundServices,
): Promise<void> {
  const caller = await authenticator.authenticate(token);
  const before = connection.caller;
  if (caller?.userId !== before.userId) return refuseToken(connection, clock);
  // Before its standing is read: a logout that comes meanwhile must find the session it ends.
  connection.switchSession(caller);
  if ((await authenticator.standing(caller)).kind === "good") {
    // As in the handshake: the session has a place from now on, also when nothing was confirmed yet.
    if (!connection.isResumable) await confirmations.place({ ...caller, at: connection.confirmed });
    return;
  }
  connection.switchSession(before);
  if ((await authenticator.standing(before)).kind !== "good") return connection.close(CLOSE.sessionRevoked);
  refuseToken(connection, clock);
}

function refuseToken(connection: Connection, clock: Clock): void {
  sendError(connection, clock, "UNAUTHORIZED", "That token is not valid for this connection.");
}

function noteBreach(connection: Connection, socket: { breaches: Breaches | null }, clock: Clock): void {
  const now = clock.monotonic();
  const isSameWindow = socket.breaches !== null && now - socket.breaches.sinceMs < BREACH_WINDOW_MS;
  const breaches = isSameWindow ? socket.breaches! : { count: 0, sinceMs: now };
  breaches.count++;
  socket.breaches = breaches;
  if (breaches.count >= MAX_BREACHES) return connection.close(CLOSE.abuse);
  sendError(connection, clock, "RATE_LIMIT", "Too many messages. Slow down.");
}

function sendError(connection: Connection, clock: Clock, code: FrameErrorCode, message: string): void {
  const timestamp = new Date(clock.now()).toISOString();
  connection.send(JSON.stringify({ type: "error", error: { code, message, timestamp } }));
}
