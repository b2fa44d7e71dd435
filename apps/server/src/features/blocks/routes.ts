import { Changed, IdPath, page, User } from "@reelay/contract";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { answer, createRouter, failures, query, route } from "../../http/router.ts";
import { blockUser, listBlocked, unblockUser } from "./blocks.ts";

const tags = ["Blocks"];

export const blockRoutes = createRouter();

blockRoutes.openapi(
  route({
    id: "blockUser",
    access: "user",
    method: "post",
    path: "/users/{id}/block",
    tags,
    description:
      "Neither follows, likes, comments on, writes to or notifies the other any more. They get no notice of it.",
    summary: "Block a user",
    request: { params: IdPath },
    responses: { 200: answer("Blocked", Changed), ...failures("USER_NOT_FOUND", "SELF_BLOCK") },
  }),
  async (c) => c.json(await blockUser(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

blockRoutes.openapi(
  route({
    id: "unblockUser",
    access: "user",
    method: "delete",
    path: "/users/{id}/block",
    tags,
    description: "What the block ended does not come back by itself.",
    summary: "Unblock a user",
    request: { params: IdPath },
    responses: { 200: answer("Not blocked", Changed), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => c.json(await unblockUser(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

blockRoutes.openapi(
  route({
    id: "listBlockedUsers",
    access: "user",
    method: "get",
    path: "/users/me/blocks",
    tags,
    description: "Only the caller sees that list.",
    summary: "List the users whom you have blocked",
    middleware: [eventCursor],
    request: { query: query(page()) },
    responses: { 200: answer("The latest first", z.array(User)) },
  }),
  async (c) => c.json(await listBlocked(c.env.app, actorOf(c), c.req.valid("query")), 200),
);
