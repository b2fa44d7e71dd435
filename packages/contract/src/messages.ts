import { z } from "zod";
import { Person } from "./accounts.ts";
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
export const MessageData = z.strictObject(messageFields).meta({ id: "MessageData" });
export type MessageData = z.infer<typeof MessageData>;

/** A message as REST answers it to one of the two. `clientId` is the sender's own and only he gets it. */
export const Message = z.strictObject({ ...messageFields, clientId: z.string().optional() }).meta({ id: "Message" });
export type Message = z.infer<typeof Message>;

export const MessageInList = z
  .strictObject({ ...messageFields, clientId: z.string().optional(), sender: Person, receiver: Person })
  .meta({ id: "MessageInList" });
export type MessageInList = z.infer<typeof MessageInList>;

export const SendMessage = z
  .object({ receiverId: Id, content: text(1, 5000), clientId: text(1, 128).optional() })
  .meta({ id: "SendMessage" });
export type SendMessage = z.infer<typeof SendMessage>;

/** At least one of the two; both mean the intersection. */
export const MarkMessagesSeen = z
  .object({ conversationWith: Id.nullish(), messageIds: z.array(Id).max(MAX_SEEN_IDS).nullish() })
  .refine((body) => body.conversationWith != null || body.messageIds != null, {
    path: ["conversationWith"],
    message: "conversationWith or messageIds is required",
  })
  .meta({ id: "MarkMessagesSeen" });
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
  .meta({ id: "MessagesSeen" });
export type MessagesSeen = z.infer<typeof MessagesSeen>;

export const Conversation = z
  .strictObject({
    userId: Id,
    username: z.string(),
    fullName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    lastMessage: Message,
    unreadCount: Count,
  })
  .meta({ id: "Conversation" });
export type Conversation = z.infer<typeof Conversation>;
