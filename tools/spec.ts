import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLOSE, CLOSE_ACTIONS } from "@reelay/contract";
import { asyncApiDocument } from "@reelay/contract/asyncapi";
import { createApi } from "../apps/server/src/api.ts";
import { openApiDocument } from "../apps/server/src/http/openapi.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PROTOCOL_PAGE = "docs/protocol.md";
const TABLES_BEGIN = "<!-- Written by `npm run spec` from packages/contract/src/close-codes.ts. -->";
const TABLES_END = "<!-- End of what is written. -->";

if (import.meta.main) {
  const isFresh = process.argv.includes("--check") ? await check() : await write();
  process.exitCode = isFresh ? 0 : 1;
}

/** The text that each specification at the root should have, by file name. */
export function specifications(): Record<string, string> {
  const api = createApi({ corsOrigins: [], isServing: () => true });
  return { "openapi.json": print(openApiDocument(api)), "asyncapi.json": print(asyncApiDocument()) };
}

/** The names of those files that are not what the code says now. */
export async function staleSpecifications(): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, text] of Object.entries(await generatedFiles())) {
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
  for (const [name, text] of Object.entries(await generatedFiles())) await Bun.write(join(ROOT, name), text);
  return true;
}

/** The specifications, and the page whose tables of close codes are made of the contract. */
async function generatedFiles(): Promise<Record<string, string>> {
  const page = await Bun.file(join(ROOT, PROTOCOL_PAGE)).text();
  return { ...specifications(), [PROTOCOL_PAGE]: withCloseCodes(page) };
}

/** The page with the tables between its two marks written anew. */
export function withCloseCodes(page: string): string {
  const [before, rest = ""] = page.split(TABLES_BEGIN);
  const [, after] = rest.split(TABLES_END);
  if (after === undefined) throw new Error(`${PROTOCOL_PAGE} lacks the marks of the tables of close codes.`);
  return `${before}${TABLES_BEGIN}\n\n${closeCodes()}\n\n${closeActions()}\n\n${TABLES_END}${after}`;
}

function closeCodes(): string {
  const rows = Object.values(CLOSE)
    .toSorted((a, b) => a.code - b.code)
    .map(({ code, reason, meaning, action, client }) => [code, `\`${reason}\``, meaning, `\`${action}\``, client]);
  return table(["Code", "Reason", "Meaning", "Action", "In words"], rows);
}

function closeActions(): string {
  return table(
    ["Action", "What the client does"],
    Object.entries(CLOSE_ACTIONS).map(([action, text]) => [`\`${action}\``, text]),
  );
}

function table(head: string[], rows: (string | number)[][]): string {
  return [head, head.map(() => "-"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function print(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
