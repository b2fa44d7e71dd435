import type { DurableType, EphemeralType, EventData, EventType, LatestType } from "@reelay/contract";

/**
 * What travels from the transaction that made it to the sockets of one user.
 * `durable` is decided by `seq`, and by its mark and that of the event before, `latest` by `rev`. `log_advanced` says that the log reaches that far. `stale`, for resumable
 * sockets, that something changed without an event. `access` that the account or one of its sessions changed: every
 * socket of the user must be checked against the database again. `evict` that a socket of the user finds no room: one
 * that stopped answering is to give up its place.
 */
export type Publication =
  | { kind: "durable"; userId: number; seq: number; mark: number; afterMark: number; type: DurableType; frame: string }
  | { kind: "latest"; userId: number; type: LatestType; rev: number; frame: string }
  | { kind: "ephemeral"; userId: number; frame: string }
  | { kind: "log_advanced"; userId: number; seq: number }
  | { kind: "stale"; userId: number; frame: string }
  | { kind: "access"; userId: number }
  | { kind: "evict"; userId: number };

/** Where an event stands in its user's log. */
type Placed = { userId: number; seq: number; mark: number; afterMark: number };
/** A user's counters, and the revision of their stream that they belong to. */
type Counted = { userId: number; rev: number; unreadMessages: number; unseenNotifications: number };

/** A latest-wins value. */
export type Counter = Extract<Publication, { kind: "latest" }>;

/** The text of an event, exactly as a plain client receives it. */
export function frameOf<T extends EventType>(type: T, data: EventData<T>): string {
  return JSON.stringify({ type, data });
}

/** The same text as a resumable client receives it: with its place in the log. */
export function positioned(frame: string, seq: number, cursor: string): string {
  return `${frame.slice(0, -1)},"seq":${seq},"cursor":"${cursor}"}`;
}

export function durable<T extends DurableType>(
  { userId, seq, mark, afterMark }: Placed,
  type: T,
  data: EventData<T>,
): Publication {
  return { kind: "durable", userId, seq, mark, afterMark, type, frame: frameOf(type, data) };
}

export function unreadCount(appended: Counted): Counter {
  return latest(appended, "message:unread_count", appended.unreadMessages);
}

export function unseenCount(appended: Counted): Counter {
  return latest(appended, "notification:unseen_count", appended.unseenNotifications);
}

export function ephemeral<T extends EphemeralType>(userId: number, type: T, data: EventData<T>): Publication {
  return { kind: "ephemeral", userId, frame: frameOf(type, data) };
}

/** Something without an event of its own has changed what these paths return. */
export function stale(userId: number, refetch: string[]): Publication {
  return { kind: "stale", userId, frame: frameOf("sync:stale", { refetch }) };
}

function latest(head: Counted, type: LatestType, count: number): Counter {
  return { kind: "latest", userId: head.userId, type, rev: head.rev, frame: frameOf(type, { count }) };
}
