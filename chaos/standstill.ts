import { chmod, mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createDataDir } from "../apps/server/src/platform/postgres-home.ts";
import { controlFrames } from "./standstill/control-frames.ts";
import { frozenNode } from "./standstill/frozen-node.ts";
import { hang } from "./standstill/hang.ts";
import { heldRow } from "./standstill/held-row.ts";
import { type Column, type Measure, table } from "./standstill/results.ts";
import { resumes } from "./standstill/resumes.ts";
import { searches } from "./standstill/searches.ts";
import { signUps } from "./standstill/sign-ups.ts";
import { FULL, QUICK, type Scenario, type Sizes, Stand } from "./standstill/stand.ts";
import { knowsBudgets, openTree, THIS_TREE, type Tree } from "./standstill/tree.ts";
import { wholeSets } from "./standstill/whole-sets.ts";

/*
 * What one caller or one node can do to all others, measured on running servers of one version, or of two: a table with
 * the numbers of both. A version is known by its API alone, so any can be held against any. Numbers of one machine at
 * one time: what counts is the ratio to the quiet line of the same run.
 */

const SCENARIOS = [hang, frozenNode, heldRow, signUps, searches, wholeSets, resumes, controlFrames];
/** Of these, the default budgets are a part of the answer; they are shown with them as well. */
const BUDGETED: readonly Scenario[] = [signUps, searches];
const USAGE = `npm run standstill -- [--tree FOLDER] [--against COMMIT-OR-FOLDER] [--only 1,2,5] [--rows N] [--quick]`;

type Plan = { tree: string; against: string | undefined; scenarios: readonly Scenario[]; sizes: Sizes };
class Interruption extends Error {}

const interrupted = Promise.withResolvers<never>();
interrupted.promise.catch(() => {});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interrupted.reject(new Interruption()));

const plan = readPlan();
const scratch = await mkdtemp(join(tmpdir(), "reelay-standstill-"));
// For the database's own user.
await chmod(scratch, 0o711);
const columns = await compare(plan).catch((error) => {
  console.error(error instanceof Interruption ? "Interrupted." : error);
  return error instanceof Interruption ? 130 : 1;
});
await rm(scratch, { recursive: true, force: true });
if (typeof columns === "number") process.exit(columns);
console.log(`${table(columns)}\n\nEach cell: quiet → meanwhile (ratio). ${cpus().length} processors.`);
process.exit(columns.some(({ failed }) => failed > 0) ? 1 : 0);

function readPlan(): Plan {
  const option = { type: "string" } as const;
  const options = { tree: option, against: option, only: option, rows: option, quick: { type: "boolean" } } as const;
  try {
    const { values } = parseArgs({ options });
    const points = values.only?.split(",").map(Number);
    const scenarios = SCENARIOS.filter(({ point }) => points?.includes(point) ?? true);
    const sizes = values.quick ? QUICK : FULL;
    const rows = Number(values.rows ?? sizes.rows);
    if (scenarios.length === 0 || !(rows >= 1000)) throw new Error("a point to measure, and a thousand rows at least");
    return { tree: values.tree ?? THIS_TREE, against: values.against, scenarios, sizes: { ...sizes, rows } };
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}

async function compare({ tree, against, scenarios, sizes }: Plan): Promise<Column[]> {
  const columns: Column[] = [];
  if (against) columns.push(await columnOf(await openTree(against, scratch), scenarios, sizes, "before"));
  const after = await openTree(tree, scratch);
  columns.push(await columnOf(after, scenarios, sizes, against ? "after" : "measured"));
  const budgeted = scenarios.filter((each) => BUDGETED.includes(each));
  if (budgeted.length > 0 && (await knowsBudgets(after))) {
    columns.push(await columnOf(after, budgeted, sizes, "with default budgets", { hasBudgets: true }));
  }
  return columns;
}

/** One scenario after the other: they would measure each other. The others go on where one fails. */
async function columnOf(
  tree: Tree,
  scenarios: readonly Scenario[],
  sizes: Sizes,
  title: string,
  options = { hasBudgets: false },
): Promise<Column> {
  const measures: Measure[] = [];
  const loads = [loadavg()[0]!];
  let failed = 0;
  for (const scenario of scenarios) {
    const startedMs = performance.now();
    const found = await runOne(scenario, tree, sizes, options).catch((error) => {
      if (error instanceof Interruption) throw error;
      console.error(error);
      failed++;
      return [];
    });
    measures.push(...found);
    loads.push(loadavg()[0]!);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
    console.error(`${title}: point ${scenario.point} of ${tree.name}, ${seconds} s, load ${loads.at(-1)!.toFixed(1)}`);
  }
  const noise = `load ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`;
  return { title: `${title}: ${tree.name} (${noise})`, measures, failed };
}

async function runOne(
  { point, run }: Scenario,
  tree: Tree,
  sizes: Sizes,
  options: { hasBudgets: boolean },
): Promise<Measure[]> {
  const folder = join(scratch, `point-${point}`);
  await createDataDir(folder);
  const stand = new Stand(tree, sizes, folder, options);
  try {
    return await Promise.race([run(stand), interrupted.promise]);
  } finally {
    await stand.close();
    await rm(folder, { recursive: true, force: true });
  }
}
