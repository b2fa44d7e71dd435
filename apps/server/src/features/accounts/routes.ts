import { IdPath, ListedUser, MAX_SEARCH_SKIP, OwnUser, page, Search, UpdateProfile, User } from "@reelay/contract";
import { z } from "zod";
import { isStaff } from "../../access/caller.ts";
import { actorOf } from "../../http/auth.ts";
import { COMPONENT_NAME } from "../../http/body.ts";
import { type FormLimit, MAX_BODY_BYTES, MAX_PICTURE_BYTES } from "../../http/body-limit.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendSearch, spendUpload } from "../../http/limits.ts";
import { formParts } from "../../http/multipart.ts";
import { originOf } from "../../http/origin.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { fail } from "../../platform/api-error.ts";
import { listUsers, listUsersForStaff, readOwnUser, readUser, searchUsers } from "./accounts.ts";
import { replaceAvatar } from "./avatar.ts";
import { updateProfile } from "./profile.ts";

const tags = ["Users"];
const maxFormBytes: FormLimit = () => MAX_PICTURE_BYTES + MAX_BODY_BYTES;
const AVATAR_FAILURES = [
  ...["QUOTA_EXCEEDED", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_FILE"],
  ...["RATE_LIMIT", "DISK_FULL"],
] as const;

export const accountRoutes = createRouter();

accountRoutes.openapi(
  route({
    id: "getCurrentUser",
    access: "user",
    method: "get",
    path: "/users/me",
    tags,
    description: "With e-mail address, role, and the counts of what is unseen and unread.",
    summary: "Get your account",
    middleware: [eventCursor],
    responses: { 200: answer("The account", OwnUser) },
  }),
  async (c) => c.json(await readOwnUser(c.env.app, actorOf(c).userId), 200),
);

accountRoutes.openapi(
  route({
    id: "updateProfile",
    access: "user",
    method: "put",
    path: "/users/me",
    tags,
    description: "An empty full name or bio is none.",
    summary: "Update your profile; fields left out stay",
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
    id: "replaceAvatar",
    access: "user",
    maxFormBytes,
    method: "post",
    path: "/users/me/avatar",
    tags,
    description: "As a form with one `file`. Its bytes decide which kind it is, not its name.",
    summary: "Replace your avatar: PNG, JPEG or WebP, at most 2 MB",
    middleware: [spendUpload],
    request: { body: { required: true, content: { "multipart/form-data": { schema: avatarForm() } } } },
    responses: { 200: answer("Its URL", z.string()), ...failures(...AVATAR_FAILURES) },
  }),
  async (c) => {
    const parts = formParts(c, maxFormBytes(c.env.app.config));
    if (!parts) throw fail("UNSUPPORTED_MEDIA_TYPE");
    return c.json(await replaceAvatar(c.env.app, actorOf(c), parts), 200);
  },
);

accountRoutes.openapi(
  route({
    id: "listUsers",
    access: "user",
    method: "get",
    path: "/users",
    tags,
    description: "Moderators and admins see banned accounts as well, and of each its e-mail address, role and status.",
    summary: "List users, newest first",
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
    id: "searchUsers",
    access: "anyone",
    method: "get",
    path: "/users/search",
    tags,
    description: "By any part of either; two characters and fewer by the beginning of the username.",
    summary: "Search users by username and full name, without regard to case and accents",
    middleware: [spendSearch, eventCursor],
    request: { query: query(page(20, MAX_SEARCH_SKIP).extend({ q: Search.default("") })) },
    responses: { 200: answer("A page, the most followed first", z.array(User)), ...failures("SERVER_BUSY") },
  }),
  async (c) => {
    const { q, ...range } = c.req.valid("query");
    return c.json(await searchUsers(c.env.app, c.var.actor, { query: q, signal: c.req.raw.signal }, range), 200);
  },
);

accountRoutes.openapi(
  route({
    id: "getUser",
    access: "anyone",
    method: "get",
    path: "/users/{id}",
    tags,
    description: "A banned or deleted account is answered as if it did not exist.",
    summary: "Get a user",
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
