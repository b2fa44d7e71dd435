import type { Changed, Comment, CreateComment, NotificationType } from "@reelay/contract";
import type { App } from "../../context.ts";
import type { Actor } from "../../http/auth.ts";
import { fail } from "../../http/errors.ts";
import { type Queryable, type Tx, transaction } from "../../platform/postgres.ts";
import type { Viewer } from "../accounts/accounts.ts";
import { isBlockBetween } from "../blocks/blocks.ts";
import { type NotificationDraft, notify, revoke } from "../notifications/notify.ts";
import { findVisibleVideo, isVisible, lockVisibleVideo } from "../videos/videos.ts";
import { mentionsOf } from "./mentions.ts";

/** A comment may notify this many people by naming them; further names are text. */
const MAX_MENTIONED = 20;

const ABOUT_COMMENTS: readonly NotificationType[] = ["comment", "reply", "mention"];

/**
 * Comments on a video or answers a comment on it. The owner, the one who is answered and those who are named are
 * notified, each once. `isNew` is false when the clientId had been used for the same comment.
 * @throws ApiError VIDEO_NOT_FOUND, COMMENT_NOT_FOUND, CANNOT_REACT, IDEMPOTENCY_MISMATCH
 */
export async function createComment(
  app: App,
  actor: Actor,
  draft: CreateComment,
): Promise<{ comment: Comment; isNew: boolean }> {
  const { userId } = actor;
  const { id, isNew, publications } = await transaction(app.sql, async (tx) => {
    const video = await lockVisibleVideo(tx, userId, draft.videoId);
    if (!video) throw fail("VIDEO_NOT_FOUND");
    if (await isBlockBetween(tx, userId, video.ownerId)) throw fail("CANNOT_REACT");
    const parent = draft.parentId == null ? null : await readParent(tx, draft.videoId, draft.parentId);
    const id = await insertComment(tx, userId, draft);
    if (id === null) return { id: await repeatOf(tx, userId, draft), isNew: false, publications: [] };
    await moveCount(tx, draft.videoId, 1);
    const audience = await chooseAudience(tx, userId, { ownerId: video.ownerId, parent, content: draft.content });
    const about = { refId: draft.videoId, actorId: userId, subjectId: id };
    return {
      id,
      isNew: true,
      publications: await notify(
        tx,
        audience.map((to) => ({ ...about, ...to })),
      ),
    };
  });
  app.broker.publish(publications);
  return { comment: await readComment(app.sql, id), isNew };
}

/** The newest first. */
export async function listComments(
  { sql }: App,
  viewer: Viewer,
  videoId: number,
  { skip, limit, beforeId }: { skip: number; limit: number; beforeId?: number | undefined },
): Promise<Comment[]> {
  if (!(await findVisibleVideo(sql, viewer, videoId))) throw fail("VIDEO_NOT_FOUND");
  return await sql`
    select ${commentColumns(sql)} from comments c join accounts a on a.id = c.user_id
    where c.video_id = ${videoId} and c.deleted_at is null and a.status = 'active'
      and c.id < coalesce(${beforeId ?? null}::bigint, 9223372036854775807)
    order by c.id desc offset ${skip} limit ${limit}`;
}

/** @throws ApiError COMMENT_NOT_FOUND, FORBIDDEN */
export async function editComment(app: App, actor: Actor, commentId: number, content: string): Promise<Comment> {
  const { authorId } = await findComment(app.sql, actor.userId, commentId);
  if (authorId !== actor.userId) throw fail("FORBIDDEN");
  const [row] = await app.sql`
    update comments set content = ${content}, updated_at = now()
    where id = ${commentId} and user_id = ${actor.userId} and deleted_at is null
      and exists (select from accounts where id = ${actor.userId} and status = 'active')
    returning id`;
  if (!row) throw fail("COMMENT_NOT_FOUND");
  return await readComment(app.sql, commentId);
}

/**
 * Removes a comment, for its author or the video's owner, and takes back its notifications. Answers to it stay.
 * @throws ApiError COMMENT_NOT_FOUND, FORBIDDEN
 */
export async function deleteComment(app: App, actor: Actor, commentId: number): Promise<Changed> {
  const { authorId, ownerId, videoId } = await findComment(app.sql, actor.userId, commentId);
  if (actor.userId !== authorId && actor.userId !== ownerId) throw fail("FORBIDDEN");
  const { changed, publications } = await transaction(app.sql, async (tx) => {
    if (!(await lockVisibleVideo(tx, actor.userId, videoId))) throw fail("COMMENT_NOT_FOUND");
    if (!(await emptyComment(tx, commentId))) return { changed: false, publications: [] };
    await moveCount(tx, videoId, -1);
    const about = { types: ABOUT_COMMENTS, refId: videoId, actorId: authorId, subjectId: commentId };
    return { changed: true, publications: await revoke(tx, about) };
  });
  app.broker.publish(publications);
  return { success: true, changed };
}

/** Removes every comment of an account, in a transaction that holds it and the videos. */
export async function removeCommentsOf(tx: Tx, userId: number): Promise<void> {
  await tx`
    with emptied as (
      update comments set content = null, deleted_at = now() where user_id = ${userId} and deleted_at is null
      returning video_id
    )
    update videos v set comments_count = v.comments_count - n.count
    from (select video_id, count(*) as count from emptied group by video_id) n where v.id = n.video_id`;
}

/** The author of the comment that is answered: one on the same video that still stands. */
async function readParent(tx: Tx, videoId: number, parentId: number): Promise<{ authorId: number }> {
  const [row] = await tx`
    select user_id::float8 as "authorId" from comments
    where id = ${parentId} and video_id = ${videoId} and deleted_at is null`;
  if (!row) throw fail("COMMENT_NOT_FOUND");
  return row;
}

async function insertComment(tx: Tx, userId: number, draft: CreateComment): Promise<number | null> {
  const { videoId, parentId = null, content, clientId = null } = draft;
  const [row] = await tx`
    insert into comments (video_id, parent_id, user_id, content, client_id)
    values (${videoId}, ${parentId}, ${userId}, ${content}, ${clientId})
    on conflict (user_id, client_id) where client_id is not null do nothing
    returning id::float8 as id`;
  return row?.id ?? null;
}

/** The comment that the clientId made before. */
async function repeatOf(tx: Tx, userId: number, { videoId, content, clientId }: CreateComment): Promise<number> {
  const [row] = await tx`
    select id::float8 as id, video_id = ${videoId} and content is not distinct from ${content} as "isSame"
    from comments where user_id = ${userId} and client_id = ${clientId!}`;
  if (!row?.isSame) throw fail("IDEMPOTENCY_MISMATCH", { message: "That clientId was used for another comment." });
  return row.id;
}

async function moveCount(tx: Tx, videoId: number, by: 1 | -1): Promise<void> {
  await tx`update videos set comments_count = comments_count + ${by} where id = ${videoId}`;
}

type About = { ownerId: number; parent: { authorId: number } | null; content: string };
type Addressee = Pick<NotificationDraft, "userId" | "type">;

/** One notification a person: an answer before a mention before a comment. The author himself gets none. */
async function chooseAudience(tx: Tx, authorId: number, { ownerId, parent, content }: About): Promise<Addressee[]> {
  const chosen = new Map<number, NotificationType>();
  chosen.set(ownerId, "comment");
  for (const userId of await findMentioned(tx, mentionsOf(content, MAX_MENTIONED))) chosen.set(userId, "mention");
  if (parent) chosen.set(parent.authorId, "reply");
  chosen.delete(authorId);
  return [...chosen].map(([userId, type]) => ({ userId, type }));
}

async function findMentioned(tx: Tx, names: readonly string[]): Promise<number[]> {
  if (names.length === 0) return [];
  const rows: { id: number }[] = await tx`
    select id::float8 as id from accounts
    where lower(username) = any(${tx.array([...names], "TEXT")}) and status = 'active'`;
  return rows.map(({ id }) => id);
}

type Found = { authorId: number; ownerId: number; videoId: number };

/** A comment the user can see, or could before it was deleted. */
async function findComment(db: Queryable, userId: number, commentId: number): Promise<Found> {
  const [row]: Found[] = await db`
    select c.user_id::float8 as "authorId", v.owner_id::float8 as "ownerId", v.id::float8 as "videoId"
    from comments c join videos v on v.id = c.video_id join accounts a on a.id = v.owner_id
    where c.id = ${commentId} and ${isVisible(db, { userId })}`;
  if (!row) throw fail("COMMENT_NOT_FOUND");
  return row;
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
  return row;
}

function commentColumns(db: Queryable) {
  return db`
    c.id::float8 as id, c.video_id::float8 as "videoId", c.parent_id::float8 as "parentId",
    c.user_id::float8 as "userId", c.content, wire_time(c.created_at) as "createdAt",
    wire_time(c.updated_at) as "updatedAt",
    json_build_object('id', a.id, 'username', a.username, 'fullName', a.full_name, 'avatarUrl', a.avatar_url) as user`;
}
