import { IdPath, LikeResponse, Likes, page } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendReaction } from "../../http/limits.ts";
import { answer, createRouter, failures, query, route } from "../../http/router.ts";
import { likeVideo, listLikes, unlikeVideo } from "./likes.ts";

const tags = ["Likes"];

export const likeRoutes = createRouter();

// The guide's path, and the one that deployed clients of the later API call.
for (const { like, unlike, ...alias } of [
  { like: "likeVideo", unlike: "unlikeVideo", path: "/videos/{id}/like" },
  { like: "likeVideoAlias", unlike: "unlikeVideoAlias", path: "/social/likes/{id}", deprecated: true },
] as const) {
  likeRoutes.openapi(
    route({
      id: like,
      ...alias,
      access: "user",
      method: "post",
      tags,
      description: "Its owner is notified, once. Again changes nothing.",
      summary: "Like a video",
      middleware: [spendReaction],
      request: { params: IdPath },
      responses: { 200: answer("It is liked", LikeResponse), ...failures("VIDEO_NOT_FOUND", "CANNOT_REACT") },
    }),
    async (c) => c.json(await likeVideo(c.env.app, actorOf(c).userId, c.req.valid("param").id), 200),
  );
  likeRoutes.openapi(
    route({
      id: unlike,
      ...alias,
      access: "user",
      method: "delete",
      tags,
      description: "The notification of it is taken back. Again changes nothing.",
      summary: "Unlike a video",
      middleware: [spendReaction],
      request: { params: IdPath },
      responses: { 200: answer("It is not liked", LikeResponse), ...failures("VIDEO_NOT_FOUND") },
    }),
    async (c) => c.json(await unlikeVideo(c.env.app, actorOf(c).userId, c.req.valid("param").id), 200),
  );
}

likeRoutes.openapi(
  route({
    id: "listLikes",
    access: "anyone",
    method: "get",
    path: "/social/likes/video/{id}",
    tags,
    description: "Those whose accounts stand; `total` is the number shown beside the video.",
    summary: "List the users who like a video, latest first",
    middleware: [eventCursor],
    request: { params: IdPath, query: query(page(100)) },
    responses: { 200: answer("A page, and how many there are", Likes), ...failures("VIDEO_NOT_FOUND") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await listLikes(c.env.app, c.var.actor, id, c.req.valid("query")), 200);
  },
);
