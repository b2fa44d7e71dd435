import { createHash } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/* Builds apps/dashboard/dist, when it is not of the sources as they are: before `npm start`, `npm run dev` and the tests,
   and into the image. --force: in any case. */

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const DASHBOARD = join(ROOT, "apps/dashboard");
const BUILT = join(DASHBOARD, "dist");
const STAMP = "sources.sha256";
const SOURCES = ["apps/dashboard/src/**", "apps/dashboard/*.json", "packages/sdk/src/**/*.ts", "package-lock.json"];
const PUBLIC_PATH = "/admin/assets/";

if (import.meta.main && (process.argv.includes("--force") || (await isStale()))) await buildDashboard();

export async function isStale(): Promise<boolean> {
  const stamp = Bun.file(join(BUILT, STAMP));
  return !(await stamp.exists()) || (await stamp.text()) !== (await hashOfSources());
}

/** Builds beside what is being served, and puts it in its place at the end. */
export async function buildDashboard(): Promise<void> {
  const sources = await hashOfSources();
  const folder = `${BUILT}.${process.pid}`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "assets"), { recursive: true });
  const names = await bundle(join(folder, "assets"));
  await Bun.write(join(folder, "index.html"), page(names));
  await Bun.write(join(folder, STAMP), sources);
  await rm(BUILT, { recursive: true, force: true });
  await rename(folder, BUILT);
}

type Names = { script: string; style: string };

async function bundle(folder: string): Promise<Names> {
  const { outputs } = await Bun.build({
    entrypoints: [join(DASHBOARD, "src/main.tsx")],
    target: "browser",
    splitting: true,
    minify: true,
    publicPath: PUBLIC_PATH,
    naming: { entry: "[name].[hash].[ext]", chunk: "[name].[hash].[ext]", asset: "[name].[hash].[ext]" },
    define: { "process.env.NODE_ENV": '"production"' },
    tsconfig: join(DASHBOARD, "tsconfig.json"),
  });
  for (const output of outputs)
    await write(join(folder, nameOf(output.path)), new Uint8Array(await output.arrayBuffer()));
  const named = (isMeant: (output: (typeof outputs)[number]) => boolean) => nameOf(outputs.find(isMeant)?.path ?? "");
  return {
    script: named(({ kind }) => kind === "entry-point"),
    style: named(({ path }) => path.endsWith(".css")),
  };
}

function nameOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await Promise.all([
    Bun.write(path, bytes),
    Bun.write(`${path}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION })),
    Bun.write(`${path}.br`, brotliCompressSync(bytes, quality)),
  ]);
}

async function hashOfSources(): Promise<string> {
  const hash = createHash("sha256");
  const found = SOURCES.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT })]).sort();
  for (const path of [...found, "tools/build-dashboard.ts"]) {
    hash.update(`${path}\n`).update(await Bun.file(join(ROOT, path)).bytes());
  }
  return hash.digest("hex");
}

function page({ script, style }: Names): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>Reelay</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${PUBLIC_PATH}${style}">
    <script type="module" src="${PUBLIC_PATH}${script}"></script>
  </head>
  <body>
    <div id="page"></div>
  </body>
</html>
`;
}
