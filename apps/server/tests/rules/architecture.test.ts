import { expect, test } from "bun:test";
import { basename } from "node:path/posix";
import { at, circular, type Import, importsOf, matches, readSources, type Source, told } from "./sources.ts";

type Tree = Record<string, string>;
/** Names every place that breaks a rule: `file:line what is wrong`. */
type Check = (sources: Source[]) => string[];

const isTest = ({ path }: Source) => path.endsWith(".test.ts") || /(^|\/)tests\//.test(path);
const everything = await readSources(
  ...["packages/*/src/**/*.ts", "apps/server/{src,tests}/**/*.ts", "scripts/**/*.ts", "chaos/**/*.ts"],
);
const production = everything.filter((source) => !isTest(source) && !/^(?:scripts|chaos)\//.test(source.path));
const manifests = await readSources("package.json", "packages/*/package.json", "apps/*/package.json");

/** First the premise: in a tree where something breaks the rule, the check finds it, at that place and no other. */
function rule(name: string, sources: Source[], check: Check, broken: Tree, ...found: string[]): void {
  test(name, () => {
    const places = check(Object.entries(broken).map(([path, text]) => ({ path, text })));
    expect(places.map((place) => place.split(" ")[0])).toEqual(found);
    expect(sources.length).toBeGreaterThan(0);
    expect(check(sources)).toEqual([]);
  });
}

const src = (tree: Tree): Tree => Object.fromEntries(Object.entries(tree).map(([path, text]) => [SRC + path, text]));
const SRC = "apps/server/src/";

rule(
  "contract imports only zod and itself",
  production,
  (sources) =>
    importsOf(sources)
      .filter(({ path }) => path.startsWith("packages/contract/"))
      .filter(({ target }) => target !== "zod" && !target.startsWith("packages/contract/"))
      .map(told),
  {
    "packages/contract/src/a.ts":
      'import { z } from "zod";\nimport "../../package.json";\nimport { serve } from "bun";\n',
    "packages/contract/src/b.ts": 'export * from "../../sdk/src/index.ts";\n',
  },
  "packages/contract/src/a.ts:3",
  "packages/contract/src/b.ts:1",
);

const MAY_IMPORT = {
  platform: ["platform"],
  delivery: ["platform", "delivery"],
  http: ["platform", "delivery", "http"],
  realtime: ["platform", "delivery", "realtime"],
  features: ["platform", "delivery", "http", "features"],
};

for (const [area, allowed] of Object.entries(MAY_IMPORT)) {
  const stranger = ["realtime", "http"].find((each) => !allowed.includes(each));
  rule(
    `${area} imports only ${allowed.join(", ")} and contract`,
    production,
    (sources) =>
      importsOf(sources)
        .filter(({ path }) => areaOf(path) === area)
        .filter((each) => !allowed.includes(areaOf(each.target)) && !isElsewhere(each) && !isContext(each))
        .map(told),
    src({
      [`${area}/x/a.ts`]: 'import { a } from "@reelay/contract";\nimport type {\n  B,\n} from "../../app.ts";\n',
      [`${area}/x/b.ts`]: `import pino from "pino";\nconst lazy = await import("../../${stranger}/c.ts");\n`,
      [`${area}/x/c.ts`]: `import server from "../../../../package.json";\nimport "../../${allowed[0]}/d.ts";\n`,
    }),
    `${SRC}${area}/x/a.ts:2`,
    `${SRC}${area}/x/b.ts:2`,
  );
}

/** Packages, and the manifest of our own. */
const isElsewhere = ({ target }: Import) => !target.startsWith(SRC) && target !== "@reelay/sdk";
const isContext = ({ path, target }: Import) =>
  target === `${SRC}context.ts` && ["http", "features"].includes(areaOf(path));

rule(
  "of context.ts, http and features know the type App and nothing else",
  production,
  (sources) =>
    importsOf(sources)
      .filter(isContext)
      .filter(({ isType, clause }) => !isType || clause.replace(/\s|,(?=\s*\})/g, "") !== "{App}")
      .map(told),
  src({
    "http/a.ts": 'import type { App } from "../context.ts";\n',
    "http/b.ts": 'import type { App, Overrides } from "../context.ts";\n',
    "features/x/a.ts": 'import { openContext } from "../../context.ts";\n',
    "features/x/b.ts": 'import { type App } from "../../context.ts";\n',
  }),
  `${SRC}http/b.ts:1`,
  `${SRC}features/x/a.ts:1`,
  `${SRC}features/x/b.ts:1`,
);

rule(
  "nothing of the server reaches into another package's files, or uses the sdk",
  production,
  (sources) =>
    importsOf(sources)
      .filter(
        ({ path, target }) => path.startsWith("apps/server/") && /^packages\/|^@reelay\/(?!contract$)/.test(target),
      )
      .map(told),
  src({
    "app.ts": 'import "@reelay/contract";\nimport "@reelay/sdk";\nimport "../../../packages/contract/src/a.ts";\n',
  }),
  `${SRC}app.ts:2`,
  `${SRC}app.ts:3`,
);

rule(
  "a feature never imports another feature's routes",
  production,
  (sources) =>
    importsOf(sources)
      .filter(({ path, target }) => featureOf(path) && featureOf(target) && featureOf(path) !== featureOf(target))
      .filter(({ target }) => isRoutes(target))
      .map(told),
  src({
    "features/a/a.ts": 'import { b } from "../b/b.ts";\nimport "../b/routes.ts";\nimport "../b/b-routes.ts";\n',
    "features/a/routes.ts": 'import "./a-routes.ts";\n',
    "api.ts": 'import "./features/a/routes.ts";\n',
  }),
  `${SRC}features/a/a.ts:2`,
  `${SRC}features/a/a.ts:3`,
);

rule(
  "no two features need each other, not even for types",
  production,
  (sources) => circular(importsOf(sources), featureOf),
  src({
    "features/a/a.ts": 'import type { B } from "../b/b.ts";\n',
    "features/b/b.ts": '\nimport { c } from "../c/c.ts";\n',
    "features/c/c.ts": 'import { a } from "../a/other.ts";\nimport { d } from "../d/d.ts";\n',
    "features/d/d.ts": "export const d = 1;\n",
  }),
  `${SRC}features/a/a.ts:1`,
  `${SRC}features/b/b.ts:2`,
  `${SRC}features/c/c.ts:1`,
);

rule(
  "no files import each other's values in a circle",
  production,
  (sources) =>
    circular(
      importsOf(sources).filter(({ isType }) => !isType),
      (path) => path,
    ),
  {
    ...src({ "http/a.ts": 'import { b } from "./b.ts";\n', "http/b.ts": 'export { a } from "./a.ts";\n' }),
    ...src({ "http/c.ts": 'import { d } from "./d.ts";\n', "http/d.ts": 'import type { C } from "./c.ts";\n' }),
  },
  `${SRC}http/a.ts:1`,
  `${SRC}http/b.ts:1`,
);

const ENVIRONMENT =
  /\b(?:process|Bun|import\.meta)\.env\b|\benv\b[^;=]*\}\s*=\s*(?:process|Bun)\b|\benv\b[^;]*\}\s*from\s*"(?:node:process|process|bun)"/g;

const WHOLE = /process\.env(?![.[])/g;

rule(
  "only config.ts reads the environment; main.ts and cli.ts hand it over",
  production,
  (sources) =>
    sources
      .filter(({ path }) => path !== `${SRC}config.ts`)
      .map((source) =>
        [`${SRC}main.ts`, `${SRC}cli.ts`].includes(source.path)
          ? { ...source, text: source.text.replace(/readConfig\([^)]*/g, (call) => call.replace(WHOLE, "")) }
          : source,
      )
      .flatMap((source) => matches(source, ENVIRONMENT)),
  src({
    "main.ts": "run(readConfig(process.env));\nconst port = process.env.PORT;\n",
    "cli.ts": "readConfig({ PORT: 1, ...process.env });\nreadConfig({ ...process.env, PORT: process.env.PORT });\n",
    "http/a.ts": "// process.env is not ours\nreadConfig(process.env);\nconst { env } = process;\nc.env.app.stop();\n",
    "http/b.ts": 'import { env, SQL } from "bun";\nBun.env.HOME;\n',
  }),
  `${SRC}main.ts:2`,
  `${SRC}cli.ts:2`,
  `${SRC}http/a.ts:2`,
  `${SRC}http/a.ts:3`,
  `${SRC}http/b.ts:1`,
  `${SRC}http/b.ts:2`,
);

const clients = (own: string, construction: RegExp, values: RegExp, packages: RegExp) => (sources: Source[]) => {
  const others = sources.filter(({ path }) => path !== SRC + own);
  const imported = importsOf(others).filter(
    ({ target, clause, isType }) =>
      !isType && (packages.test(target) || (target === "bun" && values.test(clause.replace(/\btype \w+/g, "")))),
  );
  return [...others.flatMap((source) => matches(source, construction)), ...imported.map(told)];
};

rule(
  "only platform/postgres.ts constructs SQL",
  production,
  clients(
    "platform/postgres.ts",
    /\bnew\s+(?:\w+\.)?SQL\b|\bBun\.(?:sql|SQL)\b/g,
    /\b(?:sql|SQL)\b/,
    /^(?:pg|postgres)$/,
  ),
  src({
    "platform/postgres.ts": 'import { SQL } from "bun";\nnew SQL({});\n',
    "platform/a.ts": 'import type { SQL } from "bun";\nimport { type SQL, serve } from "bun";\nnew SQL({});\n',
    "delivery/b.ts": 'import {\n  sql,\n} from "bun";\nimport pg from "pg";\n',
  }),
  `${SRC}platform/a.ts:3`,
  `${SRC}delivery/b.ts:1`,
  `${SRC}delivery/b.ts:4`,
);

rule(
  "only platform/redis.ts constructs a Redis client",
  production,
  clients("platform/redis.ts", /\bRedisClient\(|\bBun\.(?:redis|RedisClient)\b/g, /\bredis\b/i, /^(?:io)?redis$/),
  src({ "delivery/a.ts": 'import type { RedisClient } from "bun";\n\nnew RedisClient("redis://");\n' }),
  `${SRC}delivery/a.ts:3`,
);

rule(
  "only http, routes and api.ts import hono",
  production,
  (sources) =>
    importsOf(sources)
      .filter(({ target }) => /^(?:hono|@hono)(?:\/|$)/.test(target))
      .filter(({ path }) => areaOf(path) !== "http" && !isRoutes(path) && path !== `${SRC}api.ts`)
      .map(told),
  src({
    "http/a.ts": 'import { cors } from "hono/cors";\n',
    "features/a/routes.ts": 'import type { Context } from "hono";\n',
    "features/a/a.ts": 'import type { Context } from "hono";\nimport { z } from "@hono/zod-openapi";\n',
    "app.ts": 'import { cors } from "hono/cors";\n',
  }),
  `${SRC}features/a/a.ts:1`,
  `${SRC}features/a/a.ts:2`,
  `${SRC}app.ts:1`,
);

rule(
  "a file has at most 300 lines, a test 400",
  everything,
  (sources) =>
    sources
      .map((source) => ({ ...source, lines: source.text.split("\n").length - 1, most: isTest(source) ? 400 : 300 }))
      .filter(({ lines, most }) => lines > most)
      .map(({ path, lines, most }) => `${path}:${most + 1} is one of ${lines} lines`),
  { "a.ts": "\n".repeat(301), "b.ts": "\n".repeat(300), "a.test.ts": "\n".repeat(401), "tests/b.ts": "\n".repeat(400) },
  "a.ts:301",
  "a.test.ts:401",
);

rule(
  "no file or folder is a drawer for anything",
  everything,
  (sources) =>
    sources
      .filter(({ path }) => /(?:^|[/.-])(?:utils?|helpers?|common|managers?|base)(?:[/.-]|$)/.test(path))
      .map(({ path }) => `${path}:1 says nothing by its name`),
  { "http/string-utils.ts": "", "http/database.ts": "", "common/a.ts": "", "platform/base.ts": "" },
  "http/string-utils.ts:1",
  "common/a.ts:1",
  "platform/base.ts:1",
);

/** A star, and what it is taken from. */
const STAR = /\b(?:returning\s+\*|select\s+(?:distinct\s+)?(?:\w+\.)?\*(?:[^`]*?\bfrom\s+(\w*\(?))?)/gi;

rule(
  "no query takes * from a table: only from what lists its columns in the same query",
  production,
  (sources) =>
    sources.flatMap((source) => {
      const isLocal = (name = "") => name.endsWith("(") || new RegExp(`\\b${name} as (\\w+ )?\\(`).test(source.text);
      return matches(source, STAR, ({ 1: name }) => !name || !isLocal(name));
    }),
  {
    "a.ts": "sql`select count(*) from a`;\nsql`\n  SELECT\n    u.* from users u`;\nsql`returning *`;\n",
    "b.ts":
      "sql`with c as (select * from unnest(a) as c(d)) select c.* from c`;\nsql`select * from (select * from d)`;\n",
  },
  "a.ts:3",
  "a.ts:5",
  "b.ts:2",
);

rule(
  "only main.ts, cli and context.ts write to the console",
  production,
  (sources) =>
    sources
      .filter(
        ({ path }) => ![`${SRC}main.ts`, `${SRC}context.ts`].includes(path) && !/^cli[./]/.test(path.slice(SRC.length)),
      )
      .flatMap((source) => matches(source, /\bconsole\s*[.[]/g)),
  src({
    "main.ts": 'console.log("up");\n',
    "cli/a.ts": 'console.log("done");\n',
    "http/a.ts": 'ok();\nconsole.error("down");\n',
  }),
  `${SRC}http/a.ts:2`,
);

rule(
  "nothing is left to be done later",
  everything,
  (sources) =>
    sources.flatMap((source) =>
      [...source.text.matchAll(/TOD[O]|FIXM[E]/g)].map(({ index, 0: word }) => at(source, index, `says ${word}`)),
    ),
  { "a.ts": `ok();\n// ${["TO", "DO"].join("")}: more\n`, "b.ts": `const a = "${["FIX", "ME"].join("")}";\n` },
  "a.ts:2",
  "b.ts:1",
);

rule(
  "every version in a package.json is exact",
  manifests,
  (sources) =>
    sources.flatMap((source) => {
      const { dependencies, devDependencies, optionalDependencies, peerDependencies } = JSON.parse(source.text);
      return Object.entries<string>({
        ...dependencies,
        ...devDependencies,
        ...optionalDependencies,
        ...peerDependencies,
      })
        .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
        .map(([name, version]) => at(source, source.text.indexOf(`"${name}": "${version}"`), `has ${name} ${version}`));
    }),
  { "package.json": '{\n  "dependencies": {\n    "a": "1.0.0-beta.17",\n    "b": "^1.0.0"\n  }\n}\n' },
  "package.json:4",
);

function areaOf(path: string): string {
  if (!path.startsWith(SRC)) return "elsewhere";
  const [area, ...rest] = path.slice(SRC.length).split("/");
  return rest.length > 0 && area ? area : "app";
}

function featureOf(path: string): string | undefined {
  return path.match(/^apps\/server\/src\/features\/([^/]+)\//)?.[1];
}

function isRoutes(path: string): boolean {
  return areaOf(path) === "features" && /^(?:[a-z]+-)*routes\.ts$/.test(basename(path));
}

test("no file of secrets gets into a commit or an image, whichever of its names the runtime reads it by", async () => {
  for (const list of [".gitignore", ".dockerignore"]) {
    const patterns = (await Bun.file(new URL(`../../../${list}`, import.meta.url)).text()).split("\n");
    const isIgnored = (file: string) =>
      patterns.some((pattern) => new Bun.Glob(pattern).match(file)) && !patterns.includes(`!${file}`);
    const files = [".env", ".env.local", ".env.production", ".env.production.local", ".env.example"];
    expect([list, ...files.filter(isIgnored)]).toEqual([list, ...files.slice(0, -1)]);
  }
});
