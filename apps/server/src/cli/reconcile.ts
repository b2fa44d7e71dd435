import { Command } from "commander";
import type { App } from "../app.ts";
import { reconcile } from "../features/reconcile/reconcile.ts";
import { type ConfigReader, withContext } from "./context.ts";
import { Refusal } from "./refusal.ts";

export function reconcileCommand(readConfig: ConfigReader): Command {
  return new Command("reconcile")
    .description("count every counter again, report what is wrong, and put it right")
    .option("--dry-run", "report only, and fail when something is wrong")
    .action(({ dryRun = false }: { dryRun?: boolean }) =>
      withContext(readConfig, ({ app }) => recount(app, { repair: !dryRun })),
    );
}

/** Drift that is only reported fails the command, for a program that watches it. */
async function recount(app: App, { repair }: { repair: boolean }): Promise<void> {
  const drifts = await reconcile(app, { repair });
  for (const { name, counters, by } of drifts) {
    console.log(`${name.padEnd(46)} ${counters === 0 ? "exact" : `${counters} wrong, by ${by} in sum`}`);
  }
  const wrong = drifts.reduce((sum, { counters }) => sum + counters, 0);
  if (wrong === 0) return console.log("Every counter is exact.");
  if (!repair) throw new Refusal(`${wrong} counters are wrong. Without --dry-run they are put right.`);
  console.log(`${wrong} counters were wrong and have been put right.`);
}
