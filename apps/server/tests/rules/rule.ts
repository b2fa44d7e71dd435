import { expect, test } from "bun:test";
import { basename } from "node:path/posix";
import { readSources, type Source } from "./sources.ts";

export type Tree = Record<string, string>;
/** Names every place that breaks a rule: `file:line what is wrong`. */
export type Check = (sources: Source[]) => string[];

export const isTest = ({ path }: Source) =>
  path.endsWith(".test.ts") || /(^|\/)tests\//.test(path) || path.startsWith("packages/testkit/");
export const everything = await readSources(
  ...[
    "packages/*/{src,tests}/**/*.ts",
    "apps/server/{src,tests}/**/*.ts",
    "apps/dashboard/{src,tests}/**/*.{ts,tsx}",
    "tools/**/*.ts",
    "chaos/**/*.ts",
  ],
);
export const production = everything.filter((source) => !isTest(source) && !/^(?:tools|chaos)\//.test(source.path));

/** First the premise: in a tree where something breaks the rule, the check finds it, at that place and no other. */
export function rule(name: string, sources: Source[], check: Check, broken: Tree, ...found: string[]): void {
  test(name, () => {
    const places = check(Object.entries(broken).map(([path, text]) => ({ path, text })));
    expect(places.map((place) => place.split(" ")[0])).toEqual(found);
    expect(sources.length).toBeGreaterThan(0);
    expect(check(sources)).toEqual([]);
  });
}

export const SRC = "apps/server/src/";
export const src = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([path, text]) => [SRC + path, text]));

export function areaOf(path: string): string {
  if (!path.startsWith(SRC)) return "elsewhere";
  const [area, ...rest] = path.slice(SRC.length).split("/");
  return rest.length > 0 && area ? area : "app";
}

export function featureOf(path: string): string | undefined {
  return path.match(/^apps\/server\/src\/features\/([^/]+)\//)?.[1];
}

export function isRoutes(path: string): boolean {
  return areaOf(path) === "features" && /^(?:[a-z]+-)*routes\.ts$/.test(basename(path));
}
