import type { AdminResponse, EventData } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import type { Renderer } from "../../delivery/render.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { type Moderator, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { notify } from "../notifications/notify.ts";
import { closeReportsOn } from "../reports/decisions.ts";
import { moveVideoCount } from "../videos/videos.ts";

const DEFAULT_REASON = "Violation of the community guidelines";

/**
 * Takes a video down: gone for everyone at once, restorable until its file is purged. The owner is notified, and so is
 * everybody whose report on it was pending. Of one's own, those reports would be decided by whom they are about.
 * @throws ApiError VIDEO_NOT_FOUND, OWN_CASE
 */
export async function takeDownVideo(
  app: App,
  by: NonNullable<Moderator>,
  videoId: number,
  givenReason: string | null | undefined,
): Promise<AdminResponse> {
  const reason = givenReason || DEFAULT_REASON;
  const ownerId = await findOwner(app.sql, videoId);
  const done = await commit(app, async (tx) => {
    const accounts = await lockAccounts(tx, [by.userId, ownerId]);
    await requireStaff(tx, accounts.get(by.userId));
    if (accounts.get(ownerId)?.status === "deleted") return null;
    const deletedAt = await markDeleted(tx, videoId, reason);
    if (!deletedAt) return null;
    const isOwn = ownerId === by.userId;
    if (isOwn && (await isReported(tx, videoId))) throw fail("OWN_CASE");
    await moveVideoCount(tx, ownerId, -1);
    const jobId = isOwn ? null : await closeReportsOn(tx, by, { type: "video", id: videoId });
    await audit(tx, by, "video_delete", videoId, { reason });
    if (!isOwn) await notifyOwner(tx, ownerId, { videoId, reason, deletedAt });
    return { jobId };
  });
  if (!done) return { success: true, changed: false, message: "The video was deleted already." };
  if (done.jobId !== null) await app.durableJobs.hurry(app, done.jobId);
  return { success: true, changed: true, message: "The video is deleted." };
}

/**
 * Undoes a moderator's deletion, but not of one's own. What its owner deleted stays deleted, and so does all that a deleted
 * account made.
 * @throws ApiError VIDEO_NOT_FOUND, OWN_CASE, VIDEO_PURGED
 */
export async function restoreVideo(app: App, by: NonNullable<Moderator>, videoId: number): Promise<AdminResponse> {
  const ownerId = await findOwner(app.sql, videoId);
  if (ownerId === by.userId) throw fail("OWN_CASE");
  const changed = await commit(app, async (tx) => {
    const accounts = await lockAccounts(tx, [by.userId, ownerId]);
    await requireStaff(tx, accounts.get(by.userId));
    if (accounts.get(ownerId)?.status === "deleted") throw fail("VIDEO_NOT_FOUND");
    const video = await lockTakenDown(tx, videoId);
    if (!video) return false;
    if (video.isPurged) throw fail("VIDEO_PURGED");
    await markRestored(tx, videoId);
    await moveVideoCount(tx, ownerId, 1);
    await audit(tx, by, "video_restore", videoId, {});
    return true;
  });
  const message = changed ? "The video is back." : "The video was not deleted by a moderator.";
  return { success: true, changed, message };
}

/** `admin:video_deleted`, while the video is still deleted. */
export const renderVideoDeleted: Renderer<"admin:video_deleted"> = async (sql, events) => {
  const ids = bigints(sql, events, "subjectId");
  const rows: { id: number }[] = await sql`
    select id::float8 as id from videos where id = any(${ids}) and deleted_at is not null`;
  const deleted = new Set(rows.map(({ id }) => id));
  return events.map((event) => (deleted.has(event.subjectId!) ? event.data : null));
};

async function findOwner(db: Queryable, videoId: number): Promise<number> {
  const [row] = await db`select owner_id::float8 as "ownerId" from videos where id = ${videoId}`;
  if (!row) throw fail("VIDEO_NOT_FOUND");
  return row.ownerId;
}

async function markDeleted(tx: Tx, videoId: number, reason: string): Promise<string | null> {
  const [row] = await tx`
    update videos set deleted_at = now(), deleted_by = 'moderator', delete_reason = ${reason}
    where id = ${videoId} and deleted_at is null returning wire_time(deleted_at) as "deletedAt"`;
  return row?.deletedAt ?? null;
}

async function isReported(tx: Tx, videoId: number): Promise<boolean> {
  const rows = await tx`
    select id from reports where target_type = 'video' and target_id = ${videoId} and status = 'pending' limit 1`;
  return rows.length > 0;
}

async function lockTakenDown(tx: Tx, videoId: number): Promise<{ isPurged: boolean } | undefined> {
  const [row] = await tx`
    select purged_at is not null as "isPurged" from videos
    where id = ${videoId} and deleted_by = 'moderator' for no key update`;
  return row;
}

async function markRestored(tx: Tx, videoId: number): Promise<void> {
  await tx`update videos set deleted_at = null, deleted_by = null, delete_reason = null where id = ${videoId}`;
}

async function audit(tx: Tx, by: NonNullable<Moderator>, action: string, videoId: number, details: object) {
  await recordAudit(tx, { actorId: by.userId, action, targetType: "video", targetId: videoId, details });
}

async function notifyOwner(tx: PublishingTx, ownerId: number, data: EventData<"admin:video_deleted">): Promise<void> {
  await append(tx, [event("admin:video_deleted", ownerId, data, { subjectId: data.videoId })]);
  await notify(tx, [{ userId: ownerId, type: "admin_delete", refId: data.videoId, actorId: null }]);
}
