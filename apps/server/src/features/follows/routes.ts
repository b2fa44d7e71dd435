import { Followers, Following, FollowResponse, IdPath, page } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendReaction } from "../../http/limits.ts";
import { answer, createRouter, failures, query, route } from "../../http/router.ts";
import { followUser, listFollowers, listFollowing, unfollowUser } from "./follows.ts";

const tags = ["Follows"];

export const followRoutes = createRouter();

for (const alias of [
  { id: "followUser", path: "/users/{id}/follow" },
  { id: "followUserAlias", path: "/social/follow/{id}", deprecated: true },
]) {
  followRoutes.openapi(
    route({
      ...alias,
      access: "user",
      method: "post",
      tags,
      description: "They are notified, once. Again changes nothing.",
      summary: "Follow a user",
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

for (const alias of [
  { id: "unfollowUser", path: "/users/{id}/follow" },
  { id: "unfollowUserAlias", path: "/social/unfollow/{id}", deprecated: true },
]) {
  followRoutes.openapi(
    route({
      ...alias,
      access: "user",
      method: "delete",
      tags,
      description: "The notification of it is taken back. Again changes nothing.",
      summary: "Unfollow a user",
      middleware: [spendReaction],
      request: { params: IdPath },
      responses: { 200: answer("Not followed", FollowResponse), ...failures("USER_NOT_FOUND", "SELF_FOLLOW") },
    }),
    async (c) => c.json(await unfollowUser(c.env.app, actorOf(c), c.req.valid("param").id), 200),
  );
}

followRoutes.openapi(
  route({
    id: "listFollowers",
    access: "anyone",
    method: "get",
    path: "/social/followers/{id}",
    tags,
    description: "`total` counts those whose accounts are banned, too.",
    summary: "List the followers of a user, latest first",
    middleware: [eventCursor],
    request: { params: IdPath, query: query(page(100)) },
    responses: { 200: answer("A page", Followers), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => c.json(await listFollowers(c.env.app, c.var.actor, c.req.valid("param").id, c.req.valid("query")), 200),
);

followRoutes.openapi(
  route({
    id: "listFollowing",
    access: "anyone",
    method: "get",
    path: "/social/following/{id}",
    tags,
    description: "`total` counts those whose accounts are banned, too.",
    summary: "List the users whom a user follows, latest first",
    middleware: [eventCursor],
    request: { params: IdPath, query: query(page(100)) },
    responses: { 200: answer("A page", Following), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => c.json(await listFollowing(c.env.app, c.var.actor, c.req.valid("param").id, c.req.valid("query")), 200),
);

followRoutes.openapi(
  route({
    id: "listOwnFollowers",
    access: "user",
    method: "get",
    path: "/follows/followers",
    deprecated: true,
    tags,
    description: "The same as `GET /social/followers/{id}` with one's own id, as deployed clients call it.",
    summary: "List your followers, latest first",
    middleware: [eventCursor],
    request: { query: query(page(100)) },
    responses: { 200: answer("A page", Followers) },
  }),
  async (c) => c.json(await listFollowers(c.env.app, actorOf(c), actorOf(c).userId, c.req.valid("query")), 200),
);

followRoutes.openapi(
  route({
    id: "listOwnFollowing",
    access: "user",
    method: "get",
    path: "/follows/following",
    deprecated: true,
    tags,
    description: "The same as `GET /social/following/{id}` with one's own id, as deployed clients call it.",
    summary: "List the users whom you follow, latest first",
    middleware: [eventCursor],
    request: { query: query(page(100)) },
    responses: { 200: answer("A page", Following) },
  }),
  async (c) => c.json(await listFollowing(c.env.app, actorOf(c), actorOf(c).userId, c.req.valid("query")), 200),
);
