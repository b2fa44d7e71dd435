import type { ErrorCode, LikeResponse, User } from "@reelay/contract";
import type { App } from "../../app.ts";
import { batchedCommits } from "../../delivery/batched-commits.ts";
import { commit } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Clock } from "../../platform/clock.ts";
import { briefLockTimeout, findLocked, type Queryable, retrying, type Tx } from "../../platform/postgres.ts";
import { bigints, type Page } from "../../platform/sql-fragments.ts";
import { lockedAs } from "../../platform/waiting-lane.ts";
import { userColumns, type Viewer } from "../accounts/accounts.ts";
import { refusedActor } from "../accounts/person.ts";
import { refuseBanned } from "../accounts/standing.ts";
import { blocksBetween, isBlocked } from "../blocks/between.ts";
import { floodRule } from "../notifications/floods.ts";
import { type Notified, notifiedColumn, publicationsOf } from "../notifications/notify.ts";
import { revoke } from "../notifications/revocations.ts";
import { findLockedVideos, findVisibleVideo, lockVisibleVideo } from "../videos/videos.ts";

export type LikeDraft = { userId: number; videoId: number };

/** What became of one like: how many the video has now, or a code that says why not. */
export type LikeResult = { code: ErrorCode | null; changed: boolean; likesCount: number; notified: Notified | null };

/**
 * Likes a video and notifies its owner; once, however often it is done.
 * @throws ApiError VIDEO_NOT_FOUND, CANNOT_REACT
 */
export async function likeVideo(app: App, userId: number, videoId: number): Promise<LikeResponse> {
  const { code, changed, likesCount } = await likeBatched(app, { userId, videoId });
  if (code === "ACCOUNT_BANNED") await refuseBanned(app, userId);
  if (code) throw fail(code);
  return { changed, likesCount };
}

const likeBatched = batchedCommits<App, LikeDraft, LikeResult>({
  write: ({ sql, clock }, drafts) => retrying(() => likeVideos(sql, clock, drafts)),
  publicationsOf: ({ sql }, results) => publicationsOf(sql, results.flatMap(notifiedBy)),
  appendedBy: notifiedBy,
  locksOf: ({ userId, videoId }) => [accountLock(userId), videoLock(videoId)],
  findLocked: async ({ sql }, drafts) => {
    const [accounts, videos] = await Promise.all([
      findLocked(
        sql,
        { table: "accounts", lock: "key share" },
        drafts.map(({ userId }) => userId),
      ),
      findLockedVideos(
        sql,
        drafts.map(({ videoId }) => videoId),
      ),
    ]);
    return new Map([...lockedAs(accountLock, accounts), ...lockedAs(videoLock, videos)]);
  },
});

const accountLock = (userId: number) => `account ${userId}`;
const videoLock = (videoId: number) => `video ${videoId}`;

function notifiedBy({ notified }: LikeResult): Notified[] {
  return notified ? [notified] : [];
}

/**
 * Many likes at once, each on its own merits: like, the video's count, notification, event and counter in one statement.
 * Accounts are held, so that they are not deleted meanwhile, then videos locked, each in the order of their ids, then
 * likes in that of their key, so that batches cannot deadlock.
 */
export async function likeVideos(db: Queryable, clock: Clock, drafts: readonly LikeDraft[]): Promise<LikeResult[]> {
  return await db`
    with ${briefLockTimeout(db)},
    given as (
      select user_id, video_id, ord
      from brief_lock_timeout cross join unnest(${bigints(db, drafts, "userId")},
        ${bigints(db, drafts, "videoId")}) with ordinality as d(user_id, video_id, ord)
    ),
    liker as (
      select id, status from accounts where id = any(array(select user_id from given)) order by id for key share
    ),
    draft as (
      select d.ord, d.user_id, d.video_id, v.owner_id, v.likes_count,
        row_number() over (partition by d.user_id, d.video_id order by d.ord) as copy,
        case
          ${refusedActor(db)}
          when v.id is null or owner.status <> 'active' or not is_shown_to(v, d.user_id) then 'VIDEO_NOT_FOUND'
          when ${isBlocked(db, "block")} then 'CANNOT_REACT'
        end as code
      from given d
      left join liker actor on actor.id = d.user_id
      left join videos v on v.id = d.video_id
      left join accounts owner on owner.id = v.owner_id
      ${blocksBetween(db, "block", db`d.user_id`, db`v.owner_id`)}
    ),
    locked as (
      select v.id, v.likes_count, is_shown(v) as is_shown from videos v
      where v.id in (select video_id from draft where code is null) and v.deleted_at is null
      order by v.id for no key update
    ),
    liked as (
      insert into likes as l (user_id, video_id)
      select d.user_id, d.video_id from draft d
      join locked l on l.id = d.video_id and (l.is_shown or d.owner_id = d.user_id)
      where d.code is null and d.copy = 1 order by d.user_id, d.video_id
      on conflict (user_id, video_id) do update set deleted_at = null where l.deleted_at is not null
      returning l.user_id, l.video_id
    ),
    counted as (
      update videos v set likes_count = v.likes_count + n.count
      from (select video_id, count(*) as count from liked group by video_id) n
      where v.id = n.video_id returning v.id, v.likes_count
    ),
    changed as (
      select d.ord, d.owner_id, d.video_id, d.user_id, row_number() over (order by d.ord) as k
      from liked join draft d using (user_id, video_id) where d.copy = 1
    ),
    notified as (
      select * from notify_users((
        select array_agg(row(owner_id, 'like', video_id, user_id, 0)::notification_draft order by k)
        from changed where (select count(*) from counted) > 0), ${floodRule(db, clock)})
    )
    select case when d.code is null and l.id is null then 'VIDEO_NOT_FOUND' else d.code end as code,
      c.ord is not null as changed, coalesce(v.likes_count, l.likes_count, d.likes_count) as "likesCount",
      ${notifiedColumn(db)}
    from draft d
    left join counted v on v.id = d.video_id
    left join locked l on l.id = d.video_id and (l.is_shown or d.owner_id = d.user_id)
    left join changed c on c.ord = d.ord
    left join notified n on n.ord = c.k
    order by d.ord`;
}

/**
 * Undoes a like and revokes its notification.
 * @throws ApiError VIDEO_NOT_FOUND
 */
export async function unlikeVideo(app: App, userId: number, videoId: number): Promise<LikeResponse> {
  return await commit(app, async (tx) => {
    const before = await lockVisibleVideo(tx, userId, videoId);
    if (!before) throw fail("VIDEO_NOT_FOUND");
    const likesCount = await removeLike(tx, userId, videoId);
    if (likesCount === null) return { changed: false, likesCount: before.likesCount };
    await revoke(tx, { types: ["like"], refId: videoId, actorId: userId });
    return { changed: true, likesCount };
  });
}

/** Who likes a video, the latest first; `total` counts the banned too. */
export async function listLikes(
  { sql }: App,
  viewer: Viewer,
  videoId: number,
  { skip, limit }: Page,
): Promise<{ likes: User[]; total: number }> {
  const video = await findVisibleVideo(sql, viewer, videoId);
  if (!video) throw fail("VIDEO_NOT_FOUND");
  const likes: User[] = await sql`
    select ${userColumns(sql, viewer)} from likes l join accounts a on a.id = l.user_id
    where l.video_id = ${videoId} and l.deleted_at is null and a.status = 'active'
    order by l.created_at desc, l.user_id desc offset ${skip} limit ${limit}`;
  return { likes, total: video.likesCount };
}

/** Removes some likes of an account, those of the videos after one, and returns how many and up to which. */
export async function removeLikesOf(
  tx: Tx,
  userId: number,
  after: number,
  size: number,
): Promise<{ count: number; last: number }> {
  const [row]: { count: number; last: number }[] = await tx`
    with due as (
      select video_id from likes where user_id = ${userId} and video_id > ${after} and deleted_at is null
      order by video_id limit ${size}
    ),
    locked as (select id from videos where id in (select video_id from due) order by id for no key update),
    removed as (
      update likes l set deleted_at = now() from due
      where l.user_id = ${userId} and l.video_id = due.video_id and l.deleted_at is null
        and (select count(*) from locked) > 0
      returning l.video_id
    ),
    counted as (update videos v set likes_count = v.likes_count - 1 from removed r where v.id = r.video_id)
    select count(*)::int as count, coalesce(max(video_id), ${after})::float8 as last from due`;
  return row!;
}

/** Returns how many are left; null when there was none. */
async function removeLike(tx: Tx, userId: number, videoId: number): Promise<number | null> {
  const [row] = await tx`
    with removed as (
      update likes set deleted_at = now() where user_id = ${userId} and video_id = ${videoId} and deleted_at is null
      returning video_id
    )
    update videos v set likes_count = v.likes_count - 1 from removed r where v.id = r.video_id
    returning v.likes_count as "likesCount"`;
  return row?.likesCount ?? null;
}
