import type { OpenAPIHono } from "@hono/zod-openapi";
import { asyncApiDocument } from "@reelay/contract/asyncapi";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import { accountDeletionRoutes } from "./features/account-deletion/routes.ts";
import { authRoutes } from "./features/accounts/auth-routes.ts";
import { accountRoutes } from "./features/accounts/routes.ts";
import { adminListRoutes } from "./features/admin-lists/routes.ts";
import { appealRoutes } from "./features/appeals/routes.ts";
import { blockRoutes } from "./features/blocks/routes.ts";
import { bookmarkRoutes } from "./features/bookmarks/routes.ts";
import { commentRoutes } from "./features/comments/routes.ts";
import { downloadRoutes } from "./features/downloads/routes.ts";
import { eventRoutes } from "./features/events/routes.ts";
import { followRoutes } from "./features/follows/routes.ts";
import { likeRoutes } from "./features/likes/routes.ts";
import { messageRoutes } from "./features/messages/routes.ts";
import { bulkRoutes } from "./features/moderation/bulk-routes.ts";
import { contentActionRoutes } from "./features/moderation/content-routes.ts";
import { directRoutes } from "./features/moderation/direct-routes.ts";
import { moderationRoutes } from "./features/moderation/routes.ts";
import { userActionRoutes } from "./features/moderation/user-routes.ts";
import { noteRoutes } from "./features/notes/routes.ts";
import { notificationRoutes } from "./features/notifications/routes.ts";
import { queuedReportRoutes } from "./features/queue/report-routes.ts";
import { queueRoutes } from "./features/queue/routes.ts";
import { reportRoutes } from "./features/reports/routes.ts";
import { statsRoutes } from "./features/stats/routes.ts";
import { undoRoutes } from "./features/undo/routes.ts";
import { videoRoutes } from "./features/videos/routes.ts";
import { dashboardRoutes } from "./http/dashboard.ts";
import { docsRoutes } from "./http/docs-page.ts";
import type { Env } from "./http/env.ts";
import { handleError } from "./http/errors.ts";
import { healthRoutes } from "./http/health.ts";
import { openApiDocument } from "./http/openapi.ts";
import { requestLog } from "./http/request-log.ts";
import { refuseTarget } from "./http/request-target.ts";
import { createRouter } from "./http/router.ts";
import { noSniff } from "./http/security-headers.ts";
import { fail } from "./platform/api-error.ts";

const LOCALHOST = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export type ApiOptions = {
  /** Empty: any localhost origin. `*`: any origin, without credentials. */
  corsOrigins: readonly string[];
  /** False while the server stops. */
  isServing: () => boolean;
};

/** Everything that is answered over HTTP: what every request passes through, then the routes of each feature. */
export function createApi({ corsOrigins, isServing }: ApiOptions): OpenAPIHono<Env> {
  const api = createRouter();
  api.onError(handleError);
  api.notFound((c) => handleError(fail("NOT_FOUND"), c));
  api.use(requestLog);
  api.use(noSniff);
  api.use(crossOrigin(corsOrigins));
  api.use(refuseTarget);
  api.use(methodNotAllowed({ app: api, onMethodNotAllowed: refuseMethod }));
  api.route("/", healthRoutes(isServing));
  api.route("/api/v1", authRoutes);
  api.route("/api/v1", accountRoutes);
  api.route("/api/v1", followRoutes);
  api.route("/api/v1", blockRoutes);
  api.route("/api/v1", messageRoutes);
  api.route("/api/v1", notificationRoutes);
  api.route("/api/v1", eventRoutes);
  api.route("/api/v1", videoRoutes);
  api.route("/api/v1", likeRoutes);
  api.route("/api/v1", commentRoutes);
  api.route("/api/v1", bookmarkRoutes);
  api.route("/api/v1", accountDeletionRoutes);
  api.route("/api/v1", reportRoutes);
  api.route("/api/v1", moderationRoutes);
  api.route("/api/v1", directRoutes);
  api.route("/api/v1", queueRoutes);
  api.route("/api/v1", queuedReportRoutes);
  api.route("/api/v1", undoRoutes);
  api.route("/api/v1", noteRoutes);
  api.route("/api/v1", appealRoutes);
  api.route("/api/v1", userActionRoutes);
  api.route("/api/v1", contentActionRoutes);
  api.route("/api/v1", bulkRoutes);
  api.route("/api/v1", adminListRoutes);
  api.route("/api/v1", statsRoutes);
  api.route("/api/v1", downloadRoutes);
  for (const path of ["/api/v1/ws", "/api/v1/ws/:token"]) {
    api.get(path, () => {
      throw fail(isServing() ? "UPGRADE_REQUIRED" : "UNAVAILABLE");
    });
  }
  api.route("/", dashboardRoutes());
  api.route("/", docsRoutes({ openApi: () => openApiDocument(api), asyncApi: asyncApiDocument }));
  return api;
}

function crossOrigin(origins: readonly string[]) {
  const isAny = origins.includes("*");
  const isAllowed = (origin: string) => (origins.length === 0 ? LOCALHOST.test(origin) : origins.includes(origin));
  return cors({
    origin: isAny ? "*" : (origin) => (isAllowed(origin) ? origin : null),
    credentials: !isAny,
    allowMethods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
    exposeHeaders: ["X-Event-Cursor", "Retry-After", "X-Request-Id"],
    maxAge: 600,
  });
}

function refuseMethod(c: Parameters<typeof handleError>[1], methods: string[]): Response {
  c.header("Allow", methods.join(", "));
  return handleError(fail("METHOD_NOT_ALLOWED"), c);
}
