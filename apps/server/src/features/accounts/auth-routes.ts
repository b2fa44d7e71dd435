import {
  Changed,
  ChangePassword,
  camelKeys,
  IdPath,
  Login,
  LoginResponse,
  OwnUser,
  PasswordIsValid,
  Refresh,
  Register,
  Session,
  Ticket,
  VerifyPassword,
} from "@reelay/contract";
import type { Context } from "hono";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { documented, readBody } from "../../http/body.ts";
import type { Env } from "../../http/env.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendSignup, spendTicket } from "../../http/limits.ts";
import { addressOf, originOf } from "../../http/origin.ts";
import { answer, createRouter, failures, json, route } from "../../http/router.ts";
import { noStore } from "../../http/security-headers.ts";
import { invalid } from "../../platform/api-error.ts";
import { readOwnUser, register } from "./accounts.ts";
import { type Credentials, checkCredentials } from "./credentials.ts";
import { changePassword, type Device, listSessions, login, logout, refresh, revokeSession } from "./sessions.ts";

const tags = ["Sign-in"];
const MAX_USER_AGENT_LENGTH = 300;

export const authRoutes = createRouter();

authRoutes.openapi(
  route({
    id: "register",
    access: "public",
    method: "post",
    path: "/auth/register",
    tags,
    description: "E-mail address and username are unique without regard to case. The answer holds no token.",
    summary: "Create an account",
    middleware: [spendSignup],
    request: { body: json(Register) },
    responses: {
      201: answer("The account", OwnUser),
      ...failures("EMAIL_TAKEN", "USERNAME_TAKEN", "RATE_LIMIT", "SERVER_BUSY"),
    },
  }),
  async (c) => c.json(await register(c.env.app, c.req.valid("json"), c.req.raw.signal), 201),
);

authRoutes.openapi(
  route({
    id: "login",
    access: "public",
    method: "post",
    path: "/auth/login",
    tags,
    description: "`username` may be the e-mail address. A wrong account and a wrong password are answered alike.",
    summary: "Log in",
    middleware: [noStore],
    request: {
      body: { required: true, content: documented(Login, "application/json", "application/x-www-form-urlencoded") },
    },
    responses: {
      200: answer("Tokens", LoginResponse),
      ...failures("INVALID_CREDENTIALS", "ACCOUNT_BANNED", "UNSUPPORTED_MEDIA_TYPE", "RATE_LIMIT", "SERVER_BUSY"),
    },
  }),
  async (c) => c.json(await login(c.env.app, await readCredentials(c), deviceOf(c)), 200),
);

authRoutes.openapi(
  route({
    id: "refreshTokens",
    access: "public",
    method: "post",
    path: "/auth/refresh",
    tags,
    description:
      "Answers new tokens. For 60 seconds after its first use the same token is answered again, with tokens that are as " +
      "good as the first. One that is used later was stolen: its whole session ends.",
    summary: "Exchange a refresh token for new tokens",
    middleware: [noStore],
    request: { body: json(Refresh) },
    responses: { 200: answer("Tokens", LoginResponse), ...failures("UNAUTHORIZED", "ACCOUNT_BANNED") },
  }),
  async (c) => c.json(await refresh(c.env.app, c.req.valid("json").refreshToken), 200),
);

authRoutes.openapi(
  route({
    id: "logout",
    access: "user",
    method: "post",
    path: "/auth/logout",
    tags,
    description: "The tokens of this login are worth nothing any more; its sockets close with 4004.",
    summary: "Log out",
    responses: { 200: answer("Ended", Changed) },
  }),
  async (c) => c.json(await logout(c.env.app, actorOf(c)), 200),
);

authRoutes.openapi(
  route({
    id: "verifyPassword",
    access: "public",
    method: "post",
    path: "/auth/verify-password",
    tags,
    description: "For a screen that asks for the password again. Wrong ones count like failed logins.",
    summary: "Verify a password without logging in",
    request: { body: json(VerifyPassword) },
    responses: {
      200: answer("It is", PasswordIsValid),
      ...failures("INVALID_CREDENTIALS", "ACCOUNT_BANNED", "RATE_LIMIT", "SERVER_BUSY"),
    },
  }),
  async (c) => {
    const { email, password } = c.req.valid("json");
    await checkCredentials(c.env.app, { identifier: email, password, ...originOf(c) });
    return c.json({ valid: true as const }, 200);
  },
);

authRoutes.openapi(
  route({
    id: "testToken",
    access: "user",
    method: "get",
    path: "/auth/test-token",
    deprecated: true,
    tags,
    description: "The same as `GET /users/me`, as deployed clients call it.",
    summary: "Get the account of a token",
    middleware: [eventCursor],
    responses: { 200: answer("The account", OwnUser) },
  }),
  async (c) => c.json(await readOwnUser(c.env.app, actorOf(c).userId), 200),
);

for (const alias of [
  { id: "changePassword", path: "/users/me/password" },
  { id: "changePasswordAlias", path: "/auth/change-password", deprecated: true },
] as const) {
  authRoutes.openapi(
    route({
      ...alias,
      access: "user",
      method: "post",
      tags,
      description: "This session goes on; sockets of the others close with 4004.",
      summary: "Change your password and end every other session",
      request: { body: json(ChangePassword) },
      responses: { 200: answer("Changed", Changed), ...failures("INVALID_CREDENTIALS", "RATE_LIMIT", "SERVER_BUSY") },
    }),
    async (c) => c.json(await changePassword(c.env.app, actorOf(c), c.req.valid("json"), originOf(c)), 200),
  );
}

authRoutes.openapi(
  route({
    id: "listSessions",
    access: "user",
    method: "get",
    path: "/users/me/sessions",
    tags,
    description: "The sessions that can still be used, with the device and address that each was begun from.",
    summary: "List your sessions",
    middleware: [eventCursor],
    responses: { 200: answer("The latest first", z.array(Session)) },
  }),
  async (c) => c.json(await listSessions(c.env.app, actorOf(c)), 200),
);

authRoutes.openapi(
  route({
    id: "revokeSession",
    access: "user",
    method: "delete",
    path: "/users/me/sessions/{id}",
    tags,
    description: "Its tokens are refused from now on, its sockets close with 4004.",
    summary: "Revoke one of your sessions",
    request: { params: IdPath },
    responses: { 200: answer("Ended", Changed), ...failures("SESSION_NOT_FOUND") },
  }),
  async (c) => c.json(await revokeSession(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

authRoutes.openapi(
  route({
    id: "createTicket",
    access: "user",
    method: "post",
    path: "/ws/ticket",
    tags,
    description: "Goes into `?token=` in place of the access token, so that no proxy logs one that lasts.",
    summary: "Create a ticket for the URL of the socket, good once and for 30 seconds",
    middleware: [spendTicket, noStore],
    responses: { 200: answer("The ticket", Ticket) },
  }),
  async (c) => c.json(await c.env.app.tickets.issue(actorOf(c)), 200),
);

async function readCredentials(c: Context<Env>): Promise<Credentials> {
  const parsed = Login.safeParse(camelKeys(await readBody(c)));
  if (!parsed.success) throw invalid(parsed.error);
  const { email, username, password } = parsed.data;
  return { identifier: email || username || "", password, ...originOf(c) };
}

function deviceOf(c: Context<Env>): Device {
  return { address: addressOf(c), userAgent: c.req.header("user-agent")?.slice(0, MAX_USER_AGENT_LENGTH) ?? null };
}
