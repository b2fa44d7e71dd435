import type { AdminResponse } from "@reelay/contract";
import { accessChanged } from "../../access/changes.ts";
import type { App } from "../../app.ts";
import { commit } from "../../delivery/commit.ts";
import type { Tx } from "../../platform/postgres.ts";
import { revokeAllSessions } from "../accounts/sessions.ts";
import type { Moderator } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { lockTarget } from "./bans.ts";

/**
 * Signs an account out everywhere: its tokens and refresh tokens are worth nothing, its sockets close with 4004.
 * @throws ApiError USER_NOT_FOUND, FORBIDDEN
 */
export async function revokeSessionsOf(app: App, by: NonNullable<Moderator>, userId: number): Promise<AdminResponse> {
  const changed = await commit(app, async (tx) => {
    await lockTarget(tx, by, userId);
    const sessions = await revokeAllSessions(tx, userId);
    if (sessions === 0) return false;
    await outdateTokens(tx, userId);
    await recordAudit(tx, {
      actorId: by.userId,
      action: "user_revoke_sessions",
      targetType: "user",
      targetId: userId,
      details: { before: { sessions }, after: { sessions: 0 } },
    });
    await accessChanged(tx, userId);
    return true;
  });
  const message = changed ? "The account is signed out everywhere." : "The account was signed in nowhere.";
  return { success: true, changed, message };
}

async function outdateTokens(tx: Tx, userId: number): Promise<void> {
  await tx`update accounts set token_version = token_version + 1 where id = ${userId}`;
}
