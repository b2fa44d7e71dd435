import { AdminResponse, HideContent, IdPath, WarnUser } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { documented, readFields } from "../../http/body.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, route } from "../../http/router.ts";
import { hide, unhide, warnUser } from "./direct-measures.ts";

const tags = ["Admin"];

export const directRoutes = createRouter();

directRoutes.openapi(
  route({
    id: "warnUser",
    access: "moderator",
    method: "post",
    path: "/admin/users/{id}/warn",
    tags,
    description: "They are notified with the reason; reports on them that are pending are resolved.",
    summary: "Warn a user; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(WarnUser, "application/json") } },
    responses: { 200: answer("Warned", AdminResponse), ...failures("OWN_CASE", "FORBIDDEN", "USER_NOT_FOUND") },
  }),
  async (c) => {
    const { reason } = await readFields(c, WarnUser);
    return c.json(await warnUser(c.env.app, actorOf(c), c.req.valid("param").id, reason), 200);
  },
);

for (const { targetType, name, things, unknown } of [
  { targetType: "video", name: "Video", things: "videos", unknown: "VIDEO_NOT_FOUND" },
  { targetType: "comment", name: "Comment", things: "comments", unknown: "COMMENT_NOT_FOUND" },
] as const) {
  const request = { params: IdPath, body: { content: documented(HideContent, "application/json") } };
  const refusals = failures("OWN_CASE", "FORBIDDEN", unknown);

  directRoutes.openapi(
    route({
      id: `hide${name}`,
      access: "moderator",
      method: "post",
      path: `/admin/${things}/{id}/hide` as const,
      tags,
      description:
        "For everybody but its owner, who is notified with the reason; reports on it that are pending are resolved. " +
        "Counts stay as they are.",
      summary: `Hide a ${targetType}; fields in the body or the query`,
      middleware: [spendAdminWrite],
      request,
      responses: { 200: answer("Hidden", AdminResponse), ...refusals },
    }),
    async (c) => {
      const { reason } = await readFields(c, HideContent);
      const target = { targetType, targetId: c.req.valid("param").id };
      return c.json(await hide(c.env.app, actorOf(c), target, reason), 200);
    },
  );

  directRoutes.openapi(
    route({
      id: `unhide${name}`,
      access: "moderator",
      method: "post",
      path: `/admin/${things}/{id}/unhide` as const,
      tags,
      description:
        "Hidden by staff or by reports. Reports on it that are pending stay so, and hide it no more for a month.",
      summary: `Show a hidden ${targetType} again; fields in the body or the query`,
      middleware: [spendAdminWrite],
      request,
      responses: { 200: answer("Not hidden", AdminResponse), ...refusals },
    }),
    async (c) => {
      const { reason } = await readFields(c, HideContent);
      const target = { targetType, targetId: c.req.valid("param").id };
      return c.json(await unhide(c.env.app, actorOf(c), target, reason), 200);
    },
  );
}
