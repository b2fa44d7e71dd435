import type { AdminResponse, ReportTarget } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { enqueueJob, isEnqueued, type JobProgress } from "../../platform/durable-jobs.ts";
import type { Tx } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import type { Moderator } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { revokeNotificationsOf, takeDownComments } from "../comments/takedowns.ts";
import { insertDecision } from "../decisions/decisions.ts";
import { DEFAULT_RESULT } from "../reports/decisions.ts";
import { moveVideoCount } from "../videos/videos.ts";
import { lockTarget } from "./bans.ts";
import { decideDirectly } from "./direct-decisions.ts";
import { DEFAULT_REASON } from "./takedowns.ts";
import { warn } from "./warnings.ts";

/** Names the job that takes down what an account has published. */
export const CONTENT_REMOVAL = "take content down";

/** What is published while the job is at work has higher ids, and stays. */
type ContentRemoval = { userId: number; by: number; reason: string; upToVideoId: number; upToCommentId: number };

/**
 * Takes down all videos and comments of an account, by a job: a few thousand are gone when the caller is answered, the rest
 * batch by batch. Each can be restored by itself. Pending reports on them are
 * resolved; the person is told once.
 * @throws ApiError USER_NOT_FOUND, FORBIDDEN
 */
export async function deleteAllContent(
  app: App,
  by: NonNullable<Moderator>,
  userId: number,
  givenReason: string | null | undefined,
): Promise<AdminResponse> {
  const reason = givenReason || DEFAULT_REASON;
  const jobId = await commit(app, async (tx) => {
    await lockTarget(tx, by, userId);
    if (await isEnqueued(tx, CONTENT_REMOVAL, { userId })) return null;
    const { videos, comments, ...upTo } = await countContent(tx, userId);
    if (videos + comments === 0) return null;
    const target = { targetType: "user" as const, targetId: userId };
    const decision = { verdict: "upheld", action: "delete", result: DEFAULT_RESULT.resolved, isStrike: true } as const;
    const decisionId = await insertDecision(tx, by, { ...target, ...decision, userId, reason });
    await recordAudit(tx, {
      ...{ actorId: by.userId, action: "content_delete_all", ...target },
      details: { reason, decisionId, before: { videos, comments }, after: { videos: 0, comments: 0 } },
    });
    const removal: ContentRemoval = { userId, by: by.userId, reason, ...upTo };
    const jobId = await enqueueJob(tx, CONTENT_REMOVAL, removal);
    await warn(tx, userId, userId, decisionId);
    return jobId;
  });
  if (jobId === null) return { success: true, changed: false, message: "There was nothing left to delete." };
  await app.durableJobs.hurry(app, jobId);
  return { success: true, changed: true, message: "Videos and comments of the account are being deleted." };
}

/** A batch of it: videos while there are some, then comments; at last the owner's devices learn of it. */
export async function removeContent(
  _app: App,
  tx: PublishingTx,
  removal: ContentRemoval,
  size: number,
): Promise<JobProgress> {
  const { userId } = removal;
  const owner = (await lockAccounts(tx, [userId])).get(userId);
  // The erasure of a deleted account removes all of it for good.
  if (owner?.status === "deleted") return { next: null };
  if (await removeVideos(tx, removal, size)) return { next: removal };
  if (await removeComments(tx, removal, size)) return { next: removal };
  await append(tx, [event("sync:stale", userId, { refetch: ["/users/me", `/videos/user/${userId}`] })]);
  return { next: null };
}

type Content = { videos: number; comments: number; upToVideoId: number; upToCommentId: number };

async function countContent(tx: Tx, userId: number): Promise<Content> {
  const [row]: Content[] = await tx`
    select v.count as videos, c.count as comments, v.last as "upToVideoId", c.last as "upToCommentId"
    from (select count(*)::int as count, coalesce(max(id), 0)::float8 as last from videos
        where owner_id = ${userId} and deleted_at is null) v,
      (select count(*)::int as count, coalesce(max(id), 0)::float8 as last from comments
        where user_id = ${userId} and deleted_at is null) c`;
  return row!;
}

/** False when none was left. */
async function removeVideos(tx: PublishingTx, removal: ContentRemoval, size: number): Promise<boolean> {
  const ids = await takeDownVideosOf(tx, removal, size);
  if (ids.length === 0) return false;
  await moveVideoCount(tx, removal.userId, -ids.length);
  await settleEach(tx, removal, "video", ids);
  return true;
}

async function takeDownVideosOf(tx: Tx, removal: ContentRemoval, size: number): Promise<number[]> {
  const rows: { id: number }[] = await tx`
    with due as (
      select id from videos where owner_id = ${removal.userId} and deleted_at is null and id <= ${removal.upToVideoId}
      order by id limit ${size} for no key update
    )
    update videos v set deleted_at = now(), deleted_by = 'moderator', delete_reason = ${removal.reason}
    from due where v.id = due.id returning v.id::float8 as id`;
  return rows.map(({ id }) => id);
}

/** False when none was left. */
async function removeComments(tx: PublishingTx, removal: ContentRemoval, size: number): Promise<boolean> {
  const ids = await findComments(tx, removal, size);
  if (ids.length === 0) return false;
  const comments = await takeDownComments(tx, ids, removal.reason);
  await settleEach(tx, removal, "comment", ids);
  await revokeNotificationsOf(tx, removal.userId, comments);
  return true;
}

async function findComments(tx: Tx, { userId, upToCommentId }: ContentRemoval, size: number): Promise<number[]> {
  const rows: { id: number }[] = await tx`
    select id::float8 as id from comments where user_id = ${userId} and deleted_at is null and id <= ${upToCommentId}
    order by id desc limit ${size}`;
  return rows.map(({ id }) => id);
}

/** All of it together is one strike, which the person was told of. */
async function settleEach(
  tx: PublishingTx,
  { by, userId, reason }: ContentRemoval,
  targetType: ReportTarget,
  ids: readonly number[],
): Promise<void> {
  const reported: { id: number }[] = await tx`
    select target_id::float8 as id from moderation_queue
    where target_type = ${targetType} and target_id = any(${bigints(tx, ids)}) order by target_id for update`;
  for (const { id: targetId } of reported) {
    const direct = { targetType, targetId, userId, reason, action: "delete", isStrike: false } as const;
    await decideDirectly(tx, { userId: by }, direct);
  }
}
