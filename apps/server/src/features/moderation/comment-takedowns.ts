import type { AdminResponse } from "@reelay/contract";
import type { App } from "../../app.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { type Moderator, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { lockTakedown, putBackComment, revokeNotificationsOf, takeDownComments } from "../comments/takedowns.ts";
import { decideDirectly } from "./direct-decisions.ts";
import { DEFAULT_REASON } from "./takedowns.ts";
import { warn } from "./warnings.ts";

type Staff = NonNullable<Moderator>;

/**
 * Takes a comment down: gone for everyone at once with its notifications, restorable until its text is purged. Its author and
 * everybody whose report on it was pending are notified. Of one's own, those reports would be decided by whom they are about.
 * @throws ApiError COMMENT_NOT_FOUND, OWN_CASE
 */
export async function takeDownComment(
  app: App,
  by: Staff,
  commentId: number,
  givenReason: string | null | undefined,
): Promise<AdminResponse> {
  const reason = givenReason || DEFAULT_REASON;
  const authorId = await findAuthor(app.sql, commentId);
  const done = await commit(app, async (tx) => {
    if ((await lockAuthor(tx, by, authorId)) === "deleted") return null;
    return await remove(tx, by, { id: commentId, authorId, reason });
  });
  if (!done) return { success: true, changed: false, message: "The comment was deleted already." };
  if (done.jobId !== null) await app.durableJobs.hurry(app, done.jobId);
  return { success: true, changed: true, message: "The comment is deleted." };
}

/**
 * Undoes a moderator's deletion, but not of one's own. What its author or the video's owner deleted stays deleted, and so
 * does all that a deleted account wrote. Nobody is notified again.
 * @throws ApiError COMMENT_NOT_FOUND, OWN_CASE, NOT_UNDOABLE
 */
export async function restoreComment(app: App, by: Staff, commentId: number): Promise<AdminResponse> {
  const authorId = await findAuthor(app.sql, commentId);
  if (authorId === by.userId) throw fail("OWN_CASE");
  const changed = await commit(app, async (tx) => {
    if ((await lockAuthor(tx, by, authorId)) === "deleted") throw fail("COMMENT_NOT_FOUND");
    const before = await applyCommentRestore(tx, commentId);
    if (!before) return false;
    await audit(tx, by, "comment_restore", commentId, { before, after: { deletedAt: null } });
    return true;
  });
  const message = changed ? "The comment is back." : "The comment was not deleted by a moderator.";
  return { success: true, changed, message };
}

/**
 * Brings back a comment that staff took down, whose author's account is locked. Returns how it was; null: it is not down.
 * @throws ApiError NOT_UNDOABLE
 */
export async function applyCommentRestore(tx: Tx, commentId: number) {
  const takedown = await lockTakedown(tx, commentId);
  if (!takedown) return null;
  const { isPurged, ...before } = takedown;
  if (isPurged) throw fail("NOT_UNDOABLE", { message: "The text of that comment has been purged." });
  await putBackComment(tx, commentId);
  return before;
}

async function findAuthor(db: Queryable, commentId: number): Promise<number> {
  const [row] = await db`select user_id::float8 as "authorId" from comments where id = ${commentId}`;
  if (!row) throw fail("COMMENT_NOT_FOUND");
  return row.authorId;
}

/** Returns the status of the author's account. */
async function lockAuthor(tx: Tx, by: Staff, authorId: number) {
  const accounts = await lockAccounts(tx, [by.userId, authorId]);
  await requireStaff(tx, accounts.get(by.userId));
  return accounts.get(authorId)?.status;
}

type Removal = { id: number; authorId: number; reason: string };

/** The job is the one that resolves the pending reports. Null: the comment was deleted already. */
async function remove(
  tx: PublishingTx,
  by: Staff,
  { id, authorId, reason }: Removal,
): Promise<{ jobId: number | null } | null> {
  const [comment] = await takeDownComments(tx, [id], reason);
  if (!comment) return null;
  const isOwn = authorId === by.userId;
  if (isOwn && (await isReported(tx, id))) throw fail("OWN_CASE");
  const direct = { targetType: "comment", targetId: id, userId: authorId, action: "delete", reason } as const;
  const decided = isOwn ? null : await decideDirectly(tx, by, { ...direct, isStrike: true });
  const details = { reason, decisionId: decided?.decisionId, before: { deletedAt: null } };
  await audit(tx, by, "comment_delete", id, { ...details, after: { deletedAt: comment.deletedAt } });
  await revokeNotificationsOf(tx, authorId, [comment]);
  if (decided) await warn(tx, authorId, id, decided.decisionId);
  return { jobId: decided?.jobId ?? null };
}

async function isReported(tx: Tx, commentId: number): Promise<boolean> {
  const rows = await tx`
    select id from reports where target_type = 'comment' and target_id = ${commentId} and status = 'pending' limit 1`;
  return rows.length > 0;
}

async function audit(tx: Tx, by: Staff, action: string, commentId: number, details: object): Promise<void> {
  await recordAudit(tx, { actorId: by.userId, action, targetType: "comment", targetId: commentId, details });
}
