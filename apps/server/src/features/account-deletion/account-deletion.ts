import type { Changed } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import { accessChanged } from "../../access/changes.ts";
import type { App } from "../../app.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { enqueueJob } from "../../platform/durable-jobs.ts";
import type { Tx } from "../../platform/postgres.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { assertAdminRemains } from "../accounts/admins.ts";
import { checkOwnPassword } from "../accounts/credentials.ts";
import type { Attempt } from "../accounts/passwords.ts";
import { requireActive } from "../accounts/standing.ts";
import { type AuditEntry, recordAudit } from "../audit/audit.ts";
import { ERASURE, type Erasure } from "./erasure.ts";

/**
 * Deletes the actor's own account. The row stays, as the author of what others received, with nothing in it that is theirs;
 * their names are free again. From the commit on nobody can act as it or see it; a job removes what it left elsewhere.
 * @throws ApiError INVALID_CREDENTIALS, LAST_ADMIN
 */
export async function deleteOwnAccount(app: App, actor: Actor, attempt: Attempt): Promise<Changed> {
  const { userId } = actor;
  await checkOwnPassword(app, actor, attempt);
  const jobId = await commit(app, async (tx) => {
    const account = (await lockAccounts(tx, [userId])).get(userId);
    await requireActive(tx, account);
    if (account?.role === "admin") await assertAdminRemains(tx, userId);
    return await closeAccount(tx, userId, { actorId: userId, action: "account_delete" });
  });
  await app.durableJobs.hurry(app, jobId);
  return { success: true, changed: true };
}

/** Closes an account in a transaction that has locked it, and returns the job that erases what it left. */
export async function closeAccount(
  tx: PublishingTx,
  userId: number,
  audited: Pick<AuditEntry, "actorId" | "action" | "details">,
): Promise<number> {
  await lockForDeletion(tx, userId);
  const avatarUrl = await emptyAccount(tx, userId);
  await recordAudit(tx, { ...audited, targetType: "user", targetId: userId });
  const jobId = await enqueueJob(tx, ERASURE, { userId, avatarUrl, stage: null, after: 0 } satisfies Erasure);
  await accessChanged(tx, userId);
  return jobId;
}

/** Likes, comments and bookmarks of the account that are under way hold its row for key share. None begins after this. */
async function lockForDeletion(tx: Tx, userId: number): Promise<void> {
  await tx`select id from accounts where id = ${userId} for update`;
}

/** Returns the URL of the picture it had. Its counts follow the rows that they count. */
async function emptyAccount(tx: Tx, userId: number): Promise<string | null> {
  const [row] = await tx`
    update accounts set email = null, username = 'deleted_' || id, full_name = null, avatar_url = null, bio = null,
      password_hash = null, role = 'user', status = 'deleted', is_verified = false, deleted_at = now(),
      token_version = token_version + 1
    where id = ${userId} returning old.avatar_url as "avatarUrl"`;
  return row.avatarUrl;
}
