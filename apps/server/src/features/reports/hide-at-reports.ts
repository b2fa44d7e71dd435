import { append, type EventDraft } from "../../delivery/append.ts";
import type { PublishingTx } from "../../delivery/commit.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import type { Target } from "../decisions/decisions.ts";
import {
  applyHiding,
  applyShowing,
  isHideable,
  lockContent,
  ownerOf,
  staleForOwner,
  tableOf,
} from "../hiding/hiding.ts";
import { coveringDecision } from "./covered.ts";
import { isInQueue } from "./subjects.ts";

const MIN_ACCOUNT_DAYS = 7;
const IMMUNE_DAYS = 30;

/**
 * Whether a report by that person may be the one that hides its target. If so the target is locked, before everything that
 * belongs to reports: of two that come at once the later counts the earlier. Whoever is not credible locks nothing.
 */
export async function lockForHiding(tx: Tx, limit: number, reporterId: number, target: Target): Promise<boolean> {
  if (limit === 0 || !isHideable(target.targetType)) return false;
  const rows = await tx`select a.id from accounts a where a.id = ${reporterId} and ${isCredible(tx)}`;
  if (rows.length === 0) return false;
  await lockContent(tx, target);
  return true;
}

/** Hides a target that is locked when that many credible people have reported it. Call it last, as `append`. */
export async function hideAtReports(tx: PublishingTx, limit: number, target: Target): Promise<void> {
  if (!(await mayBeHidden(tx, target))) return;
  if ((await countCredible(tx, target, limit)) < limit) return;
  if (await applyHiding(tx, target, "reports")) await append(tx, await staleForOwner(tx, target));
}

/** Shows what reports alone have hidden, once none of them is left to be decided. The target is locked. */
export async function showUndisputed(tx: Tx, target: Target): Promise<EventDraft[]> {
  if (!isHideable(target.targetType) || (await isInQueue(tx, target))) return [];
  return (await applyShowing(tx, target, "reports")) ? await staleForOwner(tx, target) : [];
}

/** Whether reports of an account `a` may hide things: a crowd of fresh accounts can not. */
function isCredible(db: Queryable) {
  return db`
    a.status = 'active' and not a.is_reporter_muted and a.created_at <= now() - make_interval(days => ${MIN_ACCOUNT_DAYS})
    and (select true from reports j
      where j.reporter_id = a.id and j.resolved_by is not null and j.status = 'resolved' limit 1)`;
}

/** Neither things of staff and of verified people, nor what staff lately found to be no violation. */
async function mayBeHidden(tx: Tx, { targetType, targetId }: Target): Promise<boolean> {
  const since = tx`now() - make_interval(days => ${IMMUNE_DAYS})`;
  const rows = await tx`
    select t.id from ${tableOf(tx, targetType)} t join accounts o on o.id = t.${ownerOf(tx, targetType)}
    where t.id = ${targetId} and t.deleted_at is null and t.hidden_at is null and o.role = 'user' and not o.is_verified
      and not exists (select from decisions d where d.target_type = ${targetType} and d.target_id = t.id
        and d.verdict = 'rejected' and d.undone_at is null and d.decided_at > ${since})
      and not exists (select from reports r where r.target_type = ${targetType} and r.target_id = t.id
        and r.status = 'rejected' and r.decision_id is null and r.resolved_by is not null and r.resolved_at > ${since})`;
  return rows.length > 0;
}

/** How many credible people have a report of the target pending; no more than `most` are looked for. */
async function countCredible(tx: Tx, { targetType, targetId }: Target, most: number): Promise<number> {
  const [row] = await tx`
    select count(*)::int as count from (
      select from reports r join accounts a on a.id = r.reporter_id ${coveringDecision(tx)}
      where r.target_type = ${targetType} and r.target_id = ${targetId} and r.status = 'pending' and c.id is null
        and ${isCredible(tx)} limit ${most}) found`;
  return row.count;
}
