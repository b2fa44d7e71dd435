import type { App } from "../../app.ts";
import type { PublishingTx } from "../../delivery/commit.ts";
import { enqueueJob, type JobProgress } from "../../platform/durable-jobs.ts";
import type { Tx } from "../../platform/postgres.ts";
import type { Target } from "../decisions/decisions.ts";
import { withdraw } from "../notifications/revocations.ts";

/** Names the job that `reopenReports` leaves. */
export const REOPEN_REPORTS = "reopen reports";

type Reopening = { decisionId: number; after: number };

/**
 * Undoes what a decision was for the reports of its target: those that its job had yet to close are in the queue again, the
 * others follow in a job, whose id is returned. The caller holds the decision, which closes no more.
 */
export async function reopenReports(tx: Tx, { targetType, targetId }: Target, decisionId: number): Promise<number> {
  await tx`select requeue_subject(${targetType}, ${targetId})`;
  return await enqueueJob(tx, REOPEN_REPORTS, { decisionId, after: 0 } satisfies Reopening);
}

/** A batch of it. Where a reporter has a newer report of the same that is pending, the old one stays decided. */
export async function reopenReportsStep(
  _app: App,
  tx: PublishingTx,
  { decisionId, after }: Reopening,
  size: number,
): Promise<JobProgress> {
  const rows: { id: number; reporterId: number; isReopened: boolean }[] = await tx`
    with due as (
      select id from reports where decision_id = ${decisionId} and id > ${after} order by id limit ${size} for no key update
    ),
    reopened as (
      update reports r set status = 'pending', result = null, resolved_by = null, resolved_at = null, decision_id = null
      from due
      where r.id = due.id and r.status <> 'pending' and not exists (
        select from reports p where p.reporter_id = r.reporter_id and p.target_type = r.target_type
          and p.target_id = r.target_id and p.status = 'pending')
      returning r.id, r.reporter_id
    )
    select due.id::float8 as id, o.reporter_id::float8 as "reporterId", o.id is not null as "isReopened"
    from due left join reopened o using (id) order by due.id`;
  const reopened = rows.filter(({ isReopened }) => isReopened);
  await withdraw(
    tx,
    reopened.map(({ id, reporterId }) => ({ userId: reporterId, type: "admin_resolve" as const, refId: id })),
  );
  const last = rows.at(-1);
  return { next: last ? { decisionId, after: last.id } : null };
}
