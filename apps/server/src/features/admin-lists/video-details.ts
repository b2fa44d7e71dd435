import type { AdminComment, AdminPerson, AdminVideoDetails } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import type { Fragment, Queryable, Sql } from "../../platform/postgres.ts";
import { marked } from "../hiding/hiding.ts";
import { countReports, readRecentReports } from "./user-details.ts";
import { readVideos } from "./videos.ts";

const RECENT = 20;

/**
 * A video, deleted or not, with its newest comments and reports.
 * @throws ApiError VIDEO_NOT_FOUND
 */
export async function readVideoDetails(app: App, staff: Actor, videoId: number): Promise<AdminVideoDetails> {
  const { sql } = app;
  const [video] = await readVideos(app, staff, [videoId]);
  if (!video) throw fail("VIDEO_NOT_FOUND");
  const onVideo = sql`r.target_type = 'video' and r.target_id = ${videoId}`;
  const [count, comments, reports] = await Promise.all([
    countReports(sql, onVideo),
    readRecentComments(sql, videoId),
    readRecentReports(sql, staff, onVideo, RECENT),
  ]);
  const { views, likes, comments: commentCount, shares } = video;
  return {
    video,
    owner: { id: video.ownerId, username: video.ownerUsername, avatarUrl: video.ownerAvatar },
    stats: { views, likes, comments: commentCount, shares, reports: count },
    recent_comments: comments,
    reports,
  };
}

/** Undefined: there is no such comment. */
export async function findComment(sql: Sql, commentId: number): Promise<AdminComment | undefined> {
  const [row]: StoredComment[] = await sql`
    select ${commentColumns(sql)} from comments c join accounts a on a.id = c.user_id where c.id = ${commentId}`;
  return row && marked(row);
}

/** Undefined: there is no such account. */
export async function findPerson(sql: Sql, userId: number): Promise<AdminPerson | undefined> {
  const [row] = await sql`
    select a.id::float8 as id, a.username, a.avatar_url as "avatarUrl" from accounts a where a.id = ${userId}`;
  return row;
}

async function readRecentComments(sql: Sql, videoId: number): Promise<AdminComment[]> {
  const rows: StoredComment[] = await sql`
    select ${commentColumns(sql)} from comments c join accounts a on a.id = c.user_id
    where c.video_id = ${videoId} and c.deleted_at is null order by c.id desc limit ${RECENT}`;
  return rows.map(marked);
}

type StoredComment = Omit<AdminComment, "isHidden"> & { isHidden: boolean };

/** The comment is `c`, its author's account `a`. */
function commentColumns(db: Queryable): Fragment {
  return db`
    c.id::float8 as id, c.video_id::float8 as "videoId", c.parent_id::float8 as "parentId", c.content,
    c.hidden_at is not null as "isHidden",
    wire_time(c.created_at) as "createdAt", wire_time(c.deleted_at) as "deletedAt",
    json_build_object('id', a.id, 'username', a.username, 'avatarUrl', a.avatar_url) as user`;
}
