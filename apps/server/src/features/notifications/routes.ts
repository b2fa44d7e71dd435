import {
  Changed,
  Count,
  IdPath,
  MarkNotificationsSeen,
  Notification,
  NotificationsQuery,
  NotificationsSeen,
} from "@reelay/contract";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { countUnseen, deleteNotification, listNotifications, markNotificationsSeen } from "./notifications.ts";

const tags = ["Notifications"];

export const notificationRoutes = createRouter();

notificationRoutes.openapi(
  route({
    id: "listNotifications",
    access: "user",
    method: "get",
    path: "/notifications",
    tags,
    description: "Likes, comments, replies, mentions, follows, and what moderators decided about one's own things.",
    summary: "List notifications, newest first",
    middleware: [eventCursor],
    request: { query: query(NotificationsQuery) },
    responses: { 200: answer("A page", z.array(Notification)) },
  }),
  async (c) => c.json(await listNotifications(c.env.app, actorOf(c).userId, c.req.valid("query")), 200),
);

notificationRoutes.openapi(
  route({
    id: "countUnseenNotifications",
    access: "user",
    method: "get",
    path: "/notifications/unseen/count",
    tags,
    description: "The same number as `notification:unseen_count` brings over the socket.",
    summary: "Count unseen notifications",
    responses: { 200: answer("A bare number", Count) },
  }),
  async (c) => c.json(await countUnseen(c.env.app.sql, actorOf(c).userId), 200),
);

notificationRoutes.openapi(
  route({
    id: "markNotificationsSeen",
    access: "user",
    method: "post",
    path: "/notifications/mark-seen",
    tags,
    description: "Ids that are not the caller's are ignored.",
    summary: "Mark notifications as seen",
    request: { body: json(MarkNotificationsSeen) },
    responses: { 200: answer("What changed", NotificationsSeen) },
  }),
  async (c) => {
    const { notificationIds, notificationId } = c.req.valid("json");
    const ids = [...(notificationIds ?? []), ...(notificationId ? [notificationId] : [])];
    return c.json(await markNotificationsSeen(c.env.app, actorOf(c).userId, ids), 200);
  },
);

notificationRoutes.openapi(
  route({
    id: "markAllNotificationsSeen",
    access: "user",
    method: "post",
    path: "/notifications/mark-all-seen",
    tags,
    description: "`updated` names the newest 500 of those that changed.",
    summary: "Mark all notifications as seen",
    responses: { 200: answer("What changed", NotificationsSeen) },
  }),
  async (c) => c.json(await markNotificationsSeen(c.env.app, actorOf(c).userId, null), 200),
);

notificationRoutes.openapi(
  route({
    id: "deleteNotification",
    access: "user",
    method: "delete",
    path: "/notifications/{id}",
    tags,
    description: "For good, and out of the count when it was unseen.",
    summary: "Delete a notification",
    request: { params: IdPath },
    responses: { 200: answer("Removed", Changed), ...failures("NOTIFICATION_NOT_FOUND") },
  }),
  async (c) => {
    const changed = await deleteNotification(c.env.app, actorOf(c).userId, c.req.valid("param").id);
    return c.json({ success: true as const, changed }, 200);
  },
);
