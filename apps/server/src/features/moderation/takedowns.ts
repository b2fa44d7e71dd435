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
import { noteEvent } from "../decisions/receipts.ts";
import { notify } from "../notifications/notify.ts";
import { moveVideoCount } from "../videos/videos.ts";
import { decideDirectly } from "./direct-decisions.ts";

export const DEFAULT_REASON = "Violation of the community guidelines";

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
    const deletedAt = await applyTakedown(tx, ownerId, videoId, reason);
    if (!deletedAt) return null;
    if (ownerId === by.userId) return await removeOwn(tx, by, videoId, reason);
    const target = { targetType: "video" as const, targetId: videoId, userId: ownerId };
    const { decisionId, jobId } = await decideDirectly(tx, by, { ...target, action: "delete", reason, isStrike: true });
    await audit(tx, by, "video_delete", videoId, {
      reason,
      decisionId,
      before: { deletedAt: null },
      after: { deletedAt },
    });
    await announceTakedown(tx, ownerId, { videoId, reason, deletedAt }, decisionId);
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
    const before = await applyRestore(tx, ownerId, videoId);
    if (!before) return false;
    await audit(tx, by, "video_restore", videoId, { before, after: { deletedAt: null } });
    return true;
  });
  const message = changed ? "The video is back." : "The video was not deleted by a moderator.";
  return { success: true, changed, message };
}

/** Takes down a video whose owner's account is locked. Null: it was deleted. `announceTakedown` comes last. */
export async function applyTakedown(tx: Tx, ownerId: number, videoId: number, reason: string): Promise<string | null> {
  const deletedAt = await markDeleted(tx, videoId, reason);
  if (deletedAt) await moveVideoCount(tx, ownerId, -1);
  return deletedAt;
}

/**
 * Brings back a video that moderation took down, whose owner's account is locked. Returns how it was; null: it is not down.
 * @throws ApiError VIDEO_PURGED
 */
export async function applyRestore(tx: Tx, ownerId: number, videoId: number) {
  const video = await lockTakenDown(tx, videoId);
  if (!video) return null;
  const { isPurged, ...before } = video;
  if (isPurged) throw fail("VIDEO_PURGED");
  await markRestored(tx, videoId);
  await moveVideoCount(tx, ownerId, 1);
  return before;
}

/** The owner's event and notification. */
export async function announceTakedown(
  tx: PublishingTx,
  ownerId: number,
  data: EventData<"admin:video_deleted">,
  decisionId: number,
): Promise<void> {
  await append(tx, [event("admin:video_deleted", ownerId, data, { subjectId: data.videoId })]);
  const notification = { type: "admin_delete" as const, refId: data.videoId, subjectId: decisionId };
  const [notified] = await notify(tx, [{ ...notification, userId: ownerId, actorId: null }]);
  await noteEvent(tx, decisionId, notified?.seq);
}

/** A moderator's own video is no case, unless it is reported. */
async function removeOwn(tx: Tx, by: NonNullable<Moderator>, videoId: number, reason: string) {
  if (await isReported(tx, videoId)) throw fail("OWN_CASE");
  await audit(tx, by, "video_delete", videoId, { reason });
  return { jobId: null };
}

/** `admin:video_deleted`, while the video is still deleted. */
export const renderVideoDeleted: Renderer<"admin:video_deleted"> = async (sql, events) => {
  const ids = bigints(sql, events, "subjectId");
  const rows: { id: number }[] = await sql`
    select id::float8 as id from videos where id = any(${ids}) and deleted_at is not null`;
  const deleted = new Set(rows.map(({ id }) => id));
  return events.map((event) => (deleted.has(event.subjectId!) ? event.data : null));
};

export async function findOwner(db: Queryable, videoId: number): Promise<number> {
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

type TakenDown = { isPurged: boolean; reason: string | null; deletedAt: string };

async function lockTakenDown(tx: Tx, videoId: number): Promise<TakenDown | undefined> {
  const [row] = await tx`
    select purged_at is not null as "isPurged", delete_reason as reason, wire_time(deleted_at) as "deletedAt" from videos
    where id = ${videoId} and deleted_by = 'moderator' for no key update`;
  return row;
}

async function markRestored(tx: Tx, videoId: number): Promise<void> {
  await tx`update videos set deleted_at = null, deleted_by = null, delete_reason = null where id = ${videoId}`;
}

async function audit(tx: Tx, by: NonNullable<Moderator>, action: string, videoId: number, details: object) {
  await recordAudit(tx, { actorId: by.userId, action, targetType: "video", targetId: videoId, details });
}
