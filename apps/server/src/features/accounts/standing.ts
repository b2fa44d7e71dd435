import { accessChanged } from "../../access/changes.ts";
import { accountBanned, type Ban } from "../../access/standing.ts";
import type { App } from "../../app.ts";
import { commit } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { recordAudit } from "../audit/audit.ts";
import { type LockedAccount, lockAccounts } from "./accounts.ts";

/** Refuses a banned account with the reason. A ban whose time is over ends here. */
export async function refuseBanned(app: App, userId: number): Promise<void> {
  const ban = await readBan(app.sql, userId);
  if (!ban) return;
  const isOver = ban.until !== null && Date.parse(ban.until) <= app.clock.now();
  if (!isOver) throw accountBanned(ban);
  await endExpiredBan(app, userId);
}

/**
 * For writes, on the account as it is locked: a user who was banned or deleted since their token was looked at may not go on.
 */
export async function requireActive(tx: Tx, account: LockedAccount | undefined): Promise<void> {
  if (account?.status === "active") return;
  const ban = account && (await readBan(tx, account.id));
  throw ban ? accountBanned(ban) : fail("UNAUTHORIZED");
}

/** Ends a ban whose time is over. False when there is none, or not any more. */
export async function endExpiredBan(app: App, userId: number): Promise<boolean> {
  return await commit(app, async (tx) => {
    await lockAccounts(tx, [userId]);
    if (!(await endIfExpired(tx, userId, app.clock.now()))) return false;
    await accessChanged(tx, userId);
    return true;
  });
}

/** The same within a transaction that holds the account. */
export async function endIfExpired(tx: Tx, userId: number, nowMs: number): Promise<boolean> {
  const banId = await liftExpired(tx, userId, new Date(nowMs));
  if (banId === null) return false;
  await reactivate(tx, userId);
  await recordAudit(tx, {
    actorId: null,
    action: "user_ban_expired",
    targetType: "user",
    targetId: userId,
    details: { banId },
  });
  return true;
}

/** Gives a banned account its status back. */
export async function reactivate(tx: Tx, userId: number): Promise<void> {
  await tx`update accounts set status = 'active' where id = ${userId} and status = 'banned'`;
}

async function readBan(db: Queryable, userId: number): Promise<Ban | undefined> {
  const [ban] = await db`
    select b.reason, wire_time(b.banned_at) as "bannedAt", wire_time(b.until) as until
    from bans b join accounts a on a.id = b.user_id
    where b.user_id = ${userId} and b.lifted_at is null and a.status = 'banned'`;
  return ban;
}

async function liftExpired(tx: Tx, userId: number, now: Date): Promise<number | null> {
  const [row] = await tx`
    update bans set lifted_at = now() where user_id = ${userId} and lifted_at is null and until <= ${now}
    returning id::float8 as id`;
  return row?.id ?? null;
}
