import { IdPath, ListedUser, OwnUser, page, Search, UpdateProfile, User } from "@reelay/contract";
import type { Context } from "hono";
import { z } from "zod";
import { actorOf, isStaff } from "../../http/auth.ts";
import { COMPONENT_NAME, readForm } from "../../http/body.ts";
import { invalidFields } from "../../http/errors.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { answer, createRouter, type Env, failures, json, query, route } from "../../http/router.ts";
import { listUsers, listUsersForStaff, readOwnUser, readUser, searchUsers, updateProfile } from "./accounts.ts";
import { replaceAvatar } from "./avatar.ts";

const tags = ["Users"];

export const accountRoutes = createRouter();

accountRoutes.openapi(
  route({
    access: "user",
    method: "get",
    path: "/users/me",
    tags,
    description: "With e-mail address, role, and the counts of what is unseen and unread.",
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
    description: "An empty full name or bio is none.",
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
    description: "As a form with one `file`. Its bytes decide which kind it is, not its name.",
    summary: "Replace one's picture: PNG, JPEG or WebP, at most 2 MB",
    request: { body: { required: true, content: { "multipart/form-data": { schema: avatarForm() } } } },
    responses: { 200: answer("Its URL", z.string()), ...failures("PAYLOAD_TOO_LARGE", "UNSUPPORTED_FILE") },
  }),
  async (c) => c.json(await replaceAvatar(c.env.app, actorOf(c), await readFile(c)), 200),
);

accountRoutes.openapi(
  route({
    access: "user",
    method: "get",
    path: "/users",
    tags,
    description: "Moderators and admins see banned accounts as well, and of each its e-mail address, role and status.",
    summary: "Everyone, the newest first",
    middleware: [eventCursor],
    request: { query: query(page()) },
    responses: { 200: answer("A page", z.array(ListedUser)) },
  }),
  async (c) => {
    const list = isStaff(actorOf(c)) ? listUsersForStaff : listUsers;
    return c.json(await list(c.env.app, actorOf(c), c.req.valid("query")), 200);
  },
);

accountRoutes.openapi(
  route({
    access: "anyone",
    method: "get",
    path: "/users/search",
    tags,
    description: "By any part of either; two characters and fewer by the beginning of the username.",
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
    description: "A banned or deleted account is answered as if it did not exist.",
    summary: "One user",
    request: { params: IdPath },
    responses: { 200: answer("The user", User), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => c.json(await readUser(c.env.app, c.var.actor, c.req.valid("param").id), 200),
);

function avatarForm() {
  const file = { type: "string" as const, format: "binary", description: "The picture." };
  const description = "A picture as a form.";
  const named = { [COMPONENT_NAME]: "AvatarForm", description, example: { file: "avatar.png" } };
  return { ...named, type: "object" as const, properties: { file }, required: ["file"] };
}

async function readFile(c: Context<Env>): Promise<Blob> {
  const file = (await readForm(c)).get("file");
  if (file instanceof Blob) return file;
  throw invalidFields([{ path: "file", message: "is required, as a file" }]);
}
