import type { ReportTarget } from "@reelay/contract";
import { type EventDraft, event } from "../../delivery/append.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import type { Target } from "../decisions/decisions.ts";

export type HiddenBy = "staff" | "reports";

/** Whether things of that kind can be hidden. */
export function isHideable(targetType: ReportTarget): boolean {
  return targetType === "video" || targetType === "comment";
}

/** Hides a video or comment from everybody but its owner. False: it is gone, or hidden by the same already. */
export async function applyHiding(tx: Tx, { targetType, targetId }: Target, by: HiddenBy): Promise<boolean> {
  const rows = await tx`
    update ${tableOf(tx, targetType)} set hidden_at = now(), hidden_by = ${by}
    where id = ${targetId} and deleted_at is null and (hidden_at is null or (${by} = 'staff' and hidden_by = 'reports'))
    returning id`;
  return rows.length > 0;
}

/** Shows what was hidden, by whomever or by one of the two. False: it was not. */
export async function applyShowing(tx: Tx, { targetType, targetId }: Target, by?: HiddenBy): Promise<boolean> {
  const rows = await tx`
    update ${tableOf(tx, targetType)} set hidden_at = null, hidden_by = null
    where id = ${targetId} and hidden_at is not null and hidden_by = coalesce(${by ?? null}, hidden_by) returning id`;
  return rows.length > 0;
}

/** Has the owner's devices load again what was hidden or shown; of what is deleted there is nothing to load. */
export async function staleForOwner(tx: Tx, { targetType, targetId }: Target): Promise<EventDraft[]> {
  const rows: { ownerId: number; videoId: number }[] = await tx`
    select ${ownerOf(tx, targetType)}::float8 as "ownerId", ${videoOf(tx, targetType)}::float8 as "videoId"
    from ${tableOf(tx, targetType)} where id = ${targetId} and deleted_at is null`;
  return rows.map(({ ownerId, videoId }) => {
    const ofVideo = [`/videos/${videoId}`, `/videos/user/${ownerId}`];
    return event("sync:stale", ownerId, { refetch: targetType === "video" ? ofVideo : [`/comments/video/${videoId}`] });
  });
}

/** A row as it goes out: marked only where it is hidden. */
export function marked<T extends object>({
  isHidden,
  ...row
}: T & { isHidden: boolean }): Omit<T, "isHidden"> & { isHidden?: true } {
  return isHidden ? { ...row, isHidden } : row;
}

/** Locks a video or comment to the end of the transaction: after accounts, before its subject and reports. */
export async function lockContent(tx: Tx, { targetType, targetId }: Target): Promise<void> {
  if (!isHideable(targetType)) return;
  await tx`select id from ${tableOf(tx, targetType)} where id = ${targetId} for no key update`;
}

/** The table of what can be hidden. */
export function tableOf(db: Queryable, targetType: ReportTarget) {
  return targetType === "video" ? db`videos` : db`comments`;
}

/** The column of that table which says whose it is. */
export function ownerOf(db: Queryable, targetType: ReportTarget) {
  return targetType === "video" ? db`owner_id` : db`user_id`;
}

function videoOf(db: Queryable, targetType: ReportTarget) {
  return targetType === "video" ? db`id` : db`video_id`;
}
