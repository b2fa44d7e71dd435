import type { MiddlewareHandler } from "hono";
import type { Env } from "./env.ts";
import { addressOf } from "./origin.ts";

/** Asked every few seconds by what supervises the process. */
const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);
const REQUEST_ID = /^[\w.-]{1,64}$/;
/** What follows is a credential, whatever it looks like; `ticket` is where one is given out. */
const AFTER_SOCKET_PATH = /(?<=^\/api\/v1\/ws\/)(?!ticket\/?$).+/s;

/** Gives a request its id, the caller's own when it is well-formed, and logs one line when it is answered. */
export const requestLog: MiddlewareHandler<Env> = async (c, next) => {
  const given = c.req.header("x-request-id");
  const requestId = given && REQUEST_ID.test(given) ? given : crypto.randomUUID();
  c.set("requestId", requestId);
  const startedAt = performance.now();
  await next();
  c.header("X-Request-Id", requestId);
  const ms = Math.round((performance.now() - startedAt) * 10) / 10;
  const line = {
    requestId,
    method: c.req.method,
    // Without the query string, which may hold a token.
    path: c.req.path.replace(AFTER_SOCKET_PATH, "[cut]"),
    status: c.res.status,
    ms,
    address: addressOf(c),
    userId: c.var.actor?.userId,
  };
  if (PROBES.has(c.req.path)) c.env.app.log.debug(line, "request");
  else c.env.app.log.info(line, "request");
};
