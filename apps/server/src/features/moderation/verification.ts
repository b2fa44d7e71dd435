import type { AdminResponse } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit } from "../../delivery/commit.ts";
import type { Tx } from "../../platform/postgres.ts";
import type { Moderator } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { lockTarget } from "./bans.ts";

/**
 * Gives an account the mark of a verified one, or removes it. The user's devices learn that their account has changed.
 * @throws ApiError USER_NOT_FOUND, FORBIDDEN
 */
export async function verifyUser(
  app: App,
  by: NonNullable<Moderator>,
  userId: number,
  isVerified: boolean,
): Promise<AdminResponse> {
  const changed = await commit(app, async (tx) => {
    await lockTarget(tx, by, userId);
    if (!(await markVerified(tx, userId, isVerified))) return false;
    await recordAudit(tx, {
      actorId: by.userId,
      action: isVerified ? "user_verify" : "user_unverify",
      targetType: "user",
      targetId: userId,
      details: { before: { isVerified: !isVerified }, after: { isVerified } },
    });
    await append(tx, [event("sync:stale", userId, { refetch: ["/users/me"] })]);
    return true;
  });
  const state = isVerified ? "verified" : "not verified";
  return { success: true, changed, message: `The account is ${state}${changed ? "" : ", as it was"}.` };
}

export async function markVerified(tx: Tx, userId: number, isVerified: boolean): Promise<boolean> {
  const rows = await tx`
    update accounts set is_verified = ${isVerified} where id = ${userId} and is_verified <> ${isVerified} returning id`;
  return rows.length > 0;
}
