import type { Bookmarks, Changed } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import type { Page } from "../../platform/sql-fragments.ts";
import { refuseBanned } from "../accounts/standing.ts";
import { forViewer, type StoredVideo } from "../videos/urls.ts";
import { isVisible, readVideo, videoColumns } from "../videos/videos.ts";

/**
 * Bookmarks a video. Nobody is notified.
 * @throws ApiError VIDEO_NOT_FOUND
 */
export async function addBookmark(app: App, actor: Actor, videoId: number): Promise<Changed> {
  const changed = await insertBookmark(app.sql, actor, videoId);
  if (!changed) await refuseBanned(app, actor.userId);
  if (!changed) await readVideo(app, actor, videoId);
  return { success: true, changed };
}

/**
 * One that cannot be seen any more can still be taken out.
 * @throws ApiError VIDEO_NOT_FOUND
 */
export async function removeBookmark(app: App, actor: Actor, videoId: number): Promise<Changed> {
  const changed = await deleteBookmark(app.sql, actor, videoId);
  if (!changed) await refuseBanned(app, actor.userId);
  if (!changed) await readVideo(app, actor, videoId);
  return { success: true, changed };
}

/** The bookmarked videos that the actor can see, the latest first. */
export async function listBookmarks(app: App, actor: Actor, { skip, limit }: Page): Promise<Bookmarks> {
  const { sql } = app;
  const [videos, total] = await Promise.all([
    sql`
      select ${videoColumns(sql, actor)} from bookmarks mine
      join videos v on v.id = mine.video_id join accounts a on a.id = v.owner_id
      where mine.user_id = ${actor.userId} and ${isVisible(sql, actor)}
      order by mine.created_at desc, mine.video_id desc offset ${skip} limit ${limit}` as Promise<StoredVideo[]>,
    countBookmarks(sql, actor),
  ]);
  return { videos: forViewer(app, actor, videos), total };
}

/** Removes some bookmarks by an account and of its videos, and returns how many, at most twice `size`. */
export async function removeBookmarksOf(tx: Tx, userId: number, size: number): Promise<number> {
  const rows = await tx`
    with due as (
      (select user_id, video_id from bookmarks where user_id = ${userId} order by video_id limit ${size})
      union
      (select b.user_id, b.video_id from videos v join bookmarks b on b.video_id = v.id
        where v.owner_id = ${userId} limit ${size})
    )
    delete from bookmarks b using due where b.user_id = due.user_id and b.video_id = due.video_id returning b.video_id`;
  return rows.length;
}

async function insertBookmark(db: Queryable, actor: Actor, videoId: number): Promise<boolean> {
  const rows = await db`
    insert into bookmarks (user_id, video_id)
    select me.id, v.id from videos v
    join accounts a on a.id = v.owner_id
    join accounts me on me.id = ${actor.userId} and me.status = 'active'
    where v.id = ${videoId} and ${isVisible(db, actor)}
    for key share of me
    on conflict do nothing returning video_id`;
  return rows.length > 0;
}

async function deleteBookmark(db: Queryable, { userId }: Actor, videoId: number): Promise<boolean> {
  const rows = await db`
    delete from bookmarks b using accounts me
    where b.user_id = ${userId} and b.video_id = ${videoId} and me.id = b.user_id and me.status = 'active'
    returning b.video_id`;
  return rows.length > 0;
}

async function countBookmarks(db: Queryable, actor: Actor): Promise<number> {
  const [row] = await db`
    select count(*)::integer as total from bookmarks mine
    join videos v on v.id = mine.video_id join accounts a on a.id = v.owner_id
    where mine.user_id = ${actor.userId} and ${isVisible(db, actor)}`;
  return row.total;
}
