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
  /** Called for every frame that shows somebody is there. */
  onActivity(userId: number): void;
  /** Takes one from the user's budget; false when it is used up. */
  allowFrame(userId: number): Promise<boolean>;
  /** Like `allowFrame`, for typing. */
  allowTyping(userId: number): Promise<boolean>;
  /** What is told of an error a handler threw. */
  toFrameError(error: unknown): { code: FrameErrorCode; message: string };
};

const BREACH_WINDOW_MS = 60_000;
const MAX_BREACHES = 20;

const breaches = new WeakMap<Connection, { count: number; sinceMs: number }>();

export type ParsedFrame = { type: string; data: unknown };

/** Null when it is not a frame at all. */
export function parseFrame(raw: string | Buffer): ParsedFrame | null {
  if (typeof raw !== "string") return null;
  try {
    const value = JSON.parse(raw);
    return typeof value?.type === "string" ? { type: value.type, data: value.data } : null;
  } catch {
    return null;
  }
}

/** What a frame is that asks for nothing: it takes no place in the queue and no budget. `news` confirms something. */
export type Free = "news" | "ack" | "sign";

/** Handles a frame that needs no order, at once; null when it is another one. */
export function handleFree(connection: Connection | null, frame: ParsedFrame): Free | null {
  if (LIFE_SIGNS.has(frame.type)) return "sign";
  if (frame.type !== "ack") return null;
  const { success, data } = CLIENT_FRAMES.ack.safeParse(frame.data);
  if (!success) return null;
  return connection?.ack(data.cursor) ? "news" : "ack";
}

/** Handles any other inbound frame to the end. Whatever goes wrong becomes an `error` frame. */
export async function handleFrame(
  connection: Connection,
  frame: ParsedFrame | null,
  services: InboundServices,
): Promise<void> {
  services.onActivity(connection.caller.userId);
  try {
    const problem = await act(connection, frame, services);
    if (problem) sendError(connection, services.clock, "INVALID_MESSAGE", problem);
  } catch (error) {
    const { code, message } = services.toFrameError(error);
    sendError(connection, services.clock, code, message);
  }
}

/** Answers what is wrong with the frame itself, if anything. */
async function act(
  connection: Connection,
  frame: ParsedFrame | null,
  services: InboundServices,
): Promise<string | undefined> {
  const type = frame && (CLIENT_FRAME_ALIASES[frame.type] ?? (frame.type as ClientFrameType));
  const { userId } = connection.caller;
  if (type === "message:typing") {
    if (!(await services.allowTyping(userId))) return;
  } else if (!(await services.allowFrame(userId))) {
    breach(connection, services.clock);
    return;
  }
  if (!frame || !type || !Object.hasOwn(CLIENT_FRAMES, type)) return frame ? "Unknown type." : "Not a frame.";
  const parsed = parseClientFrame(type, camelKeys(frame.data));
  if (parsed.frame === null) return `data.${parsed.issue.path.join(".")}: ${parsed.issue.message}`;
  await handle(connection, parsed.frame, services);
}

async function handle(connection: Connection, frame: ClientFrame, services: InboundServices): Promise<void> {
  switch (frame.type) {
    case "message:mark_seen":
      return await services.handlers[frame.type](connection, frame.data);
    case "notification:mark_seen":
      return await services.handlers[frame.type](connection, frame.data);
    case "message:typing":
      return await services.handlers[frame.type](connection, frame.data);
    case "auth:refresh":
      return await refresh(connection, frame.data, services);
    case "ack":
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
  // Before it is looked at: a logout that comes meanwhile must find the session it ends.
  connection.become(caller);
  if ((await authenticator.standing(caller)).kind === "good") {
    // As at the door: also when nothing was confirmed yet, the session has a place from now on.
    if (connection.cursor === null) await confirmations.place({ ...caller, at: connection.receipts.confirmed });
    return;
  }
  connection.become(before);
  if ((await authenticator.standing(before)).kind !== "good") return connection.close(CLOSE.sessionRevoked);
  refuseToken(connection, clock);
}

function refuseToken(connection: Connection, clock: Clock): void {
  sendError(connection, clock, "UNAUTHORIZED", "That token is not valid for this connection.");
}

function breach(connection: Connection, clock: Clock): void {
  const now = clock.monotonic();
  const window = breaches.get(connection);
  const current = window && now - window.sinceMs < BREACH_WINDOW_MS ? window : { count: 0, sinceMs: now };
  current.count++;
  breaches.set(connection, current);
  if (current.count >= MAX_BREACHES) return connection.close(CLOSE.abuse);
  sendError(connection, clock, "RATE_LIMIT", "Too many messages. Slow down.");
}

function sendError(connection: Connection, clock: Clock, code: FrameErrorCode, message: string): void {
  const timestamp = new Date(clock.now()).toISOString();
  connection.send(JSON.stringify({ type: "error", error: { code, message, timestamp } }));
}
