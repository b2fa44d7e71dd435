import type { OpenAPIHono } from "@hono/zod-openapi";
import { IdParam, ServerEvent } from "@reelay/contract";
import { z } from "zod";
import server from "../../package.json" with { type: "json" };
import { COMPONENT_NAME } from "./body.ts";
import type { Env } from "./env.ts";

const DESCRIPTION = `The REST side of Reelay. What happens live comes over a WebSocket, \`/api/v1/ws?token=\`
(or \`/api/v1/ws/{token}\`): see [asyncapi.json](/api/v1/asyncapi.json).

**Signing in.** \`POST /api/v1/auth/login\` answers an \`accessToken\`. Send it as \`Authorization: Bearer <token>\`; on this
page, give it to *Authorize*. Account and session are checked at every request: a ban or a logout counts at once.

**Requests.** Keys of bodies and queries are accepted in camelCase and snake_case, unknown ones are ignored. Every path
works with and without a trailing slash. Lists take a \`limit\`, which is cut to
100, and a \`skip\` of at most 10 000, else 422.

**Answers.** Times are ISO-8601 in UTC with milliseconds. Every failure has the one shape \`Error\`: switch on its \`code\`.
Of a request that is not valid \`message\` and \`detail\` name the first field and its fault: \`password: at least 8 characters\`.
Lists carry \`X-Event-Cursor\`: the place in the live events that they stand at.

**Other names.** What is marked as deprecated repeats another key, for clients that were written for other names.`;

const ANY_ERROR = {
  description: "Any failure",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};

type Operation = {
  operationId: string;
  tags?: string[];
  parameters?: { schema?: { type?: string; pattern?: string; default?: unknown } }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, unknown>;
};

/** The OpenAPI 3.1.0 document of the routes that `api` declares. */
export function openApiDocument(api: OpenAPIHono<Env>): object {
  // No operation returns it: it is a component for clients that take their types from this document. Registered is a
  // copy, because the library extends only schemas that are created after it was loaded.
  api.openAPIRegistry.register("ServerEvent", ServerEvent.meta(ServerEvent.meta() ?? {}));
  const generated = api.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "", version: "" } });
  // A copy: what the routes declare is not to be changed.
  const paths: Paths = JSON.parse(JSON.stringify(generated.paths, withoutDatePattern));
  const operations = Object.values(paths).flatMap((item) => Object.values(item).map(complete));
  refuseTwins(operations);
  const license = { name: server.license, identifier: server.license };
  return {
    openapi: "3.1.0",
    info: { title: "Reelay", version: server.version, description: DESCRIPTION, license },
    servers: [{ url: "/", description: "The server that answers this document." }],
    // In the order in which the features are mounted.
    tags: [...new Set(operations.flatMap(({ tags }) => tags ?? []))].map((name) => ({ name, description: TAGS[name] })),
    paths,
    components: {
      schemas: { ...generated.components?.schemas, ...liftBodies(operations) },
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "The `accessToken` of `POST /api/v1/auth/login`.",
        },
      },
    },
  };
}

type Paths = Record<string, Record<string, Operation>>;

/** Clients generated from the document have one function a name. */
function refuseTwins(operations: readonly Operation[]): void {
  const taken = new Set<string>();
  for (const { operationId } of operations) {
    if (taken.has(operationId)) throw new Error(`Two operations are called ${operationId}.`);
    taken.add(operationId);
  }
}

/** Puts a reference in place of each described body that has a name, and returns these bodies by their names. */
function liftBodies(operations: readonly Operation[]): Record<string, object> {
  const bodies: Record<string, object> = {};
  for (const media of operations.flatMap(({ requestBody }) => Object.values(requestBody?.content ?? {}))) {
    const { [COMPONENT_NAME]: name, ...schema } = media.schema;
    if (typeof name !== "string") continue;
    bodies[name] = schema;
    media.schema = { $ref: `#/components/schemas/${name}` };
  }
  return bodies;
}

/** Adds what every operation has. */
function complete(operation: Operation): Operation {
  for (const parameter of operation.parameters ?? []) {
    if (parameter.schema?.pattern !== NUMERIC_PATTERN) continue;
    const { pattern, ...schema } = parameter.schema ?? {};
    parameter.schema = { ...schema, type: "integer" };
  }
  operation.responses.default ??= ANY_ERROR;
  return operation;
}

/** What each group of operations is about. */
const TAGS: Record<string, string> = {
  "Sign-in": "Accounts are made, sessions begin and end, passwords change.",
  Users: "Profiles: one's own, and everybody's.",
  Follows: "Who follows whom.",
  Blocks: "Whom one wants nothing to do with: nothing of theirs comes, nothing of one's own goes to them.",
  Messages: "Conversations between two people.",
  Notifications: "What happened to a user: likes, comments, follows, decisions of moderators.",
  Events: "The log of what happened, over REST: what a resumable socket brings.",
  Videos: "Uploads, feeds, search, and what is counted about a video.",
  Likes: "Who likes which video.",
  Comments: "What is said under a video.",
  Bookmarks: "Videos kept for later; nobody else knows.",
  Reports: "What users report, and what became of it.",
  Moderation: "The queue of what is to be decided, and what staff know and do about people and their things.",
  Admin: "For moderators and admins: bans, takedowns, decisions, the numbers of the dashboard.",
  Media: "The bytes of videos and pictures.",
};

/** It repeats in three hundred characters what the format says. */
function withoutDatePattern(_key: string, value: { format?: string } | null): unknown {
  return value?.format === "date-time" ? { ...value, pattern: undefined } : value;
}

/** Of numbers in paths and queries, which the generator knows as the text that they arrive as. */
const NUMERIC_PATTERN = z.toJSONSchema(IdParam, { io: "input" }).pattern;
