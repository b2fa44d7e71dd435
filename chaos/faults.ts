import type { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { Cluster } from "./cluster.ts";
import type { NodeProcess } from "./node-process.ts";
import type { Timing } from "./timing.ts";

/** What a fault affects: the whole, or one node, beside which the other must go on at its speed. */
type Fault = {
  inject(cluster: Cluster, random: SeededRandom): Promise<NodeProcess | null>;
  isPossible?(cluster: Cluster): boolean;
};

const HOUR_MS = 3_600_000;

/** What a run does to its servers, by name. Each is over, and mended, when it resolves. */
export const FAULTS = {
  "node killed": {
    async inject(cluster, random) {
      const node = random.pick(cluster.nodes);
      await node.stop("SIGKILL");
      await Bun.sleep(random.between(0, 1000));
      await node.start();
      return node;
    },
  },
  "node restarted": {
    async inject(cluster, random) {
      const node = random.pick(cluster.nodes);
      await node.stop("SIGTERM");
      await node.start();
      return node;
    },
  },
  "node frozen": {
    async inject(cluster, random) {
      const node = random.pick(cluster.nodes);
      node.freeze();
      await Bun.sleep(random.between(2000, 12_000));
      node.thaw();
      return node;
    },
  },
  "a node's clock an hour off": {
    async inject(cluster, random) {
      const node = random.pick(cluster.nodes);
      node.order({ clockAheadMs: random.pick([-HOUR_MS, HOUR_MS]) });
      await Bun.sleep(random.between(1000, 4000));
      node.order({ clockAheadMs: 0 });
      return node;
    },
  },
  "line to the database silent": {
    async inject(cluster, random) {
      cluster.databaseLine.silence();
      await Bun.sleep(random.between(2000, 8000));
      cluster.databaseLine.mend();
      return cluster.nodes[1];
    },
  },
  "Redis out of one node's reach": {
    async inject(cluster, random) {
      if (random.next() < 0.5) cluster.redisLine.cut();
      else cluster.redisLine.silence();
      await Bun.sleep(random.between(1000, 5000));
      cluster.redisLine.mend();
      return null;
    },
  },
  "Redis killed": {
    async inject(cluster, random) {
      await cluster.redis.kill();
      await Bun.sleep(random.between(200, 3000));
      await cluster.redis.start();
      return null;
    },
  },
  "Redis frozen": {
    async inject(cluster, random) {
      cluster.redis.freeze();
      await Bun.sleep(random.between(500, 4000));
      cluster.redis.thaw();
      return null;
    },
  },
  "Postgres killed": {
    async inject(cluster) {
      cluster.database.kill();
      return null;
    },
  },
  "Postgres frozen": {
    async inject(cluster, random) {
      cluster.database.freeze();
      await Bun.sleep(random.between(1000, 6000));
      cluster.database.thaw();
      return null;
    },
  },
  "disk full": {
    isPossible: (cluster) => cluster.database.disk !== null,
    async inject(cluster, random) {
      await cluster.database.disk?.fill();
      await Bun.sleep(random.between(500, 3000));
      await cluster.database.disk?.empty();
      return null;
    },
  },
  "database gone back": {
    async inject(cluster, random) {
      await cluster.database.copy();
      await cluster.healed();
      await Bun.sleep(random.between(1000, 5000));
      await cluster.database.goBack();
      return null;
    },
  },
  "publications silenced": {
    async inject(cluster, random) {
      cluster.lose("all");
      await Bun.sleep(random.between(500, 3000));
      cluster.lose("few");
      return null;
    },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** How often each fault was injected; those that cannot be injected here, with the reason. */
export type Injected = Partial<Record<FaultName, number | string>>;

/** Which faults, until when, and who takes the time of them. */
export type Injection = { names: readonly FaultName[]; untilMs: number; timing: Timing };

/** One after another, each as often as the others, until the time is over; now and then two at once. */
export async function injectFaults(
  cluster: Cluster,
  random: SeededRandom,
  { names, untilMs, timing }: Injection,
): Promise<Injected> {
  const all = names.map((name): [FaultName, Fault] => [name, FAULTS[name]]);
  const possible = all.filter(([, { isPossible }]) => isPossible?.(cluster) ?? true);
  const counts: Injected = Object.fromEntries(
    all.map(([name]) => [name, possible.some(([each]) => each === name) ? 0 : "not run: needs root"]),
  );
  let order: [FaultName, Fault][] = [];
  while (Date.now() < untilMs) {
    if (order.length === 0) order = random.shuffled(possible);
    const injected = [order.pop()!];
    if (random.next() < 0.15 && injected[0]![0] !== "Redis frozen")
      injected.push(["Redis frozen", FAULTS["Redis frozen"]]);
    cluster.lose("few");
    const began = timing.faultBegins(injected.map(([name]) => name));
    const [victim] = await Promise.all(injected.map(([, fault]) => fault.inject(cluster, random.child())));
    await cluster.healed();
    cluster.lose("none");
    timing.faultEnds(began, injected.length === 1 ? (victim ?? null) : null);
    for (const [name] of injected) counts[name] = ((counts[name] as number | undefined) ?? 0) + 1;
    await Bun.sleep(random.between(1500, 4000));
  }
  return counts;
}
