import type { App } from "../apps/server/src/context.ts";
import { type Owner, PlainDevice, ResumableDevice, type World } from "./devices.ts";
import type { Dice } from "./dice.ts";

const PEOPLE = 60;
const RESUMABLE = 130;
const PLAIN = 90;
const VIDEOS = 20;

export type Population = {
  /** A login for each device. */
  sessions: readonly Owner[];
  videos: readonly number[];
  resumable: readonly ResumableDevice[];
  plain: readonly PlainDevice[];
};

/** Everybody who takes part: people, some of their videos, and their devices, each with a session of its own. */
export async function populate(app: App, world: World, dice: Dice): Promise<Population> {
  const people = await addPeople(app);
  const sessions = await openSessions(app, people, RESUMABLE + PLAIN);
  const named = (kind: string) => (owner: Owner, n: number) =>
    [`${kind} ${n} of ${owner.userId}`, owner, world, dice.child()] as const;
  return {
    sessions,
    videos: await addVideos(app, people.slice(0, VIDEOS)),
    resumable: sessions.slice(0, RESUMABLE).map((owner, n) => new ResumableDevice(...named("resumable")(owner, n))),
    plain: sessions.slice(RESUMABLE).map((owner, n) => new PlainDevice(...named("plain")(owner, n))),
  };
}

async function addPeople({ sql }: App): Promise<number[]> {
  const rows: { id: number }[] = await sql`
    insert into accounts (email, username) select u || '@example.com', u
    from (select 'person' || n as u from generate_series(1, ${PEOPLE}) n) names returning id::float8 as id`;
  return rows.map(({ id }) => id);
}

/** The people in turn. */
async function openSessions({ sql, tokens }: App, people: readonly number[], count: number): Promise<Owner[]> {
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

async function addVideos({ sql }: App, owners: readonly number[]): Promise<number[]> {
  const rows: { id: number }[] = await sql`
    insert into videos (owner_id, title, external_url, visibility)
    select o, 'a video', 'https://example.com/v.mp4', 'public' from unnest(${sql.array([...owners], "BIGINT")}) o
    returning id::float8 as id`;
  await sql`update accounts set video_count = 1 where id = any(${sql.array([...owners], "BIGINT")})`;
  return rows.map(({ id }) => id);
}
