import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readConfig } from "../apps/server/src/config.ts";
import { type Context, openContext } from "../apps/server/src/context.ts";
import { openLog } from "../apps/server/src/platform/log.ts";
import { check, type Findings } from "./check.ts";
import { type Owner, PlainDevice, ResumableDevice, type World } from "./devices.ts";
import { Dice } from "./dice.ts";
import { strike } from "./faults.ts";
import { JWT_SECRET, Stage } from "./stage.ts";
import { type Work, Writer } from "./writers.ts";

const PEOPLE = 60;
const RESUMABLE = 130;
const PLAIN = 90;
const WRITERS = 12;
const VIDEOS = 20;
const CATCH_UP_MS = 60_000;

/** What a run found, ready to be printed. */
type Report = { rows: [string, string | number][]; breaches: string[] };

if (import.meta.main) {
  const option = { type: "string" } as const;
  const { values } = parseArgs({ options: { minutes: option, seconds: option, seed: option } });
  const seconds = values.seconds ? Number(values.seconds) : Number(values.minutes ?? 1) * 60;
  const { rows, breaches } = await run(seconds, Number(values.seed ?? randomInt(1_000_000)));
  console.log(table(rows));
  for (const breach of breaches.slice(0, 10)) console.error(breach);
  console.log(breaches.length === 0 ? "Everything that was promised held." : `${breaches.length} breaches.`);
  process.exit(breaches.length === 0 ? 0 : 1);
}

/** Lets a small world live on a cluster that is struck by one fault after another, and then looks what was kept. */
export async function run(seconds: number, seed: number): Promise<Report> {
  const dice = new Dice(seed);
  const folder = await mkdtemp(join(tmpdir(), "reelay-chaos-"));
  await Bun.$`chmod 711 ${folder}`.quiet();
  const stage = await Stage.open(folder, dice.child(), () => {});
  const context = await openWitness(stage, folder);
  try {
    return await play(stage, context, { seconds, seed, dice });
  } finally {
    await stage.nodes[0].stop("SIGKILL");
    await stage.nodes[1].stop("SIGKILL");
    await context.close();
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The database as the checker sees it. */
async function openWitness(stage: Stage, folder: string): Promise<Context> {
  const config = readConfig({ DATABASE_URL: stage.postgres.url, JWT_SECRET, DATABASE_POOL: "4" });
  return await openContext(config, { dataDir: join(folder, "witness"), log: openLog("silent") });
}

type Play = { seconds: number; seed: number; dice: Dice };

async function play(stage: Stage, { app }: Context, { seconds, seed, dice }: Play): Promise<Report> {
  const urls = stage.nodes.map(({ url }) => url);
  const tally = { connects: 0, resumes: 0, polls: 0, resets: 0, stalls: 0, doubled: 0 };
  const world: World = { urls, breaches: [], tally };
  const people = await settle(app);
  const sessions = await openSessions(app, people, RESUMABLE + PLAIN);
  const resumable = sessions.slice(0, RESUMABLE).map((owner, n) => {
    return new ResumableDevice(`resumable ${n} of ${owner.userId}`, owner, world, dice.child());
  });
  const plain = sessions.slice(RESUMABLE).map((owner, n) => {
    return new PlainDevice(`plain ${n} of ${owner.userId}`, owner, world, dice.child());
  });
  const devices = [...resumable, ...plain];
  // Everybody is there before anything happens: what a device may not miss begins with its first connection.
  await inTime(devices, (device) => device.catchUp());
  const lives = devices.map((device) => device.live());
  const work: Work = {
    urls,
    people: sessions,
    videos: await addVideos(app, people),
    acknowledged: [],
    writes: { count: 0 },
  };
  const writers = Array.from({ length: WRITERS }, (_, n) => new Writer(`w${n}`, work, dice.child()));
  const writing = writers.map((writer) => writer.live());
  const faults: Record<string, number> = {};
  await strike(stage, dice.child(), Date.now() + seconds * 1000, faults);
  for (const writer of writers) writer.end();
  await Promise.all(writing);
  await stage.healed();
  for (const device of devices) device.end();
  await Promise.all(lives);
  const healedAtMs = performance.now();
  await inTime(devices, (device) => device.catchUp());
  const caughtUpMs = Math.round(performance.now() - healedAtMs);
  const findings = await check(app, { resumable, plain }, work.acknowledged);
  const count = (kind: "dropped" | "doubled") => stage.nodes.reduce((sum, { struck }) => sum + struck[kind], 0);
  const all = { ...faults, "publications dropped": count("dropped"), "publications doubled": count("doubled") };
  return reportOf(
    { seconds, seed, devices: devices.length, writes: work.writes.count, faults: all, caughtUpMs },
    world,
    findings,
  );
}

type Facts = {
  seconds: number;
  seed: number;
  devices: number;
  writes: number;
  faults: Record<string, number>;
  caughtUpMs: number;
};

function reportOf(facts: Facts, { tally, breaches }: World, findings: Findings): Report {
  const doubled = breaches.filter(({ what }) => what.endsWith("twice"));
  const disordered = breaches.filter(({ what }) => / after \S+$/.test(what));
  const others = breaches.filter((each) => !doubled.includes(each) && !disordered.includes(each));
  const told = breaches.map(({ device, what }) => `${device} ${what}`);
  const rows: Report["rows"] = [
    ["seed", facts.seed],
    ["seconds", facts.seconds],
    ["writers", WRITERS],
    ["writes", facts.writes],
    ["devices", facts.devices],
    ["events", findings.events],
    ...Object.entries(facts.faults),
    ["readers stalled", tally.stalls],
    ["connects", tally.connects],
    ["resumed from a cursor", tally.resumes],
    ["polls over REST", tally.polls],
    ["resets", tally.resets],
    ["lost", findings.lost.length],
    ["doubled, with a cursor", doubled.length],
    ["doubled, plain (allowed)", tally.doubled],
    ["disordered", disordered.length + findings.disordered.length],
    ["wrong", others.length + findings.wrong.length],
    ["counters drifted", findings.drift.length],
    ["last device up to date after (ms)", facts.caughtUpMs],
  ];
  return { rows, breaches: [...told, ...findings.lost, ...findings.disordered, ...findings.wrong, ...findings.drift] };
}

async function settle({ sql }: Context["app"]): Promise<number[]> {
  const rows: { id: number }[] = await sql`
    insert into accounts (email, username) select u || '@example.com', u
    from (select 'person' || n as u from generate_series(1, ${PEOPLE}) n) names returning id::float8 as id`;
  return rows.map(({ id }) => id);
}

/** A login for each device, people in turn. */
async function openSessions(
  { sql, tokens }: Context["app"],
  people: readonly number[],
  count: number,
): Promise<Owner[]> {
  const owners = Array.from({ length: count }, (_, n) => people[n % people.length]!);
  const rows: { id: number; userId: number }[] = await sql`
    insert into sessions (user_id) select * from unnest(${sql.array(owners, "BIGINT")})
    returning id::float8 as id, user_id::float8 as "userId"`;
  return await Promise.all(
    rows.map(async ({ id, userId }) => {
      const { token } = await tokens.sign({ userId, sessionId: id, tokenVersion: 0 });
      return { userId, token };
    }),
  );
}

async function addVideos({ sql }: Context["app"], people: readonly number[]): Promise<number[]> {
  const owners = people.slice(0, VIDEOS);
  const rows: { id: number }[] = await sql`
    insert into videos (owner_id, title, external_url, visibility)
    select o, 'a video', 'https://example.com/v.mp4', 'public' from unnest(${sql.array(owners, "BIGINT")}) o
    returning id::float8 as id`;
  await sql`update accounts set video_count = 1 where id = any(${sql.array(owners, "BIGINT")})`;
  return rows.map(({ id }) => id);
}

/** Each until it succeeds, a few at a time. */
async function inTime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const deadline = Date.now() + CATCH_UP_MS;
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      while (
        !(await work(item).then(
          () => true,
          () => false,
        ))
      ) {
        if (Date.now() > deadline) return;
        await Bun.sleep(100);
      }
    }
  };
  await Promise.all(Array.from({ length: 20 }, lane));
}

function table(rows: Report["rows"]): string {
  return rows.map(([name, value]) => `${name.padEnd(36)} ${String(value).padStart(10)}`).join("\n");
}
