import type { Context, MiddlewareHandler } from "hono";
import { type Limits, tooMany } from "../access/budgets.ts";
import { actorOf } from "./auth.ts";
import type { Env } from "./env.ts";
import { originOf } from "./origin.ts";

/** For routes that write messages: one budget with the frames of all the user's sockets. */
export const spendMessage = spend("messages");
export const spendComment = spend("comments");
/** For likes, follows and bookmarks, and for taking them back. */
export const spendReaction = spend("reactions");
export const spendReport = spend("reports");
/** For videos and avatars. */
export const spendUpload = spend("uploads");
export const spendTicket = spend("tickets");

/** For routes by which staff change something. */
export const spendAdminWrite = spend("adminWrites");

export const spendSignup: MiddlewareHandler<Env> = async (c, next) => {
  await spendOfNetwork(c, "signups");
  await next();
};

/** For searches, which cost the most of what needs no token. */
export const spendSearch: MiddlewareHandler<Env> = async (c, next) => {
  if (!c.var.actor) await spendOfNetwork(c, "searches");
  await next();
};

function spend(budget: keyof Limits): MiddlewareHandler<Env> {
  return async (c, next) => {
    const waitMs = await c.env.app.limits[budget].spend(actorOf(c).userId);
    if (waitMs > 0) throw tooMany(waitMs);
    await next();
  };
}

async function spendOfNetwork(c: Context<Env>, budget: keyof Limits): Promise<void> {
  const { network, isShared } = originOf(c);
  const waitMs = isShared ? 0 : await c.env.app.limits[budget].spend(network);
  if (waitMs > 0) throw tooMany(waitMs);
}
