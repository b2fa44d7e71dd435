import type { ReportTarget } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import type { Tx } from "../../platform/postgres.ts";
import { MEDIA_URL, THUMB_URL, VIDEO_URL } from "../media/media.ts";

/** What was reported, as it looked at that moment, and whether moderators had removed it by then. */
export type Evidence = { snapshot: object; isRemovedByModerators: boolean };

type Find = (tx: Tx, reporterId: number, targetId: number) => Promise<Evidence | undefined>;

/** Undefined when there is nothing, or nothing that the reporter could have seen. */
export function findEvidence(
  tx: Tx,
  reporterId: number,
  type: ReportTarget,
  targetId: number,
): Promise<Evidence | undefined> {
  return FIND[type](tx, reporterId, targetId);
}

/**
 * What a report froze, with addresses of our files that the one who reads it can open: a private video's, a deleted one's,
 * a banned person's picture.
 */
export function openEvidence(
  { signedUrls }: App,
  { userId }: Pick<Actor, "userId">,
  snapshot: Record<string, unknown>,
): Record<string, unknown> {
  const open = (value: unknown) =>
    typeof value === "string" && value.startsWith(MEDIA_URL) ? signedUrls.sign(value, userId) : value;
  const addresses = ["url", "thumbUrl", "avatarUrl"].filter((name) => name in snapshot);
  return { ...snapshot, ...Object.fromEntries(addresses.map((name) => [name, open(snapshot[name])])) };
}

const FIND: Record<ReportTarget, Find> = {
  video: findVideo,
  user: findUser,
  comment: findComment,
  message: findMessage,
};

/** The video is held, so that it is not purged before the report is there to keep its files. */
async function findVideo(tx: Tx, reporterId: number, videoId: number): Promise<Evidence | undefined> {
  const [row]: Evidence[] = await tx`
    select json_build_object('authorId', o.id, 'authorUsername', o.username, 'title', v.title,
        'description', v.description, 'url', coalesce(v.external_url, ${VIDEO_URL}::text || v.file_key),
        'thumbUrl', coalesce(v.external_thumb_url, ${THUMB_URL}::text || v.thumb_key),
        'createdAt', wire_time(v.created_at), 'viewsCount', v.views_count, 'likesCount', v.likes_count,
        'commentsCount', v.comments_count) as snapshot,
      ${isRemoved(tx)} or o.status = 'banned' as "isRemovedByModerators"
    from videos v join accounts o on o.id = v.owner_id
    where v.id = ${videoId} and (v.visibility = 'public' or v.owner_id = ${reporterId})
    for key share of v`;
  return row;
}

/** Of a video `v`. What reports alone have hidden is still to be decided. */
function isRemoved(tx: Tx) {
  return tx`(coalesce(v.deleted_by = 'moderator', false) or coalesce(v.hidden_by = 'staff', false))`;
}

async function findUser(tx: Tx, _reporterId: number, userId: number): Promise<Evidence | undefined> {
  const [row]: Evidence[] = await tx`
    select json_build_object('authorId', a.id, 'authorUsername', a.username, 'fullName', a.full_name, 'bio', a.bio,
        'avatarUrl', a.avatar_url, 'createdAt', wire_time(a.created_at), 'followerCount', a.follower_count,
        'videoCount', a.video_count) as snapshot,
      a.status = 'banned' as "isRemovedByModerators"
    from accounts a where a.id = ${userId} and a.status <> 'deleted'`;
  return row;
}

async function findComment(tx: Tx, reporterId: number, commentId: number): Promise<Evidence | undefined> {
  const [row]: Evidence[] = await tx`
    select json_build_object('authorId', a.id, 'authorUsername', a.username, 'text', c.content, 'videoId', v.id,
        'videoTitle', v.title, 'createdAt', wire_time(c.created_at)) as snapshot,
      ${isRemoved(tx)} or coalesce(c.hidden_by = 'staff', false) or a.status = 'banned' or t.comment_id is not null
        as "isRemovedByModerators"
    from comments c join accounts a on a.id = c.user_id join videos v on v.id = c.video_id
    left join comment_takedowns t on t.comment_id = c.id
    where c.id = ${commentId} and (v.visibility = 'public' or v.owner_id = ${reporterId})`;
  return row;
}

/** Only by one of the two it was written between. */
async function findMessage(tx: Tx, reporterId: number, messageId: number): Promise<Evidence | undefined> {
  const [row]: Evidence[] = await tx`
    select json_build_object('authorId', a.id, 'authorUsername', a.username, 'text', m.content,
        'receiverId', m.receiver_id, 'createdAt', wire_time(m.created_at)) as snapshot,
      a.status = 'banned' as "isRemovedByModerators"
    from messages m join accounts a on a.id = m.sender_id
    where m.id = ${messageId} and ${reporterId}::bigint in (m.sender_id, m.receiver_id)`;
  return row;
}
