import { afterAll, beforeAll, expect, test } from "bun:test";
import * as contract from "@reelay/contract";
import { type Person, peopleOf, startTestServer, type TestServer } from "@reelay/testkit";
import fc from "fast-check";
import type { z } from "zod";
import { createApi } from "../../src/api.ts";
import { readCursor } from "../../src/delivery/cursor.ts";
import { mentionsOf } from "../../src/features/comments/mentions.ts";
import { names, partOf } from "../../src/features/downloads/ranges.ts";
import { pictureKindOf, videoKindOf } from "../../src/features/media/file-kinds.ts";
import { durationOf } from "../../src/features/videos/mp4-duration.ts";
import { isPublic } from "../../src/features/videos/web-addresses.ts";
import { describePart, formParts, readBytes, readMultipart } from "../../src/http/multipart.ts";
import { cutTokens } from "../../src/platform/log.ts";
import { readSocketRequest } from "../../src/realtime/socket-request.ts";

/* Everything that reads what a caller wrote takes a time that grows with its length, and no faster. */

/** Longer than anything that gets in. What takes a square of it takes many seconds; what is linear, a few milliseconds. */
const LENGTH = 200_000;
/** Of processor time: sixty times what the slowest takes. */
const BOUND_MS = 1500;

const UNITS = [
  ...[
    "_",
    "__a",
    "_a",
    ".",
    "..a",
    " ",
    " \t",
    "\n",
    "\r",
    '"',
    '\\"',
    "\\",
    "@",
    "@a",
    "@abc ",
    "a",
    "A1",
    "0",
    "-",
    "--",
  ],
  ...[
    ";",
    "; ",
    ";a=",
    ';a="',
    '; a="\\"',
    "=",
    ",",
    ", ",
    ":",
    "://",
    "/",
    "/a",
    "//",
    "/..",
    "?",
    "#",
    "&",
    "&a",
    "&a=b",
  ],
  ...[
    "%",
    "%41",
    "%2e",
    "%ff",
    "+",
    "*",
    "[",
    "]",
    "[]",
    "{",
    "(",
    ")",
    "<",
    "$",
    "|",
    "^",
    "é",
    "\u0301",
    "😀",
    "\ud800",
  ],
  ...[
    "\0",
    "\u200b",
    "\u2028",
    "eyJ",
    "eyJaaaaaaaaaaaaaaaaa.",
    "a.a",
    "a@a.",
    "--x",
    "\r\n",
    "\r\n--x",
    "W/",
    "bytes=",
    "0-",
  ],
];
const BEGINNINGS = [
  ...["", "a", "@", '"', "Bearer ", "bytes=", "bytes=0", "http://", "http://a", "an@", "eyJ", "2026-01-31T09:30:00."],
  ...[
    "\r\nContent-Disposition: form-data; name=",
    '\r\nContent-Disposition: form-data; name="',
    "multipart/form-data;",
  ],
  ...["multipart/form-data; boundary=", "application/json;", "application/x", "localhost:", "/api/v1/ws/", "/api/v1/"],
];
const ENDS = ["", "!", "a", "\0", '"', "\\", "@", "/", "=", ";", "-", "."];

const runOf = (unit: string, length = LENGTH) => unit.repeat(Math.ceil(length / unit.length));

/** One run or several, of about that length together, between something that leads a parser in and something it stops at. */
const runs = (length: number) =>
  fc
    .record({
      beginning: fc.constantFrom(...BEGINNINGS),
      units: fc.array(fc.constantFrom(...UNITS), { minLength: 1, maxLength: 3 }),
      end: fc.constantFrom(...ENDS),
    })
    .map(
      ({ beginning, units, end }) => beginning + units.map((unit) => runOf(unit, length / units.length)).join("") + end,
    );

async function check(described: string, read: () => unknown): Promise<void> {
  // Of the processor: what else the machine does in the meantime does not count.
  const before = process.cpuUsage();
  try {
    await read();
  } catch {
    // Refusing is an answer, too.
  }
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  slowest = ms > slowest.ms ? { ms, described } : slowest;
  if (ms > BOUND_MS) throw new Error(`${Math.round(ms)} ms for ${described}`);
}

let slowest = { ms: 0, described: "" };

const schemas = Object.entries(contract).flatMap(([name, value]) =>
  typeof value === "object" && value !== null && "safeParse" in value ? [[name, value as z.ZodType] as const] : [],
);

/** A value in which every field a schema could look at is that text. */
function everywhere(schema: any, text: string, depth = 3): unknown {
  const shape = depth > 0 ? (schema.shape ?? schema.in?.shape ?? schema.def?.in?.shape) : undefined;
  if (!shape) return text;
  return Object.fromEntries(Object.keys(shape).map((key) => [key, everywhere(shape[key], text, depth - 1)]));
}

const upgradeOf = (path: string, headers: Record<string, string> = {}) =>
  ({ method: "GET", url: `http://x${path}`, headers: new Map(Object.entries(headers)) }) as unknown as Request;
const UPGRADE = { upgrade: "websocket", connection: "upgrade" };
const contextOf = (type: string) => ({ req: { header: () => type, raw: { body: new ReadableStream() } } });

/** By what they read. */
const PARSERS: Record<string, (text: string) => unknown> = {
  "a key": (text) => contract.camelKeys({ [text]: 1 }),
  "many keys": (text) =>
    contract.camelKeys(Object.fromEntries(text.match(/.{1,60}/gs)?.map((key, n) => [n + key, 1]) ?? [])),
  "mentions in a comment": (text) => mentionsOf(text, 20),
  "a range": (text) => partOf(text, 1000),
  "an If-None-Match": (text) => names(text, '"a"'),
  "a cursor": (text) => readCursor(text, { epoch: "a", userId: 1 }),
  "a cursor, decoded": (text) => readCursor(Buffer.from(text).toString("base64url"), { epoch: "a", userId: 1 }),
  "the header of a part": (text) => describePart(text),
  "a parameter of a part": (text) => describePart(`\r\nContent-Disposition: form-data; ${text}`),
  "the type of a form": (text) => formParts(contextOf(text) as never, 1),
  "a boundary": (text) => formParts(contextOf(`multipart/form-data; boundary=${text}`) as never, 1),
  "a web address": (text) => isPublic(text),
  "the host of a web address": (text) => isPublic(`http://${text}`),
  "the beginning of a file": (text) => [videoKindOf(Buffer.from(text)), pictureKindOf(Buffer.from(text))],
  "a line of the log": (text) => cutTokens(text),
  "the path of a socket": (text) => readSocketRequest(upgradeOf(`/api/v1/ws/${text}`, UPGRADE)),
  "the query of a socket": (text) => readSocketRequest(upgradeOf(`/api/v1/ws?${text}`, UPGRADE)),
  "the headers of a socket": (text) =>
    readSocketRequest(upgradeOf("/api/v1/ws", { ...UPGRADE, connection: `${text},upgrade`, authorization: text })),
  "a bearer": (text) => readSocketRequest(upgradeOf("/api/v1/ws", { ...UPGRADE, authorization: `Bearer ${text}` })),
};
for (const [name, schema] of schemas)
  PARSERS[`the schema ${name}`] = (text) => schema.safeParse(everywhere(schema, text));

test("the schemas are all there", () => {
  expect(schemas.map(([name]) => name)).toEqual(
    expect.arrayContaining(["Register", "Login", "CreateVideo", "BanUser"]),
  );
  expect(everywhere(contract.Register, "x")).toEqual({ email: "x", username: "x", password: "x", fullName: "x" });
});

PARSERS["a form"] = (text) => bytesOfParts(`--x\r\n\r\n${text}\r\n--x--`);
PARSERS["what is before a form"] = (text) => bytesOfParts(text);
PARSERS["the boxes of a file"] = (text) => durationOf(new Blob([text]));

async function bytesOfParts(text: string): Promise<number> {
  let size = 0;
  for await (const { content } of readMultipart(new Blob([text]).stream(), "x", 2 * LENGTH)) {
    size += (await readBytes(content, 2 * LENGTH)).length;
  }
  return size;
}

for (const [what, read] of Object.entries(PARSERS)) {
  test(`${what}: a run of anything takes no time`, async () => {
    for (const unit of UNITS) await check(`${what}: ${JSON.stringify(unit)}, again and again`, () => read(runOf(unit)));
    await fc.assert(
      fc.asyncProperty(runs(LENGTH), (text) =>
        check(`${what}: ${JSON.stringify(text.slice(0, 80))}…`, () => read(text)),
      ),
      { numRuns: 25, endOnFailure: true },
    );
  });
}

type Place = (text: string) => [path: string, init?: RequestInit];
const asJson = (body: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: body.slice(0, 60_000),
});

/** Where a request may carry a text, of the whole way that it goes. */
const PLACES: Record<string, Place> = {
  // Of these two as much as gets in: the router reads `/` upon `/` and `&` upon `&` not quite in linear time.
  "a path": (text) => [`/api/v1/${text.slice(0, 16_384)}`],
  "an id": (text) => [`/api/v1/users/${encodeURIComponent(text.toWellFormed())}`],
  "a query": (text) => [`/api/v1/videos?${text.slice(0, 16_384)}`],
  "a search": (text) => [`/api/v1/videos/search?q=${encodeURIComponent(text.toWellFormed())}`],
  "a key": (text) => ["/api/v1/messages", asJson(`{${JSON.stringify(text).slice(0, 50_000)}":1}`)],
  "a body": (text) => ["/api/v1/messages", asJson(text)],
  "a form": (text) => [
    "/api/v1/auth/login",
    { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: text.slice(0, 60_000) },
  ],
};
for (const header of [
  ...["authorization", "content-type", "origin", "x-forwarded-for", "x-request-id", "user-agent", "accept"],
  ...["range", "if-none-match", "if-range", "cookie", "access-control-request-headers"],
]) {
  PLACES[`the header ${header}`] = (text) => ["/api/v1/messages/", { method: "POST", headers: { [header]: text } }];
}
PLACES["the type of an upload"] = (text) => [
  "/api/v1/videos",
  { method: "POST", headers: { "content-type": `multipart/form-data; ${text}` }, body: "x" },
];

let server: TestServer;
let ann: Person;

beforeAll(async () => {
  server = await startTestServer({ env: { TRUSTED_PROXIES: "2", CORS_ORIGINS: "https://app.example" } });
  [ann] = await peopleOf(server, "ann");
});

afterAll(async () => {
  console.log(`the slowest took ${slowest.ms.toFixed(0)} ms: ${slowest.described}`);
  await server.stop();
});

test("nor does it on its way through the whole of a request, wherever it stands", async () => {
  const api = createApi({ corsOrigins: server.app.config.corsOrigins, isServing: () => true });
  const authorization = `Bearer ${ann.token}`;
  for (const [where, place] of Object.entries(PLACES)) {
    for (const unit of UNITS) {
      const [path, init] = place(runOf(unit));
      const asked = requestOf(path, init, authorization);
      if (!asked) continue;
      await check(`${where}: ${JSON.stringify(unit)}, again and again`, async () => {
        const answer = await api.fetch(asked, { app: server.app, address: "127.0.0.1", fault: null });
        await answer.text();
      });
    }
  }
}, 120_000);

/** Undefined where the text is none that a request may carry there. */
function requestOf(path: string, init: RequestInit = {}, authorization: string): Request | undefined {
  try {
    const headers = new Headers(init.headers);
    if (!headers.has("authorization")) headers.set("authorization", authorization);
    return new Request(`http://x${path}`, { ...init, headers });
  } catch {
    return undefined;
  }
}
