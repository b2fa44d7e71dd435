import type { AdminResponse, EventData, ReportTarget } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import { enqueueJob, type JobProgress } from "../../platform/durable-jobs.ts";
import { type Tx, violatedUnique } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { type Moderator, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { notify } from "../notifications/notify.ts";
import { withdraw } from "../notifications/revocations.ts";
import { isOwnCase } from "./own-case.ts";

export type Decision = { status: "resolved" | "rejected"; result: string };

const DEFAULT_RESULT = {
  resolved: "Thank you: we have acted on your report.",
  rejected: "We have looked at it and found no violation.",
} as const;

/**
 * Decides a report and notifies the reporter. The first decision stands: the same one again by the same person changes
 * nothing, any other is refused with the standing one.
 * @throws ApiError REPORT_NOT_FOUND, OWN_CASE, REPORT_ALREADY_DECIDED
 */
export async function decideReport(
  app: App,
  by: NonNullable<Moderator>,
  reportId: number,
  { status, result }: { status: Decision["status"]; result: string | null | undefined },
): Promise<AdminResponse> {
  const changed = await commit(app, async (tx) => {
    await requireStaff(tx, (await lockAccounts(tx, [by.userId])).get(by.userId));
    const report = await lockReport(tx, reportId);
    if (!report) throw fail("REPORT_NOT_FOUND");
    await refuseOwnCase(tx, by, reportId);
    if (report.status === status && report.resolvedBy === by.userId) return false;
    if (report.status !== "pending") throw alreadyDecided(report);
    const decision = { status, result: result || DEFAULT_RESULT[status] };
    await notifyReporters(tx, await closeReports(tx, by, [reportId], decision));
    return true;
  });
  const message = changed ? `The report is ${status}.` : `The report was ${status} already.`;
  return { success: true, changed, message };
}

/**
 * Undoes a decision: the report is pending as if it had never been decided, and the notification of the decision is gone,
 * so that the next one is announced like the first.
 * @throws ApiError REPORT_NOT_FOUND, OWN_CASE, OTHER_REPORT_PENDING
 */
export async function reopenReport(app: App, by: NonNullable<Moderator>, reportId: number): Promise<AdminResponse> {
  const changed = await commit(app, async (tx) => {
    await requireStaff(tx, (await lockAccounts(tx, [by.userId])).get(by.userId));
    const report = await lockReport(tx, reportId);
    if (!report) throw fail("REPORT_NOT_FOUND");
    await refuseOwnCase(tx, by, reportId);
    if (report.status === "pending") return false;
    const { reporterId, ...details } = report;
    await clearDecision(tx, reportId);
    const what = { action: "report_reopen", targetType: "report" as const, targetId: reportId, details };
    await recordAudit(tx, { actorId: by.userId, ...what });
    await withdraw(tx, reporterId, "admin_resolve", reportId);
    return true;
  });
  const message = changed ? "The report is pending again." : "The report was pending already.";
  return { success: true, changed, message };
}

/** Names the job that `closeReportsOn` leaves. */
export const CLOSE_REPORTS = "close reports";
type Closing = { type: ReportTarget; id: number; upToId: number; by: number | null; result: string };

/**
 * Has every report closed that is pending on something that was acted upon, each reporter notified: by a job, as there may be
 * many, and the action does not wait for them. Returns its id; null: nothing is pending.
 */
export async function closeReportsOn(
  tx: Tx,
  by: Moderator,
  { type, id }: { type: ReportTarget; id: number },
  result: string = DEFAULT_RESULT.resolved,
): Promise<number | null> {
  const upToId = await findNewestPending(tx, type, id);
  if (upToId === null) return null;
  const closing: Closing = { type, id, upToId, by: by?.userId ?? null, result };
  return await enqueueJob(tx, CLOSE_REPORTS, closing);
}

/** A batch of it. */
export async function closeReportsStep(
  _app: App,
  tx: PublishingTx,
  closing: Closing,
  size: number,
): Promise<JobProgress> {
  const { by, result } = closing;
  const ids = await lockPending(tx, closing, size);
  const closed = await closeReports(tx, by === null ? null : { userId: by }, ids, { status: "resolved", result });
  await notifyReporters(tx, closed);
  return { next: ids.length > 0 ? closing : null };
}

type ClosedReport = EventData<"admin:report_resolved"> & { reporterId: number };

/** The events and notifications of closed reports: the last thing of the transaction but `accessChanged`. */
async function notifyReporters(tx: PublishingTx, closed: readonly ClosedReport[]): Promise<void> {
  const events = closed.map(({ reporterId, ...data }) =>
    event("admin:report_resolved", reporterId, data, { subjectId: data.reportId }),
  );
  await append(tx, events);
  const drafts = closed.map(({ reporterId, reportId }) => ({
    userId: reporterId,
    type: "admin_resolve" as const,
    refId: reportId,
    actorId: null,
  }));
  await notify(tx, drafts);
}

async function findNewestPending(tx: Tx, type: ReportTarget, id: number): Promise<number | null> {
  const [row] = await tx`
    select id::float8 as id from reports
    where target_type = ${type} and target_id = ${id} and status = 'pending' order by id desc limit 1`;
  return row?.id ?? null;
}

async function lockPending(tx: Tx, { type, id, upToId }: Closing, size: number): Promise<number[]> {
  const rows: { id: number }[] = await tx`
    select id::float8 as id from reports
    where target_type = ${type} and target_id = ${id} and status = 'pending' and id <= ${upToId}
    order by id limit ${size} for no key update`;
  return rows.map((row) => row.id);
}

type StandingReport = {
  reporterId: number;
  status: "pending" | "resolved" | "rejected";
  result: string | null;
  resolvedBy: number | null;
  resolvedAt: string | null;
};

async function lockReport(tx: Tx, reportId: number): Promise<StandingReport | undefined> {
  const [row] = await tx`
    select reporter_id::float8 as "reporterId", status, result, resolved_by::float8 as "resolvedBy",
      wire_time(resolved_at) as "resolvedAt"
    from reports where id = ${reportId} for update`;
  return row;
}

async function refuseOwnCase(tx: Tx, by: NonNullable<Moderator>, reportId: number): Promise<void> {
  const rows = await tx`select r.id from reports r where r.id = ${reportId} and ${isOwnCase(tx, by.userId)}`;
  if (rows.length > 0) throw fail("OWN_CASE");
}

function alreadyDecided({ reporterId: _, ...decision }: StandingReport) {
  const message = `That report has been ${decision.status} already.`;
  return fail("REPORT_ALREADY_DECIDED", { message, details: decision });
}

async function clearDecision(tx: Tx, reportId: number): Promise<void> {
  try {
    await tx`
      update reports set status = 'pending', result = null, resolved_by = null, resolved_at = null
      where id = ${reportId}`;
  } catch (error) {
    throw violatedUnique(error) === "reports_once" ? fail("OTHER_REPORT_PENDING") : error;
  }
}

async function closeReports(
  tx: Tx,
  by: Moderator,
  ids: readonly number[],
  { status, result }: Decision,
): Promise<ClosedReport[]> {
  if (ids.length === 0) return [];
  const actorId = by?.userId ?? null;
  return await tx`
    with closed as (
      update reports set status = ${status}, result = ${result}, resolved_by = ${actorId}, resolved_at = now()
      where id = any(${bigints(tx, ids)}) returning id, resolved_at, reporter_id
    ),
    audited as (
      insert into audit_log (actor_id, action, target_type, target_id, details)
      select ${actorId}::bigint, ${`report_${status}`}, 'report', id, ${{ status, result }}::jsonb from closed order by id
    )
    select id::float8 as "reportId", ${status}::text as status, ${result}::text as result,
      wire_time(resolved_at) as "resolvedAt", reporter_id::float8 as "reporterId"
    from closed order by id`;
}
