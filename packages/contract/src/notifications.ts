import { z } from "zod";
import { Count, Id, IdParam, page, Timestamp } from "./fields.ts";
import { MAX_SEEN_IDS } from "./messages.ts";

export const NotificationType = z.enum([
  "like",
  "comment",
  "follow",
  "reply",
  "mention",
  "admin_delete",
  "admin_resolve",
]);
export type NotificationType = z.infer<typeof NotificationType>;

/** Who caused a notification; never a moderator. */
export const NotificationActor = z
  .strictObject({ id: Id, username: z.string(), avatarUrl: z.string().nullable() })
  .meta({ id: "NotificationActor" });

/** What a notification is about, when there is something to show. */
export const NotificationTarget = z
  .strictObject({ type: z.literal("video"), id: Id, title: z.string(), thumbUrl: z.string().nullable() })
  .meta({ id: "NotificationTarget" });

/**
 * `refId`: the video for like, comment, reply, mention and admin_delete; the follower for follow; the report for
 * admin_resolve.
 */
export const Notification = z
  .strictObject({
    id: Id,
    userId: Id,
    type: NotificationType,
    refId: Id,
    createdAt: Timestamp,
    seen: z.boolean(),
    actor: z.union([NotificationActor, z.null()]),
    target: z.union([NotificationTarget, z.null()]),
  })
  .meta({ id: "Notification" });
export type Notification = z.infer<typeof Notification>;

export const NotificationsQuery = page(50).extend({
  beforeId: IdParam.optional(),
  type: NotificationType.optional(),
  unseen: z.enum(["true", "false", "1", "0"]).optional(),
});

const ids = z.array(Id).max(MAX_SEEN_IDS);

/** Several ids, or one. */
export const MarkNotificationsSeen = z
  .object({ notificationIds: ids.nullish(), notificationId: Id.nullish() })
  .refine((body) => body.notificationIds != null || body.notificationId != null, {
    path: ["notificationIds"],
    message: "is required",
  })
  .meta({ id: "MarkNotificationsSeen" });

export const NotificationsSeen = z
  .strictObject({ updated: ids, updatedCount: Count, upToId: z.union([Id, z.null()]), unseenCount: Count })
  .meta({ id: "NotificationsSeen" });
export type NotificationsSeen = z.infer<typeof NotificationsSeen>;
