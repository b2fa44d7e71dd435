import type { AdminResponse, Role } from "@reelay/contract";
import { accessChanged } from "../../access/changes.ts";
import type { App } from "../../app.ts";
import { commit } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Tx } from "../../platform/postgres.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { assertAdminRemains } from "../accounts/admins.ts";
import { type Moderator, requireHigherRank, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";

/**
 * Gives an account another role; its tokens are worth nothing from then on, so that every client learns of it. An admin may
 * step down, as no other admin could take the role away; the last one may not.
 * @throws ApiError USER_NOT_FOUND, FORBIDDEN, LAST_ADMIN
 */
export async function changeRole(
  app: App,
  by: NonNullable<Moderator>,
  userId: number,
  role: Role,
): Promise<AdminResponse> {
  const changed = await commit(app, async (tx) => {
    const before = await lockRole(tx, by, userId, role);
    if (before === role) return false;
    if (before === "admin") await assertAdminRemains(tx, userId);
    await writeRole(tx, userId, role);
    await recordAudit(tx, {
      actorId: by.userId,
      action: "user_role",
      targetType: "user",
      targetId: userId,
      details: { before: { role: before }, after: { role } },
    });
    await accessChanged(tx, userId);
    return true;
  });
  const message = changed ? `The role of the account is ${role}.` : `The role of the account was ${role} already.`;
  return { success: true, changed, message };
}

/** Returns the role that the account has. Where it is the wanted one, nobody's rank is asked: nothing is to be done. */
async function lockRole(tx: Tx, by: NonNullable<Moderator>, userId: number, wanted: Role): Promise<Role> {
  const accounts = await lockAccounts(tx, [by.userId, userId]);
  const actor = accounts.get(by.userId);
  await requireStaff(tx, actor, "admin");
  const target = accounts.get(userId);
  if (!target || target.status === "deleted") throw fail("USER_NOT_FOUND");
  if (userId !== by.userId && target.role !== wanted) requireHigherRank(actor!, target);
  return target.role;
}

export async function writeRole(tx: Tx, userId: number, role: Role): Promise<void> {
  await tx`update accounts set role = ${role}, token_version = token_version + 1 where id = ${userId}`;
}
