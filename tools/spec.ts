import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asyncApiDocument } from "@reelay/contract/asyncapi";
import { createApi } from "../apps/server/src/api.ts";
import { openApiDocument } from "../apps/server/src/http/docs.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

if (import.meta.main) {
  const isFresh = process.argv.includes("--check") ? await check() : await write();
  process.exitCode = isFresh ? 0 : 1;
}

/** The text that each specification at the root should have, by file name. */
export function specifications(): Record<string, string> {
  const api = createApi({ corsOrigins: [], isServing: () => true });
  return { "openapi.json": print(openApiDocument(api)), "asyncapi.json": print(asyncApiDocument()) };
}

/** The names of those that are not what the code says now. */
export async function staleSpecifications(): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, text] of Object.entries(specifications())) {
    const file = Bun.file(join(ROOT, name));
    if (!(await file.exists()) || (await file.text()) !== text) stale.push(name);
  }
  return stale;
}

async function check(): Promise<boolean> {
  const stale = await staleSpecifications();
  for (const name of stale) console.error(`${name} is not what the code says: run "npm run spec".`);
  return stale.length === 0;
}

async function write(): Promise<boolean> {
  for (const [name, text] of Object.entries(specifications())) await Bun.write(join(ROOT, name), text);
  return true;
}

function print(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
