import { z } from "zod";
import { withAliases } from "./aliases.ts";
import { Count, Id, limit, Timestamp } from "./fields.ts";
import { ReportStatus, ReportTarget } from "./reports.ts";
import { Visibility } from "./videos.ts";

/** What the dashboard polls. The outer keys and the counters' are snake_case, the fields of a row camelCase. */
export const StatsOverview = z
  .strictObject({
    users: z.strictObject({
      total: Count,
      active: Count,
      new_today: Count,
      active_7d: Count,
      banned: Count,
    }),
    videos: z.strictObject({ total: Count, public: Count, new_today: Count, private: Count, deleted: Count }),
    reports: z.strictObject({
      total: Count,
      pending: Count,
      resolved_today: Count,
      resolved: Count,
      rejected: Count,
    }),
    engagement: z.strictObject({
      total_likes: Count,
      total_comments: Count,
      total_follows: Count,
      total_views: Count,
    }),
    generated_at: Timestamp,
    timezone: z.string(),
  })
  .meta({ id: "StatsOverview", description: "The numbers of the dashboard, as they stand." });
export type StatsOverview = z.infer<typeof StatsOverview>;

/** A day of STATS_TIMEZONE. */
const date = z.iso.date();
/** Seven, ascending, the last is today. */
const week = <T extends z.ZodType>(row: T) => z.array(row).length(7);

export const StatsCharts = z
  .strictObject({
    users_chart: week(withAliases("UsersOfDay", z.strictObject({ date, count: Count, active: Count }))),
    videos_chart: week(withAliases("VideosOfDay", z.strictObject({ date, count: Count, views: Count }))),
    reports_chart: week(
      withAliases("ReportsOfDay", z.strictObject({ date, pending: Count, resolved: Count, rejected: Count })),
    ),
    engagement_chart: week(z.strictObject({ date, likes: Count, comments: Count, follows: Count })),
  })
  .meta({
    id: "StatsCharts",
    description: "Seven days, ascending, the last is today; days without anything are zero.",
  });
export type StatsCharts = z.infer<typeof StatsCharts>;

export const RecentActivity = z
  .strictObject({
    recent_users: z.array(
      z.strictObject({
        id: Id,
        username: z.string(),
        email: z.string().nullable(),
        createdAt: Timestamp,
        avatarUrl: z.string().nullable(),
      }),
    ),
    recent_videos: z.array(
      z.strictObject({
        id: Id,
        title: z.string(),
        ownerId: Id,
        ownerName: z.string(),
        createdAt: Timestamp,
        views: Count,
        likes: Count,
        visibility: Visibility,
      }),
    ),
    recent_reports: z.array(
      z.strictObject({
        id: Id,
        // null: the report is about the caller or something of theirs.
        reporterId: Id.nullable(),
        reporterName: z.string().nullable(),
        targetType: ReportTarget,
        targetId: Id,
        reason: z.string(),
        status: ReportStatus,
        createdAt: Timestamp,
      }),
    ),
  })
  .meta({ id: "RecentActivity", description: "The newest accounts, videos and reports." });
export type RecentActivity = z.infer<typeof RecentActivity>;

export const RecentActivityQuery = z.object({ limit: limit(10) });
