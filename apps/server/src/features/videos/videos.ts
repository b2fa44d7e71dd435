import type { Changed, UpdateVideo, Video } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import { findLocked, type Queryable, type Sql, type Tx, transaction } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { lockAccounts, type Viewer } from "../accounts/accounts.ts";
import { personEntries } from "../accounts/person.ts";
import { requireQuota } from "../accounts/quota.ts";
import { refuseBanned, requireActive } from "../accounts/standing.ts";
import { THUMB_URL, VIDEO_URL } from "../media/media.ts";
import { forViewer, type StoredVideo } from "./urls.ts";

/** What is known of a video when it is made. Its bytes are a file of ours or an address; its picture too, if any. */
export type VideoDraft = {
  title: string;
  description: string | null;
  visibility: Video["visibility"];
  duration: number | null;
  fileKey: string | null;
  url: string | null;
  thumbKey: string | null;
  thumbUrl: string | null;
  /** Of both files. */
  storedBytes: number;
};

/**
 * Creates a video of the actor's.
 * @throws ApiError QUOTA_EXCEEDED
 */
export async function createVideo(app: App, actor: Actor, draft: VideoDraft): Promise<Video> {
  const videoId = await transaction(app.sql, async (tx) => {
    await lockActor(tx, actor);
    await requireQuota(tx, app, actor.userId, draft.storedBytes);
    const id = await insertVideo(tx, actor.userId, draft);
    await moveVideoCount(tx, actor.userId, 1);
    return id;
  });
  return await readVideo(app, actor, videoId);
}

/** @throws ApiError VIDEO_NOT_FOUND for whatever the viewer may not know of */
export async function readVideo(app: App, viewer: Viewer, videoId: number): Promise<Video> {
  const [video] = forViewer(app, viewer, await findVideo(app.sql, viewer, videoId));
  if (!video) throw fail("VIDEO_NOT_FOUND");
  return video;
}

/**
 * Changes the fields that are there; an empty description is none.
 * @throws ApiError VIDEO_NOT_FOUND, FORBIDDEN when it is somebody else's
 */
export async function editVideo(app: App, actor: Actor, videoId: number, changes: UpdateVideo): Promise<Video> {
  const isChanged = await updateVideo(app.sql, actor.userId, videoId, changes);
  if (!isChanged) await refuseBanned(app, actor.userId);
  const video = await readVideo(app, actor, videoId);
  if (!isChanged) throw fail("FORBIDDEN");
  return video;
}

/**
 * Takes a video of the actor's away, for everybody and for good. Its row stays for what speaks of it.
 * @throws ApiError VIDEO_NOT_FOUND, FORBIDDEN when it is somebody else's
 */
export async function deleteVideo(app: App, actor: Actor, videoId: number): Promise<Changed> {
  return await transaction(app.sql, async (tx) => {
    await lockActor(tx, actor);
    const changed = await markDeleted(tx, actor.userId, videoId);
    if (changed) await moveVideoCount(tx, actor.userId, -1);
    else if (!(await isOwn(tx, actor.userId, videoId))) throw await refusal(tx, actor, videoId);
    return { success: true, changed };
  });
}

/**
 * Deletes some videos of an owner, those after one, with what is written on them, and returns how many and up to which.
 * Files go with the purge. An address that a pending report needs stays until `removeAddressesOf` finds it decided.
 */
export async function removeVideosOf(
  tx: Tx,
  ownerId: number,
  after: number,
  size: number,
): Promise<{ count: number; last: number }> {
  await lockAccounts(tx, [ownerId]);
  const [row]: { count: number; stood: number; last: number }[] = await tx`
    with due as (
      select v.id, v.deleted_at is null as stood, ${isUnderReport(tx)} as is_under_report
      from videos v where v.owner_id = ${ownerId} and v.id > ${after} order by v.id limit ${size} for no key update of v
    ),
    emptied as (
      update videos v set title = '', description = null, delete_reason = null,
        deleted_at = coalesce(v.deleted_at, now()), deleted_by = coalesce(v.deleted_by, 'owner'),
        external_url = case when is_under_report then v.external_url end,
        external_thumb_url = case when is_under_report then v.external_thumb_url end,
        purged_at = case when v.file_key is null and not is_under_report then coalesce(v.purged_at, now())
          else v.purged_at end
      from due where v.id = due.id
    )
    select count(*)::int as count, (count(*) filter (where stood))::int as stood,
      coalesce(max(id), ${after})::float8 as last
    from due`;
  const { count, stood, last } = row!;
  if (stood > 0) await moveVideoCount(tx, ownerId, -stood);
  return { count, last };
}

/** Removes the addresses that reports held, where they are decided; returns how many are still held. */
export async function removeAddressesOf(tx: Tx, ownerId: number): Promise<number> {
  const [row]: { held: number }[] = await tx`
    with due as (
      select v.id, ${isUnderReport(tx)} as is_under_report from videos v
      where v.owner_id = ${ownerId} and (v.external_url is not null or v.external_thumb_url is not null)
      order by v.id for no key update of v
    ),
    emptied as (
      update videos v set external_url = null, external_thumb_url = null,
        purged_at = case when v.file_key is null then coalesce(v.purged_at, now()) else v.purged_at end
      from due where v.id = due.id and not is_under_report
    )
    select (count(*) filter (where is_under_report))::int as held from due`;
  return row!.held;
}

/** Whether a report of the video `v` is pending. */
function isUnderReport(db: Queryable) {
  return db`
    exists (select from reports r where r.target_type = 'video' and r.target_id = v.id and r.status = 'pending')`;
}

/** Whether the viewer may know of a video: it is `v`, its owner's account `a`. */
export function isVisible(db: Queryable, viewer: Viewer) {
  return db`a.status = 'active' and is_shown_to(v, ${viewer?.userId ?? null}::bigint)`;
}

/** What a reaction to a video needs to know of it. */
export type SeenVideo = { ownerId: number; likesCount: number };

/** Undefined when there is no such video for the viewer. */
export async function findVisibleVideo(db: Queryable, viewer: Viewer, videoId: number): Promise<SeenVideo | undefined> {
  const [row] = await db`
    select v.owner_id::float8 as "ownerId", v.likes_count as "likesCount"
    from videos v join accounts a on a.id = v.owner_id
    where v.id = ${videoId} and ${isVisible(db, viewer)}`;
  return row;
}

/**
 * The same, locked to the end of the transaction, while the viewer's own account is in order. The account is held before
 * the video, so that it is not deleted meanwhile.
 */
export async function lockVisibleVideo(tx: Tx, userId: number, videoId: number): Promise<SeenVideo | undefined> {
  const [row] = await tx`
    with me as (select id from accounts where id = ${userId} and status = 'active' for key share)
    select v.owner_id::float8 as "ownerId", v.likes_count as "likesCount"
    from me cross join videos v join accounts a on a.id = v.owner_id
    where v.id = ${videoId} and ${isVisible(tx, { userId })}
    for no key update of v`;
  return row;
}

/**
 * Which of the videos cannot be reacted to now, because another transaction holds the video or its owner's stream, and a
 * mark of that transaction.
 */
export async function findLockedVideos(db: Sql, videoIds: readonly number[]): Promise<Map<number, string>> {
  const owners: { id: number; ownerId: number }[] = await db`
    select id::float8 as id, owner_id::float8 as "ownerId" from videos
    where id = any(${bigints(db, new Set(videoIds))})`;
  const [videos, streams] = await Promise.all([
    findLocked(db, { table: "videos" }, videoIds),
    findLocked(
      db,
      { table: "user_streams", key: "user_id" },
      owners.map(({ ownerId }) => ownerId),
    ),
  ]);
  const behindOwner = owners.filter(({ ownerId }) => streams.has(ownerId));
  return new Map([...behindOwner.map(({ id, ownerId }) => [id, streams.get(ownerId)!] as const), ...videos]);
}

/** The select list of a `StoredVideo`: it is `v`, its owner's account `a`. It is still to be made ready by `forViewer`. */
export function videoColumns(db: Queryable, viewer: Viewer) {
  const viewerId = viewer?.userId ?? null;
  return db`
    v.id::float8 as id, v.owner_id::float8 as "ownerId", v.title, v.description,
    coalesce(v.external_url, ${VIDEO_URL}::text || v.file_key) as url,
    coalesce(v.external_thumb_url, ${THUMB_URL}::text || v.thumb_key) as "thumbUrl",
    v.visibility, v.hidden_at is not null as "isHidden", v.duration_seconds as duration, v.views_count as "viewsCount", v.likes_count as "likesCount",
    v.comments_count as "commentsCount", v.shares_count as "sharesCount",
    case when ${viewerId}::bigint is not null then (select count(*) > 0
      from likes l where l.user_id = ${viewerId} and l.video_id = v.id and l.deleted_at is null) end as "isLiked",
    case when ${viewerId}::bigint is not null then (select count(*) > 0
      from bookmarks b where b.user_id = ${viewerId} and b.video_id = v.id) end as "isBookmarked",
    wire_time(v.created_at) as "createdAt",
    json_build_object(${personEntries(db)},
      'isFollowing', case when ${viewerId}::bigint is not null then (select count(*) > 0
        from follows f where f.follower_id = ${viewerId} and f.followee_id = a.id and f.deleted_at is null) end) as owner,
    a.username, a.full_name as "fullName", a.avatar_url as "avatarUrl"`;
}

/** Refuses a user who was banned or deleted since their token was looked at. */
async function lockActor(tx: Tx, { userId }: Actor): Promise<void> {
  const accounts = await lockAccounts(tx, [userId]);
  await requireActive(tx, accounts.get(userId));
}

async function insertVideo(tx: Tx, ownerId: number, draft: VideoDraft): Promise<number> {
  const [row] = await tx`
    insert into videos (owner_id, title, description, visibility, duration_seconds, file_key, external_url, thumb_key,
      external_thumb_url, stored_bytes)
    values (${ownerId}, ${draft.title}, ${draft.description}, ${draft.visibility}, ${draft.duration}, ${draft.fileKey},
      ${draft.url}, ${draft.thumbKey}, ${draft.thumbUrl}, ${draft.storedBytes})
    returning id::float8 as id`;
  return row.id;
}

/** The counter of an account whose row the caller has locked. */
export async function moveVideoCount(tx: Tx, ownerId: number, by: number): Promise<void> {
  await tx`update accounts set video_count = greatest(0, video_count + ${by}::integer) where id = ${ownerId}`;
}

async function findVideo(db: Queryable, viewer: Viewer, videoId: number): Promise<StoredVideo[]> {
  return await db`
    select ${videoColumns(db, viewer)} from videos v join accounts a on a.id = v.owner_id
    where v.id = ${videoId} and ${isVisible(db, viewer)}`;
}

async function updateVideo(db: Queryable, ownerId: number, videoId: number, changes: UpdateVideo): Promise<boolean> {
  const { title, description, visibility } = changes;
  const rows = await db`
    update videos v set
      title = coalesce(${title ?? null}, v.title),
      description = case when ${description !== undefined} then ${description || null} else v.description end,
      visibility = coalesce(${visibility ?? null}, v.visibility)
    from accounts a
    where v.id = ${videoId} and v.owner_id = ${ownerId} and v.deleted_at is null
      and a.id = v.owner_id and a.status = 'active'
    returning v.id`;
  return rows.length > 0;
}

async function markDeleted(tx: Tx, ownerId: number, videoId: number): Promise<boolean> {
  const rows = await tx`
    update videos set deleted_at = now(), deleted_by = 'owner'
    where id = ${videoId} and owner_id = ${ownerId} and deleted_at is null returning id`;
  return rows.length > 0;
}

async function isOwn(tx: Tx, ownerId: number, videoId: number): Promise<boolean> {
  const rows = await tx`select id from videos where id = ${videoId} and owner_id = ${ownerId}`;
  return rows.length > 0;
}

/** Why a video that is not the actor's cannot be changed: that it exists is said only to who may see it. */
async function refusal(tx: Tx, actor: Actor, videoId: number) {
  const rows = await findVideo(tx, actor, videoId);
  return fail(rows.length > 0 ? "FORBIDDEN" : "VIDEO_NOT_FOUND");
}
