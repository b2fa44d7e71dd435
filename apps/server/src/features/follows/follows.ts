import type { FollowAnswer, User } from "@reelay/contract";
import type { App } from "../../context.ts";
import type { Actor } from "../../http/auth.ts";
import { fail } from "../../http/errors.ts";
import { type Tx, transaction } from "../../platform/postgres.ts";
import { lockAccounts, type Page, readUser, userColumns, type Viewer } from "../accounts/accounts.ts";
import { requireActive } from "../accounts/bans.ts";
import { isBlockBetween } from "../blocks/blocks.ts";
import { notify, revoke } from "../notifications/notify.ts";

/** @throws ApiError SELF_FOLLOW, USER_NOT_FOUND, CANNOT_FOLLOW */
export async function followUser(app: App, actor: Actor, userId: number): Promise<FollowAnswer> {
  if (actor.userId === userId) throw fail("SELF_FOLLOW");
  const { answer, publications } = await transaction(app.sql, async (tx) => {
    const accounts = await lockAccounts(tx, [actor.userId, userId]);
    await requireActive(tx, accounts.get(actor.userId));
    const followee = accounts.get(userId);
    if (followee?.status !== "active") throw fail("USER_NOT_FOUND");
    if (await isBlockBetween(tx, actor.userId, userId)) throw fail("CANNOT_FOLLOW");
    const changed = await insertFollow(tx, actor.userId, userId);
    if (!changed) return { answer: { changed, followerCount: followee.followerCount }, publications: [] };
    const answer = { changed, followerCount: await moveCounts(tx, actor.userId, userId, 1) };
    const about = { type: "follow" as const, refId: actor.userId, actorId: actor.userId };
    return { answer, publications: await notify(tx, [{ ...about, userId }]) };
  });
  app.broker.publish(publications);
  return answer;
}

/**
 * A banned account, which nobody sees, can still be left.
 * @throws ApiError SELF_FOLLOW, USER_NOT_FOUND
 */
export async function unfollowUser(app: App, actor: Actor, userId: number): Promise<FollowAnswer> {
  if (actor.userId === userId) throw fail("SELF_FOLLOW");
  const { answer, publications } = await transaction(app.sql, async (tx) => {
    const accounts = await lockAccounts(tx, [actor.userId, userId]);
    await requireActive(tx, accounts.get(actor.userId));
    const followee = accounts.get(userId);
    const changed = await deleteFollow(tx, actor.userId, userId);
    if (!changed && followee?.status !== "active") throw fail("USER_NOT_FOUND");
    if (!changed) return { answer: { changed, followerCount: followee!.followerCount }, publications: [] };
    const answer = { changed, followerCount: await moveCounts(tx, actor.userId, userId, -1) };
    const about = { types: ["follow" as const], refId: actor.userId, actorId: actor.userId };
    return { answer, publications: await revoke(tx, about, userId) };
  });
  app.broker.publish(publications);
  return answer;
}

/** The latest first; `total` counts followers that are banned too. */
export async function listFollowers(
  app: App,
  viewer: Viewer,
  userId: number,
  { skip, limit }: Page,
): Promise<{ followers: User[]; total: number }> {
  const { sql } = app;
  const { followerCount } = await readUser(app, viewer, userId);
  const followers: User[] = await sql`
    select ${userColumns(sql, viewer)} from follows l join accounts a on a.id = l.follower_id
    where l.followee_id = ${userId} and l.deleted_at is null and a.status = 'active'
    order by l.created_at desc, l.follower_id desc offset ${skip} limit ${limit}`;
  return { followers, total: followerCount };
}

/** The latest first; `total` counts the banned too. */
export async function listFollowing(
  app: App,
  viewer: Viewer,
  userId: number,
  { skip, limit }: Page,
): Promise<{ following: User[]; total: number }> {
  const { sql } = app;
  const { followingCount } = await readUser(app, viewer, userId);
  const following: User[] = await sql`
    select ${userColumns(sql, viewer)} from follows l join accounts a on a.id = l.followee_id
    where l.follower_id = ${userId} and l.deleted_at is null and a.status = 'active'
    order by l.created_at desc, l.followee_id desc offset ${skip} limit ${limit}`;
  return { following, total: followingCount };
}

async function insertFollow(tx: Tx, followerId: number, followeeId: number): Promise<boolean> {
  const rows = await tx`
    insert into follows as f (follower_id, followee_id) values (${followerId}, ${followeeId})
    on conflict (follower_id, followee_id) do update set deleted_at = null where f.deleted_at is not null
    returning followee_id`;
  return rows.length > 0;
}

async function deleteFollow(tx: Tx, followerId: number, followeeId: number): Promise<boolean> {
  const rows = await tx`
    update follows set deleted_at = now()
    where follower_id = ${followerId} and followee_id = ${followeeId} and deleted_at is null returning followee_id`;
  return rows.length > 0;
}

/** Answers how many follow the followee now. */
async function moveCounts(tx: Tx, followerId: number, followeeId: number, by: 1 | -1): Promise<number> {
  const rows: { id: number; followerCount: number }[] = await tx`
    update accounts set
      follower_count = greatest(0, follower_count + case when id = ${followeeId} then ${by}::integer else 0 end),
      following_count = greatest(0, following_count + case when id = ${followerId} then ${by}::integer else 0 end)
    where id in (${followerId}, ${followeeId})
    returning id::float8 as id, follower_count as "followerCount"`;
  return rows.find((row) => row.id === followeeId)!.followerCount;
}
