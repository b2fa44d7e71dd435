import { Followers, Following, FollowResponse, IdPath, page } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendReaction } from "../../http/limits.ts";
import { answer, createRouter, failures, query, route } from "../../http/router.ts";
import { followUser, listFollowers, listFollowing, unfollowUser } from "./follows.ts";

const tags = ["Follows"];

export const followRoutes = createRouter();

for (const path of ["/users/{id}/follow", "/social/follow/{id}"]) {
  followRoutes.openapi(
    route({
      access: "user",
      method: "post",
      path,
      tags,
      description: "They are notified, once. Again changes nothing.",
      summary: "Follow somebody",
      middleware: [spendReaction],
      request: { params: IdPath },
      responses: {
        200: answer("Followed", FollowResponse),
        ...failures("USER_NOT_FOUND", "CANNOT_FOLLOW", "SELF_FOLLOW"),
      },
    }),
    async (c) => c.json(await followUser(c.env.app, actorOf(c), c.req.valid("param").id), 200),
  );
}

for (const path of ["/users/{id}/follow", "/social/unfollow/{id}"]) {
  followRoutes.openapi(
    route({
      access: "user",
      method: "delete",
      path,
      tags,
      description: "The notification of it is taken back. Again changes nothing.",
      summary: "Stop following somebody",
      middleware: [spendReaction],
      request: { params: IdPath },
      responses: { 200: answer("Not followed", FollowResponse), ...failures("USER_NOT_FOUND", "SELF_FOLLOW") },
    }),
    async (c) => c.json(await unfollowUser(c.env.app, actorOf(c), c.req.valid("param").id), 200),
  );
}

followRoutes.openapi(
  route({
    access: "anyone",
    method: "get",
    path: "/social/followers/{id}",
    tags,
    description: "`total` counts those whose accounts are banned, too.",
    summary: "Who follows a user, the latest first",
    middleware: [eventCursor],
    request: { params: IdPath, query: query(page(100)) },
    responses: { 200: answer("A page", Followers), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => c.json(await listFollowers(c.env.app, c.var.actor, c.req.valid("param").id, c.req.valid("query")), 200),
);

followRoutes.openapi(
  route({
    access: "anyone",
    method: "get",
    path: "/social/following/{id}",
    tags,
    description: "`total` counts those whose accounts are banned, too.",
    summary: "Whom a user follows, the latest first",
    middleware: [eventCursor],
    request: { params: IdPath, query: query(page(100)) },
    responses: { 200: answer("A page", Following), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => c.json(await listFollowing(c.env.app, c.var.actor, c.req.valid("param").id, c.req.valid("query")), 200),
);

followRoutes.openapi(
  route({
    access: "user",
    method: "get",
    path: "/follows/followers",
    tags,
    description: "The same as `GET /social/followers/{id}` with one's own id, as deployed clients call it.",
    summary: "Who follows the caller, the latest first",
    middleware: [eventCursor],
    request: { query: query(page(100)) },
    responses: { 200: answer("A page", Followers) },
  }),
  async (c) => c.json(await listFollowers(c.env.app, actorOf(c), actorOf(c).userId, c.req.valid("query")), 200),
);

followRoutes.openapi(
  route({
    access: "user",
    method: "get",
    path: "/follows/following",
    tags,
    description: "The same as `GET /social/following/{id}` with one's own id, as deployed clients call it.",
    summary: "Whom the caller follows, the latest first",
    middleware: [eventCursor],
    request: { query: query(page(100)) },
    responses: { 200: answer("A page", Following) },
  }),
  async (c) => c.json(await listFollowing(c.env.app, actorOf(c), actorOf(c).userId, c.req.valid("query")), 200),
);
