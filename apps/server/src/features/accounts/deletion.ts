import type { Changed } from "@reelay/contract";
import type { App } from "../../context.ts";
import { noteAccessChange } from "../../delivery/access.ts";
import { accessChanged } from "../../delivery/publication.ts";
import type { Actor } from "../../http/auth.ts";
import { type Tx, transaction } from "../../platform/postgres.ts";
import { recordAudit } from "../audit/audit.ts";
import type { LockedAccount } from "./accounts.ts";
import { removeAvatar } from "./avatar.ts";
import { requireActive } from "./bans.ts";
import { checkOwnPassword } from "./credentials.ts";
import { assertAdminRemains } from "./first-admin.ts";

/**
 * Deletes the actor's own account. The row stays, as the author of what others received, with nothing in it that is his;
 * his names are free again.
 * @throws ApiError INVALID_CREDENTIALS, LAST_ADMIN
 */
export async function deleteOwnAccount(app: App, actor: Actor, password: string, address: string): Promise<Changed> {
  const { userId } = actor;
  await checkOwnPassword(app, actor, password, address);
  const avatarUrl = await transaction(app.sql, async (tx) => {
    const account = await lockWithFollows(tx, userId);
    await requireActive(tx, account);
    if (account?.role === "admin") await assertAdminRemains(tx, userId);
    await removeFollows(tx, userId);
    await removeBlocks(tx, userId);
    await removeVideos(tx, userId);
    const emptied = await emptyAccount(tx, userId);
    await endSessions(tx, userId);
    await recordAudit(tx, { actorId: userId, action: "account_delete", targetType: "user", targetId: userId });
    await noteAccessChange(tx, userId);
    return emptied;
  });
  app.broker.publish([accessChanged(userId)]);
  await removeAvatar(app, avatarUrl);
  return { success: true, changed: true };
}

/** Locks the account and everyone whose counts its end moves, in the order every transaction takes accounts. */
async function lockWithFollows(tx: Tx, userId: number): Promise<LockedAccount | undefined> {
  const rows: LockedAccount[] = await tx`
    select id::float8 as id, role, status, follower_count as "followerCount" from accounts
    where id in (
      select ${userId}::bigint
      union all select followee_id from follows where follower_id = ${userId} and deleted_at is null
      union all select follower_id from follows where followee_id = ${userId} and deleted_at is null)
    order by id for no key update`;
  return rows.find((row) => row.id === userId);
}

async function removeFollows(tx: Tx, userId: number): Promise<void> {
  await tx`
    with gone as (
      update follows set deleted_at = now()
      where (follower_id = ${userId} or followee_id = ${userId}) and deleted_at is null returning follower_id, followee_id
    ),
    change as (
      select id, sum(follower)::integer as followers, sum(following)::integer as followings from (
        select followee_id, 1, 0 from gone union all select follower_id, 0, 1 from gone
      ) as side(id, follower, following) group by id
    )
    update accounts a set follower_count = greatest(0, follower_count - followers),
      following_count = greatest(0, following_count - followings)
    from change where a.id = change.id`;
}

async function removeBlocks(tx: Tx, userId: number): Promise<void> {
  await tx`delete from blocks where blocker_id = ${userId} or blocked_id = ${userId}`;
}

/** In the order of their ids, in which everybody locks videos. What a moderator deleted stays deleted by him. */
async function removeVideos(tx: Tx, userId: number): Promise<void> {
  await tx`
    with own as (
      select id from videos where owner_id = ${userId} and deleted_at is null order by id for no key update
    )
    update videos set deleted_at = now(), deleted_by = 'owner' where id in (select id from own)`;
}

/** Answers the URL of the picture it had. */
async function emptyAccount(tx: Tx, userId: number): Promise<string | null> {
  const [row] = await tx`
    update accounts set email = null, username = 'deleted_' || id, full_name = null, avatar_url = null, bio = null,
      video_count = 0, password_hash = null, role = 'user', status = 'deleted', is_verified = false, deleted_at = now(),
      token_version = token_version + 1
    where id = ${userId} returning old.avatar_url as "avatarUrl"`;
  return row.avatarUrl;
}

/** What they say of devices and addresses goes too. */
async function endSessions(tx: Tx, userId: number): Promise<void> {
  await tx`
    update sessions set revoked_at = coalesce(revoked_at, now()), user_agent = null, address = null
    where user_id = ${userId}`;
}
