import { expect, test } from "bun:test";
import { fileURLToPath } from "node:url";

/* What is built, as `npm test` has built it before. */

const ASSETS = fileURLToPath(new URL("../../dist/assets/", import.meta.url));
const MAX_BYTES_BEFORE_THE_QUEUE = 120 * 1024;

const scripts = [...new Bun.Glob("*.js").scanSync({ cwd: ASSETS })];
const textOf = (name: string) => Bun.file(ASSETS + name).text();

/** The script that the page names, with all that it and they import before they run. */
async function importedBy(name: string, found = new Set<string>()): Promise<Set<string>> {
  if (found.has(name)) return found;
  found.add(name);
  const text = await textOf(name);
  for (const [, file = ""] of text.matchAll(/(?:\bfrom|^import|[;}]import)\s*"\/admin\/assets\/([^"]+)"/g)) {
    await importedBy(file, found);
  }
  return found;
}

async function entry(): Promise<string> {
  const page = await Bun.file(`${ASSETS}../index.html`).text();
  return page.match(/<script[^>]* src="\/admin\/assets\/([^"]+)"/)?.[1] ?? "";
}

test("all the JavaScript before the queue can be used is at most 120 KB, gzipped", async () => {
  const queue = scripts.find((name) => name.startsWith("queue."));
  const needed = await importedBy(queue!, await importedBy(await entry()));
  expect(needed.size).toBeGreaterThan(2);
  const bytes = [...needed].reduce((sum, name) => sum + Bun.file(`${ASSETS}${name}.gz`).size, 0);
  expect(bytes).toBeGreaterThan(60 * 1024);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES_BEFORE_THE_QUEUE);
});

test("pages and the other language come when they are needed", async () => {
  const first = await importedBy(await entry());
  for (const part of ["overview", "queue", "vi"]) {
    const own = scripts.filter((name) => name.startsWith(`${part}.`));
    expect([part, own.length, own.filter((name) => first.has(name))]).toEqual([part, 1, []]);
  }
});
