import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { IdParam } from "@reelay/contract";
import swagger from "swagger-ui-dist/package.json" with { type: "json" };
import { z } from "zod";
import server from "../../package.json" with { type: "json" };
import { fail } from "../platform/api-error.ts";
import { COMPONENT_NAME } from "./body.ts";
import type { Env } from "./env.ts";
import { createRouter } from "./router.ts";

type Documents = { openApi: () => object; asyncApi: () => object };

/** The documents of the API, each made when it is first asked for, and a page that shows them: `/docs`. */
export function docsRoutes({ openApi, asyncApi }: Documents) {
  const docs = createRouter();
  docs.get("/", (c) => c.redirect("/docs"));
  docs.get("/api/v1/openapi.json", answerJson(openApi));
  docs.get("/api/v1/asyncapi.json", answerJson(asyncApi));
  docs.get("/docs", () => new Response(PAGE, { headers: PAGE_HEADERS }));
  docs.get("/docs/:file", (c) => {
    const asset = ASSETS.get(c.req.param("file"));
    if (!asset) throw fail("NOT_FOUND");
    const isNamedByVersion = c.req.query("v") === asset.version;
    const caching = isNamedByVersion ? "public, max-age=31536000, immutable" : "no-cache";
    const headers = { "Content-Type": asset.type, "Cache-Control": caching };
    return new Response(asset.body(), { headers });
  });
  return docs;
}

function answerJson(make: () => object) {
  let text: string | undefined;
  return () => {
    text ??= JSON.stringify(make());
    return new Response(text, { headers: { "Content-Type": "application/json", "Cache-Control": "no-cache" } });
  };
}

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
  operationId?: string;
  tags?: string[];
  parameters?: { schema?: { type?: string; pattern?: string; default?: unknown } }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, unknown>;
};

/** The OpenAPI 3.1.0 document of the routes that `api` declares. */
export function openApiDocument(api: OpenAPIHono<Env>): object {
  const generated = api.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "", version: "" } });
  // A copy: what the routes declare is not to be changed.
  const paths: Paths = JSON.parse(JSON.stringify(generated.paths, withoutDatePattern));
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => complete(method, path, operation)),
  );
  const taken = new Set<string>();
  for (const { operationId } of operations) {
    if (taken.has(operationId)) throw new Error(`Two operations would be called ${operationId}.`);
    taken.add(operationId);
  }
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

/** Puts a reference in place of each described body that has a name, and answers these bodies by their names. */
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
function complete(method: string, path: string, operation: Operation): Operation & { operationId: string } {
  for (const parameter of operation.parameters ?? []) {
    if (parameter.schema?.pattern !== NUMERIC_PATTERN) continue;
    const { pattern, ...schema } = parameter.schema ?? {};
    parameter.schema = { ...schema, type: "integer" };
  }
  operation.responses.default ??= ANY_ERROR;
  return Object.assign(operation, { operationId: operationIdOf(method, path) });
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
  Admin: "For moderators and admins: bans, takedowns, decisions, the numbers of the dashboard.",
  Media: "The bytes of videos and pictures.",
};

/** It repeats in three hundred characters what the format says. */
function withoutDatePattern(_key: string, value: { format?: string } | null): unknown {
  return value?.format === "date-time" ? { ...value, pattern: undefined } : value;
}

/** Of numbers in paths and queries, which the generator knows as the text that they arrive as. */
const NUMERIC_PATTERN = z.toJSONSchema(IdParam, { io: "input" }).pattern;

/** `GET /api/v1/users/{id}/follow` is `getUsersByIdFollow`. */
function operationIdOf(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/v1\//, "")
    .replace(/\{(\w+)\}/g, "by/$1")
    .split(/[^a-zA-Z0-9]+/);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

const INITIALIZER = `SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;

const STYLE = `body { margin: 0; background: #fafafa; }
nav { padding: 12px 20px; background: #1b1b1b; color: #fafafa; font: 14px/1.4 sans-serif; }
nav a { margin-left: 16px; color: #9ecbff; }
`;

type Asset = { type: string; version: string; body: () => string | Bun.BunFile };

const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ["swagger-ui.css", vendored("swagger-ui.css", "text/css; charset=utf-8")],
  ["swagger-ui-bundle.js", vendored("swagger-ui-bundle.js", "text/javascript; charset=utf-8")],
  ["page.css", own(STYLE, "text/css; charset=utf-8")],
  ["page.js", own(INITIALIZER, "text/javascript; charset=utf-8")],
]);

function vendored(file: string, type: string): Asset {
  const folder = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));
  return { type, version: swagger.version, body: () => Bun.file(join(folder, file)) };
}

function own(text: string, type: string): Asset {
  return { type, version: Bun.hash(text).toString(36), body: () => text };
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Reelay</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${address("swagger-ui.css")}">
    <link rel="stylesheet" href="${address("page.css")}">
  </head>
  <body>
    <nav>Reelay
      <a href="/api/v1/openapi.json">REST: openapi.json</a>
      <a href="/api/v1/asyncapi.json">Socket: asyncapi.json</a>
    </nav>
    <div id="swagger-ui"></div>
    <script src="${address("swagger-ui-bundle.js")}"></script>
    <script src="${address("page.js")}"></script>
  </body>
</html>
`;

function address(file: string): string {
  return `/docs/${file}?v=${ASSETS.get(file)?.version}`;
}

const PAGE_HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Cache-Control": "no-cache",
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
};
