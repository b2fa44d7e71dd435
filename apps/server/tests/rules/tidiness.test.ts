import { expect, test } from "bun:test";
import { everything, isTest, production, rule, SRC, src } from "./rule.ts";
import { at, matches, readSources } from "./sources.ts";

const manifests = await readSources("package.json", "packages/*/package.json", "apps/*/package.json");

rule(
  "a file has at most 300 lines, a test 400",
  everything.filter(({ path }) => !path.startsWith("packages/sdk/src/generated/")),
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
  "only main.ts, the command line and resources.ts write to the console",
  production,
  (sources) =>
    sources
      .filter(({ path }) => ![`${SRC}main.ts`, `${SRC}resources.ts`].includes(path))
      .filter(({ path }) => !/^cli[./]/.test(path.slice(SRC.length)))
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

test("no file of secrets gets into a commit or an image, whichever of its names the runtime reads it by", async () => {
  for (const list of [".gitignore", ".dockerignore"]) {
    const patterns = (await Bun.file(new URL(`../../../../${list}`, import.meta.url)).text()).split("\n");
    const isIgnored = (file: string) =>
      patterns.some((pattern) => new Bun.Glob(pattern).match(file)) && !patterns.includes(`!${file}`);
    const files = [".env", ".env.local", ".env.production", ".env.production.local", ".env.example"];
    expect([list, ...files.filter(isIgnored)]).toEqual([list, ...files.slice(0, -1)]);
  }
});
