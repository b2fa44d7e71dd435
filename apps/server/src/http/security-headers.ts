import type { MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";

/** Nothing that is answered is to be taken for anything but what its type says. */
export const noSniff: MiddlewareHandler<Env> = async (c, next) => {
  await next();
  c.header("X-Content-Type-Options", "nosniff");
};

/** For answers that hold a token or a ticket: no cache on the way may keep one. */
export const noStore: MiddlewareHandler<Env> = async (c, next) => {
  c.header("Cache-Control", "no-store");
  await next();
};
