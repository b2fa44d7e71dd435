import type { Dice } from "./dice.ts";
import type { Stage } from "./stage.ts";

/** What a run does to its servers, by name. Each is over, and mended, when it resolves. */
export const FAULTS = {
  "node killed": async (stage: Stage, dice: Dice) => {
    const node = dice.pick(stage.nodes);
    await node.stop("SIGKILL");
    await Bun.sleep(dice.between(0, 1000));
    await node.start();
  },
  "node restarted": async (stage: Stage, dice: Dice) => {
    const node = dice.pick(stage.nodes);
    await node.stop("SIGTERM");
    await node.start();
  },
  "Redis killed": async (stage: Stage, dice: Dice) => {
    await stage.redis.kill();
    await Bun.sleep(dice.between(200, 3000));
    await stage.redis.start();
  },
  "Redis frozen": async (stage: Stage, dice: Dice) => {
    stage.redis.freeze();
    await Bun.sleep(dice.between(500, 4000));
    stage.redis.thaw();
  },
  "Postgres killed": async (stage: Stage) => {
    await stage.killPostgres();
  },
  "publications silenced": async (stage: Stage, dice: Dice) => {
    stage.mute();
    await Bun.sleep(dice.between(500, 3000));
    stage.unmute();
  },
} as const;

export type FaultName = keyof typeof FAULTS;

/** One after another, each as often as the others, until the time is over; now and then two at once. */
export async function strike(stage: Stage, dice: Dice, untilMs: number, counts: Record<string, number>): Promise<void> {
  const names = Object.keys(FAULTS) as FaultName[];
  for (let n = dice.below(names.length); Date.now() < untilMs; n++) {
    const struck = [names[n % names.length]!];
    if (dice.next() < 0.15) struck.push("Redis frozen");
    await Promise.all(
      [...new Set(struck)].map(async (name) => {
        await FAULTS[name](stage, dice.child());
        counts[name] = (counts[name] ?? 0) + 1;
      }),
    );
    await stage.healed();
    await Bun.sleep(dice.between(1000, 4000));
  }
}
