import { createRoute, OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import { aliasing, camelKeys, ERRORS, ErrorBody, type ErrorCode } from "@reelay/contract";
import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import { invalid } from "../platform/api-error.ts";
import { type Access, allow } from "./auth.ts";
import { type FormLimit, limitBody } from "./body-limit.ts";
import type { Env } from "./env.ts";
import { eventCursor } from "./event-cursor.ts";

/** A set of routes. `/x` answers `/x/` too; a request that fails validation never reaches its handler. */
export function createRouter(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    strict: false,
    defaultHook: (result) => {
      if (!result.success) throw invalid(result.error as unknown as z.ZodError);
    },
  });
}

type Declared = Omit<RouteConfig, "middleware" | "operationId" | "security"> & {
  /** The name of the operation, by which clients that are generated from the document call it: `listMessages`. */
  id: string;
  access: Access;
  /** For a route that takes a form with files; without it a body may have 64 KB, of whatever type. */
  maxFormBytes?: FormLimit;
  middleware?: readonly MiddlewareHandler<Env>[];
};

/**
 * Declares one route. The size of its body is checked first, then who may call it; `middleware` comes next, and the
 * validation of the request after that.
 */
export function route<const R extends Declared>({ id, access, maxFormBytes, middleware = [], ...config }: R) {
  const security = access === "public" ? [] : access === "anyone" ? [{}, { bearer: [] }] : [{ bearer: [] }];
  const answers = middleware.includes(eventCursor) ? withCursor(config.responses) : config.responses;
  const responses = withFailures(answers, access, config.request !== undefined);
  const declared = {
    ...config,
    operationId: id,
    responses,
    middleware: [limitBody(maxFormBytes), allow(access), ...middleware, ...addAliases(responses)],
    security,
  };
  // The type leaves the middleware out: it would replace the environment handlers see.
  return createRoute(declared as unknown as Plain<R>);
}

type Plain<R extends Declared> = {
  [K in keyof R as K extends "id" | "access" | "maxFormBytes" | "middleware" ? never : K]: R[K];
} & {
  path: R["path"];
  method: R["method"];
  responses: R["responses"];
};

/** Adds what deployed clients read under other names, as the response declares it, before it is written as JSON. */
function addAliases(responses: Responses): MiddlewareHandler<Env>[] {
  const byStatus = new Map<unknown, (answer: unknown) => unknown>();
  for (const [status, { content }] of Object.entries(responses) as [string, { content?: JsonContent }][]) {
    const schema = content?.["application/json"]?.schema;
    const add = schema instanceof z.ZodType ? aliasing(schema) : null;
    if (add) byStatus.set(Number(status), add);
  }
  if (byStatus.size === 0) return [];
  const middleware: MiddlewareHandler<Env> = async (c, next) => {
    const json = c.json as (answer: unknown, ...rest: unknown[]) => Response;
    const answerJson = (answer: unknown, status: unknown = 200, ...headers: unknown[]) =>
      json(byStatus.get(status)?.(answer) ?? answer, status, ...headers);
    c.json = answerJson as unknown as typeof c.json;
    await next();
  };
  return [middleware];
}

type JsonContent = { "application/json"?: { schema?: unknown } };

/** For the documentation of what `eventCursor` adds to a success. */
function withCursor(responses: Responses): Responses {
  const description =
    "Where the caller's events stood before this was read: a cursor to go on from. None without a token.";
  const headers = { "X-Event-Cursor": { description, schema: { type: "string" as const } } };
  return { ...responses, 200: { ...(responses[200] as object), headers } as (typeof responses)[200] };
}

/** A required JSON body, accepted in camelCase and snake_case. */
export function json<T extends z.ZodType>(schema: T) {
  return { content: { "application/json": { schema: normalised(schema) } }, required: true as const };
}

/** A query string, accepted in camelCase and snake_case. */
export function query<T extends z.ZodObject>(schema: T): T {
  return normalised(schema) as unknown as T;
}

/** A successful response. */
export function answer<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { "application/json": { schema } } };
}

/** The failures a route names in its documentation, by status, on top of those every route may give. */
export function failures(...codes: ErrorCode[]) {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  const entries = [...byStatus].map(([status, group]) => [status, answer(group.map(explained).join("\n"), ErrorBody)]);
  return Object.fromEntries(entries) as Record<never, never>;
}

function explained(code: ErrorCode): string {
  return `- \`${code}\`: ${ERRORS[code].message}`;
}

/** Adds to the documentation what follows from who may call a route, and from its looking at what was sent. */
function withFailures(responses: Responses, access: Access, isParsed: boolean): Responses {
  const codes: ErrorCode[] = isParsed ? ["VALIDATION_ERROR"] : [];
  if (access !== "public") codes.push("UNAUTHORIZED", "ACCOUNT_BANNED");
  if (access === "moderator" || access === "admin") codes.push("FORBIDDEN");
  const documented = { ...responses };
  for (const code of codes) {
    const { status } = ERRORS[code];
    const { description = "" } = (documented[status] ?? {}) as { description?: string };
    if (description.includes(explained(code))) continue;
    documented[status] = answer([description, explained(code)].filter(Boolean).join("\n"), ErrorBody);
  }
  return documented;
}

type Responses = RouteConfig["responses"];

function normalised<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => camelKeys(value), schema);
}
