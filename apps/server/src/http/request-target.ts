import type { BunRequest, Server } from "bun";
import type { MiddlewareHandler } from "hono";
import { fail } from "../platform/api-error.ts";
import type { Env, TargetFault } from "./env.ts";

type Handle<S> = (
  request: Request,
  server: Server<S>,
  fault: TargetFault | null,
) => Response | Promise<Response> | undefined;

/** RFC 3986, without the comma: two Host headers arrive as one with a comma between them. */
const HOST = /^(?:[\w.~%!$&'()*+;=-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;
/** No path of ours has as many. */
const MAX_SEGMENTS = 10;

/**
 * Handlers for the runtime's own router. The path of a request has its `..`, `%2e%2e` and `\` resolved before anybody can
 * look at it, so that `/x\..\metrics` would walk around what a proxy allows of `/metrics`. That router alone matches
 * what was sent, and shows its segments.
 */
export function byTarget<S>(handle: Handle<S>) {
  const look = (request: BunRequest<string>, server: Server<S>) => handle(request, server, faultOf(request));
  const routes: Record<string, typeof look> = { "/": look };
  for (let count = 1, path = ""; count <= MAX_SEGMENTS; count++) {
    path += `/:s${count}`;
    routes[path] = look;
    routes[`${path}/`] = look;
  }
  const fetch = (request: Request, server: Server<S>) => handle(request, server, "NOT_FOUND");
  return { routes, fetch };
}

/** Lets nothing through that has a fault, in the shape of every other error. */
export const refuseTarget: MiddlewareHandler<Env> = async (c, next) => {
  if (c.env.fault) throw fail(c.env.fault);
  await next();
};

/** HTTP/1.0 names no host, and its path arrives alone: health checks of load balancers still speak it. */
export function withHost(request: Request): Request {
  return request.url.startsWith("/") ? new Request(`http://localhost${request.url}`, request) : request;
}

function faultOf(request: BunRequest<string>): TargetFault | null {
  const host = request.headers.get("host");
  if (host && !HOST.test(host)) return "BAD_REQUEST";
  // Runs for every request: a loop allocates nothing.
  for (const name in request.params) if (!isPlain(request.params[name]!)) return "NOT_FOUND";
  return null;
}

function isPlain(segment: string): boolean {
  return segment !== "." && segment !== ".." && !segment.includes("\\");
}
