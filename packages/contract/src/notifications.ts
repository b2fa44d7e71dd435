import { z } from "zod";
import { BeforeId, Count, Flag, Id, page, Timestamp } from "./fields.ts";
import { MAX_SEEN_IDS } from "./messages.ts";

export const NotificationType = z.enum([
  "like",
  "comment",
  "follow",
  "reply",
  "mention",
  "admin_delete",
  "admin_resolve",
  "admin_warning",
]);
export type NotificationType = z.infer<typeof NotificationType>;

/** Who stands as the actor of what moderators did; no account has that id. Deployed clients read `actor.username`. */
export const MODERATION = { id: 0, username: "moderation", avatarUrl: null } as const;

/** Who caused a notification; never a moderator by name. */
export const NotificationActor = z
  .strictObject({
    id: z.int().nonnegative().meta({ description: "0: moderation, which is nobody's account.", example: 7 }),
    username: z.string(),
    avatarUrl: z.string().nullable(),
  })
  .meta({
    id: "NotificationActor",
    description:
      'Who caused it. Of the `admin_…` types `{"id":0,"username":"moderation","avatarUrl":null}`: never a name.',
  });

/** What a notification is about, when there is something to show. */
export const NotificationTarget = z
  .strictObject({
    type: z.enum(["video", "comment", "message", "user"]),
    id: Id,
    title: z.string(),
    thumbUrl: z.string().nullable(),
  })
  .meta({
    id: "NotificationTarget",
    description: "What it is about, to show beside it; of a warning, whatever it is about.",
  });

/**
 * `refId`: the video for like, comment, reply, mention and admin_delete; the follower for follow; the report for
 * admin_resolve; the target for admin_warning. `admin_…` types, and no other, carry `reason` and `decisionId`.
 */
export const Notification = z
  .strictObject({
    id: Id,
    userId: Id,
    type: NotificationType,
    refId: Id,
    createdAt: Timestamp,
    seen: z.boolean(),
    actor: NotificationActor,
    target: z.union([NotificationTarget, z.null()]),
    reason: z.string().nullable().optional().meta({ description: "Of the `admin_…` types, and of no other." }),
    decisionId: Id.nullable().optional().meta({ description: "Of the `admin_…` types: what an appeal names." }),
  })
  .meta({
    id: "Notification",
    description:
      "Something that happened to a user. `refId`: the video of like, comment, reply, mention and admin_delete; the " +
      "follower of follow; the report of admin_resolve; the target of admin_warning.",
  });
export type Notification = z.infer<typeof Notification>;

export const NotificationsQuery = page(50).extend({
  beforeId: BeforeId,
  type: NotificationType.optional().meta({ description: "Only those of one type." }),
  unseen: Flag.meta({ type: "boolean", description: "true: only those that are unseen." }).optional(),
});

const ids = z.array(Id).max(MAX_SEEN_IDS);

/** Several ids, or one. */
export const MarkNotificationsSeen = z
  .object({ notificationIds: ids.nullish(), notificationId: Id.nullish() })
  .refine((body) => body.notificationIds != null || body.notificationId != null, {
    path: ["notificationIds"],
    message: "is required",
  })
  .meta({
    id: "MarkNotificationsSeen",
    description: "The ids of notifications, or the id of one. Others' and unknown ones are ignored.",
    example: { notificationIds: [41, 42] },
  });

export const NotificationsSeen = z
  .strictObject({ updated: ids, updatedCount: Count, upToId: z.union([Id, z.null()]), unseenCount: Count })
  .meta({
    id: "NotificationsSeen",
    description: "What changed: the newest 500 of `updatedCount` ids, the highest of them, and what is left unseen.",
  });
export type NotificationsSeen = z.infer<typeof NotificationsSeen>;
