import {
  Changed,
  CreateVideo,
  camelKeys,
  IdPath,
  ListedVideo,
  ListedVideosQuery,
  MAX_SEARCH_SKIP,
  page,
  Search,
  ShareResponse,
  UpdateVideo,
  UploadVideo,
  Video,
  VideosQuery,
  ViewResponse,
} from "@reelay/contract";
import type { Context } from "hono";
import { z } from "zod";
import { isStaff } from "../../access/caller.ts";
import { actorOf } from "../../http/auth.ts";
import { documented, readBody } from "../../http/body.ts";
import { type FormLimit, MAX_FIELDS_BYTES, MAX_PICTURE_BYTES } from "../../http/body-limit.ts";
import type { Env } from "../../http/env.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendSearch, spendUpload } from "../../http/limits.ts";
import { formParts } from "../../http/multipart.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { invalid } from "../../platform/api-error.ts";
import { listByUser, listFeed, listFollowed, listForStaff, searchVideos } from "./lists.ts";
import { publishForm, publishLink } from "./uploads.ts";
import { deleteVideo, editVideo, readVideo } from "./videos.ts";
import { countShare, countView } from "./views.ts";
import { refusePrivate } from "./web-addresses.ts";

const tags = ["Videos"];
const maxFormBytes: FormLimit = ({ maxUploadBytes }) => maxUploadBytes + MAX_PICTURE_BYTES + MAX_FIELDS_BYTES;

export const videoRoutes = createRouter();

videoRoutes.openapi(
  route({
    id: "createVideo",
    access: "user",
    maxFormBytes,
    method: "post",
    path: "/videos",
    tags,
    description: "MP4, WebM or QuickTime by its bytes. Of an MP4 the duration is read when none is given.",
    summary: "Create a video from a file in a form, or from an address in a form or as JSON",
    middleware: [spendUpload],
    request: { body: { required: true, content: { ...documented(CreateVideo, "application/json"), ...uploadForm() } } },
    responses: {
      201: answer("Made", Video),
      ...failures("UPLOAD_INCOMPLETE", "BAD_REQUEST", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"),
      ...failures("UNSUPPORTED_FILE", "VALIDATION_ERROR", "QUOTA_EXCEEDED", "RATE_LIMIT", "DISK_FULL"),
    },
  }),
  async (c) => {
    const { app } = c.env;
    const parts = formParts(c, maxFormBytes(app.config));
    if (parts) return c.json(await publishForm(app, actorOf(c), parts), 201);
    return c.json(await publishLink(app, actorOf(c), await readDraft(c)), 201);
  },
);

videoRoutes.openapi(
  route({
    id: "listVideos",
    access: "anyone",
    method: "get",
    path: "/videos",
    tags,
    description: "Moderators and admins see private and hidden ones as well, and with `status=all` all there are.",
    summary: "List public videos, newest first",
    middleware: [eventCursor],
    request: { query: query(ListedVideosQuery) },
    responses: { 200: answer("A page", z.array(ListedVideo)) },
  }),
  async (c) => {
    const { app } = c.env;
    const { actor } = c.var;
    const { status, hidden, ...range } = c.req.valid("query");
    const filter = { isAll: status === "all", isHidden: hidden };
    if (isStaff(actor)) return c.json(await listForStaff(app, actor, range, filter), 200);
    return c.json(await listFeed(app, actor, range), 200);
  },
);

videoRoutes.openapi(
  route({
    id: "listFollowedVideos",
    access: "user",
    method: "get",
    path: "/videos/following/feed",
    tags,
    description: "Nothing of accounts that are banned.",
    summary: "List public videos of the users whom you follow, newest first",
    middleware: [eventCursor],
    request: { query: query(VideosQuery) },
    responses: { 200: answer("A page", z.array(Video)) },
  }),
  async (c) => c.json(await listFollowed(c.env.app, actorOf(c), c.req.valid("query")), 200),
);

videoRoutes.openapi(
  route({
    id: "listUserVideos",
    access: "anyone",
    method: "get",
    path: "/videos/user/{id}",
    tags,
    description: "A banned or deleted account is answered as if it did not exist.",
    summary: "List the videos of a user, newest first; private and hidden ones for their owner only",
    middleware: [eventCursor],
    request: { params: IdPath, query: query(VideosQuery) },
    responses: { 200: answer("A page", z.array(Video)), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => c.json(await listByUser(c.env.app, c.var.actor, c.req.valid("param").id, c.req.valid("query")), 200),
);

videoRoutes.openapi(
  route({
    id: "searchVideos",
    access: "anyone",
    method: "get",
    path: "/videos/search",
    tags,
    description: "By any part; two characters and fewer by the beginning of the title.",
    summary: "Search public videos by title and description, without regard to case and accents",
    middleware: [spendSearch, eventCursor],
    request: { query: query(VideosQuery.extend({ ...page(20, MAX_SEARCH_SKIP).shape, q: Search.default("") })) },
    responses: { 200: answer("A page, the newest first", z.array(Video)), ...failures("SERVER_BUSY") },
  }),
  async (c) => {
    const { q, ...range } = c.req.valid("query");
    return c.json(await searchVideos(c.env.app, c.var.actor, { query: q, signal: c.req.raw.signal }, range), 200);
  },
);

videoRoutes.openapi(
  route({
    id: "getVideo",
    access: "anyone",
    method: "get",
    path: "/videos/{id}",
    tags,
    description: "One that the caller may not see is answered as if it did not exist.",
    summary: "Get a video",
    request: { params: IdPath },
    responses: { 200: answer("The video", Video), ...failures("VIDEO_NOT_FOUND") },
  }),
  async (c) => c.json(await readVideo(c.env.app, c.var.actor, c.req.valid("param").id), 200),
);

videoRoutes.openapi(
  route({
    id: "updateVideo",
    access: "user",
    method: "put",
    path: "/videos/{id}",
    tags,
    description: "Making it private hides it from everybody else at once.",
    summary: "Update a video of yours; fields left out stay",
    request: { params: IdPath, body: json(UpdateVideo) },
    responses: { 200: answer("The video", Video), ...failures("FORBIDDEN", "VIDEO_NOT_FOUND") },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await editVideo(c.env.app, actorOf(c), id, c.req.valid("json")), 200);
  },
);

videoRoutes.openapi(
  route({
    id: "deleteVideo",
    access: "user",
    method: "delete",
    path: "/videos/{id}",
    tags,
    description: "For everybody and for good.",
    summary: "Delete a video of yours",
    request: { params: IdPath },
    responses: { 200: answer("Gone", Changed), ...failures("FORBIDDEN", "VIDEO_NOT_FOUND") },
  }),
  async (c) => c.json(await deleteVideo(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

videoRoutes.openapi(
  route({
    id: "recordView",
    access: "user",
    method: "post",
    path: "/videos/{id}/view",
    tags,
    description: "Again within the hour changes nothing and answers the same number.",
    summary: "Record a view of a video, once an hour",
    request: { params: IdPath },
    responses: { 200: answer("Counted", ViewResponse), ...failures("VIDEO_NOT_FOUND") },
  }),
  async (c) => c.json(await countView(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

videoRoutes.openapi(
  route({
    id: "recordShare",
    access: "user",
    method: "post",
    path: "/videos/{id}/share",
    tags,
    description: "Again within the hour changes nothing and answers the same number.",
    summary: "Record a share of a video, once an hour",
    request: { params: IdPath },
    responses: { 200: answer("Counted", ShareResponse), ...failures("VIDEO_NOT_FOUND") },
  }),
  async (c) => c.json(await countShare(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

async function readDraft(c: Context<Env>): Promise<CreateVideo> {
  const parsed = CreateVideo.safeParse(camelKeys(await readBody(c)));
  if (!parsed.success) throw invalid(parsed.error);
  refusePrivate(parsed.data);
  return parsed.data;
}

/** For the documentation: the fields of the form, and its two files. */
function uploadForm() {
  const [form] = Object.values(documented(UploadVideo, "multipart/form-data"));
  const { properties = {}, ...schema } = form!.schema as { properties?: Record<string, object> };
  const binary = { type: "string" as const, format: "binary" };
  const file = { ...binary, description: "The video: MP4, WebM or QuickTime." };
  const thumb = { ...binary, description: "A picture of it: JPEG, PNG or WebP, at most 2 MB." };
  return { "multipart/form-data": { schema: { ...schema, properties: { ...properties, file, thumb } } } };
}
