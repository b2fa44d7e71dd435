import { expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { ALIASES, CLIENT_FRAME_ALIASES, CLIENT_FRAMES, EVENTS, SYNC_FRAMES } from "@reelay/contract";
import { specifications, staleSpecifications } from "../../../../tools/spec.ts";
import { openApiDocument } from "../../src/http/openapi.ts";
import { createRouter, route } from "../../src/http/router.ts";

type Media = Record<string, { schema?: object }>;
type Operation = {
  operationId: string;
  summary?: string;
  deprecated?: boolean;
  description?: string;
  security: object[];
  parameters?: { name: string; in: string; description?: string; schema: { type?: string } }[];
  requestBody?: { content: Media };
  responses: Record<string, { content?: Media; headers?: object }>;
};
type OpenApi = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: object };
};
type Schema = {
  type?: unknown;
  description?: string;
  example?: object;
  properties?: Record<string, { deprecated?: boolean }>;
  anyOf?: { $ref: string }[];
  oneOf?: { properties: { type: { enum: string[] } } }[];
};
type AsyncApi = {
  channels: { socket: { messages: object } };
  operations: Record<string, { action: string; messages: { $ref: string }[] }>;
  components: { messages: Record<string, { name: string; "x-event-class"?: string }> };
};

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const specs = specifications();
const openApi: OpenApi = JSON.parse(specs["openapi.json"] ?? "");
const asyncApi: AsyncApi = JSON.parse(specs["asyncapi.json"] ?? "");
const operations = Object.entries(openApi.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })),
);

/** What may be asked without a token, by section 1 of the contract. */
const PUBLIC = [
  "POST /api/v1/auth/register",
  "POST /api/v1/auth/login",
  "POST /api/v1/auth/refresh",
  "POST /api/v1/auth/verify-password",
  "GET /api/v1/users/search",
  "GET /api/v1/users/{id}",
  "GET /api/v1/social/followers/{id}",
  "GET /api/v1/social/following/{id}",
  "GET /api/v1/videos",
  "GET /api/v1/videos/user/{id}",
  "GET /api/v1/videos/search",
  "GET /api/v1/videos/{id}",
  "GET /api/v1/social/likes/video/{id}",
  "GET /api/v1/comments/video/{id}",
  "POST /api/v1/appeals",
  "GET /api/v1/media/{kind}/{name}",
];

/** Other paths of operations, for deployed clients. */
const ALIAS_PATHS = [
  "GET /api/v1/auth/test-token",
  "POST /api/v1/auth/change-password",
  "POST /api/v1/social/follow/{id}",
  "DELETE /api/v1/social/unfollow/{id}",
  "GET /api/v1/follows/followers",
  "GET /api/v1/follows/following",
  "POST /api/v1/social/likes/{id}",
  "DELETE /api/v1/social/likes/{id}",
  "PUT /api/v1/reports/{id}",
];

/** What a summary begins with: it says what the caller does. */
const VERBS = new Set(
  `Acknowledge Act Ban Block Bookmark Change Claim Comment Count Create Decide Delete Download Edit Exchange Follow Get Like
  Hide List Log Mark Mute Record Reject Release Remove Reopen Replace Report Resolve Restore Revoke Search Send Show Take Unban Unblock
  Undo Unfollow Unlike Update Verify Warn Write`.split(/\s+/),
);

/** Answers that are bytes, of a type that the file decides. */
const BYTES = ["GET /api/v1/media/{kind}/{name}"];

test("openapi.json, asyncapi.json and the close codes of protocol.md say what the code says", async () => {
  expect(await staleSpecifications()).toEqual([]);
});

test("both pass the linter's recommended rules without a warning", async () => {
  // Nothing leaves the machine.
  const environment = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
  const lint = Bun.spawn(
    [
      process.execPath,
      "node_modules/@redocly/cli/bin/cli.js",
      "lint",
      "--format=json",
      "openapi.json",
      "asyncapi.json",
    ],
    { cwd: ROOT, env: { PATH: process.env.PATH, ...environment }, stdout: "pipe", stderr: "pipe" },
  );
  const [found, said] = await Promise.all([new Response(lint.stdout).text(), new Response(lint.stderr).text()]);
  expect({
    code: await lint.exited,
    said: found.match(/"(?:errors|warnings)": \d+/g),
    problems: problemsOf(found),
  }).toEqual({
    code: 0,
    said: ['"errors": 0', '"warnings": 0', '"errors": 0', '"warnings": 0'],
    problems: [],
  });
  expect(said).toContain("valid");
});

test("every operation, parameter and schema is described, every body has a name and an example", () => {
  const bare: string[] = [];
  const look = (name: string, isGood: unknown) => void (isGood || bare.push(name));
  for (const { name, summary, description, parameters = [], requestBody } of operations) {
    look(`${name}: description`, summary && description);
    for (const parameter of parameters) look(`${name}: ${parameter.name}`, parameter.description);
    for (const { schema } of Object.values(requestBody?.content ?? {})) {
      const id = (schema as { $ref?: string }).$ref?.split("/").at(-1) ?? "";
      look(`${name}: body ${id}`, openApi.components.schemas[id]?.example);
    }
  }
  for (const [name, { description }] of Object.entries(openApi.components.schemas)) look(name, description);
  expect(bare).toEqual([]);
  expect(Object.keys(openApi.components.schemas)).toEqual(
    expect.arrayContaining([
      "BanUser",
      "DeleteVideo",
      "ResolveReport",
      "BulkAction",
      "UploadVideo",
      "AvatarForm",
      "Login",
    ]),
  );
  expect(openApi.components.schemas.Login!.example).not.toHaveProperty("email");
});

test("names for deployed clients are deprecated; a flag is a boolean; an event of the log goes by its type", () => {
  const { Video, User, LoggedEvent } = openApi.components.schemas;
  const deprecated = (schema?: Schema) =>
    Object.keys(schema?.properties ?? {}).filter((key) => schema?.properties?.[key]?.deprecated);
  expect(deprecated(User)).toEqual(["followersCount", "videosCount"]);
  expect(deprecated(Video)).toEqual(Object.keys(ALIASES.Video));
  const list = operations.find(({ name }) => name === "GET /api/v1/notifications");
  expect(list?.parameters?.find(({ name }) => name === "unseen")?.schema.type).toBe("boolean");
  const durable = Object.values(EVENTS).filter((event) => event.class === "durable");
  expect(LoggedEvent!.anyOf).toHaveLength(durable.length);
});

test("whatever is not on the public list requires a bearer", () => {
  const isOpen = ({ security }: Operation) => JSON.stringify(security) !== '[{"bearer":[]}]';
  expect(operations.filter(isOpen).map(({ name }) => name)).toEqual(PUBLIC);
  expect(openApi.components.securitySchemes).toHaveProperty("bearer");
});

test("every success has a schema, every operation an error", () => {
  for (const { name, responses } of operations) {
    const successes = Object.keys(responses).filter((status) => status.startsWith("2"));
    const withSchema = successes.filter((status) => responses[status]?.content?.["application/json"]?.schema);
    expect({ name, withSchema }).toEqual({ name, withSchema: BYTES.includes(name) ? [] : successes });
    expect({ name, statuses: Object.keys(responses) }).toEqual({ name, statuses: expect.arrayContaining(["default"]) });
  }
});

test("every operation has a name of its own and a summary that begins with a verb; aliases are deprecated", () => {
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  const odd = operations.filter(({ operationId, summary = "" }) => {
    const [verb = ""] = summary.split(" ");
    return !/^[a-z][a-zA-Z]+$/.test(operationId) || !VERBS.has(verb) || summary.endsWith(".");
  });
  expect(odd.map(({ name, summary }) => `${name}: ${summary}`)).toEqual([]);
  expect(operations.filter(({ deprecated }) => deprecated).map(({ name }) => name)).toEqual(ALIAS_PATHS);
});

test("two operations of one name are refused", () => {
  const twins = createRouter();
  const responses = { 200: { description: "" } };
  for (const path of ["/a", "/b"]) {
    twins.openapi(route({ id: "twin", access: "public", method: "get", path, responses }), () => new Response());
  }
  expect(() => openApiDocument(twins)).toThrow("twin");
});

test("the document has every frame of the socket as a component, told apart by its type", () => {
  const types = openApi.components.schemas.ServerEvent!.oneOf!.map(({ properties }) => properties.type.enum);
  const everything = ["connected", "ping", "error", "staff:queue", ...Object.keys(SYNC_FRAMES), ...Object.keys(EVENTS)];
  expect(types.flat().toSorted()).toEqual(everything.toSorted());
});

test("every list, and one's own account, tell where the caller's events stand", () => {
  const isList = ({ responses }: Operation) => {
    const schema = responses[200]?.content?.["application/json"]?.schema as
      | { type?: string; $ref?: string }
      | undefined;
    const named = openApi.components.schemas[schema?.$ref?.split("/").at(-1) ?? ""] as
      | { properties?: object }
      | undefined;
    return schema?.type === "array" || Object.keys(named?.properties ?? {}).includes("total");
  };
  const lists = operations.filter(({ name, ...operation }) => name.startsWith("GET ") && isList(operation));
  expect(lists.length).toBeGreaterThan(10);
  const withCursor = (operation: Operation) => Object.keys(operation.responses[200]!.headers ?? {});
  for (const { name, ...operation } of [...lists, operations.find(({ name }) => name === "GET /api/v1/users/me")!]) {
    expect([name, withCursor(operation)]).toEqual([name, ["X-Event-Cursor"]]);
  }
});

test("ids and pages are integers", () => {
  const numbers = operations
    .flatMap(({ parameters = [] }) => parameters)
    .filter(({ name }) => /^(id|skip|limit|.+Id)$/.test(name));
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.filter(({ schema }) => schema.type !== "integer")).toEqual([]);
});

test("no schema with a name is itself nullable, and no reference leads nowhere", () => {
  const nullable = Object.entries(openApi.components.schemas).filter(([, { type }]) => Array.isArray(type));
  expect(nullable.map(([name]) => name)).toEqual([]);
  expect(deadReferences(openApi)).toEqual([]);
  expect(deadReferences(asyncApi)).toEqual([]);
  expect(deadReferences({ $ref: "#/gone" })).toEqual(["#/gone"]);
});

test("the socket's document sends every event, with its class, and receives every frame under each of its names", () => {
  const named = (action: string) =>
    Object.values(asyncApi.operations)
      .filter((operation) => operation.action === action)
      .flatMap(({ messages }) =>
        messages.map(({ $ref }) => asyncApi.components.messages[$ref.split("/").at(-1) ?? ""]),
      );
  const events = named("send").filter((message) => message?.["x-event-class"]);
  expect(Object.fromEntries(events.map((message) => [message?.name, message?.["x-event-class"]]))).toEqual(
    Object.fromEntries(Object.entries(EVENTS).map(([type, event]) => [type, event.class])),
  );
  const control = named("send").filter((message) => !message?.["x-event-class"]);
  expect(control.map((message) => message?.name)).toEqual([
    "connected",
    ...Object.keys(SYNC_FRAMES),
    "staff:queue",
    "ping",
    "error",
  ]);
  expect(named("receive").map((message) => message?.name)).toEqual([
    ...Object.keys(CLIENT_FRAMES),
    ...Object.keys(CLIENT_FRAME_ALIASES),
    "pong",
    "error",
  ]);
});

/** The linter prints a document for each file. */
function problemsOf(printed: string): unknown[] {
  return printed.split(/(?<=^\})(?=\{)/m).flatMap((text) => JSON.parse(text).problems);
}

function deadReferences(document: object): string[] {
  const references = JSON.stringify(document).match(/(?<="\$ref":")[^"]+/g) ?? [];
  return references.filter((reference) => {
    const [root, ...keys] = reference.split("/");
    return root !== "#" || keys.reduce((part, key) => part?.[key] as Part, document as Part) === undefined;
  });
}

type Part = Record<string, unknown> | undefined;
