import { type FieldError, IdPath, OwnUser, page, Search, UpdateProfile, User } from "@reelay/contract";
import type { Context } from "hono";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { readForm } from "../../http/body.ts";
import { fail } from "../../http/errors.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { originOf, spendSearch, spendUpload } from "../../http/limits.ts";
import { answer, createRouter, type Env, failures, json, query, route } from "../../http/router.ts";
import { listUsers, readOwnUser, readUser, searchUsers } from "./accounts.ts";
import { replaceAvatar } from "./avatar.ts";
import { updateProfile } from "./profile.ts";

const tags = ["Users"];
const UPLOAD_FAILURES = ["QUOTA_EXCEEDED", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_FILE", "RATE_LIMIT", "DISK_FULL"] as const;

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
    responses: {
      200: answer("The account", OwnUser),
      ...failures("INVALID_CREDENTIALS", "EMAIL_TAKEN", "USERNAME_TAKEN", "RATE_LIMIT"),
    },
  }),
  async (c) => c.json(await updateProfile(c.env.app, actorOf(c), c.req.valid("json"), originOf(c)), 200),
);

accountRoutes.openapi(
  route({
    access: "user",
    method: "post",
    path: "/users/me/avatar",
    tags,
    summary: "Replace one's picture: PNG, JPEG or WebP, at most 2 MB",
    middleware: [spendUpload],
    request: { body: { required: true, content: { "multipart/form-data": { schema: avatarForm() } } } },
    responses: { 200: answer("Its URL", z.string()), ...failures(...UPLOAD_FAILURES) },
  }),
  async (c) => c.json(await replaceAvatar(c.env.app, actorOf(c), await readFile(c)), 200),
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
    middleware: [spendSearch, eventCursor],
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

async function readFile(c: Context<Env>): Promise<Blob> {
  const file = (await readForm(c)).get("file");
  if (file instanceof Blob) return file;
  const details: FieldError[] = [{ path: "file", message: "is required, as a file" }];
  throw fail("VALIDATION_ERROR", { details });
}
