import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

export type Source = { path: string; text: string };
export type Import = { path: string; line: number; target: string; clause: string; isType: boolean };

/** The files of the project that match, in order. Paths are from the root. */
export async function readSources(...patterns: string[]): Promise<Source[]> {
  const found = patterns.flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT })]);
  const paths = found.filter((path) => !path.includes("node_modules/")).sort();
  return await Promise.all(paths.map(async (path) => ({ path, text: await Bun.file(join(ROOT, path)).text() })));
}

const IMPORT =
  /^(?:import|export)\b([\w$*\s{},]*?)\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\b(?:import|require)\(\s*"([^"]+)"/gm;

/** Of each file, what it imports: files by their path from the root, packages by their name. */
export function importsOf(sources: Source[]): Import[] {
  return sources.flatMap((source) =>
    [...codeOf(source).matchAll(IMPORT)].map(({ index, 1: clause = "", 2: from, 3: bare, 4: dynamic }) => {
      const specifier = from ?? bare ?? dynamic ?? "";
      return {
        path: source.path,
        line: lineAt(source.text, index),
        target: specifier.startsWith(".") ? join(dirname(source.path), specifier) : specifier,
        clause: clause.replace(/^\s*type\b/, ""),
        isType: /^\s*type\b/.test(clause),
      };
    }),
  );
}

/** The imports by which a group of files comes to need itself. */
export function circular(imports: Import[], groupOf: (path: string) => string | undefined): string[] {
  const edges = imports
    .map((each) => ({ each, from: groupOf(each.path), to: groupOf(each.target) }))
    .filter(({ from, to }) => from && to && from !== to);
  const needs = Map.groupBy(edges, ({ from }) => from);
  const reaches = (start: string | undefined, goal: string | undefined, seen = new Set([start])): boolean =>
    (needs.get(start) ?? []).some(({ to }) => to === goal || (!seen.has(to) && reaches(to, goal, seen.add(to))));
  return edges.filter(({ from, to }) => reaches(to, from)).map(({ each }) => told(each));
}

export function matches(source: Source, pattern: RegExp, isMeant = (_: RegExpExecArray) => true): string[] {
  const found = [...codeOf(source).matchAll(pattern)].filter(isMeant);
  return found.map((match) => at(source, match.index, `says ${match[0].replace(/\s+/g, " ")}`));
}

/** The text with its comments blanked. They stand on lines of their own or at the end of one. */
function codeOf({ text }: Source): string {
  const blank = (comment: string) => comment.replace(/[^\n]/g, " ");
  return text.replace(/^[ \t]*\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$|[ \t]\/\/ .*$/gm, blank);
}

export function told({ path, line, target }: Import): string {
  return `${path}:${line} imports ${target}`;
}

export function at({ path, text }: Source, index: number, what: string): string {
  return `${path}:${lineAt(text, index)} ${what}`;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
