import type { AdminResponse, BanUser } from "@reelay/contract";
import { accessChanged } from "../../access/changes.ts";
import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import type { Renderer } from "../../delivery/render.ts";
import { fail, invalidFields } from "../../platform/api-error.ts";
import type { Tx } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { type LockedAccount, lockAccounts } from "../accounts/accounts.ts";
import { assertAdminRemains } from "../accounts/admins.ts";
import { type Moderator, requireHigherRank, requireStaff } from "../accounts/staff.ts";
import { endExpiredBan, endIfExpired, reactivate } from "../accounts/standing.ts";
import { recordAudit } from "../audit/audit.ts";
import { noteEvent } from "../decisions/receipts.ts";
import { decideDirectly } from "./direct-decisions.ts";

export const DEFAULT_BAN_REASON = "Violation of the community guidelines";
const MAX_BANS_A_SWEEP = 500;

/**
 * Bans an account: from the commit on nothing it begins succeeds, and its sockets close. Pending reports on it are
 * resolved afterwards, however many. An earlier ban stands.
 * @throws ApiError SELF_BAN, USER_NOT_FOUND, FORBIDDEN, LAST_ADMIN
 */
export async function banUser(app: App, by: Moderator, userId: number, ban: BanUser): Promise<AdminResponse> {
  if (by?.userId === userId) throw fail("SELF_BAN");
  const until = endOf(app, ban);
  const banned = await commit(app, async (tx) => {
    const target = await lockTarget(tx, by, userId);
    if (target.status === "banned" && !(await endIfExpired(tx, userId, app.clock.now()))) return null;
    if (target.role === "admin") await assertAdminRemains(tx, userId);
    return await decideBan(tx, by, userId, { reason: ban.reason || DEFAULT_BAN_REASON, until });
  });
  if (!banned) return { success: true, changed: false, message: "The account was banned already; that ban stands." };
  if (banned.jobId !== null) await app.durableJobs.hurry(app, banned.jobId);
  return { success: true, changed: true, message: "The account is banned." };
}

/**
 * Ends a ban before its time.
 * @throws ApiError USER_NOT_FOUND, FORBIDDEN
 */
export async function unbanUser(app: App, by: Moderator, userId: number): Promise<AdminResponse> {
  const isLifted = await commit(app, async (tx) => {
    await lockTarget(tx, by, userId);
    const banId = await applyUnban(tx, by, userId);
    if (banId === null) return false;
    await recordAudit(tx, {
      actorId: by?.userId ?? null,
      action: "user_unban",
      targetType: "user",
      targetId: userId,
      details: { banId, before: { status: "banned" }, after: { status: "active" } },
    });
    await accessChanged(tx, userId);
    return true;
  });
  if (!isLifted) return { success: true, changed: false, message: "The account was not banned." };
  return { success: true, changed: true, message: "The account is active again." };
}

/** Ends the bans whose time is over. */
export async function endExpiredBans(app: App): Promise<void> {
  const rows: { userId: number }[] = await app.sql`
    select user_id::float8 as "userId" from bans
    where lifted_at is null and until is not null and until <= ${new Date(app.clock.now())}
    order by until limit ${MAX_BANS_A_SWEEP}`;
  for (const { userId } of rows) await endExpiredBan(app, userId);
}

/** `admin:user_banned`, while the ban is in force. */
export const renderBan: Renderer<"admin:user_banned"> = async (sql, events) => {
  const banIds = events.flatMap((event) => event.subjectId ?? []);
  const rows: { id: number }[] = await sql`
    select id::float8 as id from bans where id = any(${bigints(sql, banIds)}) and lifted_at is null`;
  const inForce = new Set(rows.map((row) => row.id));
  return events.map((event) => (event.subjectId !== null && inForce.has(event.subjectId) ? event.data : null));
};

export type NewBan = { reason: string; until: Date | null };
export type WrittenBan = { id: number; reason: string; bannedAt: string };

/** Bans an account that is locked and active. `announceBan` comes last. */
export async function applyBan(tx: Tx, by: Moderator, userId: number, ban: NewBan): Promise<WrittenBan> {
  const written = await insertBan(tx, by?.userId ?? null, userId, ban);
  await markBanned(tx, userId);
  return written;
}

/** The event, and what ends what the user may do: the last writes of the transaction. */
export async function announceBan(
  tx: PublishingTx,
  userId: number,
  { id, reason, bannedAt }: WrittenBan,
  decisionId: number | null = null,
): Promise<void> {
  const [banned] = await append(tx, [
    event("admin:user_banned", userId, { userId, reason, bannedAt }, { subjectId: id }),
  ]);
  if (decisionId !== null) await noteEvent(tx, decisionId, banned!.seq);
  await accessChanged(tx, userId);
}

/** Ends the ban that is in force, or only that one. Null: it is not. `accessChanged` comes last. */
export async function applyUnban(tx: Tx, by: Moderator, userId: number, banId?: number): Promise<number | null> {
  const lifted = await liftBan(tx, userId, by?.userId ?? null, banId ?? null);
  if (lifted !== null) await reactivate(tx, userId);
  return lifted;
}

/** Puts a ban that was lifted in force again, unless it would be over. Null: it would, or another one is in force. */
export async function applyBanAgain(tx: Tx, userId: number, banId: number, nowMs: number): Promise<WrittenBan | null> {
  const [row]: WrittenBan[] = await tx`
    update bans set lifted_at = null, lifted_by = null
    where id = ${banId} and user_id = ${userId} and lifted_at is not null
      and (until is null or until > ${new Date(nowMs)})
      and not exists (select from bans b where b.user_id = ${userId} and b.lifted_at is null)
    returning id::float8 as id, reason, wire_time(banned_at) as "bannedAt"`;
  if (row) await markBanned(tx, userId);
  return row ?? null;
}

/** When a ban is to end; null: never. */
export function endOf({ clock }: App, { until }: BanUser): Date | null {
  if (!until) return null;
  if (Date.parse(until) <= clock.now()) throw invalidFields([{ path: "until", message: "must be in the future" }]);
  return new Date(until);
}

/** Locks both accounts and decides, by what the database says now, whether the one may act on the other. */
export async function lockTarget(tx: Tx, by: Moderator, userId: number): Promise<LockedAccount> {
  const accounts = await lockAccounts(tx, by ? [by.userId, userId] : [userId]);
  const actor = by && accounts.get(by.userId);
  if (by) await requireStaff(tx, actor ?? undefined);
  const target = accounts.get(userId);
  if (!target || target.status === "deleted") throw fail("USER_NOT_FOUND");
  if (actor) requireHigherRank(actor, target);
  return target;
}

/** The job is the one that resolves the pending reports; null: there are none. */
async function decideBan(
  tx: PublishingTx,
  by: Moderator,
  userId: number,
  ban: NewBan,
): Promise<{ jobId: number | null }> {
  const banned = await applyBan(tx, by, userId, ban);
  const target = { targetType: "user" as const, targetId: userId };
  const direct = { ...target, userId, action: "ban" as const, reason: ban.reason, isStrike: true };
  const { decisionId, jobId } = await decideDirectly(tx, by, direct);
  await recordAudit(tx, {
    ...{ actorId: by?.userId ?? null, action: "user_ban", ...target },
    details: { banId: banned.id, decisionId, ...ban, before: { status: "active" }, after: { status: "banned" } },
  });
  await announceBan(tx, userId, banned, decisionId);
  return { jobId };
}

async function insertBan(
  tx: Tx,
  actorId: number | null,
  userId: number,
  { reason, until }: NewBan,
): Promise<WrittenBan> {
  const [row]: WrittenBan[] = await tx`
    insert into bans (user_id, reason, banned_by, until) values (${userId}, ${reason}, ${actorId}, ${until})
    returning id::float8 as id, reason, wire_time(banned_at) as "bannedAt"`;
  return row!;
}

async function markBanned(tx: Tx, userId: number): Promise<void> {
  await tx`update accounts set status = 'banned', token_version = token_version + 1 where id = ${userId}`;
}

async function liftBan(tx: Tx, userId: number, liftedBy: number | null, banId: number | null): Promise<number | null> {
  const [row] = await tx`
    update bans set lifted_at = now(), lifted_by = ${liftedBy}
    where user_id = ${userId} and lifted_at is null and id = coalesce(${banId}, id)
    returning id::float8 as id`;
  return row?.id ?? null;
}
