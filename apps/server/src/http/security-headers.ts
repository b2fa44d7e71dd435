import type { MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";

/** A response is what its type says, and browsers do not guess another. */
export const noSniff: MiddlewareHandler<Env> = async (c, next) => {
  await next();
  c.header("X-Content-Type-Options", "nosniff");
};

/** For responses that hold a token or a ticket: no cache on the way may keep one. */
export const noStore: MiddlewareHandler<Env> = async (c, next) => {
  c.header("Cache-Control", "no-store");
  await next();
};

/** What a page of ours may load: what this server serves, and nothing that stands in the page itself. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The headers of every page. */
export const PAGE_HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "Referrer-Policy": "no-referrer",
};
