import { expect, test } from "bun:test";
import { en } from "../../src/text/en.ts";
import { reasonsFor } from "../../src/text/reasons.ts";
import { vi } from "../../src/text/vi.ts";

type Entry = [path: string, sentence: unknown];

function sentences(catalogue: object, path = ""): Entry[] {
  return Object.entries(catalogue).flatMap(([name, value]) =>
    typeof value === "object" ? sentences(value, `${path}${name}.`) : [[path + name, value] as Entry],
  );
}

test("every language has the same sentences, of the same kind, and none is empty", () => {
  const kinds = (catalogue: object) => sentences(catalogue).map(([path, sentence]) => [path, typeof sentence]);
  expect(kinds(vi)).toEqual(kinds(en));
  for (const [path, sentence] of [...sentences(en), ...sentences(vi)]) expect([path, sentence]).not.toEqual([path, ""]);
});

test("what a sentence is given appears in it, in both languages", () => {
  const translated = sentences(vi);
  for (const [index, [path, sentence]] of sentences(en).entries()) {
    if (typeof sentence !== "function") continue;
    const given = Array.from({ length: sentence.length }, (_, at) => `<${at}>`);
    for (const say of [sentence, translated[index]![1] as typeof sentence]) {
      expect([path, say(...given)]).toEqual([path, expect.stringContaining("<0>")]);
    }
  }
});

test("the reasons stand in both languages, at most one for each number key", () => {
  for (const verb of ["reject", "none", "warn", "hide", "delete", "ban"] as const) {
    const [english, vietnamese] = [reasonsFor(verb, "en"), reasonsFor(verb, "vi")];
    expect(english.length).toBe(vietnamese.length);
    expect(english.length).toBeLessThanOrEqual(9);
    expect(new Set(english).size).toBe(english.length);
  }
});
