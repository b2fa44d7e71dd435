import { type Renderers, renderOwnData } from "./delivery/render.ts";
import { renderMessages, renderSentMessages } from "./features/messages/messages.ts";
import { renderBan } from "./features/moderation/bans.ts";
import { renderVideoDeleted } from "./features/moderation/takedowns.ts";
import { renderNotifications } from "./features/notifications/notify.ts";

/** How each durable event reads when it is taken from the log: by what it refers to as it is now, or by its own data. */
export const RENDERERS: Renderers = {
  "message:new": renderMessages,
  "message:sent": renderSentMessages,
  "message:seen": renderOwnData,
  "message:read": renderOwnData,
  "message:deleted": renderOwnData,
  "notification:new": renderNotifications,
  "notification:seen": renderOwnData,
  "notification:revoked": renderOwnData,
  "admin:user_banned": renderBan,
  "admin:video_deleted": renderVideoDeleted,
  "admin:report_resolved": renderOwnData,
  "sync:stale": renderOwnData,
};
