import type { AdminResponse } from "@reelay/contract";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import { enqueueJob, type JobProgress } from "../../platform/durable-jobs.ts";
import { type Tx, transaction } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { type Moderator, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";

/** Names the job that `muteReporter` leaves. */
export const REWEIGH_REPORTS = "reweigh reports";

/**
 * Lets a person's reports count for nothing in the queue, those that are pending, too; or count again. They learn nothing
 * of it.
 * @throws ApiError USER_NOT_FOUND, OWN_CASE
 */
export async function muteReporter(
  app: App,
  by: NonNullable<Moderator>,
  userId: number,
  isMuted: boolean,
): Promise<AdminResponse> {
  if (userId === by.userId) throw fail("OWN_CASE");
  const jobId = await transaction(app.sql, async (tx) => {
    const accounts = await lockAccounts(tx, [by.userId, userId]);
    await requireStaff(tx, accounts.get(by.userId));
    const target = accounts.get(userId);
    if (!target || target.status === "deleted") throw fail("USER_NOT_FOUND");
    if (!(await setMuted(tx, userId, isMuted))) return null;
    const action = isMuted ? "reporter_mute" : "reporter_unmute";
    await recordAudit(tx, { actorId: by.userId, action, targetType: "user", targetId: userId });
    return await enqueueJob(tx, REWEIGH_REPORTS, { userId, after: 0 });
  });
  const state = isMuted ? "muted" : "not muted";
  if (jobId === null) return { success: true, changed: false, message: `The reporter was ${state} already.` };
  await app.durableJobs.hurry(app, jobId);
  return { success: true, changed: true, message: `The reporter is ${state}.` };
}

/** A batch of the person's pending reports, as the person stands now. Their subjects are locked first. */
export async function reweighReports(
  _app: App,
  tx: Tx,
  { userId, after }: { userId: number; after: number },
  size: number,
): Promise<JobProgress> {
  const rows: { id: number }[] = await tx`
    select id::float8 as id from reports
    where reporter_id = ${userId} and status = 'pending' and id > ${after} order by id limit ${size}`;
  if (rows.length === 0) return { next: null };
  const ids = bigints(tx, rows, "id");
  await tx`
    select q.target_id from moderation_queue q
    where (q.target_type, q.target_id) in (select r.target_type, r.target_id from reports r where r.id = any(${ids}))
    order by q.target_type, q.target_id for update`;
  await tx`
    update reports r set is_muted = a.is_reporter_muted from accounts a
    where a.id = ${userId} and r.id = any(${ids}) and r.status = 'pending' and r.is_muted <> a.is_reporter_muted`;
  return { next: { userId, after: rows.at(-1)!.id } };
}

async function setMuted(tx: Tx, userId: number, isMuted: boolean): Promise<boolean> {
  const rows = await tx`
    update accounts set is_reporter_muted = ${isMuted} where id = ${userId} and is_reporter_muted <> ${isMuted}
    returning id`;
  return rows.length > 0;
}
