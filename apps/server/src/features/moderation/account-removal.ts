import type { AdminResponse } from "@reelay/contract";
import type { App } from "../../app.ts";
import { commit } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Tx } from "../../platform/postgres.ts";
import { closeAccount } from "../account-deletion/account-deletion.ts";
import { type LockedAccount, lockAccounts } from "../accounts/accounts.ts";
import { type Moderator, requireHigherRank, requireStaff } from "../accounts/staff.ts";
import { decideDirectly } from "./direct-decisions.ts";
import { DEFAULT_REASON } from "./takedowns.ts";

/**
 * Deletes somebody's account as they could themselves, for good. Pending reports on it are resolved. No admin can be deleted
 * so, as nobody has a higher rank.
 * @throws ApiError SELF_DELETE, USER_NOT_FOUND, FORBIDDEN
 */
export async function deleteAccount(
  app: App,
  by: NonNullable<Moderator>,
  userId: number,
  reason: string | null | undefined,
): Promise<AdminResponse> {
  if (by.userId === userId) throw fail("SELF_DELETE");
  const jobIds = await commit(app, async (tx) => {
    const { role, status } = await lockStanding(tx, by, userId);
    if (status === "deleted") return null;
    const direct = { targetType: "user", targetId: userId, userId, action: "delete", isStrike: false } as const;
    const { jobId, decisionId } = await decideDirectly(tx, by, { ...direct, reason: reason || DEFAULT_REASON });
    const erasureId = await closeAccount(tx, userId, {
      actorId: by.userId,
      action: "user_delete",
      details: {
        reason: reason || DEFAULT_REASON,
        decisionId,
        before: { role, status },
        after: { role: "user", status: "deleted" },
      },
    });
    return [erasureId, ...(jobId === null ? [] : [jobId])];
  });
  if (!jobIds) return { success: true, changed: false, message: "The account was deleted already." };
  for (const jobId of jobIds) await app.durableJobs.hurry(app, jobId);
  return { success: true, changed: true, message: "The account is deleted." };
}

async function lockStanding(tx: Tx, by: NonNullable<Moderator>, userId: number): Promise<LockedAccount> {
  const accounts = await lockAccounts(tx, [by.userId, userId]);
  const actor = accounts.get(by.userId);
  await requireStaff(tx, actor, "admin");
  const target = accounts.get(userId);
  if (!target) throw fail("USER_NOT_FOUND");
  requireHigherRank(actor!, target);
  return target;
}
