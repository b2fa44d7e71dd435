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
const DOCS_POLICY = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data:",
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/** Videos and pictures may be kept in a bucket, or anywhere their author said. */
const DASHBOARD_POLICY = {
  ...DOCS_POLICY,
  "img-src": "'self' data: https:",
  "media-src": "'self' https:",
  "form-action": "'self'",
};

/** The headers of the page that shows the documents. */
export const PAGE_HEADERS = pageHeaders(DOCS_POLICY);
/** The headers of the moderators' page. */
export const DASHBOARD_HEADERS = pageHeaders(DASHBOARD_POLICY);

function pageHeaders(policy: Record<string, string>) {
  const directives = Object.entries(policy).map(([name, sources]) => `${name} ${sources}`);
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": directives.join("; "),
    "Referrer-Policy": "no-referrer",
  };
}
