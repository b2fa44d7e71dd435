import {
  type AdminReport,
  type AdminReports,
  type AdminReportsQuery,
  ReportStatus,
  ReportTarget,
} from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import type { Fragment, Queryable } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { isOwnCase } from "../reports/own-case.ts";
import { targetInfo } from "../reports/target-info.ts";
import { type Day, readDays, readTotals } from "../stats/counters.ts";
import { emptyPage, findListed, type Stream } from "./ordered-pages.ts";
import { datesSince } from "./utc-dates.ts";

/** A page of reports. */
export async function listReports(
  app: App,
  staff: Actor,
  query: AdminReportsQuery,
  signal: AbortSignal,
): Promise<AdminReports> {
  const days = query.decided ? await readDays(app) : [];
  const statuses = statusesOf(query);
  const { ids, pagination } =
    statuses.length === 0
      ? emptyPage(query)
      : await findListed(app, {
          wanted: query,
          search: "",
          signal,
          isIndexed: true,
          listing: (db) => ({ streams: streamsOf(db, query, statuses, days, app.clock.now()) }),
          knownTotal: await readTotal(app, query, statuses, days),
        });
  return { reports: await readReports(app.sql, staff, ids), pagination };
}

/** Reports by their ids, in that order. Who reported the reader, or something of theirs, is not said. */
export async function readReports(
  db: Queryable,
  { userId }: Pick<Actor, "userId">,
  ids: readonly number[],
): Promise<AdminReport[]> {
  const isOwn = isOwnCase(db, userId);
  return await db`
    select r.id::float8 as id, case when not ${isOwn} then r.reporter_id::float8 end as "reporterId",
      case when not ${isOwn} then a.username end as "reporterUsername", r.target_type as "targetType",
      r.target_id::float8 as "targetId", r.reason, r.description as details, r.status, r.result,
      r.resolved_by::float8 as "resolvedBy", wire_time(r.resolved_at) as "resolvedAt", (
        select q.claimed_by from moderation_queue q
        where r.status = 'pending' and q.target_type = r.target_type and q.target_id = r.target_id
          and q.claimed_until > now())::float8 as "claimedBy",
      wire_time(r.created_at) as "createdAt", ${targetInfo(db)} as "targetInfo"
    from unnest(${bigints(db, ids)}) with ordinality as wanted(id, place)
    join reports r on r.id = wanted.id join accounts a on a.id = r.reporter_id
    order by wanted.place`;
}

/** What is pending has not been decided on any day. */
function statusesOf({ status, decided }: AdminReportsQuery): ReportStatus[] {
  const statuses = status === "all" ? ReportStatus.options : [status];
  return statuses.filter((each) => !decided || each !== "pending");
}

/** What the counters know; null: this combination of filters is counted. */
async function readTotal(
  { sql }: App,
  { targetType, decided }: AdminReportsQuery,
  statuses: readonly ReportStatus[],
  days: readonly Day[],
): Promise<number | null> {
  if (targetType) return null;
  const totals = decided ? null : await readTotals(sql);
  const count = (status: ReportStatus) =>
    totals ? totals.get(`reports_${status}`) : days.at(-1)?.counts[`reports_${status}_on`];
  return statuses.reduce((sum, status) => sum + (count(status) ?? 0), 0);
}

/** What was decided today lies on two UTC days, or on three, of which the first begins before today. */
function streamsOf(
  db: Queryable,
  { targetType }: AdminReportsQuery,
  statuses: readonly ReportStatus[],
  days: readonly Day[],
  nowMs: number,
): Stream[] {
  const today = days.at(-1)?.startsAt;
  const parts = today ? decidedSince(db, today, nowMs) : [db`true`];
  const types = targetType ? [targetType] : ReportTarget.options;
  return statuses.flatMap((status) =>
    types.flatMap((type) =>
      parts.map((part) => ({
        from: db`reports r`,
        where: db`r.status = ${status} and r.target_type = ${type} and ${part}`,
        id: db`r.id`,
        key: db`r.created_at`,
      })),
    ),
  );
}

function decidedSince(db: Queryable, since: Date, nowMs: number): Fragment[] {
  const date = db`(r.resolved_at at time zone 'UTC')::date`;
  const dates = datesSince(since, nowMs);
  const last = dates.pop();
  return [
    ...dates.map((each) => db`${date} = ${each}::date and r.resolved_at >= ${since}`),
    db`${date} >= ${last}::date`,
  ];
}
