import type { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { App } from "../apps/server/src/app.ts";
import { bigints } from "../apps/server/src/platform/sql-fragments.ts";
import type { Owner, World } from "./device.ts";
import { PlainDevice } from "./plain-device.ts";
import { ResumableDevice } from "./resumable-device.ts";

const PEOPLE = 60;
/** The last of them, to whom bans, blocks and log-outs happen. */
const TROUBLED = 6;
const RESUMABLE = 130;
const PLAIN = 90;
const VIDEOS = 20;

export type Population = {
  /** A login for each device. */
  sessions: readonly Owner[];
  videos: readonly number[];
  moderator: Owner;
  resumable: ResumableDevice[];
  plain: PlainDevice[];
};

/** Everybody who takes part: people, some of their videos, and their devices, each with a session of its own. */
export async function populate(app: App, world: World, random: SeededRandom): Promise<Population> {
  const people = await addPeople(app);
  const owners = Array.from({ length: RESUMABLE + PLAIN }, (_, n) => people[n % people.length]!);
  const troubled = new Set(people.slice(-TROUBLED));
  const sessions = await openSessions(app, owners, troubled);
  const videos = await addVideos(app, people.slice(0, VIDEOS));
  const moderator = await addModerator(app);
  const population: Population = { sessions, videos, moderator, resumable: [], plain: [] };
  for (const [n, owner] of sessions.entries())
    addDevice(population, n < RESUMABLE ? "resumable" : "plain", owner, { world, random });
  return population;
}

/** Another device of somebody who is there already, with a session that nobody has seen before. */
export async function addNewcomer(
  app: App,
  population: Population,
  { world, random }: { world: World; random: SeededRandom },
) {
  const steady = population.sessions.filter(({ isTroubled }) => !isTroubled);
  const [owner] = await openSessions(app, [random.pick(steady).userId], new Set());
  return addDevice(population, random.pick(["resumable", "plain"] as const), owner!, { world, random });
}

function addDevice(
  { resumable, plain }: Population,
  kind: "resumable" | "plain",
  owner: Owner,
  { world, random }: { world: World; random: SeededRandom },
): ResumableDevice | PlainDevice {
  const devices = kind === "resumable" ? resumable : plain;
  const name = `${kind} ${devices.length} of ${owner.userId}`;
  const device =
    kind === "resumable"
      ? new ResumableDevice(name, owner, world, random.child())
      : new PlainDevice(name, owner, world, random.child());
  (devices as (typeof device)[]).push(device);
  return device;
}

async function addPeople({ sql }: App): Promise<number[]> {
  const rows: { id: number }[] = await sql`
    insert into accounts (email, username) select u || '@example.com', u
    from (select 'person' || n as u from generate_series(1, ${PEOPLE}) n) names returning id::float8 as id`;
  return rows.map(({ id }) => id);
}

async function addModerator(app: App): Promise<Owner> {
  const [row]: { id: number }[] = await app.sql`
    insert into accounts (email, username, role) values ('staff@example.com', 'staff.member', 'moderator')
    returning id::float8 as id`;
  const [owner] = await openSessions(app, [row!.id], new Set());
  return owner!;
}

/**
 * A database that went back gives ids out again, and the token of a forgotten session would be good for a later one of the
 * same user: two devices would confirm for one another. So the ids are given out here.
 */
let lastSessionId = 1_000_000;

async function openSessions(app: App, users: readonly number[], troubled: ReadonlySet<number>): Promise<Owner[]> {
  const ids = users.map(() => ++lastSessionId);
  const rows: { id: number; userId: number }[] = await app.sql`
    insert into sessions (id, user_id) overriding system value
    select * from unnest(${bigints(app.sql, ids)}, ${bigints(app.sql, users)})
    returning id::float8 as id, user_id::float8 as "userId"`;
  return await Promise.all(
    rows.map(async ({ id, userId }) => {
      const { token } = await app.tokens.sign({ userId, sessionId: id, tokenVersion: 0 });
      return { userId, sessionId: id, token, isTroubled: troubled.has(userId) };
    }),
  );
}

/** A token as the account stands now, for the session while it stands, else for another one. */
export async function renew(app: App, owner: Owner): Promise<boolean> {
  const { userId, sessionId } = owner;
  const [account]: { tokenVersion: number; hasSession: boolean }[] = await app.sql`
    select a.token_version as "tokenVersion",
      exists (select from sessions s where s.id = ${sessionId} and s.user_id = a.id and s.revoked_at is null) as "hasSession"
    from accounts a where a.id = ${userId} and a.status = 'active'`.catch(() => []);
  if (!account) return false;
  if (!account.hasSession) {
    const [row]: { id: number }[] = await app.sql`
      insert into sessions (id, user_id) overriding system value values (${++lastSessionId}, ${userId})
      returning id::float8 as id`.catch(() => []);
    if (!row) return false;
    owner.sessionId = row.id;
  }
  const { tokenVersion } = account;
  owner.token = (await app.tokens.sign({ userId, sessionId: owner.sessionId, tokenVersion })).token;
  return true;
}

async function addVideos({ sql }: App, owners: readonly number[]): Promise<number[]> {
  const rows: { id: number }[] = await sql`
    insert into videos (owner_id, title, external_url, visibility)
    select o, 'a video', 'https://example.com/v.mp4', 'public' from unnest(${sql.array([...owners], "BIGINT")}) o
    returning id::float8 as id`;
  await sql`update accounts set video_count = 1 where id = any(${sql.array([...owners], "BIGINT")})`;
  return rows.map(({ id }) => id);
}
