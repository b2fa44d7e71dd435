import type { AdminResponse, Visibility } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Tx } from "../../platform/postgres.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { type Moderator, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { findOwner } from "./takedowns.ts";

/**
 * Makes somebody else's video public or private, as its owner could. The owner's devices learn that it has changed.
 * @throws ApiError VIDEO_NOT_FOUND, OWN_CASE
 */
export async function changeVisibility(
  app: App,
  by: NonNullable<Moderator>,
  videoId: number,
  visibility: Visibility,
): Promise<AdminResponse> {
  const ownerId = await findOwner(app.sql, videoId);
  if (ownerId === by.userId) throw fail("OWN_CASE");
  const changed = await commit(app, async (tx) => {
    const accounts = await lockAccounts(tx, [by.userId, ownerId]);
    await requireStaff(tx, accounts.get(by.userId));
    const before = accounts.get(ownerId)?.status === "deleted" ? null : await lockVisibility(tx, videoId);
    if (before === null) throw fail("VIDEO_NOT_FOUND");
    if (before === visibility) return false;
    await writeVisibility(tx, videoId, visibility);
    await recordAudit(tx, {
      actorId: by.userId,
      action: "video_visibility",
      targetType: "video",
      targetId: videoId,
      details: { before: { visibility: before }, after: { visibility } },
    });
    await append(tx, [event("sync:stale", ownerId, { refetch: [`/videos/${videoId}`, `/videos/user/${ownerId}`] })]);
    return true;
  });
  const message = changed ? `The video is ${visibility}.` : `The video was ${visibility} already.`;
  return { success: true, changed, message };
}

/** Null: the video is deleted. */
export async function lockVisibility(tx: Tx, videoId: number): Promise<Visibility | null> {
  const [row] = await tx`
    select visibility from videos where id = ${videoId} and deleted_at is null for no key update`;
  return row?.visibility ?? null;
}

export async function writeVisibility(tx: Tx, videoId: number, visibility: Visibility): Promise<void> {
  await tx`update videos set visibility = ${visibility} where id = ${videoId}`;
}
