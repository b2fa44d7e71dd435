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
    access: "public",
    method: "post",
    path: "/auth/register",
    tags,
    description: "E-mail address and username are unique without regard to case. The answer holds no token.",
    summary: "Make an account; logging in comes next",
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
    access: "public",
    method: "post",
    path: "/auth/login",
    tags,
    description: "`username` may be the e-mail address. A wrong account and a wrong password are answered alike.",
    summary: "Log in, by JSON or by the form of the OAuth2 password flow",
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
    access: "public",
    method: "post",
    path: "/auth/refresh",
    tags,
    description: "Answers new tokens. A token that was used before was stolen: its whole session ends.",
    summary: "Exchange a refresh token; the old one is good once",
    middleware: [noStore],
    request: { body: json(Refresh) },
    responses: { 200: answer("Tokens", LoginResponse), ...failures("UNAUTHORIZED", "ACCOUNT_BANNED") },
  }),
  async (c) => c.json(await refresh(c.env.app, c.req.valid("json").refreshToken), 200),
);

authRoutes.openapi(
  route({
    access: "user",
    method: "post",
    path: "/auth/logout",
    tags,
    description: "The tokens of this login are worth nothing any more; its sockets close with 4004.",
    summary: "End this session and its sockets",
    responses: { 200: answer("Ended", Changed) },
  }),
  async (c) => c.json(await logout(c.env.app, actorOf(c)), 200),
);

authRoutes.openapi(
  route({
    access: "public",
    method: "post",
    path: "/auth/verify-password",
    tags,
    description: "For a screen that asks for the password again. Wrong ones count like failed logins.",
    summary: "Whether a password is right, without logging in",
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
    access: "user",
    method: "get",
    path: "/auth/test-token",
    tags,
    description: "The same as `GET /users/me`, as deployed clients call it.",
    summary: "The account a token is for",
    middleware: [eventCursor],
    responses: { 200: answer("The account", OwnUser) },
  }),
  async (c) => c.json(await readOwnUser(c.env.app, actorOf(c).userId), 200),
);

for (const path of ["/users/me/password", "/auth/change-password"] as const) {
  authRoutes.openapi(
    route({
      access: "user",
      method: "post",
      path,
      tags,
      description: "This session goes on; sockets of the others close with 4004.",
      summary: "Change one's password; every other session ends",
      request: { body: json(ChangePassword) },
      responses: { 200: answer("Changed", Changed), ...failures("INVALID_CREDENTIALS", "RATE_LIMIT", "SERVER_BUSY") },
    }),
    async (c) => c.json(await changePassword(c.env.app, actorOf(c), c.req.valid("json"), originOf(c)), 200),
  );
}

authRoutes.openapi(
  route({
    access: "user",
    method: "get",
    path: "/users/me/sessions",
    tags,
    description: "The sessions that can still be used, with the device and address that each was begun from.",
    summary: "Where one is logged in",
    middleware: [eventCursor],
    responses: { 200: answer("The latest first", z.array(Session)) },
  }),
  async (c) => c.json(await listSessions(c.env.app, actorOf(c)), 200),
);

authRoutes.openapi(
  route({
    access: "user",
    method: "delete",
    path: "/users/me/sessions/{id}",
    tags,
    description: "Its tokens are refused from now on, its sockets close with 4004.",
    summary: "End one of one's sessions",
    request: { params: IdPath },
    responses: { 200: answer("Ended", Changed), ...failures("SESSION_NOT_FOUND") },
  }),
  async (c) => c.json(await revokeSession(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

authRoutes.openapi(
  route({
    access: "user",
    method: "post",
    path: "/ws/ticket",
    tags,
    description: "Goes into `?token=` in place of the access token, so that no proxy logs one that lasts.",
    summary: "A credential for the socket's URL, good once and for 30 seconds",
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
