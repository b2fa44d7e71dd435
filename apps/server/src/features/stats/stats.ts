import type { RecentActivity, StatsCharts, StatsOverview } from "@reelay/contract";
import type { App } from "../../app.ts";
import type { Sql } from "../../platform/postgres.ts";
import { isOwnCase } from "../reports/own-case.ts";
import { countActive, readDays, readTotals } from "./counters.ts";

/** The numbers as they stand. Every number is a sum over counters: it costs the same however many rows there are. */
export async function readOverview(app: App): Promise<StatsOverview> {
  const { clock, config } = app;
  await app.activity.flush();
  const [totals, days] = await Promise.all([readTotals(app.sql), readDays(app)]);
  const total = (metric: string) => totals.get(metric) ?? 0;
  const today = (metric: string) => days.at(-1)?.counts[metric] ?? 0;
  const active = countActive(days);
  return {
    users: {
      total: total("users"),
      active,
      new_today: today("users_made"),
      active_7d: active,
      banned: total("users_banned"),
    },
    videos: {
      total: total("videos_public") + total("videos_private"),
      public: total("videos_public"),
      new_today: today("videos_made"),
      private: total("videos_private"),
      deleted: total("videos_deleted"),
    },
    reports: {
      total: total("reports_pending") + total("reports_resolved") + total("reports_rejected"),
      pending: total("reports_pending"),
      resolved_today: today("reports_resolved_on"),
      resolved: total("reports_resolved"),
      rejected: total("reports_rejected"),
    },
    engagement: {
      total_likes: total("likes"),
      total_comments: total("comments"),
      total_follows: total("follows"),
      total_views: total("views"),
    },
    generated_at: new Date(clock.now()).toISOString(),
    timezone: config.statsTimezone,
  };
}

/** The last seven days of STATS_TIMEZONE, today included. */
export async function readCharts(app: App): Promise<StatsCharts> {
  await app.activity.flush();
  const [days, people] = await Promise.all([readDays(app), readPeople(app)]);
  const rows = days.map(({ date, counts }) => {
    return { date, count: (metric: string) => counts[metric] ?? 0, active: people.get(date) ?? 0 };
  });
  return {
    users_chart: rows.map(({ date, count, active }) => ({ date, count: count("users_made"), active })),
    videos_chart: rows.map(({ date, count }) => ({ date, count: count("videos_made"), views: count("views_made") })),
    reports_chart: rows.map(({ date, count }) => ({
      date,
      pending: count("reports_pending_on"),
      resolved: count("reports_resolved_on"),
      rejected: count("reports_rejected_on"),
    })),
    engagement_chart: rows.map(({ date, count }) => ({
      date,
      likes: count("likes_made"),
      comments: count("comments_made"),
      follows: count("follows_made"),
    })),
  };
}

/** What came last, whatever became of it but deletion. */
export async function readRecentActivity({ sql }: App, userId: number, limit: number): Promise<RecentActivity> {
  const [users, videos, reports] = await Promise.all([
    readRecentUsers(sql, limit),
    readRecentVideos(sql, limit),
    readRecentReports(sql, userId, limit),
  ]);
  return { recent_users: users, recent_videos: videos, recent_reports: reports };
}

/** Folds the counters of the past, adds up the people of days that are over, and forgets the steps nobody needs. */
export async function tidyStatistics(app: App): Promise<void> {
  const nowMs = app.clock.now();
  await app.sql`select fold_statistics(${new Date(nowMs - FOLD_AFTER_MS)})`;
  await addUpDays(app, new Date(nowMs - FOLD_AFTER_MS));
  await app.sql`delete from activity_steps where quarter < ${new Date(nowMs - KEEP_STEPS_MS)}`;
}

/** Longer than it takes until the last sign of a quarter hour is written. */
const FOLD_AFTER_MS = 3_600_000;
/** Eight days: in any time zone, the seven that are shown. */
const KEEP_STEPS_MS = 8 * 86_400_000;

/** How many accounts gave a sign on each day. */
async function readPeople({ sql, clock, config }: App): Promise<Map<string, number>> {
  const rows: { date: string; users: number }[] = await sql`
    select to_char(d.day, 'YYYY-MM-DD') as date, coalesce(a.users, people_between(d.starts_at, d.ends_at))::float8 as users
    from recent_days(${new Date(clock.now())}, ${config.statsTimezone}) d
    left join active_days a using (starts_at, ends_at)`;
  return new Map(rows.map(({ date, users }) => [date, users]));
}

async function addUpDays({ sql, clock, config }: App, before: Date): Promise<void> {
  await sql`
    insert into active_days (starts_at, ends_at, users)
    select starts_at, ends_at, people_between(starts_at, ends_at)
    from recent_days(${new Date(clock.now())}, ${config.statsTimezone})
    where ends_at < ${before} and not exists (
      select from active_days a where a.starts_at = recent_days.starts_at and a.ends_at = recent_days.ends_at)
    on conflict do nothing`;
}

async function readRecentUsers(sql: Sql, limit: number): Promise<RecentActivity["recent_users"]> {
  return await sql`
    select id::float8 as id, username, email, wire_time(created_at) as "createdAt", avatar_url as "avatarUrl"
    from accounts where status <> 'deleted' order by accounts.id desc limit ${limit}`;
}

/** The names are looked up one by one: a join might be planned for many more rows than the limit, and read them all. */
async function readRecentVideos(sql: Sql, limit: number): Promise<RecentActivity["recent_videos"]> {
  return await sql`
    select v.id::float8 as id, v.title, v.owner_id::float8 as "ownerId",
      (select username from accounts where id = v.owner_id) as "ownerName",
      wire_time(v.created_at) as "createdAt", v.views_count as views, v.likes_count as likes, v.visibility
    from videos v where v.deleted_at is null order by v.id desc limit ${limit}`;
}

async function readRecentReports(sql: Sql, userId: number, limit: number): Promise<RecentActivity["recent_reports"]> {
  const isOwn = isOwnCase(sql, userId);
  return await sql`
    select r.id::float8 as id, case when not ${isOwn} then r.reporter_id::float8 end as "reporterId",
      case when not ${isOwn} then (select username from accounts where id = r.reporter_id) end as "reporterName", r.target_type as "targetType", r.target_id::float8 as "targetId", r.reason, r.status,
      wire_time(r.created_at) as "createdAt"
    from reports r order by r.id desc limit ${limit}`;
}
