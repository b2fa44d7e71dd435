import type { ErrorCode, FollowResponse, User } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { batchedCommits } from "../../delivery/batched-commits.ts";
import { commit } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Clock } from "../../platform/clock.ts";
import { briefLockTimeout, findLocked, type Tx, transaction } from "../../platform/postgres.ts";
import { bigints, type Page } from "../../platform/sql-fragments.ts";
import { lockedAs } from "../../platform/waiting-lane.ts";
import { lockAccounts, readUser, userColumns, type Viewer } from "../accounts/accounts.ts";
import { refusedActor } from "../accounts/person.ts";
import { refuseBanned, requireActive } from "../accounts/standing.ts";
import { blocksBetween, isBlocked } from "../blocks/between.ts";
import { floodRule } from "../notifications/floods.ts";
import { type Notified, notifiedColumn, publicationsOf } from "../notifications/notify.ts";
import { revoke } from "../notifications/revocations.ts";

export type FollowDraft = { followerId: number; followeeId: number };

/** What became of one follow: how many follow the followee now, or a code that says why not. */
export type FollowResult = {
  code: ErrorCode | null;
  changed: boolean;
  followerCount: number;
  notified: Notified | null;
};

/**
 * Follows a user and notifies them; once, however often it is done.
 * @throws ApiError SELF_FOLLOW, USER_NOT_FOUND, CANNOT_FOLLOW
 */
export async function followUser(app: App, actor: Actor, userId: number): Promise<FollowResponse> {
  const result = await followBatched(app, { followerId: actor.userId, followeeId: userId });
  const { code, changed, followerCount } = result;
  if (code === "ACCOUNT_BANNED") await refuseBanned(app, actor.userId);
  if (code) throw fail(code);
  return { changed, followerCount };
}

const followBatched = batchedCommits<App, FollowDraft, FollowResult>({
  write: ({ sql, clock }, drafts) => transaction(sql, (tx) => followUsers(tx, clock, drafts)),
  publicationsOf: ({ sql }, results) => publicationsOf(sql, results.flatMap(notifiedBy)),
  appendedBy: notifiedBy,
  locksOf: ({ followerId, followeeId }) => [accountLock(followerId), accountLock(followeeId), streamLock(followeeId)],
  findLocked: async ({ sql }, drafts) => {
    const followees = drafts.map(({ followeeId }) => followeeId);
    const [accounts, streams] = await Promise.all([
      findLocked(sql, { table: "accounts" }, [...followees, ...drafts.map(({ followerId }) => followerId)]),
      findLocked(sql, { table: "user_streams", key: "user_id" }, followees),
    ]);
    return new Map([...lockedAs(accountLock, accounts), ...lockedAs(streamLock, streams)]);
  },
});

const accountLock = (userId: number) => `account ${userId}`;
const streamLock = (userId: number) => `stream ${userId}`;

function notifiedBy({ notified }: FollowResult): Notified[] {
  return notified ? [notified] : [];
}

/**
 * Many follows at once, each on its own merits: follow, both counts, notification, event and counter. The accounts are
 * locked by a statement of their own: only one that begins after it sees the block that it may have waited for.
 */
export async function followUsers(tx: Tx, clock: Clock, drafts: readonly FollowDraft[]): Promise<FollowResult[]> {
  await lockBriefly(
    tx,
    drafts.flatMap(({ followerId, followeeId }) => [followerId, followeeId]),
  );
  return await insertFollows(tx, clock, drafts);
}

/**
 * A banned account, which nobody sees, can still be left.
 * @throws ApiError SELF_FOLLOW, USER_NOT_FOUND
 */
export async function unfollowUser(app: App, actor: Actor, userId: number): Promise<FollowResponse> {
  if (actor.userId === userId) throw fail("SELF_FOLLOW");
  return await commit(app, async (tx) => {
    const accounts = await lockAccounts(tx, [actor.userId, userId]);
    await requireActive(tx, accounts.get(actor.userId));
    const followee = accounts.get(userId);
    const changed = await deleteFollow(tx, actor.userId, userId);
    if (!changed && followee?.status !== "active") throw fail("USER_NOT_FOUND");
    if (!changed) return { changed, followerCount: followee!.followerCount };
    const followerCount = await lowerCounts(tx, actor.userId, userId);
    await revoke(tx, { types: ["follow"], refId: actor.userId, actorId: actor.userId }, userId);
    return { changed, followerCount };
  });
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

/** Ends some follows of and by an account and returns how many, at most twice `size`. */
export async function removeFollowsOf(tx: Tx, userId: number, size: number): Promise<number> {
  const follows = await findFollows(tx, userId, size);
  if (follows.length === 0) return 0;
  await lockAccounts(
    tx,
    follows.flatMap(({ followerId, followeeId }) => [followerId, followeeId]),
  );
  await endFollows(tx, follows);
  return follows.length;
}

/** Like `lockAccounts`; this and the statements after it wait for a lock only briefly. */
async function lockBriefly(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx`
    with ${briefLockTimeout(tx)}
    select id from accounts
    where id = any(array(select unnest(${bigints(tx, ids)}) from brief_lock_timeout))
    order by id for no key update`;
}

async function insertFollows(tx: Tx, clock: Clock, drafts: readonly FollowDraft[]): Promise<FollowResult[]> {
  return await tx`
    with draft as (
      select d.ord, d.follower_id, d.followee_id, followee.follower_count,
        row_number() over (partition by d.follower_id, d.followee_id order by d.ord) as copy,
        case
          ${refusedActor(tx)}
          when d.follower_id = d.followee_id then 'SELF_FOLLOW'
          when followee.status is distinct from 'active' then 'USER_NOT_FOUND'
          when ${isBlocked(tx, "block")} then 'CANNOT_FOLLOW'
        end as code
      from unnest(${bigints(tx, drafts, "followerId")}, ${bigints(tx, drafts, "followeeId")})
        with ordinality as d(follower_id, followee_id, ord)
      left join accounts actor on actor.id = d.follower_id
      left join accounts followee on followee.id = d.followee_id
      ${blocksBetween(tx, "block", tx`d.follower_id`, tx`d.followee_id`)}
    ),
    followed as (
      insert into follows as f (follower_id, followee_id)
      select follower_id, followee_id from draft where code is null and copy = 1 order by follower_id, followee_id
      on conflict (follower_id, followee_id) do update set deleted_at = null where f.deleted_at is not null
      returning f.follower_id, f.followee_id
    ),
    moved as (
      update accounts a set follower_count = a.follower_count + n.followers, following_count = a.following_count + n.followings
      from (
        select side.id, sum(side.followers)::integer as followers, sum(side.followings)::integer as followings from (
          select followee_id, 1, 0 from followed union all select follower_id, 0, 1 from followed
        ) as side(id, followers, followings) group by side.id
      ) n
      where a.id = n.id returning a.id, a.follower_count
    ),
    changed as (
      select d.ord, d.follower_id, d.followee_id, row_number() over (order by d.ord) as k
      from followed join draft d using (follower_id, followee_id) where d.copy = 1
    ),
    notified as (
      select * from notify_users((
        select array_agg(row(followee_id, 'follow', follower_id, follower_id, 0)::notification_draft order by k)
        from changed where (select count(*) from moved) > 0), ${floodRule(tx, clock)})
    )
    select d.code, c.ord is not null as changed, coalesce(m.follower_count, d.follower_count, 0) as "followerCount",
      ${notifiedColumn(tx)}
    from draft d
    left join moved m on m.id = d.followee_id
    left join changed c on c.ord = d.ord
    left join notified n on n.ord = c.k
    order by d.ord`;
}

async function findFollows(tx: Tx, userId: number, size: number): Promise<FollowDraft[]> {
  return await tx`
    (select follower_id::float8 as "followerId", followee_id::float8 as "followeeId" from follows
      where follower_id = ${userId} and deleted_at is null limit ${size})
    union all
    (select follower_id::float8, followee_id::float8 from follows
      where followee_id = ${userId} and deleted_at is null limit ${size})`;
}

/** Those that stand still, now that their accounts are locked. */
async function endFollows(tx: Tx, follows: readonly FollowDraft[]): Promise<void> {
  await tx`
    with gone as (
      update follows f set deleted_at = now()
      from unnest(
        ${bigints(tx, follows, "followerId")},
        ${bigints(tx, follows, "followeeId")}) as d(follower_id, followee_id)
      where f.follower_id = d.follower_id and f.followee_id = d.followee_id and f.deleted_at is null
      returning f.follower_id, f.followee_id
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

async function deleteFollow(tx: Tx, followerId: number, followeeId: number): Promise<boolean> {
  const rows = await tx`
    update follows set deleted_at = now()
    where follower_id = ${followerId} and followee_id = ${followeeId} and deleted_at is null returning followee_id`;
  return rows.length > 0;
}

/** Returns how many follow the followee now. */
async function lowerCounts(tx: Tx, followerId: number, followeeId: number): Promise<number> {
  const rows: { id: number; followerCount: number }[] = await tx`
    update accounts set
      follower_count = greatest(0, follower_count - case when id = ${followeeId} then 1 else 0 end),
      following_count = greatest(0, following_count - case when id = ${followerId} then 1 else 0 end)
    where id in (${followerId}, ${followeeId})
    returning id::float8 as id, follower_count as "followerCount"`;
  return rows.find((row) => row.id === followeeId)!.followerCount;
}
