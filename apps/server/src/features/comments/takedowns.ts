import type { App } from "../../app.ts";
import type { PublishingTx } from "../../delivery/commit.ts";
import { type Queryable, retrying, type Tx } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { revokeAbout } from "../notifications/revocations.ts";
import { ABOUT_COMMENTS } from "./comments.ts";

const BATCH = 1000;
const DAY_MS = 86_400_000;

/** A comment that is taken down. */
export type TakenDown = { id: number; videoId: number; deletedAt: string };

/**
 * Deletes comments of one author for staff, with their counts: gone like any deleted comment, while their texts are kept
 * apart. Those that are deleted already are absent from the answer. Their notifications are for `revokeNotificationsOf`.
 */
export async function takeDownComments(tx: Tx, ids: readonly number[], reason: string): Promise<TakenDown[]> {
  return await tx`
    with due as (select id, video_id from comments where id = any(${bigints(tx, ids)}) and deleted_at is null),
    locked as (select id from videos where id in (select video_id from due) order by id for no key update),
    emptied as (
      update comments c set content = null, deleted_at = now() from due
      where c.id = due.id and c.deleted_at is null and (select count(*) from locked) > 0
      returning c.id, c.video_id, c.user_id, old.content, c.deleted_at
    ),
    counted as (
      update videos v set comments_count = v.comments_count - n.count
      from (select video_id, count(*) as count from emptied group by video_id) n where v.id = n.video_id
    ),
    kept as (
      insert into comment_takedowns (comment_id, user_id, content, reason, taken_down_at)
      select id, user_id, content, ${reason}, deleted_at from emptied
    )
    select id::float8 as id, video_id::float8 as "videoId", wire_time(deleted_at) as "deletedAt" from emptied`;
}

/** Revokes what its readers were notified of by comments that are taken down: the last thing of the transaction. */
export async function revokeNotificationsOf(
  tx: PublishingTx,
  authorId: number,
  comments: readonly TakenDown[],
): Promise<void> {
  const subjects = comments.map(({ id, videoId }) => ({ refId: videoId, subjectId: id }));
  await revokeAbout(tx, { types: ABOUT_COMMENTS, actorId: authorId, subjects });
}

/** What a moderator's deletion has left of a comment. */
export type Takedown = { isPurged: boolean; reason: string | null; deletedAt: string };

/** Locks the video, then the takedown. Undefined: no moderator deleted the comment. */
export async function lockTakedown(tx: Tx, commentId: number): Promise<Takedown | undefined> {
  await tx`
    select v.id from videos v join comments c on c.video_id = v.id where c.id = ${commentId} for no key update of v`;
  const [row] = await tx`
    select content is null as "isPurged", reason, wire_time(taken_down_at) as "deletedAt"
    from comment_takedowns where comment_id = ${commentId} for update`;
  return row;
}

/** Restores a comment whose takedown is locked, with its count. What was revoked with it stays revoked. */
export async function putBackComment(tx: Tx, commentId: number): Promise<void> {
  await tx`
    with kept as (delete from comment_takedowns where comment_id = ${commentId} returning comment_id, content),
    restored as (
      update comments c set content = k.content, deleted_at = null from kept k where c.id = k.comment_id
      returning c.video_id
    )
    update videos v set comments_count = v.comments_count + 1 from restored r where v.id = r.video_id`;
}

/** Removes the texts that an account's comments have left, some at a time; returns how many there were, at most `size`. */
export async function forgetTextsOf(tx: Tx, userId: number, size: number): Promise<number> {
  const rows = await tx`
    with due as (
      select comment_id from comment_takedowns where user_id = ${userId} and content is not null
      order by comment_id limit ${size} for update
    )
    update comment_takedowns t set content = null, reason = null from due d where t.comment_id = d.comment_id
    returning t.comment_id`;
  return rows.length;
}

/** Removes the texts that are kept since longer than RETENTION_DAYS, from when on their comments cannot be restored. */
export async function purgeComments({ sql, clock, config }: App): Promise<void> {
  const before = new Date(clock.now() - config.retentionDays * DAY_MS);
  while ((await retrying(() => purgeOldest(sql, before))) === BATCH);
}

/** Those that another node or a restoration holds at this moment are left for the next time. */
async function purgeOldest(db: Queryable, before: Date): Promise<number> {
  const rows = await db`
    with due as (
      select comment_id from comment_takedowns where content is not null and taken_down_at < ${before}
      order by taken_down_at limit ${BATCH} for update skip locked
    )
    update comment_takedowns t set content = null from due d where t.comment_id = d.comment_id returning t.comment_id`;
  return rows.length;
}
