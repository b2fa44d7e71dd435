import type { DurableType, EphemeralType, EventData, EventType, LatestType } from "@reelay/contract";
import type { Appended } from "./append.ts";

/**
 * What travels from the transaction that made it to the sockets of one user.
 * `durable` is decided by `seq`, `latest` by `rev`; `access` carries nothing: it says that the account or one of its
 * sessions changed and every socket of the user must be checked against the database again.
 */
export type Publication =
  | { kind: "durable"; userId: number; seq: number; frame: string }
  | { kind: "latest"; userId: number; type: LatestType; rev: number; frame: string }
  | { kind: "ephemeral"; userId: number; frame: string }
  | { kind: "access"; userId: number };

/** A latest-wins value. */
export type Counter = Extract<Publication, { kind: "latest" }>;

/** The text of an event, exactly as a plain client receives it. */
export function frameOf<T extends EventType>(type: T, data: EventData<T>): string {
  return JSON.stringify({ type, data });
}

export function durable<T extends DurableType>(appended: Appended, type: T, data: EventData<T>): Publication {
  if (appended.seq === null) throw new Error(`${type} was appended without a number`);
  return { kind: "durable", userId: appended.userId, seq: appended.seq, frame: frameOf(type, data) };
}

export function unreadCount(appended: Omit<Appended, "seq">): Counter {
  return latest(appended, "message:unread_count", appended.unreadMessages);
}

export function unseenCount(appended: Omit<Appended, "seq">): Counter {
  return latest(appended, "notification:unseen_count", appended.unseenNotifications);
}

export function ephemeral<T extends EphemeralType>(userId: number, type: T, data: EventData<T>): Publication {
  return { kind: "ephemeral", userId, frame: frameOf(type, data) };
}

export function accessChanged(userId: number): Publication {
  return { kind: "access", userId };
}

function latest(head: Omit<Appended, "seq">, type: LatestType, count: number): Counter {
  return { kind: "latest", userId: head.userId, type, rev: head.rev, frame: frameOf(type, { count }) };
}
