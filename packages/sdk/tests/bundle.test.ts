import { expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";

const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));
const MAX_GZIPPED_BYTES = 6 * 1024;
const MAX_TABLE_GZIPPED_BYTES = 3 * 1024;

/** What an app's bundler makes of a page that has these lines. */
async function bundle(code: string, format: "esm" | "iife" = "esm"): Promise<string> {
  const entry = `${SOURCE}entry-of-a-test.ts`;
  const built = await Bun.build({ entrypoints: [entry], files: { [entry]: code }, minify: true, format });
  return (await built.outputs[0]?.text()) ?? "";
}

const gzipped = (text: string) => Bun.gzipSync(text, { level: 9 }).length;

test("REST and session take no more than their share of an app", async () => {
  const everything = gzipped(await bundle('export * from "./index.ts";'));
  expect(everything).toBeGreaterThan(1024);
  expect(everything).toBeLessThanOrEqual(MAX_GZIPPED_BYTES);
  expect(gzipped(await bundle('export * from "./generated/operations.ts";'))).toBeLessThanOrEqual(
    MAX_TABLE_GZIPPED_BYTES,
  );
});

test("what an app does not use stays out of its bundle", async () => {
  const error = await bundle('import { ReelayError } from "./index.ts"; throw new ReelayError("ABORTED", "");');
  expect([error.includes("ReelayError"), error.includes("/auth/login"), error.includes("Bearer")]).toEqual([
    true,
    false,
    false,
  ]);
  const withSession = 'import { createSession } from "./index.ts"; createSession({ baseUrl: "" });';
  const withoutSession =
    'import { createClient } from "./index.ts"; createClient({ baseUrl: "", getToken: () => "" });';
  expect(
    [await bundle(withSession), await bundle(withoutSession)].map((text) => text.includes("reelay.session")),
  ).toEqual([true, false]);
});

test("it is imported, and a client and a session are made, where there is no fetch, no page and no storage", async () => {
  const code = await bundle(
    `import { createClient, createSession } from "./index.ts";
     const session = createSession({ baseUrl: "" });
     globalThis.made = Object.keys(createClient({ baseUrl: "", session }).api).length + session.userId;`,
    "iife",
  );
  const bare: { made?: number } = {};
  runInNewContext(code, bare);
  expect(bare.made).toBeGreaterThan(70);
  expect(() => runInNewContext("fetch", bare)).toThrow("fetch");
});
