import type { Changed, User } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { commit } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import { type Queryable, type Tx, transaction } from "../../platform/postgres.ts";
import type { Page } from "../../platform/sql-fragments.ts";
import { lockAccounts, readUser, userColumns } from "../accounts/accounts.ts";
import { requireActive } from "../accounts/standing.ts";
import { revokeBetween } from "../notifications/revocations.ts";

/**
 * Blocks somebody, both ways: neither follows the other any more, nor can again, and what they have not seen of each
 * other is revoked, however much it is.
 * @throws ApiError SELF_BLOCK, USER_NOT_FOUND
 */
export async function blockUser(app: App, actor: Actor, userId: number): Promise<Changed> {
  if (actor.userId === userId) throw fail("SELF_BLOCK");
  const { changed, jobId } = await commit(app, async (tx) => {
    const accounts = await lockAccounts(tx, [actor.userId, userId]);
    await requireActive(tx, accounts.get(actor.userId));
    if (accounts.get(userId)?.status !== "active") throw fail("USER_NOT_FOUND");
    const changed = await insertBlock(tx, actor.userId, userId);
    if (!changed) return { changed, jobId: null };
    await removeFollowsBetween(tx, actor.userId, userId);
    return { changed, jobId: await revokeBetween(tx, actor.userId, userId) };
  });
  if (jobId !== null) await app.durableJobs.hurry(app, jobId);
  return { success: true, changed };
}

/** @throws ApiError USER_NOT_FOUND */
export async function unblockUser(app: App, actor: Actor, userId: number): Promise<Changed> {
  const changed = await transaction(app.sql, async (tx) => {
    await requireActive(tx, (await lockAccounts(tx, [actor.userId])).get(actor.userId));
    return await deleteBlock(tx, actor.userId, userId);
  });
  if (!changed) await readUser(app, actor, userId);
  return { success: true, changed };
}

/** Whom the actor has blocked, the latest first. */
export async function listBlocked({ sql }: App, actor: Actor, { skip, limit }: Page): Promise<User[]> {
  return await sql`
    select ${userColumns(sql, actor)} from blocks mine join accounts a on a.id = mine.blocked_id
    where mine.blocker_id = ${actor.userId} and a.status = 'active'
    order by mine.created_at desc, mine.blocked_id desc offset ${skip} limit ${limit}`;
}

/** Removes some blocks by and of an account and returns how many, at most twice `size`. */
export async function removeBlocksOf(tx: Tx, userId: number, size: number): Promise<number> {
  const rows = await tx`
    with due as (
      (select blocker_id, blocked_id from blocks where blocker_id = ${userId} limit ${size})
      union
      (select blocker_id, blocked_id from blocks where blocked_id = ${userId} limit ${size})
    )
    delete from blocks b using due where b.blocker_id = due.blocker_id and b.blocked_id = due.blocked_id
    returning b.blocked_id`;
  return rows.length;
}

async function insertBlock(tx: Tx, blockerId: number, blockedId: number): Promise<boolean> {
  const rows = await tx`
    insert into blocks (blocker_id, blocked_id) values (${blockerId}, ${blockedId})
    on conflict do nothing returning blocked_id`;
  return rows.length > 0;
}

async function removeFollowsBetween(tx: Tx, oneId: number, otherId: number): Promise<void> {
  await tx`
    with gone as (
      update follows set deleted_at = now()
      where (follower_id, followee_id) in ((${oneId}, ${otherId}), (${otherId}, ${oneId})) and deleted_at is null
      returning follower_id, followee_id
    )
    update accounts a set
      follower_count = greatest(0, follower_count - (select count(*)::integer from gone where followee_id = a.id)),
      following_count = greatest(0, following_count - (select count(*)::integer from gone where follower_id = a.id))
    where id in (${oneId}, ${otherId}) and exists (select from gone)`;
}

async function deleteBlock(db: Queryable, blockerId: number, blockedId: number): Promise<boolean> {
  const rows = await db`
    delete from blocks where blocker_id = ${blockerId} and blocked_id = ${blockedId} returning blocked_id`;
  return rows.length > 0;
}
