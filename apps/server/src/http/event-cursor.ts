import type { MiddlewareHandler } from "hono";
import { encodeCursor, readEnd } from "../delivery/cursor.ts";
import type { Env } from "./env.ts";

/**
 * For lists: adds where the caller's log stood *before* the rows were read, so that a screen loaded from the list and
 * followed live from there misses nothing.
 */
export const eventCursor: MiddlewareHandler<Env> = async (c, next) => {
  const { actor } = c.var;
  const { sql, epoch } = c.env.app;
  const at = actor ? await readEnd(sql, actor.userId) : null;
  await next();
  if (actor && at && c.res.ok) {
    c.header("X-Event-Cursor", encodeCursor({ epoch, userId: actor.userId }, at));
  }
};
