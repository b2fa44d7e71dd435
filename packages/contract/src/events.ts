import { z } from "zod";
import { Count, Id, Timestamp } from "./fields.ts";
import { MAX_SEEN_IDS, Message, MessageData } from "./messages.ts";
import { Notification } from "./notifications.ts";

/**
 * The classes of an event.
 * `durable`: gets a number in the user's log, survives everything, comes in order.
 * `latest`: an absolute value; only the newest matters, an older one that comes late is dropped.
 * `ephemeral`: worth nothing a moment later; sent to the sockets that are open.
 */
export type EventClass = "durable" | "latest" | "ephemeral";

/**
 * Paths below the base path whose content has changed without an event for each change.
 * @see SYNC_FRAMES
 */
export const Refetch = z.array(z.string()).meta({ example: ["/notifications"] });

/** What a client loads again after a reset. */
export const REFETCH_EVERYTHING = ["/users/me", "/messages/inbox", "/notifications", "/reports/my"];

/** Every event a server sends, with its class and the exact keys of its `data`. */
export const EVENTS = {
  "message:new": { class: "durable", data: MessageData },
  "message:seen": {
    class: "durable",
    data: z.strictObject({ messageIds: z.array(Id).max(MAX_SEEN_IDS), seenBy: Id, seenAt: Timestamp }),
  },
  "message:deleted": {
    class: "durable",
    data: z.strictObject({ messageId: Id, deletedBy: z.int().nonnegative(), deletedAt: Timestamp }),
  },
  "message:unread_count": { class: "latest", data: z.strictObject({ count: Count }) },
  "message:typing": {
    class: "ephemeral",
    data: z.strictObject({ userId: Id, conversationWith: Id, isTyping: z.boolean() }),
  },
  "notification:new": { class: "durable", data: Notification },
  "notification:seen": {
    class: "durable",
    data: z.strictObject({ notificationIds: z.array(Id).max(MAX_SEEN_IDS), seenAt: Timestamp }),
  },
  "notification:unseen_count": { class: "latest", data: z.strictObject({ count: Count }) },
  "admin:user_banned": {
    class: "durable",
    data: z.strictObject({ userId: Id, reason: z.string(), bannedAt: Timestamp }),
  },
  "admin:video_deleted": {
    class: "durable",
    data: z.strictObject({ videoId: Id, reason: z.string(), deletedAt: Timestamp }),
  },
  "admin:report_resolved": {
    class: "durable",
    data: z.strictObject({
      reportId: Id,
      status: z.enum(["resolved", "rejected"]),
      result: z.string(),
      resolvedAt: Timestamp,
    }),
  },
  "message:sent": { class: "durable", isForResumable: true, data: Message },
  "message:read": {
    class: "durable",
    isForResumable: true,
    data: z.strictObject({ conversationWith: Id, messageIds: z.array(Id).max(MAX_SEEN_IDS), seenAt: Timestamp }),
  },
  "notification:revoked": {
    class: "durable",
    isForResumable: true,
    data: z.strictObject({ notificationIds: z.array(Id).max(MAX_SEEN_IDS) }),
  },
  "sync:stale": { class: "durable", isForResumable: true, data: z.strictObject({ refetch: Refetch }) },
} as const satisfies Record<string, { class: EventClass; isForResumable?: true; data: z.ZodType }>;

/** Events that only resumable sockets get; to plain ones their numbers are passed over. */
export function isForResumable(type: EventType): boolean {
  return "isForResumable" in EVENTS[type];
}

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = z.infer<(typeof EVENTS)[T]["data"]>;

export type EventTypeOf<C extends EventClass> = {
  [T in EventType]: (typeof EVENTS)[T]["class"] extends C ? T : never;
}[EventType];
export type DurableType = EventTypeOf<"durable">;
export type LatestType = EventTypeOf<"latest">;
export type EphemeralType = EventTypeOf<"ephemeral">;
/** What plain sockets get. */
export type PlainType = {
  [T in EventType]: (typeof EVENTS)[T] extends { isForResumable: true } ? never : T;
}[EventType];

/** What each event means, for the documents of the API. */
export const EVENT_SUMMARIES: Record<EventType, string> = {
  "message:new": "Somebody sent this user a message",
  "message:seen": "Somebody has seen messages of this user; the newest 500 ids",
  "message:deleted": "A message was deleted, by its sender or by moderation (`deletedBy` 0); to both sides",
  "message:unread_count": "How many messages are unread, after every change",
  "message:typing": "`userId` began or stopped typing to this user, who is `conversationWith`",
  "notification:new": "Something happened to this user: a like, a comment, a follow, a moderator's decision",
  "notification:seen": "Notifications were marked as seen; to the user's own sockets",
  "notification:unseen_count": "How many notifications are unseen, after every change",
  "admin:video_deleted": "A moderator deleted this user's video",
  "admin:report_resolved": "A moderator decided this user's report",
  "admin:user_banned": "This account was banned; close code 4003 follows",
  "message:sent": "This user sent a message, from whichever device",
  "message:read": "This user has seen messages, on whichever device; the newest 500 ids",
  "notification:revoked": "Notifications were taken back: out of the list, and out of the count where they were unseen",
  "sync:stale": "What these paths answer has changed without an event for each change; load them again",
};
