import { z } from "zod";
import { Person } from "./accounts.ts";
import { withAliases } from "./aliases.ts";
import { Count, Id, Timestamp, text } from "./fields.ts";

/** At most this many ids in one mark-seen call, in `updated` and in a seen event: a frame stays below 16 KB. */
export const MAX_SEEN_IDS = 500;

const messageFields = {
  id: Id,
  senderId: Id,
  receiverId: Id,
  content: z.string(),
  createdAt: Timestamp,
  seen: z.boolean(),
};

/** A message as `message:new` carries it. */
export const MessageData = z
  .strictObject(messageFields)
  .meta({ id: "MessageData", description: "A message as `message:new` brings it." });
export type MessageData = z.infer<typeof MessageData>;

/** A message as REST returns it to one of the two. Only the sender receives `clientId`. */
export const Message = z
  .strictObject({ ...messageFields, clientId: z.string().optional() })
  .meta({ id: "Message", description: "A message; `clientId`, when it was sent with one, for its sender only." });
export type Message = z.infer<typeof Message>;

export const MessageInList = z
  .strictObject({ ...messageFields, clientId: z.string().optional(), sender: Person, receiver: Person })
  .meta({ id: "MessageInList", description: "A message with the two whom it concerns." });
export type MessageInList = z.infer<typeof MessageInList>;

export const SendMessage = z
  .object({ receiverId: Id, content: text(1, 5000), clientId: text(1, 128).optional() })
  .meta({
    id: "SendMessage",
    description: "With a `clientId` of your own sending is idempotent: the same again answers the first message.",
    example: { receiverId: 7, content: "Are you there?", clientId: "0b9e7c52-1" },
  });
export type SendMessage = z.infer<typeof SendMessage>;

/** At least one of the two; both mean the intersection. */
export const MarkMessagesSeen = z
  .object({ conversationWith: Id.nullish(), messageIds: z.array(Id).max(MAX_SEEN_IDS).nullish() })
  .refine((body) => body.conversationWith != null || body.messageIds != null, {
    path: ["conversationWith"],
    message: "conversationWith or messageIds is required",
  })
  .meta({
    id: "MarkMessagesSeen",
    description: "Everything from one person, some messages, or (both) those of them that are from that person.",
    example: { conversationWith: 7, messageIds: [41, 42] },
  });
export type MarkMessagesSeen = z.infer<typeof MarkMessagesSeen>;

/** `updated` holds the newest 500 of `updatedCount` ids; `upToId` is the highest, null when nothing changed. */
export const MessagesSeen = z
  .strictObject({
    updated: z.array(Id).max(MAX_SEEN_IDS),
    updatedCount: Count,
    upToId: Id.nullable(),
    seenAt: Timestamp.nullable(),
    unreadCount: Count,
  })
  .meta({
    id: "MessagesSeen",
    description: "What changed: the newest 500 of `updatedCount` ids, the highest of them, and what is left unread.",
  });
export type MessagesSeen = z.infer<typeof MessagesSeen>;

export const Conversation = withAliases(
  "Conversation",
  z.strictObject({
    userId: Id,
    username: z.string(),
    fullName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    lastMessage: Message,
    unreadCount: Count,
  }),
  { id: "Conversation", description: "The other person, the last message, and how many are unread." },
);
export type Conversation = z.infer<typeof Conversation>;
