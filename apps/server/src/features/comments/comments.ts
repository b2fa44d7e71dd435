import type { Changed, Comment, NotificationType } from "@reelay/contract";
import { type Actor, isStaff } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { commit } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { boundOf } from "../../platform/sql-fragments.ts";
import { personEntries } from "../accounts/person.ts";
import { revoke } from "../notifications/revocations.ts";
import { findVisibleVideo, isVisible, lockVisibleVideo } from "../videos/videos.ts";

/** The notifications that a comment causes. */
export const ABOUT_COMMENTS: readonly NotificationType[] = ["comment", "reply", "mention"];

/** The newest first; those that are hidden for their author and staff. */
export async function listComments(
  { sql }: App,
  viewer: Actor | null,
  videoId: number,
  { skip, limit, beforeId }: { skip: number; limit: number; beforeId?: number | undefined },
): Promise<Comment[]> {
  if (!(await findVisibleVideo(sql, viewer, videoId))) throw fail("VIDEO_NOT_FOUND");
  const rows: StoredComment[] = await sql`
    select ${commentColumns(sql)} from comments c join accounts a on a.id = c.user_id
    where c.video_id = ${videoId} and c.deleted_at is null and a.status = 'active'
      and (c.hidden_at is null or c.user_id = ${viewer?.userId ?? null} or ${isStaff(viewer)})
      and c.id < ${boundOf(sql, beforeId)}
    order by c.id desc offset ${skip} limit ${limit}`;
  return rows.map(asComment);
}

/**
 * Changes the text of one's own comment. Across a block nothing is written, as with a new comment: neither to the video's
 * owner nor to the one it answers.
 * @throws ApiError COMMENT_NOT_FOUND, FORBIDDEN, CANNOT_REACT
 */
export async function editComment(app: App, actor: Actor, commentId: number, content: string): Promise<Comment> {
  const { authorId } = await findComment(app.sql, actor.userId, commentId);
  if (authorId !== actor.userId) throw fail("FORBIDDEN");
  const isChanged = await updateComment(app.sql, actor.userId, commentId, content);
  if (!isChanged && (await isAcrossBlock(app.sql, commentId))) throw fail("CANNOT_REACT");
  if (!isChanged) throw fail("COMMENT_NOT_FOUND");
  return await readComment(app.sql, commentId);
}

/**
 * Removes a comment, for its author or the video's owner, and revokes its notifications. Answers to it stay.
 * @throws ApiError COMMENT_NOT_FOUND, FORBIDDEN
 */
export async function deleteComment(app: App, actor: Actor, commentId: number): Promise<Changed> {
  const { authorId, ownerId, videoId } = await findComment(app.sql, actor.userId, commentId);
  if (actor.userId !== authorId && actor.userId !== ownerId) throw fail("FORBIDDEN");
  const changed = await commit(app, async (tx) => {
    if (!(await lockVisibleVideo(tx, actor.userId, videoId))) throw fail("COMMENT_NOT_FOUND");
    if (!(await emptyComment(tx, commentId))) return false;
    await moveCount(tx, videoId, -1);
    await revoke(tx, { types: ABOUT_COMMENTS, refId: videoId, actorId: authorId, subjectId: commentId });
    return true;
  });
  return { success: true, changed };
}

/** Removes some comments of an account and returns how many, at most `size`. */
export async function removeCommentsOf(tx: Tx, userId: number, size: number): Promise<number> {
  const [row]: { count: number }[] = await tx`
    with due as (
      select id, video_id from comments where user_id = ${userId} and deleted_at is null order by id desc limit ${size}
    ),
    locked as (select id from videos where id in (select video_id from due) order by id for no key update),
    emptied as (
      update comments c set content = null, deleted_at = now() from due
      where c.id = due.id and c.deleted_at is null and (select count(*) from locked) > 0
      returning c.video_id
    ),
    counted as (
      update videos v set comments_count = v.comments_count - n.count
      from (select video_id, count(*) as count from emptied group by video_id) n where v.id = n.video_id
    )
    select count(*)::int as count from due`;
  return row!.count;
}

async function moveCount(tx: Tx, videoId: number, by: 1 | -1): Promise<void> {
  await tx`update videos set comments_count = comments_count + ${by} where id = ${videoId}`;
}

type Found = { authorId: number; ownerId: number; videoId: number };

/** A comment the user can see, or could before it was deleted. */
async function findComment(db: Queryable, userId: number, commentId: number): Promise<Found> {
  const [row]: Found[] = await db`
    select c.user_id::float8 as "authorId", v.owner_id::float8 as "ownerId", v.id::float8 as "videoId"
    from comments c join videos v on v.id = c.video_id join accounts a on a.id = v.owner_id
    where c.id = ${commentId} and (c.hidden_at is null or c.user_id = ${userId}) and ${isVisible(db, { userId })}`;
  if (!row) throw fail("COMMENT_NOT_FOUND");
  return row;
}

async function updateComment(db: Queryable, userId: number, commentId: number, content: string): Promise<boolean> {
  const rows = await db`
    update comments c set content = ${content}, updated_at = now()
    where c.id = ${commentId} and c.user_id = ${userId} and c.deleted_at is null
      and exists (select from accounts where id = ${userId} and status = 'active')
      and not exists (${blocksAround(db, commentId)})
    returning c.id`;
  return rows.length > 0;
}

async function isAcrossBlock(db: Queryable, commentId: number): Promise<boolean> {
  return (await blocksAround(db, commentId)).length > 0;
}

/** Blocks, in either direction, between a comment's author and the video's owner or the one it answers. */
function blocksAround(db: Queryable, commentId: number) {
  return db`
    select b.blocker_id from comments c join videos v on v.id = c.video_id left join comments p on p.id = c.parent_id
    cross join lateral (values (c.user_id, v.owner_id), (v.owner_id, c.user_id), (c.user_id, p.user_id),
      (p.user_id, c.user_id)) as pair(blocker_id, blocked_id)
    join blocks b on b.blocker_id = pair.blocker_id and b.blocked_id = pair.blocked_id
    where c.id = ${commentId}`;
}

async function emptyComment(tx: Tx, commentId: number): Promise<boolean> {
  const rows = await tx`
    update comments set content = null, deleted_at = now() where id = ${commentId} and deleted_at is null returning id`;
  return rows.length > 0;
}

async function readComment(db: Queryable, commentId: number): Promise<Comment> {
  const [row] = await db`
    select ${commentColumns(db)} from comments c join accounts a on a.id = c.user_id
    where c.id = ${commentId} and c.deleted_at is null`;
  if (!row) throw fail("COMMENT_NOT_FOUND");
  return asComment(row);
}

/** A comment as `commentColumns` reads it. */
export type StoredComment = { comment: Comment; isHidden: boolean };

/** A comment as it goes out: marked only where it is hidden. */
export function asComment({ comment, isHidden }: StoredComment): Comment {
  return isHidden ? { ...comment, isHidden } : comment;
}

/** The select list of a `StoredComment`; it is `c`, its author's account `a`. */
export function commentColumns(db: Queryable) {
  return db`${commentJson(db)} as comment, c.hidden_at is not null as "isHidden"`;
}

/** A comment that is not hidden; it is `c`, its author's account `a`. */
export function commentJson(db: Queryable) {
  return db`
    json_build_object('id', c.id, 'videoId', c.video_id, 'parentId', c.parent_id, 'userId', c.user_id,
      'content', c.content, 'createdAt', wire_time(c.created_at), 'updatedAt', wire_time(c.updated_at),
      'user', json_build_object(${personEntries(db)}))`;
}
