import { IdPath, OwnUser, page, Search, UpdateProfile, User } from "@reelay/contract";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { maxFormBytes } from "../../http/body-limit.ts";
import { fail } from "../../http/errors.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { formParts } from "../../http/multipart.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { listUsers, readOwnUser, readUser, searchUsers, updateProfile } from "./accounts.ts";
import { replaceAvatar } from "./avatar.ts";

const tags = ["Users"];
const AVATAR_FAILURES = ["PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_FILE"] as const;

export const accountRoutes = createRouter();

accountRoutes.openapi(
  route({
    access: "user",
    method: "get",
    path: "/users/me",
    tags,
    summary: "One's own account",
    middleware: [eventCursor],
    responses: { 200: answer("The account", OwnUser) },
  }),
  async (c) => c.json(await readOwnUser(c.env.app, actorOf(c).userId), 200),
);

accountRoutes.openapi(
  route({
    access: "user",
    method: "put",
    path: "/users/me",
    tags,
    summary: "Change one's profile; fields left out stay",
    request: { body: json(UpdateProfile) },
    responses: { 200: answer("The account", OwnUser), ...failures("EMAIL_TAKEN", "USERNAME_TAKEN") },
  }),
  async (c) => c.json(await updateProfile(c.env.app, actorOf(c), c.req.valid("json")), 200),
);

accountRoutes.openapi(
  route({
    access: "user",
    method: "post",
    path: "/users/me/avatar",
    tags,
    summary: "Replace one's picture: PNG, JPEG or WebP, at most 2 MB",
    request: { body: { required: true, content: { "multipart/form-data": { schema: avatarForm() } } } },
    responses: { 200: answer("Its URL", z.string()), ...failures(...AVATAR_FAILURES) },
  }),
  async (c) => {
    const parts = formParts(c, maxFormBytes(c));
    if (!parts) throw fail("UNSUPPORTED_MEDIA_TYPE");
    return c.json(await replaceAvatar(c.env.app, actorOf(c), parts), 200);
  },
);

accountRoutes.openapi(
  route({
    access: "user",
    method: "get",
    path: "/users",
    tags,
    summary: "Everyone, the newest first",
    middleware: [eventCursor],
    request: { query: query(page()) },
    responses: { 200: answer("A page", z.array(User)) },
  }),
  async (c) => c.json(await listUsers(c.env.app, actorOf(c), c.req.valid("query")), 200),
);

accountRoutes.openapi(
  route({
    access: "anyone",
    method: "get",
    path: "/users/search",
    tags,
    summary: "Search by username and full name, without regard to case and accents",
    middleware: [eventCursor],
    request: { query: query(page().extend({ q: Search.default("") })) },
    responses: { 200: answer("A page, the most followed first", z.array(User)) },
  }),
  async (c) => {
    const { q, ...range } = c.req.valid("query");
    return c.json(await searchUsers(c.env.app, c.var.actor, q, range), 200);
  },
);

accountRoutes.openapi(
  route({
    access: "anyone",
    method: "get",
    path: "/users/{id}",
    tags,
    summary: "One user",
    request: { params: IdPath },
    responses: { 200: answer("The user", User), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => c.json(await readUser(c.env.app, c.var.actor, c.req.valid("param").id), 200),
);

function avatarForm() {
  const file = { type: "string" as const, format: "binary" };
  return { type: "object" as const, properties: { file }, required: ["file"] };
}
