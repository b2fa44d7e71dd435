import { chmod, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Edit, MUTANTS, type Mutant } from "./mutant-list.ts";
import { linkModules } from "./standstill/tree.ts";

/*
 * Proves the proof: each mistake of the list is made in a copy of the checkout, in which what must notice it is run. Ends
 * with an error when one of them is not noticed, or when something is amiss without any mistake.
 */

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const NOT_COPIED = new Set(["node_modules", ".git", "data", "dist"]);
const CHAOS_SECONDS = 30;
/** A run that takes longer says nothing. */
const WITHIN_MS = 8 * 60_000;

/** `noticed`: the names of the tests that failed, or what chaos found to be broken. */
type Outcome = { noticed: string[]; problem: string | null };
type Run = { script: string; args: readonly string[] };

class Interruption extends Error {}
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interruption.abort());

const mutants = readWanted();
const folder = await mkdtemp(join(tmpdir(), "reelay-mutants-"));
const amiss = await tryAll(mutants)
  .catch((error) => {
    if (!(error instanceof Interruption)) throw error;
    console.error("Interrupted.");
    process.exitCode = 130;
    return null;
  })
  .finally(() => rm(folder, { recursive: true, force: true }));
if (amiss === null) process.exit();
console.log(amiss.length === 0 ? `\nAll ${mutants.length} were noticed.` : `\nNot noticed: ${amiss.join(", ")}`);
process.exit(amiss.length === 0 ? 0 : 1);

function readWanted(): readonly Mutant[] {
  const { values } = parseArgs({ options: { only: { type: "string" } } });
  const ids = values.only?.split(",") ?? MUTANTS.map(({ id }) => id);
  const wanted = MUTANTS.filter(({ id }) => ids.includes(id));
  if (wanted.length === ids.length) return wanted;
  console.error(`npm run mutants -- [--only ${MUTANTS[0]!.id},${MUTANTS[1]!.id},…]`);
  process.exit(2);
}

/** Answers what was not noticed. */
async function tryAll(mutants: readonly Mutant[]): Promise<string[]> {
  await copyCheckout();
  // Before anything is run: a list that does not fit the code is mended first.
  for (const { id, edits } of mutants) await changed(id, edits);
  console.log("| | Mutant | Noticed by | s |\n|-|-|-|-:|");
  const control = await timed("none", "no mistake", () => runControl(mutants));
  if (control.noticed.length > 0 || control.problem) return ["nothing is mistaken, and still something fails"];
  const survivors: string[] = [];
  for (const mutant of mutants) {
    const { noticed, problem } = await timed(mutant.id, mutant.what, () => runMutant(mutant));
    if (problem || noticed.length === 0) survivors.push(mutant.id);
  }
  return survivors;
}

async function copyCheckout(): Promise<void> {
  await cp(ROOT, folder, {
    recursive: true,
    filter: (source) => !NOT_COPIED.has(relative(ROOT, source).split(sep)[0]!),
  });
  await linkModules(folder);
  // For the database's own user.
  await chmod(folder, 0o711);
}

/** A line of the table. */
async function timed(id: string, what: string, work: () => Promise<Outcome>): Promise<Outcome> {
  const startedMs = performance.now();
  const outcome = await work();
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const { noticed, problem } = outcome;
  const by = problem ?? (noticed.length > 0 ? noticed.join("; ") : "nothing");
  console.log(`| ${id} | ${what} | ${by.replaceAll("|", "\\|")} | ${seconds} |`);
  return outcome;
}

/** Whatever is to notice a mutant, where there is none. */
async function runControl(mutants: readonly Mutant[]): Promise<Outcome> {
  const files = new Set(mutants.map(({ tests }) => tests[0]!));
  const tests = await run({ script: "tools/test.ts", args: [...files] });
  if (tests.problem || tests.noticed.length > 0) return tests;
  const seeds = new Set(mutants.flatMap(({ chaosSeed }) => chaosSeed ?? []));
  for (const seed of seeds) {
    const chaos = await run(chaosWith(seed));
    if (chaos.problem || chaos.noticed.length > 0) return chaos;
  }
  return { noticed: [], problem: null };
}

/** All that must notice it has to. */
async function runMutant({ id, edits, tests, chaosSeed }: Mutant): Promise<Outcome> {
  const files = await changed(id, edits);
  try {
    for (const { path, after } of files) await writeFile(path, after);
    const tested = await run({ script: "tools/test.ts", args: tests });
    if (tested.problem || tested.noticed.length === 0 || chaosSeed === undefined) return tested;
    const chaos = await run(chaosWith(chaosSeed));
    if (!chaos.problem && chaos.noticed.length === 0) return { noticed: [], problem: "tests, and not by chaos" };
    return { noticed: [...tested.noticed, ...chaos.noticed], problem: chaos.problem };
  } finally {
    for (const { path, before } of files) await writeFile(path, before);
  }
}

function chaosWith(seed: number): Run {
  return { script: "chaos/run.ts", args: ["--seconds", String(CHAOS_SECONDS), "--seed", String(seed)] };
}

/** The files of a mutant, as they are and as they are to be. */
async function changed(id: string, edits: readonly Edit[]): Promise<{ path: string; before: string; after: string }[]> {
  return await Promise.all(
    edits.map(async ({ file, find, replace }) => {
      const path = join(folder, file);
      const before = await readFile(path, "utf8");
      const found = before.split(find).length - 1;
      if (found !== 1) throw new Error(`${id}: ${file} has this ${found} times instead of once:\n${find}`);
      return { path, before, after: before.replace(find, () => replace) };
    }),
  );
}

/** What a program of the copy says is broken. */
async function run({ script, args }: Run): Promise<Outcome> {
  const timeout = AbortSignal.timeout(WITHIN_MS);
  if (interruption.signal.aborted) throw new Interruption();
  // Asked to end, it ends what it started.
  const child = Bun.spawn([process.execPath, "--no-orphans", script, ...args], {
    cwd: folder,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    signal: AbortSignal.any([timeout, interruption.signal]),
  });
  const output = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const code = await child.exited;
  if (interruption.signal.aborted) throw new Interruption();
  if (timeout.aborted) return { noticed: [], problem: `${script} did not end` };
  const noticed = script.startsWith("chaos") ? violationsIn(output) : failuresIn(output);
  // One that fails without saying what failed may not have run at all.
  const isClear = (code === 0 && noticed.length === 0) || (code === 1 && noticed.length > 0);
  if (!isClear) console.error(output.join("\n"));
  return { noticed, problem: isClear ? null : `${script} ended with ${code}` };
}

function failuresIn(output: readonly string[]): string[] {
  const failures = Bun.stripANSI(output.join("\n")).matchAll(/^\(fail\) (.+?)(?: \[[\d.]+ ?m?s\])?$/gm);
  return firstOf([...new Set([...failures].map(([, name]) => name!))]);
}

function violationsIn([stdout = "", stderr = ""]: readonly string[]): string[] {
  const count = stdout.match(/^(\d+) violations\.$/m)?.[1];
  return count ? [`chaos: ${count} violations, such as "${stderr.trim().split("\n")[0]}"`] : [];
}

function firstOf(names: string[]): string[] {
  return names.length <= 2 ? names : [...names.slice(0, 2), `${names.length - 2} more`];
}
