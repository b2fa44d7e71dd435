import type { App } from "../../app.ts";
import type { Sql } from "../../platform/postgres.ts";

/** The counters of what stands now. */
export async function readTotals(sql: Sql): Promise<Map<string, number>> {
  const rows: { metric: string; total: number }[] = await sql`
    select metric, sum(value)::float8 as total from statistics
    where metric = any('{users,users_banned,videos_public,videos_private,videos_deleted,reports_pending,
      reports_resolved,reports_rejected,likes,comments,follows,views}') and quarter = '-infinity'
    group by metric`;
  return new Map(rows.map(({ metric, total }) => [metric, total]));
}

/** A day of STATS_TIMEZONE, which ends where the next one begins; today has no end. */
export type Day = { date: string; startsAt: Date; counts: Record<string, number> };

/** What was counted on each of the last seven days, today included. */
export async function readDays({ sql, clock, config }: App): Promise<Day[]> {
  return await sql`
    select to_char(d.day, 'YYYY-MM-DD') as date, d.starts_at as "startsAt",
      coalesce(json_object_agg(s.metric, s.value) filter (where s.metric is not null), '{}') as counts
    from recent_days(${new Date(clock.now())}, ${config.statsTimezone}) d
    left join lateral (
      select metric, sum(value) as value from statistics
      where metric = any('{users_made,last_active,videos_made,views_made,reports_pending_on,reports_resolved_on,
        reports_rejected_on,likes_made,comments_made,follows_made}')
        and quarter >= d.starts_at and quarter < d.ends_at
      group by metric
    ) s on true
    group by d.day, d.starts_at order by d.day`;
}

/** How many accounts were last active on one of these days. */
export function countActive(days: readonly Day[]): number {
  return days.reduce((sum, { counts }) => sum + (counts.last_active ?? 0), 0);
}
