import { expect, test } from "bun:test";
import { MUTANTS } from "../../../../chaos/mutant-list.ts";
import { readSources, type Source } from "./sources.ts";

/* `npm run mutants` runs seldom and for long. Its list must fit the code all the same. */

const sources = await readSources("apps/server/{src,tests}/**/*.ts");
const tests = sources.filter(({ path }) => path.endsWith(".test.ts"));

/** Where an edit of a mutant does not apply to the code as it is. */
function misfits(code: Source[], { file, find }: { file: string; find: string }): string[] {
  const text = code.find(({ path }) => path === file)?.text;
  const times = text === undefined ? 0 : text.split(find).length - 1;
  return times === 1 ? [] : [`${file} has ${times} times, not once: ${find}`];
}

/** Of `npm test -- files -t names`, what would run no test. */
function untested(files: Source[], args: readonly string[]): string[] {
  const named = args.includes("-t") ? args.slice(0, args.indexOf("-t")) : args;
  const [names] = args.slice(named.length + 1);
  const text = files.flatMap(({ path, text }) => (named.some((part) => path.includes(part)) ? text : [])).join("\n");
  const missing = (names?.split("|") ?? []).filter((name) => !new RegExp(name).test(text));
  return text === "" ? [`no test is in ${named}`] : missing.map((name) => `no test of ${named} is named ${name}`);
}

test("an edit that does not apply, and a test that is not there, are found", () => {
  const code = [{ path: "a.ts", text: "one(two, two);\n" }];
  expect(misfits(code, { file: "a.ts", find: "one(" })).toEqual([]);
  expect(misfits(code, { file: "a.ts", find: "two" })).toEqual(["a.ts has 2 times, not once: two"]);
  expect(misfits(code, { file: "b.ts", find: "one(" })).toEqual(["b.ts has 0 times, not once: one("]);
  const files = [{ path: "tests/a.test.ts", text: 'test("arrives once", () => {});\n' }];
  expect(untested(files, ["a.test"])).toEqual([]);
  expect(untested(files, ["a.test", "-t", "arrives"])).toEqual([]);
  expect(untested(files, ["a.test", "-t", "arrives|leaves"])).toEqual(["no test of a.test is named leaves"]);
  expect(untested(files, ["b.test", "-t", "arrives"])).toEqual(["no test is in b.test"]);
});

for (const { id, what, edits, tests: args } of MUTANTS) {
  test(`${id}, ${what}: applies to the code as it is, and names tests that exist`, () => {
    expect(edits.flatMap((edit) => misfits(sources, edit))).toEqual([]);
    expect(untested(tests, args)).toEqual([]);
  });
}
