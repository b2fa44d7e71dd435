import { Changed, Comment, CreateComment, IdPath, keyset, page, UpdateComment } from "@reelay/contract";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendComment } from "../../http/limits.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { deleteComment, editComment, listComments } from "./comments.ts";
import { createComment } from "./create.ts";

const tags = ["Comments"];

export const commentRoutes = createRouter();

commentRoutes.openapi(
  route({
    id: "createComment",
    access: "user",
    method: "post",
    path: "/comments",
    tags,
    description: "Notifies the video's owner, the author that is answered, and whom `@username` names.",
    summary: "Comment on a video, or reply to a comment",
    middleware: [spendComment],
    request: { body: json(CreateComment) },
    responses: {
      201: answer("Made", Comment),
      200: answer("The same clientId again: the comment it made", Comment),
      ...failures("VIDEO_NOT_FOUND", "COMMENT_NOT_FOUND", "CANNOT_REACT", "IDEMPOTENCY_MISMATCH"),
    },
  }),
  async (c) => {
    const { comment, isNew } = await createComment(c.env.app, { ...c.req.valid("json"), userId: actorOf(c).userId });
    return c.json(comment, isNew ? 201 : 200);
  },
);

commentRoutes.openapi(
  route({
    id: "listComments",
    access: "anyone",
    method: "get",
    path: "/comments/video/{id}",
    tags,
    description: "Replies among them, with `parentId`. Hidden ones are for their authors, moderators and admins.",
    summary: "List the comments on a video, newest first",
    middleware: [eventCursor],
    request: { params: IdPath, query: query(page(100).extend(keyset(100).shape)) },
    responses: { 200: answer("A page", z.array(Comment)), ...failures("VIDEO_NOT_FOUND") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await listComments(c.env.app, c.var.actor, id, c.req.valid("query")), 200);
  },
);

commentRoutes.openapi(
  route({
    id: "updateComment",
    access: "user",
    method: "put",
    path: "/comments/{id}",
    tags,
    description: "Nobody is notified again.",
    summary: "Edit a comment of yours",
    middleware: [spendComment],
    request: { params: IdPath, body: json(UpdateComment) },
    responses: {
      200: answer("As it reads now", Comment),
      ...failures("COMMENT_NOT_FOUND", "FORBIDDEN", "CANNOT_REACT"),
    },
  }),
  async (c) => {
    const { content } = c.req.valid("json");
    return c.json(await editComment(c.env.app, actorOf(c), c.req.valid("param").id, content), 200);
  },
);

commentRoutes.openapi(
  route({
    id: "deleteComment",
    access: "user",
    method: "delete",
    path: "/comments/{id}",
    tags,
    description: "The notifications of it are taken back.",
    summary: "Delete a comment, as its author or as the video's owner",
    request: { params: IdPath },
    responses: { 200: answer("Removed", Changed), ...failures("COMMENT_NOT_FOUND", "FORBIDDEN") },
  }),
  async (c) => c.json(await deleteComment(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);
