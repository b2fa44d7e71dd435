import type { Role } from "@reelay/contract";
import type { Context, MiddlewareHandler } from "hono";
import type { App } from "../context.ts";
import { fail } from "./errors.ts";
import type { Ban } from "../access/standing.ts";
import type { Env } from "./router.ts";

/** Who is calling. */
export type Actor = { userId: number; sessionId: number; role: Role; tokenExpiresAtMs: number; tokenVersion: number };

/**
 * Who may call a route. `public`: no token is looked at. `anyone`: a token is optional, but one that is sent must be
 * good. The others need an account, and at least that role.
 */
export type Access = "public" | "anyone" | Role;

const RANK: Record<Role, number> = { user: 0, moderator: 1, admin: 2 };

/** Lets a request through when its bearer may call the route, and tells the handler who that is. */
export function allow(access: Access): MiddlewareHandler<Env> {
  return async (c, next) => {
    const actor = access === "public" ? null : await authenticate(c);
    if (!actor && access !== "public" && access !== "anyone") throw fail("UNAUTHORIZED");
    if (actor && access !== "anyone" && access !== "public" && RANK[actor.role] < RANK[access]) throw fail("FORBIDDEN");
    c.set("actor", actor);
    await next();
  };
}

/** The caller of a route that needs one. */
export function actorOf(c: Context<Env>): Actor {
  const { actor } = c.var;
  if (!actor) throw fail("UNAUTHORIZED");
  return actor;
}

/** Whether the caller is a moderator or an admin. */
export function isStaff(actor: Actor | null): actor is Actor {
  return actor !== null && RANK[actor.role] >= RANK.moderator;
}

/** What a banned person is told. */
export function banned(ban: Ban) {
  return fail("ACCOUNT_BANNED", {
    message: `This account is banned: ${ban.reason}`,
    details: { reason: ban.reason, until: ban.until },
  });
}

async function authenticate(c: Context<Env>): Promise<Actor | null> {
  const header = c.req.header("authorization");
  if (!header) return null;
  const { tokens, activity } = c.env.app;
  const [, token] = header.match(/^bearer +(\S+)$/i) ?? [];
  const claims = token ? await tokens.verify(token) : null;
  if (!claims) throw fail("UNAUTHORIZED");
  const role = await requireStanding(c.env.app, claims);
  activity.note(claims.userId);
  const { userId, sessionId, tokenVersion, expiresAtMs } = claims;
  return { userId, sessionId, role, tokenExpiresAtMs: expiresAtMs, tokenVersion };
}

/**
 * Refuses whoever was banned or whose session ended; answers his role. Asked again by a request that has waited.
 * @throws ApiError UNAUTHORIZED, ACCOUNT_BANNED
 */
export async function requireStanding(
  { principals }: App,
  claims: Pick<Actor, "userId" | "sessionId" | "tokenVersion">,
): Promise<Role> {
  const standing = await principals.standing(claims);
  if (standing.kind === "banned") throw banned(standing.ban);
  if (standing.kind !== "good") throw fail("UNAUTHORIZED");
  return standing.role;
}
