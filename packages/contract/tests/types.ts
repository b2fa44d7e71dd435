/**
 * What the types promise to a client, checked by the compiler with packages/contract/tsconfig.json: an expected error
 * that does not come fails that check, as an unexpected one does. Nothing here runs.
 */
import {
  assertNever,
  type ClientFrame,
  type DurableType,
  type EventType,
  type LoggedEvent,
  type PlainFrame,
  type ResumableFrame,
  type ServerEvent,
  type SyncFrameType,
} from "@reelay/contract";

/** A switch over every type compiles, and narrows `data` to what the type carries. */
export function handle(event: ServerEvent): unknown {
  switch (event.type) {
    case "connected":
      return event.userId;
    case "ping":
      return event.timestamp;
    case "error":
      return event.error.code;
    case "message:new":
      return [event.data.content, event.seq, event.cursor];
    case "message:sent":
      return event.data.clientId;
    case "message:seen":
    case "message:read":
      return event.data.messageIds;
    case "message:deleted":
      return event.data.messageId;
    case "message:typing":
      return event.data.isTyping;
    case "message:unread_count":
    case "notification:unseen_count":
      return event.data.count;
    case "notification:new":
      return event.data.actor.username;
    case "notification:seen":
    case "notification:revoked":
      return event.data.notificationIds;
    case "admin:user_banned":
      return event.data.bannedAt;
    case "admin:video_deleted":
      return event.data.videoId;
    case "admin:report_resolved":
      return event.data.result;
    case "staff:queue":
      return event.data.pending;
    case "sync:stale":
      return event.data.refetch;
    case "sync:hello":
      return [event.data.protocol, event.data.resume];
    case "sync:synced":
      return event.data.cursor;
    case "sync:reset":
      return event.data.reason;
    case "sync:reconnect":
      return event.data.afterMs;
    default:
      return assertNever(event);
  }
}

/** A switch that leaves a type out does not compile. */
export function forgetTyping(event: Exclude<ServerEvent, { type: Exclude<ServerEvent["type"], Forgotten> }>): unknown {
  switch (event.type) {
    case "message:new":
      return event.data.content;
    default:
      // @ts-expect-error: message:typing is left.
      return assertNever(event);
  }
}
type Forgotten = "message:new" | "message:typing";

export function confuse(event: ServerEvent): unknown {
  // @ts-expect-error: not every event has a count.
  if (event.type !== "ping") return event.data.count;
  // @ts-expect-error: there is no such type.
  return event.type === "message:gone";
}

/** Each list of types is exactly that of its frames: none is missing, none too many. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Control = "connected" | "ping" | "error";
type ForResumable = "message:sent" | "message:read" | "notification:revoked" | "sync:stale";
export const everyType: Same<ServerEvent["type"], Control | "staff:queue" | EventType | SyncFrameType> = true;
export const plainTypes: Same<PlainFrame["type"], Control | Exclude<EventType, ForResumable>> = true;
export const resumableTypes: Same<ResumableFrame["type"], ServerEvent["type"]> = true;
export const loggedTypes: Same<LoggedEvent["type"], DurableType> = true;
// @ts-expect-error: pings are not logged.
export const loggedPing: Same<LoggedEvent["type"], DurableType | "ping"> = true;

/** A durable event on a resumable socket has a position, except for the two that may come without one. */
type Seq<T extends ResumableFrame["type"]> =
  Extract<ResumableFrame, { type: T }> extends { seq: number } ? true : false;
export const messageHasSeq: Seq<"message:new"> = true;
export const staleMayHaveNone: Seq<"sync:stale"> = false;
export const counterHasNone: Seq<"message:unread_count"> = false;

export const frame: ClientFrame = { type: "ack", data: { cursor: "" } };
// @ts-expect-error: an ack carries a cursor.
export const wrongFrame: ClientFrame = { type: "ack", data: { token: "" } };

// The contract is loaded by browsers: nothing of Bun, Node or the DOM is known to it.
// @ts-expect-error
export const buffer = Buffer.from("");
// @ts-expect-error
export const environment = process.env;
// @ts-expect-error
export const bun = Bun.version;
// @ts-expect-error
export const page = document.title;
