import type { CreateReport, Report, ReportsQuery, StaffReport, StaffReportDetails } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { commit } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Fragment, Queryable, Tx } from "../../platform/postgres.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { requireActive } from "../accounts/standing.ts";
import { coveringDecision, resolvedByColumn, verdictColumns } from "./covered.ts";
import { closeCovered } from "./decisions.ts";
import { findEvidence, openEvidence } from "./evidence.ts";
import { hideAtReports, lockForHiding } from "./hide-at-reports.ts";
import { isOwnCase } from "./own-case.ts";
import { type Weighed, weigh } from "./weights.ts";

const ALREADY_REMOVED = "What you reported had been removed already.";

/**
 * Reports something, freezing what it looks like now. While a report of the same thing by the same person is pending,
 * that one is answered and `isNew` is false. What moderators removed before is resolved from the start; what its owner
 * removed is not, or deleting would be an escape. The report that reaches HIDE_AT_REPORTS hides what it is about.
 * @throws ApiError SELF_REPORT, NOT_FOUND
 */
export async function createReport(
  app: App,
  actor: Actor,
  draft: CreateReport,
): Promise<{ report: Report; isNew: boolean }> {
  if (draft.targetType === "user" && draft.targetId === actor.userId) throw fail("SELF_REPORT");
  return await commit(app, async (tx) => {
    const accounts = await lockAccounts(tx, [actor.userId]);
    await requireActive(tx, accounts.get(actor.userId));
    const { hideAtReports: limit } = app.config;
    const mayHide = await lockForHiding(tx, limit, actor.userId, draft);
    const pendingId = await findPending(tx, actor.userId, draft);
    if (pendingId !== null && !(await closeCovered(tx, pendingId))) {
      return { report: await readReport(tx, pendingId), isNew: false };
    }
    const evidence = await findEvidence(tx, actor.userId, draft.targetType, draft.targetId);
    if (!evidence) throw fail("NOT_FOUND", { message: "There is no such thing to report." });
    const { snapshot, isRemovedByModerators } = evidence;
    const result = isRemovedByModerators ? ALREADY_REMOVED : null;
    const weighed = await weigh(tx, actor.userId, draft.category ?? "other");
    const { id, isNew } = await insertReport(tx, actor.userId, { ...draft, ...weighed }, snapshot, result);
    if (mayHide && isNew) await hideAtReports(tx, limit, draft);
    return { report: await readReport(tx, id), isNew };
  });
}

/** The reporter's own reports, the newest first. */
export async function listOwnReports(
  { sql }: App,
  userId: number,
  { skip, limit, status }: ReportsQuery,
): Promise<Report[]> {
  return await sql`
    select ${reportColumns(sql)} from reports r ${coveringDecision(sql)}
    where r.reporter_id = ${userId} and ${hasStatus(sql, status)}
    order by r.id desc offset ${skip} limit ${limit}`;
}

/** Everybody's, the newest first. */
export async function listReports(
  { sql }: App,
  { userId }: Pick<Actor, "userId">,
  { skip, limit, status }: ReportsQuery,
): Promise<StaffReport[]> {
  return await sql`
    select ${staffColumns(sql, userId)} from reports r join accounts a on a.id = r.reporter_id ${coveringDecision(sql)}
    where ${hasStatus(sql, status)}
    order by r.id desc offset ${skip} limit ${limit}`;
}

/** @throws ApiError REPORT_NOT_FOUND */
export async function readStaffReport(
  app: App,
  by: Pick<Actor, "userId">,
  reportId: number,
): Promise<StaffReportDetails> {
  const [row]: StaffReportDetails[] = await app.sql`
    select ${staffColumns(app.sql, by.userId)}, r.snapshot
    from reports r join accounts a on a.id = r.reporter_id ${coveringDecision(app.sql)}
    where r.id = ${reportId}`;
  if (!row) throw fail("REPORT_NOT_FOUND");
  return { ...row, snapshot: openEvidence(app, by, row.snapshot) };
}

/** The reports on a target, the newest first, each with what it froze. */
export async function listReportsOn(
  app: App,
  by: Pick<Actor, "userId">,
  { targetType, targetId }: Pick<CreateReport, "targetType" | "targetId">,
  limit: number,
): Promise<StaffReportDetails[]> {
  const rows: StaffReportDetails[] = await app.sql`
    select ${staffColumns(app.sql, by.userId)}, r.snapshot
    from reports r join accounts a on a.id = r.reporter_id ${coveringDecision(app.sql)}
    where r.target_type = ${targetType} and r.target_id = ${targetId} order by r.id desc limit ${limit}`;
  return rows.map((row) => ({ ...row, snapshot: openEvidence(app, by, row.snapshot) }));
}

/**
 * Empties what an account wrote in some of its reports, those after one: reason and description, not what the report froze.
 * Returns how many, and up to which. A pending one is left to be decided by what it says.
 */
export async function emptyReportsOf(
  tx: Tx,
  reporterId: number,
  after: number,
  size: number,
): Promise<{ count: number; last: number }> {
  const [row]: { count: number; last: number }[] = await tx`
    with due as (
      select id from reports
      where reporter_id = ${reporterId} and id > ${after} and status <> 'pending'
        and (reason <> '' or description is not null)
      order by id limit ${size} for no key update
    ),
    emptied as (update reports r set reason = '', description = null from due where r.id = due.id)
    select count(*)::int as count, coalesce(max(id), ${after})::float8 as last from due`;
  return row!;
}

/** How many reports of an account are still to be decided. */
export async function countPendingOf(db: Queryable, reporterId: number): Promise<number> {
  const [row] = await db`
    select count(*)::int as count from reports where reporter_id = ${reporterId} and status = 'pending'`;
  return row.count;
}

async function findPending(tx: Tx, reporterId: number, { targetType, targetId }: CreateReport): Promise<number | null> {
  const [row] = await tx`
    select id::float8 as id from reports
    where reporter_id = ${reporterId} and target_type = ${targetType} and target_id = ${targetId} and status = 'pending'
    for update`;
  return row?.id ?? null;
}

/** Or finds the one that is pending, which is locked, so that it cannot be decided in between. */
async function insertReport(
  tx: Tx,
  reporterId: number,
  { targetType, targetId, reason, description, category, weight, isUrgent, isMuted }: CreateReport & Weighed,
  snapshot: object,
  result: string | null,
): Promise<{ id: number; isNew: boolean }> {
  const status = result === null ? "pending" : "resolved";
  const [row] = await tx`
    insert into reports as r (reporter_id, target_type, target_id, reason, description, category, weight, is_urgent,
      is_muted, snapshot, status, result, resolved_at)
    values (${reporterId}, ${targetType}, ${targetId}, ${reason}, ${description || null}, ${category ?? "other"},
      ${weight}, ${isUrgent}, ${isMuted}, ${snapshot}::json, ${status}, ${result},
      case when ${status}::text = 'resolved' then now() end)
    on conflict (reporter_id, target_type, target_id) where status = 'pending' do update set status = r.status
    returning r.id::float8 as id, old.id is null as "isNew"`;
  return row;
}

async function readReport(db: Queryable, reportId: number): Promise<Report> {
  const [row] = await db`select ${reportColumns(db)} from reports r ${coveringDecision(db)} where r.id = ${reportId}`;
  return row;
}

function hasStatus(db: Queryable, status: Report["status"] | undefined) {
  if (!status) return db`true`;
  return status === "pending" ? db`r.status = 'pending' and c.id is null` : db`r.status = ${status}`;
}

/** The select list of a report as staff and its author see it, over `coveringDecision`; the report is `r`. */
function reportColumns(db: Queryable, reporterId: Fragment = db`r.reporter_id`) {
  return db`
    r.id::float8 as id, (${reporterId})::float8 as "reporterId", r.target_type as "targetType",
    r.target_id::float8 as "targetId", r.reason, r.category, r.description, wire_time(r.created_at) as "createdAt",
    ${verdictColumns(db)}`;
}

/** The same as staff sees it; the reporter is `a`. */
function staffColumns(db: Queryable, userId: number) {
  const isOwn = isOwnCase(db, userId);
  return db`
    ${reportColumns(db, db`case when not ${isOwn} then r.reporter_id end`)},
    case when not ${isOwn} then a.username end as "reporterUsername", ${resolvedByColumn(db)}`;
}
