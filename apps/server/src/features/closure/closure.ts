import type { Changed } from "@reelay/contract";
import type { App } from "../../context.ts";
import { noteAccessChange } from "../../delivery/access.ts";
import { accessChanged, type Publication } from "../../delivery/publication.ts";
import type { Actor } from "../../http/auth.ts";
import { type Tx, transaction } from "../../platform/postgres.ts";
import { type LockedAccount, lockAccounts } from "../accounts/accounts.ts";
import { removeAvatar } from "../accounts/avatar.ts";
import { requireActive } from "../accounts/bans.ts";
import { checkOwnPassword } from "../accounts/credentials.ts";
import { assertAdminRemains } from "../accounts/first-admin.ts";
import type { Attempt } from "../accounts/passwords.ts";
import { recordAudit } from "../audit/audit.ts";
import { removeBlocksOf } from "../blocks/blocks.ts";
import { removeCommentsOf } from "../comments/comments.ts";
import { removeFollowsOf } from "../follows/follows.ts";
import { removeLikesOf } from "../likes/likes.ts";
import { revokeAllBy } from "../notifications/notify.ts";
import { removeVideosOf } from "../videos/videos.ts";

/**
 * Deletes the actor's own account. The row stays, as the author of what others received, with nothing in it that is his;
 * his names are free again.
 * @throws ApiError INVALID_CREDENTIALS, LAST_ADMIN
 */
export async function deleteOwnAccount(app: App, actor: Actor, attempt: Attempt): Promise<Changed> {
  const { userId } = actor;
  await checkOwnPassword(app, actor, attempt);
  const { avatarUrl, publications } = await transaction(app.sql, async (tx) => {
    const account = await lockWithFollows(tx, userId);
    await requireActive(tx, account);
    if (account?.role === "admin") await assertAdminRemains(tx, userId);
    return await closeAccount(tx, userId, userId);
  });
  app.broker.publish(publications);
  await removeAvatar(app, avatarUrl);
  return { success: true, changed: true };
}

/** What goes with an account. Messages stay for those who have them, and the audit log and reports keep what they hold. */
async function closeAccount(
  tx: Tx,
  actorId: number,
  userId: number,
): Promise<{ avatarUrl: string | null; publications: Publication[] }> {
  await awaitReactions(tx, userId);
  await lockVideos(tx, userId);
  await removeFollowsOf(tx, userId);
  await removeBlocksOf(tx, userId);
  await removeVideosOf(tx, userId);
  await removeLikesOf(tx, userId);
  await removeCommentsOf(tx, userId);
  const avatarUrl = await emptyAccount(tx, userId);
  await endSessions(tx, userId);
  await recordAudit(tx, { actorId, action: "account_delete", targetType: "user", targetId: userId });
  const revoked = await revokeAllBy(tx, userId);
  await noteAccessChange(tx, userId);
  return { avatarUrl, publications: [...revoked, accessChanged(userId)] };
}

/**
 * Locks the account and everyone whose counts its end moves, in the order every transaction takes accounts. Who came to
 * follow or be followed while this waited is not among them: then the locks are given back and taken anew.
 */
async function lockWithFollows(tx: Tx, userId: number): Promise<LockedAccount | undefined> {
  for (;;) {
    await tx`savepoint before_locks`;
    const known = await readFollows(tx, userId);
    const accounts = await lockAccounts(tx, [userId, ...known]);
    const ids = await readFollows(tx, userId);
    if (ids.every((id) => accounts.has(id))) return accounts.get(userId);
    await tx`rollback to savepoint before_locks`;
  }
}

/** Whom it follows and who follows it. */
async function readFollows(tx: Tx, userId: number): Promise<number[]> {
  const rows: { id: number }[] = await tx`
    select followee_id::float8 as id from follows where follower_id = ${userId} and deleted_at is null
    union select follower_id::float8 from follows where followee_id = ${userId} and deleted_at is null`;
  return rows.map(({ id }) => id);
}

/** Likes and comments of the account that are under way hold its row for key share. None begins after this. */
async function awaitReactions(tx: Tx, userId: number): Promise<void> {
  await tx`select id from accounts where id = ${userId} for update`;
}

/** Its own and those whose counts its end moves, in the order of their ids, in which everybody locks videos. */
async function lockVideos(tx: Tx, userId: number): Promise<void> {
  await tx`
    select count(*) from (
      select id from videos where id = any(array(
        select id from videos where owner_id = ${userId} and deleted_at is null
        union select video_id from likes where user_id = ${userId} and deleted_at is null
        union select video_id from comments where user_id = ${userId} and deleted_at is null))
      order by id for no key update
    ) locked`;
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
