import {
  type AdminBan,
  type AdminReport,
  type AdminUserDetails,
  type AdminVideo,
  MAX_COUNTED_ROWS,
} from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import type { Fragment, Sql } from "../../platform/postgres.ts";
import { isOwnCase } from "../reports/own-case.ts";
import { readHistory } from "./audit-log.ts";
import { readReports } from "./reports.ts";
import { readUsers } from "./users.ts";
import { readVideos } from "./videos.ts";

const RECENT = 10;
const HISTORY = 20;
/** The counts of so many videos are added up when they are asked for; of more, the listing has the totals. */
const MAX_ADDED_VIDEOS = 1000;

/**
 * An account, whatever became of it, with the newest of what it did and what was done to it. What the reader is not to know,
 * who reported them, is left out on both sides.
 * @throws ApiError USER_NOT_FOUND
 */
export async function readUserDetails(app: App, staff: Actor, userId: number): Promise<AdminUserDetails> {
  const { sql } = app;
  const [user] = await readUsers(app, staff, [userId]);
  if (!user) throw fail("USER_NOT_FOUND");
  const by = sql`r.reporter_id = ${userId} and not ${isOwnCase(sql, staff.userId)}`;
  const against = sql`r.target_type = 'user' and r.target_id = ${userId}`;
  const [totals, reportsBy, reportsAgainst, videos, recentBy, recentAgainst, bans, audit] = await Promise.all([
    readTotals(sql, userId, user.videoCount),
    countReports(sql, by),
    countReports(sql, against),
    readRecentVideos(app, staff, userId),
    readRecentReports(sql, staff, by),
    readRecentReports(sql, staff, against),
    readBans(sql, userId),
    readHistory(sql, "user", userId, HISTORY),
  ]);
  const { videoCount, followerCount, followingCount } = user;
  return {
    user,
    stats: {
      ...{ videos: videoCount, followers: followerCount, following: followingCount },
      ...{ total_likes: totals.likes, total_views: totals.views },
      ...{ reports_by_user: reportsBy, reports_against_user: reportsAgainst },
    },
    recent_videos: videos,
    recent_reports_by: recentBy,
    recent_reports_against: recentAgainst,
    bans,
    audit,
  };
}

/** How many of the reports `r` fulfil a condition, counted no further than `MAX_COUNTED_ROWS`. */
export async function countReports(sql: Sql, condition: Fragment): Promise<number> {
  const [row] = await sql`
    select count(*)::int as count from (select from reports r where ${condition} limit ${MAX_COUNTED_ROWS}) counted`;
  return row.count;
}

/** The newest of them. */
export async function readRecentReports(
  sql: Sql,
  staff: Actor,
  condition: Fragment,
  limit = RECENT,
): Promise<AdminReport[]> {
  const rows: { id: number }[] = await sql`
    select r.id::float8 as id from reports r where ${condition} order by r.id desc limit ${limit}`;
  return await readReports(
    sql,
    staff,
    rows.map(({ id }) => id),
  );
}

async function readTotals(sql: Sql, userId: number, videos: number): Promise<{ likes: number; views: number }> {
  const [row] =
    videos <= MAX_ADDED_VIDEOS
      ? await sql`
          select coalesce(sum(likes_count), 0)::float8 as likes, coalesce(sum(views_count), 0)::float8 as views
          from videos where owner_id = ${userId} and deleted_at is null`
      : await sql`
          select total_likes::float8 as likes, total_views::float8 as views
          from account_listing where user_id = ${userId}`;
  return row;
}

async function readRecentVideos(app: App, staff: Actor, userId: number): Promise<AdminVideo[]> {
  const rows: { id: number }[] = await app.sql`
    select id::float8 as id from videos where owner_id = ${userId} order by videos.id desc limit ${RECENT}`;
  return await readVideos(
    app,
    staff,
    rows.map(({ id }) => id),
  );
}

async function readBans(sql: Sql, userId: number): Promise<AdminBan[]> {
  return await sql`
    select id::float8 as id, reason, banned_by::float8 as "bannedBy", wire_time(banned_at) as "bannedAt",
      wire_time(until) as until, wire_time(lifted_at) as "liftedAt", lifted_by::float8 as "liftedBy"
    from bans where user_id = ${userId} order by bans.id desc limit ${HISTORY}`;
}
