import { Bookmarks, Changed, IdParam, page } from "@reelay/contract";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendReaction } from "../../http/limits.ts";
import { answer, createRouter, failures, query, route } from "../../http/router.ts";
import { addBookmark, listBookmarks, removeBookmark } from "./bookmarks.ts";

const tags = ["Bookmarks"];
const VideoPath = z.object({ videoId: IdParam.meta({ description: "The id of the video." }) });

export const bookmarkRoutes = createRouter();

bookmarkRoutes.openapi(
  route({
    id: "bookmarkVideo",
    access: "user",
    method: "post",
    path: "/social/bookmarks/{videoId}",
    tags,
    description: "Nobody else knows of it. Again changes nothing.",
    summary: "Bookmark a video",
    middleware: [spendReaction],
    request: { params: VideoPath },
    responses: { 200: answer("It is put aside", Changed), ...failures("VIDEO_NOT_FOUND") },
  }),
  async (c) => c.json(await addBookmark(c.env.app, actorOf(c), c.req.valid("param").videoId), 200),
);

bookmarkRoutes.openapi(
  route({
    id: "removeBookmark",
    access: "user",
    method: "delete",
    path: "/social/bookmarks/{videoId}",
    tags,
    description: "One that cannot be seen any more can still be taken out.",
    summary: "Remove a bookmark",
    middleware: [spendReaction],
    request: { params: VideoPath },
    responses: { 200: answer("It is not put aside", Changed), ...failures("VIDEO_NOT_FOUND") },
  }),
  async (c) => c.json(await removeBookmark(c.env.app, actorOf(c), c.req.valid("param").videoId), 200),
);

bookmarkRoutes.openapi(
  route({
    id: "listBookmarks",
    access: "user",
    method: "get",
    path: "/social/bookmarks/my",
    tags,
    description: "Only what the caller can still see.",
    summary: "List your bookmarks, latest first",
    middleware: [eventCursor],
    request: { query: query(page()) },
    responses: { 200: answer("A page, and how many there are", Bookmarks) },
  }),
  async (c) => c.json(await listBookmarks(c.env.app, actorOf(c), c.req.valid("query")), 200),
);
