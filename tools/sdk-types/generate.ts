import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { forNewClients, type OpenApi, operationTable } from "./operations.ts";

/* Writes packages/sdk/src/generated from openapi.json. Its TypeScript is older than ours: openapi-typescript does not
   run on ours. So it has dependencies of its own, which only this program installs. */

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const HERE = fileURLToPath(new URL("./", import.meta.url));
const OUTPUT = join(ROOT, "packages/sdk/src/generated");
const FILES = ["schema.ts", "operations.ts"];
const SOURCES = [
  "openapi.json",
  "tools/sdk-types/generate.ts",
  "tools/sdk-types/operations.ts",
  "tools/sdk-types/package-lock.json",
];
/** Of what openapi-typescript writes, what the client's types stand on: it names operations, no paths. */
const DECLARATIONS = ["components", "operations"];

if (import.meta.main) {
  // A process that has looked for the packages in vain does not find them any more when they are there.
  if (install())
    process.exitCode = Bun.spawnSync([process.execPath, import.meta.path], {
      stdio: ["ignore", "inherit", "inherit"],
    }).exitCode;
  else await write();
}

/** The names of the files that were made of other sources than those of now, or changed by hand. */
export async function staleSdkTypes(): Promise<string[]> {
  const sources = await hashOfSources();
  const texts = await Promise.all(
    FILES.map((name) =>
      Bun.file(join(OUTPUT, name))
        .text()
        .catch(() => ""),
    ),
  );
  return FILES.filter((_, index) => isStale(texts[index] ?? "", sources));
}

export function isStale(text: string, sources: string): boolean {
  const [head = "", ...rest] = text.split("\n\n");
  return `${head}\n\n` !== header(sources, rest.join("\n\n"));
}

export async function hashOfSources(): Promise<string> {
  return sha256((await Promise.all(SOURCES.map((path) => Bun.file(join(ROOT, path)).text()))).join("\n"));
}

/** What a generated file begins with, so that it can be checked where the generator is not installed. */
export function header(sources: string, content: string): string {
  const lines = [
    "// Written by `npm run sdk:types` from openapi.json.",
    `// Sources: sha256 ${sources}`,
    `// Content: sha256 ${sha256(content)}`,
  ];
  return `${lines.join("\n")}\n\n`;
}

async function write(): Promise<void> {
  const document = forNewClients(await Bun.file(join(ROOT, "openapi.json")).json());
  const sources = await hashOfSources();
  const contents: Record<string, string> = {
    "schema.ts": await schemaTypes(document),
    "operations.ts": operationTable(document),
  };
  for (const [name, content] of Object.entries(contents)) {
    await Bun.write(join(OUTPUT, name), header(sources, content) + content);
  }
}

/** Whether something had to be installed. */
function install(): boolean {
  const installed = join(HERE, "node_modules/.package-lock.json");
  const isInstalled = existsSync(installed) && Bun.file(installed).lastModified >= lockFile().lastModified;
  if (isInstalled) return false;
  const { success } = Bun.spawnSync(["npm", "ci"], { cwd: HERE, stdio: ["ignore", "inherit", "inherit"] });
  if (!success) throw new Error(`"npm ci" failed in ${HERE}.`);
  return true;
}

function lockFile() {
  return Bun.file(join(HERE, "package-lock.json"));
}

async function schemaTypes(document: OpenApi): Promise<string> {
  // By their paths: for whoever checks the types of this file they need not be installed.
  const { default: openapiTS, astToString } = await import(
    join(HERE, "node_modules/openapi-typescript/dist/index.mjs")
  );
  const { default: ts } = await import(join(HERE, "node_modules/typescript/lib/typescript.js"));
  const file = ts.factory.createTypeReferenceNode("FilePart");
  const nodes = await openapiTS(document, {
    excludeDeprecated: true,
    // A value with a default may be left out of a request; what an answer always has is "required" there.
    defaultNonNullable: false,
    transform: ({ format }: { format?: string }) => (format === "binary" ? file : undefined),
  });
  const used = nodes.filter(({ name }: { name?: { text: string } }) => DECLARATIONS.includes(name?.text ?? ""));
  return `import type { FilePart } from "../file-part.ts";\n\n${astToString(used)}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
