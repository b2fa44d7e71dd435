import { afterAll, beforeAll, expect, test } from "bun:test";
import type { RecentActivity, StatsCharts, StatsOverview } from "@reelay/contract";
import { startTestServer, type TestServer } from "@reelay/testkit";
import fc from "fast-check";
import { Activity } from "../../src/access/activity.ts";
import type { App } from "../../src/app.ts";
import { readCharts, readOverview, readRecentActivity, tidyStatistics } from "../../src/features/stats/stats.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const RUNS = Number(process.env.FUZZ_RUNS ?? 25);

/** Around each of these, days of 23 or 25 hours lie in the week that is shown; in the last, one that has two midnights. */
const SCENES = [
  { zone: "America/New_York", now: "2027-03-16T15:10:00Z", later: "Asia/Kathmandu" },
  { zone: "Europe/Berlin", now: "2026-10-28T22:40:00Z", later: "Australia/Lord_Howe" },
  { zone: "Asia/Ho_Chi_Minh", now: "2026-12-31T17:05:00Z", later: "UTC" },
  { zone: "America/Havana", now: "2026-11-04T04:59:00Z", later: "America/New_York" },
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  // The histories are written past the counters of accounts and videos.
  await forgetEverything();
  await server.stop();
});

/** One step of a history, `at` so many minutes before now; numbers choose among what there is by then. */
type Step = { kind: Kind; at: number; who: number; what: number };
const KINDS = [
  ...(["register", "upload", "like", "unlike", "comment", "uncomment", "follow", "unfollow", "view"] as const),
  ...([
    "report",
    "decide",
    "reopen",
    "ban",
    "unban",
    "deleteVideo",
    "restore",
    "hide",
    "deleteAccount",
    "sign",
  ] as const),
];
/** Of signs many, so that some stand on both sides of a midnight. */
const SIGNS: Kind[] = Array.from({ length: 20 }, () => "sign");
type Kind = (typeof KINDS)[number];

const history = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS, "register", "upload", "like", "report", ...SIGNS),
    at: fc.nat(9 * 24 * 60),
    who: fc.nat(1000),
    what: fc.nat(1000),
  }),
  { minLength: 1, maxLength: 300, size: "max" },
);

test("overview, charts and recent activity equal a recount, whatever happened, in every time zone", async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.constantFrom(...SCENES), fc.boolean(), async (steps, scene, isTidied) => {
      await forgetEverything();
      const now = Date.parse(scene.now);
      const signs = await live(
        [...steps].sort((a, b) => b.at - a.at),
        now,
      );
      for (const zone of [scene.zone, scene.later, scene.zone]) {
        const app = appIn(zone, now);
        if (isTidied) await tidyStatistics(app);
        expect(await readOverview(app)).toEqual(await recountOverview(app));
        expect(await readCharts(app)).toEqual(await recountCharts(app, signs));
        expect(await readRecentActivity(app, 0, 5)).toEqual(await recountRecent(app, 5));
      }
    }),
    { numRuns: RUNS },
  );
}, 120_000);

/** The same server in another zone, at another time. */
function appIn(statsTimezone: string, nowMs: number): App {
  return {
    ...server.app,
    config: { ...server.app.config, statsTimezone },
    clock: { now: () => nowMs, monotonic: () => performance.now() },
  };
}

async function forgetEverything(): Promise<void> {
  await server.app.sql.unsafe(
    `truncate moderation_queue, accounts, videos, likes, comments, follows, reports, video_views, activity, activity_steps, active_days,
       statistics, account_listing, video_listing, account_changes, video_changes restart identity cascade`,
  );
}

type Sign = { userId: number; atMs: number };

/** Lets a history happen in the tables, as the features write them; answers every sign that was given. */
async function live(steps: readonly Step[], nowMs: number): Promise<Sign[]> {
  const signs: Sign[] = [];
  for (const { kind, at, who, what } of steps) {
    const time = new Date(nowMs - at * MINUTE_MS);
    const [a = null, b = null] = await pick(who, what);
    if (kind === "sign" && a !== null) signs.push({ userId: a, atMs: time.getTime() });
    await STEPS[kind]({ sql: server.app.sql, time, a, b, what });
  }
  return signs;
}

async function pick(...numbers: number[]): Promise<number[]> {
  const rows: { id: number }[] = await server.app.sql`select id::float8 as id from accounts order by accounts.id`;
  return rows.length === 0 ? [] : numbers.map((n) => rows[n % rows.length]!.id);
}

type Moment = { sql: App["sql"]; time: Date; a: number | null; b: number | null; what: number };

const STEPS: Record<Kind, (moment: Moment) => Promise<unknown>> = {
  register: ({ sql, time }) => sql`
    insert into accounts (email, username, created_at)
    select 'p' || n || '@example.com', 'p' || n, ${time} from (select count(*) as n from accounts) c`,
  upload: ({ sql, time, a, what }) => sql`
    insert into videos (owner_id, title, external_url, visibility, created_at)
    select id, 'v', 'https://example.com/v', ${what % 2 ? "public" : "private"}, ${time} from accounts where id = ${a}`,
  like: ({ sql, time, a, what }) => sql`
    insert into likes as l (user_id, video_id, created_at)
    select ${a}::bigint, id, ${time} from videos where id = ${what % 7} and ${a}::bigint is not null
    on conflict (user_id, video_id) do update set deleted_at = null where l.deleted_at is not null`,
  unlike: ({ sql, time, a }) => sql`update likes set deleted_at = ${time} where user_id = ${a} and deleted_at is null`,
  comment: ({ sql, time, a, what }) => sql`
    insert into comments (video_id, user_id, content, created_at)
    select v.id, ${a}, 'c', ${time} from videos v where v.id = ${what % 7} and ${a}::bigint is not null`,
  uncomment: ({ sql, time, a }) => sql`
    update comments set content = null, deleted_at = ${time} where user_id = ${a} and deleted_at is null`,
  follow: ({ sql, time, a, b }) => sql`
    insert into follows as f (follower_id, followee_id, created_at)
    select ${a}::bigint, ${b}::bigint, ${time} where ${a}::bigint <> ${b}::bigint
    on conflict (follower_id, followee_id) do update set deleted_at = null where f.deleted_at is not null`,
  unfollow: ({ sql, time, a }) => sql`
    update follows set deleted_at = ${time} where follower_id = ${a} and deleted_at is null`,
  view: ({ sql, time, a, what }) => sql`
    with seen as (
      insert into video_views (video_id, viewer_id, kind, hour, created_at)
      select v.id, ${a}::bigint, ${what % 3 ? "view" : "share"}, date_trunc('hour', ${time}::timestamptz), ${time}
      from videos v where v.id = ${what % 7} and ${a}::bigint is not null
      on conflict do nothing returning video_id, kind
    )
    update videos set views_count = views_count + 1 where id in (select video_id from seen where kind = 'view')`,
  report: ({ sql, time, a, what }) => sql`
    insert into reports (reporter_id, target_type, target_id, reason, snapshot, created_at)
    select id, 'video', ${what}, 'r', '{}', ${time} from accounts where id = ${a} on conflict do nothing`,
  decide: ({ sql, time, a, what }) => sql`
    update reports set status = ${what % 2 ? "resolved" : "rejected"}, resolved_at = ${time}
    where reporter_id = ${a} and status = 'pending'`,
  reopen: ({ sql, a }) => sql`
    update reports r set status = 'pending', resolved_at = null where r.id in (
      select min(o.id) from reports o where o.reporter_id = ${a} and o.status <> 'pending' and not exists (
        select from reports p where p.reporter_id = o.reporter_id and p.target_id = o.target_id and p.status = 'pending'))`,
  ban: ({ sql, a }) => sql`update accounts set status = 'banned' where id = ${a} and status = 'active'`,
  unban: ({ sql, a }) => sql`update accounts set status = 'active' where id = ${a} and status = 'banned'`,
  deleteVideo: ({ sql, time, what }) => sql`
    update videos set deleted_at = ${time}, deleted_by = 'moderator' where id = ${what % 7} and deleted_at is null`,
  restore: ({ sql, what }) => sql`update videos set deleted_at = null, deleted_by = null where id = ${what % 7}`,
  hide: ({ sql, what }) => sql`
    update videos set visibility = case visibility when 'public' then 'private' else 'public' end
    where id in (${what % 7}, ${what % 5})`,
  deleteAccount: ({ sql, time, a }) => sql`
    update accounts set status = 'deleted', deleted_at = ${time} where id = ${a} and ${a}::bigint % 3 = 0`,
  sign: async ({ sql, time, a }) => {
    const activity = new Activity(sql, { now: () => time.getTime(), monotonic: () => performance.now() });
    if (a !== null) activity.note(a);
    await activity.flush();
  },
};

/** The local date of a moment, told by another library than the one under test. */
function dateIn(zone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return (ms) => format.format(ms);
}

function lastDates(today: string): string[] {
  return Array.from({ length: 7 }, (_, i) => new Date(Date.parse(today) - (6 - i) * DAY_MS).toISOString().slice(0, 10));
}

type Row = { at: Date; status: string; last: Date | null };

async function recountOverview({ sql, config, clock }: App): Promise<StatsOverview> {
  const dateOf = dateIn(config.statsTimezone);
  const today = dateOf(clock.now());
  const isToday = (at: Date) => dateOf(at.getTime()) === today;
  const accounts: Row[] = await sql`
    select a.created_at as at, a.status, s.last_quarter as last from accounts a join activity s on s.user_id = a.id`;
  const videos: (Row & { views: number })[] = await sql`
    select created_at as at, case when deleted_at is null then visibility else 'deleted' end as status,
      views_count as views from videos`;
  const reports: Row[] = await sql`select resolved_at as at, status from reports`;
  const [kept] = await sql`
    select (select count(*)::int from likes where deleted_at is null) as likes,
      (select count(*)::int from comments where deleted_at is null) as comments,
      (select count(*)::int from follows where deleted_at is null) as follows`;
  const count = (rows: Row[], ...statuses: string[]) => rows.filter(({ status }) => statuses.includes(status)).length;
  const active = accounts.filter(({ status, last }) => {
    return status === "active" && last && lastDates(today).includes(dateOf(last.getTime()));
  }).length;
  return {
    users: {
      total: count(accounts, "active", "banned"),
      active,
      new_today: accounts.filter(({ at }) => isToday(at)).length,
      active_7d: active,
      banned: count(accounts, "banned"),
    },
    videos: {
      total: count(videos, "public", "private"),
      public: count(videos, "public"),
      new_today: videos.filter(({ at }) => isToday(at)).length,
      private: count(videos, "private"),
      deleted: count(videos, "deleted"),
    },
    reports: {
      total: reports.length,
      pending: count(reports, "pending"),
      resolved_today: reports.filter(({ at, status }) => status === "resolved" && isToday(at)).length,
      resolved: count(reports, "resolved"),
      rejected: count(reports, "rejected"),
    },
    engagement: {
      total_likes: kept.likes,
      total_comments: kept.comments,
      total_follows: kept.follows,
      total_views: videos.reduce((total, { views }) => total + views, 0),
    },
    generated_at: new Date(clock.now()).toISOString(),
    timezone: config.statsTimezone,
  };
}

async function recountCharts({ sql, config, clock }: App, signs: readonly Sign[]): Promise<StatsCharts> {
  const dateOf = dateIn(config.statsTimezone);
  const dates = lastDates(dateOf(clock.now()));
  const byDay = async (rows: Promise<{ at: Date }[]>) => {
    const found = (await rows).map(({ at }) => dateOf(at.getTime()));
    return (date: string) => found.filter((each) => each === date).length;
  };
  const people = (date: string) =>
    new Set(signs.filter(({ atMs }) => dateOf(atMs) === date).map(({ userId }) => userId)).size;
  const users = await byDay(sql`select created_at as at from accounts`);
  const videos = await byDay(sql`select created_at as at from videos`);
  const views = await byDay(sql`select created_at as at from video_views where kind = 'view'`);
  const pending = await byDay(sql`select created_at as at from reports where status = 'pending'`);
  const resolved = await byDay(sql`select resolved_at as at from reports where status = 'resolved'`);
  const rejected = await byDay(sql`select resolved_at as at from reports where status = 'rejected'`);
  const likes = await byDay(sql`select created_at as at from likes`);
  const comments = await byDay(sql`select created_at as at from comments`);
  const follows = await byDay(sql`select created_at as at from follows`);
  return {
    users_chart: dates.map((date) => ({ date, count: users(date), active: people(date) })),
    videos_chart: dates.map((date) => ({ date, count: videos(date), views: views(date) })),
    reports_chart: dates.map((date) => {
      return { date, pending: pending(date), resolved: resolved(date), rejected: rejected(date) };
    }),
    engagement_chart: dates.map((date) => {
      return { date, likes: likes(date), comments: comments(date), follows: follows(date) };
    }),
  };
}

async function recountRecent({ sql }: App, limit: number): Promise<RecentActivity> {
  const accounts: any[] = await sql`select to_json(a) as row from accounts a`;
  const videos: any[] = await sql`select to_json(v) as row from videos v`;
  const reports: any[] = await sql`select to_json(r) as row from reports r`;
  const nameOf = (id: number) => accounts.find(({ row }) => row.id === id).row.username;
  const newest = (rows: any[]) => rows.map(({ row }) => row).sort((a, b) => b.id - a.id);
  const time = (value: string) => new Date(value).toISOString();
  return {
    recent_users: newest(accounts)
      .filter((row) => row.status !== "deleted")
      .slice(0, limit)
      .map((row) => {
        const { id, username, email } = row;
        return { id, username, email, createdAt: time(row.created_at), avatarUrl: row.avatar_url };
      }),
    recent_videos: newest(videos)
      .filter((row) => row.deleted_at === null)
      .slice(0, limit)
      .map((row) => ({
        ...{ id: row.id, title: row.title, ownerId: row.owner_id, ownerName: nameOf(row.owner_id) },
        ...{ createdAt: time(row.created_at), views: row.views_count, likes: row.likes_count },
        visibility: row.visibility,
      })),
    recent_reports: newest(reports)
      .slice(0, limit)
      .map((row) => ({
        ...{ id: row.id, reporterId: row.reporter_id, reporterName: nameOf(row.reporter_id) },
        ...{ targetType: row.target_type, targetId: row.target_id, reason: row.reason, status: row.status },
        createdAt: time(row.created_at),
      })),
  };
}
