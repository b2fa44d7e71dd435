import type { AdminResponse, EventData, ReportTarget } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append, type EventDraft, event } from "../../delivery/append.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import { enqueueJob, type JobProgress } from "../../platform/durable-jobs.ts";
import { type Tx, violatedUnique } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { type Moderator, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import type { Target } from "../decisions/decisions.ts";
import { lockContent } from "../hiding/hiding.ts";
import { notify } from "../notifications/notify.ts";
import { withdraw } from "../notifications/revocations.ts";
import { coveringDecision, resolvedByColumn, verdictColumns } from "./covered.ts";
import { showUndisputed } from "./hide-at-reports.ts";
import { isOwnCase } from "./own-case.ts";

type Verdict = { status: "resolved" | "rejected"; result: string };

/** What reporters read where nobody wrote anything. */
export const DEFAULT_RESULT = {
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
  { status, result }: { status: Verdict["status"]; result: string | null | undefined },
): Promise<AdminResponse> {
  const changed = await commit(app, async (tx) => {
    await requireStaff(tx, (await lockAccounts(tx, [by.userId])).get(by.userId));
    const target = await findTarget(tx, reportId);
    await lockContent(tx, target);
    await lockSubjectOf(tx, reportId);
    const report = await lockReport(tx, reportId);
    if (!report) throw fail("REPORT_NOT_FOUND");
    await refuseOwnCase(tx, by, reportId);
    if (report.status === status && report.resolvedBy === by.userId) return false;
    if (report.status !== "pending") throw alreadyDecided(report);
    const verdict = { status, result: result || DEFAULT_RESULT[status], decisionId: null };
    const closed = await closeReports(tx, by, [reportId], verdict);
    await notifyReporters(tx, closed, await showUndisputed(tx, target));
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
    await lockSubjectOf(tx, reportId);
    const report = await lockReport(tx, reportId);
    if (!report) throw fail("REPORT_NOT_FOUND");
    await refuseOwnCase(tx, by, reportId);
    if (report.status === "pending") return false;
    await closeCovered(tx, reportId);
    const { reporterId, ...before } = report;
    await clearDecision(tx, reportId);
    const details = { before, after: { status: "pending" } };
    const what = { action: "report_reopen", targetType: "report" as const, targetId: reportId, details };
    await recordAudit(tx, { actorId: by.userId, ...what });
    await withdraw(tx, [{ userId: reporterId, type: "admin_resolve", refId: reportId }]);
    return true;
  });
  const message = changed ? "The report is pending again." : "The report was pending already.";
  return { success: true, changed, message };
}

/** Names the job that `settleReports` leaves. */
export const CLOSE_REPORTS = "close reports";
type Closing = { decisionId: number; type: ReportTarget; id: number; upToId: number; by: number | null } & Verdict;

/**
 * Takes a target out of the queue by a decision, and has every report closed that is pending on it, each reporter notified:
 * by a job, as there may be many, and the decision does not wait for them. Until then they are read as decided. What reports
 * have hidden is shown. Only the audit row and what is announced come after it. Returns the job's id; null: nothing is pending.
 */
export async function settleReports(tx: PublishingTx, by: Moderator, decision: Settled): Promise<number | null> {
  const { targetType: type, targetId: id } = decision;
  await removeSubject(tx, type, id);
  const jobId = await leaveClosing(tx, by, decision);
  await append(tx, await showUndisputed(tx, decision));
  return jobId;
}

async function leaveClosing(tx: Tx, by: Moderator, decision: Settled): Promise<number | null> {
  const { decisionId, targetType: type, targetId: id, status, result } = decision;
  const upToId = await findNewestPending(tx, type, id);
  if (upToId === null) return null;
  await tx`update decisions set up_to_report_id = ${upToId}, is_closing = true where id = ${decisionId}`;
  const closing: Closing = { decisionId, type, id, upToId, by: by?.userId ?? null, status, result };
  return await enqueueJob(tx, CLOSE_REPORTS, closing);
}

/** A decision about the reports of a target. */
export type Settled = { decisionId: number; targetType: ReportTarget; targetId: number } & Verdict;

/** A batch of it. The decision is locked first: one that is undone closes no more. */
export async function closeReportsStep(
  _app: App,
  tx: PublishingTx,
  closing: Closing,
  size: number,
): Promise<JobProgress> {
  const { decisionId, by, status, result } = closing;
  if (!(await lockClosing(tx, decisionId))) return { next: null };
  const ids = await lockPending(tx, closing, size);
  if (ids.length === 0) {
    await tx`update decisions set is_closing = false where id = ${decisionId}`;
    return { next: null };
  }
  const actor = by === null ? null : { userId: by };
  await notifyReporters(tx, await closeReports(tx, actor, ids, { status, result, decisionId }));
  return { next: closing };
}

/** Closes a pending report that a decision covers, whose job has not come to it. False when none covers it. */
export async function closeCovered(tx: PublishingTx, reportId: number): Promise<boolean> {
  const [covering]: { id: number; verdict: "upheld" | "rejected"; result: string; by: number | null }[] = await tx`
    select c.id::float8 as id, c.verdict, c.result, c.decided_by::float8 as by
    from reports r ${coveringDecision(tx)} where r.id = ${reportId} and c.id is not null`;
  if (!covering) return false;
  const { id: decisionId, verdict, result, by } = covering;
  const status = verdict === "upheld" ? "resolved" : "rejected";
  const actor = by === null ? null : { userId: by };
  await notifyReporters(tx, await closeReports(tx, actor, [reportId], { status, result, decisionId }));
  return true;
}

type ClosedReport = EventData<"admin:report_resolved"> & { reporterId: number; decisionId: number | null };

/** The events and notifications of closed reports, and other events: the last thing of the transaction but `accessChanged`. */
async function notifyReporters(
  tx: PublishingTx,
  closed: readonly ClosedReport[],
  others: readonly EventDraft[] = [],
): Promise<void> {
  const events = closed.map(({ reporterId, decisionId: _, ...data }) =>
    event("admin:report_resolved", reporterId, data, { subjectId: data.reportId }),
  );
  await append(tx, [...events, ...others]);
  const drafts = closed.map(({ reporterId, reportId, decisionId }) => ({
    userId: reporterId,
    type: "admin_resolve" as const,
    refId: reportId,
    actorId: null,
    subjectId: decisionId ?? 0,
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

async function removeSubject(tx: Tx, type: ReportTarget, id: number): Promise<void> {
  await tx`delete from moderation_queue where target_type = ${type} and target_id = ${id}`;
}

async function lockClosing(tx: Tx, decisionId: number): Promise<boolean> {
  const [row] = await tx`
    select is_closing as "isClosing" from decisions where id = ${decisionId} for no key update`;
  return row?.isClosing ?? false;
}

/** The subject of a report comes before its reports in the order of locks. */
async function lockSubjectOf(tx: Tx, reportId: number): Promise<void> {
  await tx`
    select q.target_id from moderation_queue q join reports r using (target_type, target_id)
    where r.id = ${reportId} for update of q`;
}

async function findTarget(tx: Tx, reportId: number): Promise<Target> {
  const [row]: Target[] = await tx`
    select target_type as "targetType", target_id::float8 as "targetId" from reports where id = ${reportId}`;
  if (!row) throw fail("REPORT_NOT_FOUND");
  return row;
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
    select r.reporter_id::float8 as "reporterId", ${verdictColumns(tx)}, ${resolvedByColumn(tx)}
    from reports r ${coveringDecision(tx)} where r.id = ${reportId} for update of r`;
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
      update reports set status = 'pending', result = null, resolved_by = null, resolved_at = null, decision_id = null
      where id = ${reportId}`;
  } catch (error) {
    throw violatedUnique(error) === "reports_once" ? fail("OTHER_REPORT_PENDING") : error;
  }
}

async function closeReports(
  tx: Tx,
  by: Moderator,
  ids: readonly number[],
  { status, result, decisionId }: Verdict & { decisionId: number | null },
): Promise<ClosedReport[]> {
  if (ids.length === 0) return [];
  const actorId = by?.userId ?? null;
  return await tx`
    with closed as (
      update reports set status = ${status}, result = ${result}, resolved_by = ${actorId}, resolved_at = now(),
        decision_id = ${decisionId}
      where id = any(${bigints(tx, ids)}) returning id, resolved_at, reporter_id
    ),
    audited as (
      insert into audit_log (actor_id, action, target_type, target_id, details)
      select ${actorId}::bigint, ${`report_${status}`}, 'report', id, ${{ status, result }}::jsonb from closed
      where ${decisionId}::bigint is null order by id
    )
    select id::float8 as "reportId", ${status}::text as status, ${result}::text as result,
      wire_time(resolved_at) as "resolvedAt", reporter_id::float8 as "reporterId",
      ${decisionId}::float8 as "decisionId"
    from closed order by id`;
}
