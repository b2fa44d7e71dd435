import { expect, test } from "bun:test";
import { readSources, type Source } from "./sources.ts";

export type Tree = Record<string, string>;
/** Names every place that breaks a rule: `file:line what is wrong`. */
type Check = (sources: Source[]) => string[];

export const isTest = ({ path }: Source) =>
  path.endsWith(".test.ts") || /(^|\/)tests\//.test(path) || path.startsWith("packages/testkit/");
export const everything = await readSources(
  ...["packages/*/src/**/*.ts", "apps/server/{src,tests}/**/*.ts", "tools/**/*.ts", "chaos/**/*.ts"],
);

/** First the premise: in a tree where something breaks the rule, the check finds it, at that place and no other. */
export function rule(name: string, sources: Source[], check: Check, broken: Tree, ...found: string[]): void {
  test(name, () => {
    const places = check(Object.entries(broken).map(([path, text]) => ({ path, text })));
    expect(places.map((place) => place.split(" ")[0])).toEqual(found);
    expect(sources.length).toBeGreaterThan(0);
    expect(check(sources)).toEqual([]);
  });
}
