import { randomInt } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { App } from "../apps/server/src/app.ts";
import { type Context, openContext } from "../apps/server/src/compose.ts";
import { readConfig } from "../apps/server/src/config.ts";
import { openLog } from "../apps/server/src/platform/log.ts";
import { check, isUpToDate } from "./check.ts";
import { Cluster } from "./cluster.ts";
import type { Database } from "./database.ts";
import type { World } from "./device.ts";
import { FAULTS, type FaultName, type Injected, injectFaults } from "./faults.ts";
import { Log } from "./log.ts";
import { JWT_SECRET } from "./node-process.ts";
import { addNewcomer, type Population, populate, renew } from "./population.ts";
import { type Report, reportOf, table } from "./report.ts";
import { StaffMember } from "./staff.ts";
import { type FaultWindow, Timing } from "./timing.ts";
import { Troublemaker } from "./troubles.ts";
import { type Work, Writer } from "./writers.ts";

/** At home at a node each, and elsewhere while it does not answer. */
const MOVING_WRITERS = 6;
/** They know no other node: its speed is how fast these are answered. */
const WRITERS_OF_A_NODE = 3;
const UP_TO_DATE_WITHIN_MS = 60_000;
/** The beginning of a run, without any fault: what comes after is held against it. */
const HEALTHY_SHARE = 0.15;
const MAX_NEWCOMERS = 300;

type Plan = { seconds: number; seed: number; faults: readonly FaultName[] };

const interrupted = Promise.withResolvers<never>();
interrupted.promise.catch(() => {});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interrupted.reject(new Interruption()));
class Interruption extends Error {}

const plan = readPlan();
// Before anything can go wrong: a run that fails is to be run again.
console.log(`npm run chaos -- --seconds ${plan.seconds} --seed ${plan.seed}`);
const { rows, violations } = await run(plan).catch((error) => {
  console.error(error instanceof Interruption ? "Interrupted." : error);
  process.exit(error instanceof Interruption ? 130 : 1);
});
console.log(table(rows));
for (const violation of violations.slice(0, 10)) console.error(violation);
console.log(violations.length === 0 ? "Everything that was promised held." : `${violations.length} violations.`);
process.exit(violations.length === 0 ? 0 : 1);

function readPlan(): Plan {
  const option = { type: "string" } as const;
  const { values } = parseArgs({ options: { minutes: option, seconds: option, seed: option, faults: option } });
  const known = Object.keys(FAULTS) as FaultName[];
  const faults = known.filter((name) => !values.faults || values.faults.split(",").includes(name));
  const seconds = values.seconds ? Number(values.seconds) : Number(values.minutes ?? 1) * 60;
  const seed = Number(values.seed ?? randomInt(1_000_000));
  if (seconds > 0 && Number.isSafeInteger(seed) && faults.length > 0) return { seconds, seed, faults };
  console.error(`npm run chaos -- [--minutes N | --seconds N] [--seed N] [--faults "${known.join(",")}"]`);
  process.exit(2);
}

/** Lets a small world live on a cluster that lives under one fault after another, and then looks what was kept. */
async function run(plan: Plan): Promise<Report> {
  const random = new SeededRandom(plan.seed);
  const folder = await mkdtemp(join(tmpdir(), "reelay-chaos-"));
  let cluster: Cluster | undefined;
  let observer: Context | undefined;
  const prepare = async (database: Database) => {
    observer = await openObserver(database, folder);
    return observer.app.sql;
  };
  try {
    // For the database's own user.
    await chmod(folder, 0o711);
    cluster = await orInterrupted(Cluster.open(folder, random.child(), prepare));
    return await orInterrupted(play(cluster, observer!.app, plan, random));
  } finally {
    await cluster?.kill();
    await observer?.close();
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function orInterrupted<T>(work: Promise<T>): Promise<T> {
  return await Promise.race([work, interrupted.promise]);
}

/** The database as the checker sees it. */
async function openObserver(database: Database, folder: string): Promise<Context> {
  const config = readConfig({ DATABASE_URL: database.url, JWT_SECRET, DATABASE_POOL: "4" });
  return await openContext(config, { dataDir: join(folder, "observer"), log: openLog("silent") });
}

async function play(cluster: Cluster, app: App, plan: Plan, random: SeededRandom): Promise<Report> {
  const world = worldOf(cluster, app);
  const population = await populate(app, world, random);
  const { resumable, plain } = population;
  const first = [...resumable, ...plain];
  // These are there before anything happens: what they may not miss begins with their first connection.
  const absent = await late(first, (device) => device.catchUp());
  if (absent.length > 0) throw new Error(`${absent.length} devices never got in`);
  const lives = first.map((device) => device.live());
  const troublemaker = new Troublemaker(world, population, random.child());
  const troubles = troublemaker.live();
  const staff = new StaffMember(world, population, random.child());
  const moderation = staff.live();
  let injected: Injected = {};
  let silence: FaultWindow | undefined;
  const work = await writeDuring(world, population, random, async (random) => {
    await Bun.sleep(plan.seconds * 1000 * HEALTHY_SHARE);
    const newcomers = addNewcomers(app, population, { world, random: random.child() }, lives);
    injected = await injectFaults(cluster, random, {
      names: plan.faults,
      untilMs: Date.now() + plan.seconds * 1000 * (1 - HEALTHY_SHARE),
      timing: world.timing,
    });
    await newcomers.end();
    troublemaker.end();
    staff.end();
    await Promise.all([troubles, moderation]);
    // The last events are published to nobody, and none comes after them that would show the gap.
    silence = world.timing.faultBegins(["the last publications silenced"]);
    cluster.lose("all");
    await Bun.sleep(500);
  });
  cluster.lose("none");
  if (silence) world.timing.faultEnds(silence, null);
  await cluster.healed();
  await troublemaker.forgive();
  await untilJobsAreDone(app);
  const healedMs = performance.now();
  const logs = new Map<number, Log>();
  for (const { userId } of population.sessions) logs.set(userId, logs.get(userId) ?? (await Log.read(app, userId)));
  await repairConnected(world, population, logs);
  const repairedMs = Math.round(performance.now() - healedMs);
  const devices = [...resumable, ...plain];
  for (const device of devices) device.end();
  await Promise.all(lives);
  const caughtUpMs = await bringUpToDate(world, population);
  const findings = await check(app, { resumable, plain }, logs, {
    ...{ work, decided: staff.decided },
    wentBack: world.timing.forgotten(),
  });
  const counts = { ...injected, ...cluster.injectedPublications(), ...troublemaker.done, ...staff.done };
  const writers = MOVING_WRITERS + world.urls.length * WRITERS_OF_A_NODE;
  const people = { writers, devices: devices.length, newcomers: devices.length - first.length };
  const { seconds, seed } = plan;
  return reportOf({ seconds, seed, ...people, writes: work.writes, counts, repairedMs, caughtUpMs }, world, findings);
}

function worldOf(cluster: Cluster, app: App): World {
  const urls = cluster.nodes.map(({ url }) => url);
  const tally = {
    ...{ connects: 0, resumes: 0, polls: 0, duplicateSockets: 0, resets: 0, stalls: 0, doubled: 0 },
    ...{ vanished: 0, muteSessions: 0, renewed: 0, trimmed: 0 },
  };
  return { urls, violations: [], tally, timing: new Timing(urls), renew: (owner) => renew(app, owner) };
}

/** Every now and then somebody gets another device, whose first connection falls into whatever happens. */
function addNewcomers(
  app: App,
  population: Population,
  shared: { world: World; random: SeededRandom },
  lives: Promise<void>[],
) {
  let isOver = false;
  const coming = (async () => {
    for (let n = 0; n < MAX_NEWCOMERS && !isOver; n++) {
      await Bun.sleep(shared.random.between(0, 2000));
      const device = await addNewcomer(app, population, shared).catch(() => null);
      if (device) lives.push(device.live());
    }
  })();
  return {
    async end() {
      isOver = true;
      await coming;
    },
  };
}

/** People write until `faults` is over and whatever they are at has been answered. */
async function writeDuring(
  world: World,
  { sessions, videos }: Population,
  random: SeededRandom,
  faults: (random: SeededRandom) => Promise<void>,
): Promise<Work> {
  const kept = { messages: new Map(), comments: new Map(), follows: new Map(), deleted: new Map() };
  const work: Work = { people: sessions, videos, ...kept, writes: 0 };
  const nodes = [
    ...Array.from({ length: MOVING_WRITERS }, (_, n) => (n % 2 === 0 ? world.urls : world.urls.toReversed())),
    ...world.urls.flatMap((url) => Array.from({ length: WRITERS_OF_A_NODE }, () => [url])),
  ];
  const writers = nodes.map((urls, n) => new Writer(`w${n}`, urls, { world, work, random: random.child() }));
  const writing = Promise.all(writers.map((writer) => writer.live()));
  await Promise.race([faults(random.child()), writing]);
  for (const writer of writers) writer.end();
  await writing;
  return work;
}

/** What follows decisions and undos in batches is written before the logs are read. */
async function untilJobsAreDone({ sql }: App): Promise<void> {
  for (;;) {
    const [{ left }] = await sql`select count(*)::int as left from durable_jobs`;
    if (left === 0) return;
    await Bun.sleep(50);
  }
}

/** Waits for those that stayed connected: what was lost on the way to them comes without their asking. */
async function repairConnected(
  world: World,
  { resumable, plain }: Population,
  logs: ReadonlyMap<number, Log>,
): Promise<void> {
  const staying = [...resumable, ...plain].filter(({ stays }) => stays);
  const left = await late(staying, async (device) => {
    if (!isUpToDate(device, logs.get(device.owner.userId)!)) throw new Error("not yet");
  });
  for (const { name } of left) {
    world.violations.push({ kind: "wrong", what: `${name} was left behind while it was connected` });
  }
}

async function bringUpToDate(world: World, { resumable, plain }: Population): Promise<number> {
  const startedMs = performance.now();
  const left = await late([...resumable, ...plain], async (device) => {
    await device.catchUp().catch(async (error) => {
      await device.renew();
      throw error;
    });
  });
  for (const { name } of left) world.violations.push({ kind: "wrong", what: `${name} was not brought up to date` });
  return Math.round(performance.now() - startedMs);
}

/** Does it for each until it succeeds, a few at a time, and returns those for which it did not in time. */
async function late<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<T[]> {
  const deadline = Date.now() + UP_TO_DATE_WITHIN_MS;
  const waiting = [...items];
  const left: T[] = [];
  const succeeds = (item: T) =>
    work(item).then(
      () => true,
      () => false,
    );
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      let isDone = await succeeds(item);
      while (!isDone && Date.now() < deadline) {
        await Bun.sleep(100);
        isDone = await succeeds(item);
      }
      if (!isDone) left.push(item);
    }
  };
  await Promise.all(Array.from({ length: 20 }, lane));
  return left;
}
