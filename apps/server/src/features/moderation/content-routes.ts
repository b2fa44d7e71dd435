import { AdminResponse, ChangeVisibility, DeleteComment, IdPath } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { documented, readFields } from "../../http/body.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, route } from "../../http/router.ts";
import { restoreComment, takeDownComment } from "./comment-takedowns.ts";
import { changeVisibility } from "./visibility.ts";

const tags = ["Admin"];

export const contentActionRoutes = createRouter();

contentActionRoutes.openapi(
  route({
    id: "changeVideoVisibility",
    access: "moderator",
    method: "put",
    path: "/admin/videos/{id}/visibility",
    tags,
    description: "As its owner could; they can change it back.",
    summary: "Change who sees a video; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(ChangeVisibility, "application/json") } },
    responses: { 200: answer("As asked", AdminResponse), ...failures("VIDEO_NOT_FOUND", "OWN_CASE") },
  }),
  async (c) => {
    const { visibility } = await readFields(c, ChangeVisibility);
    return c.json(await changeVisibility(c.env.app, actorOf(c), c.req.valid("param").id, visibility), 200);
  },
);

contentActionRoutes.openapi(
  route({
    id: "takeDownComment",
    access: "moderator",
    method: "delete",
    path: "/admin/comments/{id}",
    tags,
    description: "Gone for everybody at once, with its notifications. Can be restored until its text is purged.",
    summary: "Take a comment down; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(DeleteComment, "application/json") } },
    responses: { 200: answer("Deleted", AdminResponse), ...failures("COMMENT_NOT_FOUND", "OWN_CASE") },
  }),
  async (c) => {
    const { reason } = await readFields(c, DeleteComment);
    return c.json(await takeDownComment(c.env.app, actorOf(c), c.req.valid("param").id, reason), 200);
  },
);

contentActionRoutes.openapi(
  route({
    id: "restoreComment",
    access: "moderator",
    method: "post",
    path: "/admin/comments/{id}/restore",
    tags,
    description: "What its author or the video's owner deleted stays deleted. Nobody is notified again.",
    summary: "Restore a comment that a moderator took down",
    middleware: [spendAdminWrite],
    request: { params: IdPath },
    responses: {
      200: answer("Not deleted", AdminResponse),
      ...failures("COMMENT_NOT_FOUND", "OWN_CASE", "NOT_UNDOABLE"),
    },
  }),
  async (c) => c.json(await restoreComment(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);
