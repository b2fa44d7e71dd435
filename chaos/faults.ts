import type { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { NodeProcess } from "./node-process.ts";
import type { Stage } from "./stage.ts";
import type { Timing } from "./timing.ts";

/** What a fault strikes: the whole, or one node, beside which the other must go on at its speed. */
type Fault = {
  strike(stage: Stage, random: SeededRandom): Promise<NodeProcess | null>;
  isPossible?(stage: Stage): boolean;
};

const HOUR_MS = 3_600_000;

/** What a run does to its servers, by name. Each is over, and mended, when it resolves. */
export const FAULTS = {
  "node killed": {
    async strike(stage, random) {
      const node = random.pick(stage.nodes);
      await node.stop("SIGKILL");
      await Bun.sleep(random.between(0, 1000));
      await node.start();
      return node;
    },
  },
  "node restarted": {
    async strike(stage, random) {
      const node = random.pick(stage.nodes);
      await node.stop("SIGTERM");
      await node.start();
      return node;
    },
  },
  "node frozen": {
    async strike(stage, random) {
      const node = random.pick(stage.nodes);
      node.freeze();
      await Bun.sleep(random.between(2000, 12_000));
      node.thaw();
      return node;
    },
  },
  "a node's clock an hour off": {
    async strike(stage, random) {
      const node = random.pick(stage.nodes);
      node.order({ clockAheadMs: random.pick([-HOUR_MS, HOUR_MS]) });
      await Bun.sleep(random.between(1000, 4000));
      node.order({ clockAheadMs: 0 });
      return node;
    },
  },
  "line to the database silent": {
    async strike(stage, random) {
      stage.databaseLine.silence();
      await Bun.sleep(random.between(2000, 8000));
      stage.databaseLine.mend();
      return stage.nodes[1];
    },
  },
  "Redis out of one node's reach": {
    async strike(stage, random) {
      if (random.next() < 0.5) stage.redisLine.cut();
      else stage.redisLine.silence();
      await Bun.sleep(random.between(1000, 5000));
      stage.redisLine.mend();
      return null;
    },
  },
  "Redis killed": {
    async strike(stage, random) {
      await stage.redis.kill();
      await Bun.sleep(random.between(200, 3000));
      await stage.redis.start();
      return null;
    },
  },
  "Redis frozen": {
    async strike(stage, random) {
      stage.redis.freeze();
      await Bun.sleep(random.between(500, 4000));
      stage.redis.thaw();
      return null;
    },
  },
  "Postgres killed": {
    async strike(stage) {
      stage.database.kill();
      return null;
    },
  },
  "Postgres frozen": {
    async strike(stage, random) {
      stage.database.freeze();
      await Bun.sleep(random.between(1000, 6000));
      stage.database.thaw();
      return null;
    },
  },
  "disk full": {
    isPossible: (stage) => stage.database.disk !== null,
    async strike(stage, random) {
      await stage.database.disk?.fill();
      await Bun.sleep(random.between(500, 3000));
      await stage.database.disk?.empty();
      return null;
    },
  },
  "database gone back": {
    async strike(stage, random) {
      await stage.database.copy();
      await stage.healed();
      await Bun.sleep(random.between(1000, 5000));
      await stage.database.goBack();
      return null;
    },
  },
  "publications silenced": {
    async strike(stage, random) {
      stage.lose("all");
      await Bun.sleep(random.between(500, 3000));
      stage.lose("few");
      return null;
    },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** How often each fault was struck; those that nobody here may strike, with the reason. */
export type Struck = Partial<Record<FaultName, number | string>>;

/** Which faults, until when, and who takes the time of them. */
export type Strikes = { names: readonly FaultName[]; untilMs: number; timing: Timing };

/** One after another, each as often as the others, until the time is over; now and then two at once. */
export async function strike(stage: Stage, random: SeededRandom, { names, untilMs, timing }: Strikes): Promise<Struck> {
  const all = names.map((name): [FaultName, Fault] => [name, FAULTS[name]]);
  const possible = all.filter(([, { isPossible }]) => isPossible?.(stage) ?? true);
  const counts: Struck = Object.fromEntries(
    all.map(([name]) => [name, possible.some(([each]) => each === name) ? 0 : "not run: needs root"]),
  );
  let order: [FaultName, Fault][] = [];
  while (Date.now() < untilMs) {
    if (order.length === 0) order = random.shuffled(possible);
    const struck = [order.pop()!];
    if (random.next() < 0.15 && struck[0]![0] !== "Redis frozen") struck.push(["Redis frozen", FAULTS["Redis frozen"]]);
    stage.lose("few");
    const began = timing.faultBegins(struck.map(([name]) => name));
    const [victim] = await Promise.all(struck.map(([, fault]) => fault.strike(stage, random.child())));
    await stage.healed();
    stage.lose("none");
    timing.faultEnds(began, struck.length === 1 ? (victim ?? null) : null);
    for (const [name] of struck) counts[name] = ((counts[name] as number | undefined) ?? 0) + 1;
    await Bun.sleep(random.between(1500, 4000));
  }
  return counts;
}
