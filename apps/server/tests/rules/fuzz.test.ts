import { beforeAll, expect, test } from "bun:test";
import { ErrorBody } from "@reelay/contract";
import { promote, serverForFile } from "@reelay/testkit";
import fc from "fast-check";

/* Every operation of the API, with whatever its path, query, headers and body can be made to hold. */

const RUNS = Number(process.env.FUZZ_RUNS ?? 40);

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let operations: { method: string; path: string }[];

beforeAll(async () => {
  const document: any = await (await fetch(`${server.url}/api/v1/openapi.json`)).json();
  operations = Object.entries(document.paths).flatMap(([path, item]: [string, any]) =>
    Object.keys(item).map((method) => ({ method: method.toUpperCase(), path })),
  );
  expect(operations.length).toBeGreaterThan(35);
});

const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "\0",
    "\ud800",
    "%00",
    "..",
    "../../..",
    "%2e%2e%2f",
    "' or 1=1 --",
    "{{7*7}}",
    "𝕏".repeat(50),
    "null",
    "NaN",
    "-0",
  ),
  fc.constantFrom("0", "-1", "1.5", "9007199254740993", "1e309", "0x10", "٣", ""),
);
const value = fc.oneof(
  nasty,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 5 }),
);
const key = fc.oneof(
  fc.constantFrom(
    "receiverId",
    "receiver_id",
    "content",
    "clientId",
    "messageIds",
    "message_ids",
    "conversationWith",
    "reason",
  ),
  fc.constantFrom(
    "until",
    "email",
    "username",
    "password",
    "newPassword",
    "currentPassword",
    "bio",
    "refreshToken",
    "__proto__",
  ),
  fc.constantFrom("constructor", "toString", "limit", "skip", "before_id", "q"),
  fc.constantFrom("targetType", "target_id", "verdict", "action", "page", "sort_by", "order", "search", "status"),
);
const record = fc.array(fc.tuple(key, value), { maxLength: 6 }).map((entries) => Object.fromEntries(entries));
const body = fc.oneof(
  record.map((object) => JSON.stringify(object)),
  fc.json(),
  fc.string({ unit: "binary", maxLength: 100 }),
);
const type = fc.constantFrom(
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/x",
);

async function attempt(method: string, path: string, init: RequestInit): Promise<{ status: number; text: string }> {
  const response = await fetch(server.url + path, { ...init, method, redirect: "manual" });
  return { status: response.status, text: await response.text() };
}

test("no operation answers with a 5xx or outside the error shape, whatever it is sent", async () => {
  for (const { method, path } of operations) {
    // Somebody new each time: one of the operations may have ended their session or their account.
    const [ann] = await people("ann");
    if (path.includes("/admin/")) await promote(server, ann, "admin");
    const { token } = ann;
    const input = fc.record({
      parts: fc.array(nasty, { minLength: 3, maxLength: 3 }),
      search: record,
      body,
      type,
      hasToken: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(input, async ({ parts, search, body, type, hasToken }) => {
        let used = 0;
        const target = path.replace(/\{\w+\}/g, () => encodeURIComponent(parts[used++]!.toWellFormed()) || "x");
        const query = new URLSearchParams(
          Object.entries(search).map(([k, v]): [string, string] => [k, String(v).toWellFormed()]),
        );
        const headers = { "content-type": type, ...(hasToken && { authorization: `Bearer ${token}` }) };
        const hasBody = !["GET", "HEAD"].includes(method);
        const { status, text } = await attempt(method, `${target}?${query}`, { headers, ...(hasBody && { body }) });
        if (status >= 500) throw new Error(`${method} ${target}: ${status} ${text}`);
        if (status >= 400) ErrorBody.parse(JSON.parse(text));
      }),
      { numRuns: RUNS },
    );
  }
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
}, 120_000);
