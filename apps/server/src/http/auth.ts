import type { Role } from "@reelay/contract";
import type { Context, MiddlewareHandler } from "hono";
import { type Actor, hasRank } from "../access/caller.ts";
import { fail } from "../platform/api-error.ts";
import type { Env } from "./env.ts";

/**
 * Who may call a route. `public`: no token is looked at. `anyone`: a token is optional, but one that is sent must be
 * good. The others need an account, and at least that role.
 */
export type Access = "public" | "anyone" | Role;

/** Lets a request through when its caller may call the route, and gives the handler the actor. */
export function allow(access: Access): MiddlewareHandler<Env> {
  return async (c, next) => {
    const actor = access === "public" ? null : await authenticate(c);
    if (!actor && access !== "public" && access !== "anyone") throw fail("UNAUTHORIZED");
    if (actor && access !== "anyone" && access !== "public" && !hasRank(actor, access)) throw fail("FORBIDDEN");
    c.set("actor", actor);
    await next();
  };
}

/** The actor of a route that needs one. */
export function actorOf(c: Context<Env>): Actor {
  const { actor } = c.var;
  if (!actor) throw fail("UNAUTHORIZED");
  return actor;
}

async function authenticate(c: Context<Env>): Promise<Actor | null> {
  const header = c.req.header("authorization");
  if (!header) return null;
  const { tokens, standings, activity } = c.env.app;
  const [, token] = header.match(/^bearer +(\S+)$/i) ?? [];
  const caller = token ? await tokens.verify(token) : null;
  if (!caller) throw fail("UNAUTHORIZED");
  const role = await standings.require(caller);
  activity.note(caller.userId);
  return { ...caller, role };
}
