import type { Comment, CreateComment, ErrorCode } from "@reelay/contract";
import type { App } from "../../app.ts";
import { batchedCommits } from "../../delivery/batched-commits.ts";
import { fail } from "../../platform/api-error.ts";
import { briefLockTimeout, findLocked, type Queryable, retrying, type Sql } from "../../platform/postgres.ts";
import { bigints, texts } from "../../platform/sql-fragments.ts";
import { type Locked, lockedAs } from "../../platform/waiting-lane.ts";
import { refusedActor } from "../accounts/person.ts";
import { refuseBanned } from "../accounts/standing.ts";
import { blocksBetween, isBlocked } from "../blocks/between.ts";
import { type Notified, notifiedColumn, publicationsOf } from "../notifications/notify.ts";
import { findLockedVideos } from "../videos/videos.ts";
import { asComment, commentColumns, commentJson, type StoredComment } from "./comments.ts";
import { mentionsOf } from "./mentions.ts";

/** A comment may notify this many people by naming them; further names are text. */
const MAX_MENTIONED = 20;

export type CommentDraft = CreateComment & { userId: number };

/** What became of one draft: a new comment, a clientId that had been used, or a code that says why not. */
type CommentResult = { code: ErrorCode | null; comment: Comment | null; notified: Notified[] };

/**
 * Comments on a video or answers a comment on it. The owner, the one who is answered and those who are named are
 * notified, each once. `isNew` is false when the clientId had been used for the same comment.
 * @throws ApiError VIDEO_NOT_FOUND, COMMENT_NOT_FOUND, CANNOT_REACT, IDEMPOTENCY_MISMATCH
 */
export async function createComment(app: App, draft: CommentDraft): Promise<{ comment: Comment; isNew: boolean }> {
  const { code, comment } = await createBatched(app, draft);
  if (comment) return { comment, isNew: true };
  if (code === "ACCOUNT_BANNED") await refuseBanned(app, draft.userId);
  if (code) throw fail(code);
  return { comment: await readEarlier(app.sql, draft), isNew: false };
}

const createBatched = batchedCommits<App, CommentDraft, CommentResult>({
  write: ({ sql }, drafts) => retrying(() => createComments(sql, drafts)),
  publicationsOf: ({ sql }, results) => publicationsOf(sql, results.flatMap(notifiedBy)),
  appendedBy: notifiedBy,
  locksOf: ({ userId, videoId, parentId, content }) => [
    accountLock(userId),
    videoLock(videoId),
    ...(parentId ? [commentLock(parentId)] : []),
    ...mentionsOf(content, MAX_MENTIONED).map(nameLock),
  ],
  findLocked: async ({ sql }, drafts) => {
    const [accounts, videos, audience] = await Promise.all([
      findLocked(
        sql,
        { table: "accounts", lock: "key share" },
        drafts.map(({ userId }) => userId),
      ),
      findLockedVideos(
        sql,
        drafts.map(({ videoId }) => videoId),
      ),
      findLockedAudience(sql, drafts),
    ]);
    return new Map([...lockedAs(accountLock, accounts), ...lockedAs(videoLock, videos), ...audience]);
  },
  orderOf: ({ userId, videoId }) => `${userId}>${videoId}`,
});

const accountLock = (userId: number) => `account ${userId}`;
const videoLock = (videoId: number) => `video ${videoId}`;
const commentLock = (commentId: number) => `comment ${commentId}`;
const nameLock = (name: string) => `name ${name}`;

function notifiedBy({ notified }: CommentResult): Notified[] {
  return notified;
}

/**
 * Many comments at once, each on its own merits: comment, the video's count, notifications, events and counters in one
 * statement. Accounts are held, so that they are not deleted meanwhile, then videos locked, each in the order of their
 * ids; comments go in in that of the unique key. One notification a person, an answer before a mention before a comment,
 * and none for whom the video is closed.
 */
export async function createComments(db: Queryable, drafts: readonly CommentDraft[]): Promise<CommentResult[]> {
  const given = drafts.map((draft, ord) => ({ ...draft, ord, names: mentionsOf(draft.content, MAX_MENTIONED) }));
  return await db`
    with ${briefLockTimeout(db)},
    given as (
      select g."userId" as user_id, g."videoId" as video_id, g."parentId" as parent_id, g.content, g."clientId" as client_id,
        g.names, g.ord
      from brief_lock_timeout
      cross join json_to_recordset(${given}::json) as g("userId" bigint, "videoId" bigint, "parentId" bigint, content text,
        "clientId" text, names text[], ord integer)
    ),
    author as (
      select id, status, username, full_name, avatar_url from accounts where id = any(array(select user_id from given))
      order by id for key share
    ),
    video as (
      select v.id, is_shown(v) as is_shown from videos v
      where v.id = any(array(select video_id from given)) and v.deleted_at is null and (select count(*) from author) > 0
      order by v.id for no key update
    ),
    draft as (
      select g.user_id, g.video_id, g.parent_id, g.content, g.client_id, g.names, g.ord, v.owner_id,
        video.is_shown, p.user_id as answered_id,
        case
          ${refusedActor(db)}
          when video.id is null or owner.status <> 'active' or not (video.is_shown or v.owner_id = g.user_id)
            then 'VIDEO_NOT_FOUND'
          when ${isBlocked(db, "owner_block")} or ${isBlocked(db, "answer_block")} then 'CANNOT_REACT'
          when g.parent_id is not null and p.id is null then 'COMMENT_NOT_FOUND'
        end as code
      from given g
      left join author actor on actor.id = g.user_id
      left join video on video.id = g.video_id
      left join videos v on v.id = g.video_id
      left join accounts owner on owner.id = v.owner_id
      ${blocksBetween(db, "owner_block", db`g.user_id`, db`v.owner_id`)}
      left join comments p on p.id = g.parent_id and p.video_id = g.video_id and p.deleted_at is null
        and (p.hidden_at is null or p.user_id = g.user_id)
      ${blocksBetween(db, "answer_block", db`g.user_id`, db`p.user_id`)}
    ),
    fresh as (
      select d.*, nextval('comments_id_seq') as id from (select * from draft where code is null order by ord) d
    ),
    inserted as (
      insert into comments (id, video_id, parent_id, user_id, content, client_id)
      select id, video_id, parent_id, user_id, content, client_id from fresh order by user_id, client_id, ord
      on conflict (user_id, client_id) where client_id is not null do nothing
      returning id, video_id, parent_id, user_id, content, created_at, updated_at
    ),
    counted as (
      update videos v set comments_count = v.comments_count + n.count
      from (select video_id, count(*) as count from inserted group by video_id) n
      where v.id = n.video_id returning v.id
    ),
    audience as (
      select distinct on (f.id, side.user_id) f.id, f.ord, f.video_id, f.user_id as author_id, side.user_id, side.type
      from inserted join fresh f using (id)
      cross join lateral (
        select f.owner_id, 'comment', 3
        union all select m.id, 'mention', 2
        from unnest(f.names) as name join accounts m on lower(m.username) = name and m.status = 'active'
        union all select f.answered_id, 'reply', 1
      ) as side(user_id, type, rank)
      where side.user_id <> f.user_id and (f.is_shown or side.user_id = f.owner_id)
      order by f.id, side.user_id, side.rank
    ),
    recipients as (
      select a.*, row_number() over (order by a.id, a.user_id) as k from audience a
      where (select count(*) from counted) > 0
    ),
    notified as (
      select t.id as comment_id, ${notifiedColumn(db)}
      from notify_users((
        select array_agg(row(user_id, type, video_id, author_id, id)::notification_draft order by k) from recipients
      ), null, null, null) n join recipients t on t.k = n.ord
    )
    select d.code, case when c.id is not null then ${commentJson(db)} end as comment,
      coalesce((select json_agg(n.notified) from notified n where n.comment_id = c.id), '[]') as notified
    from draft d
    left join fresh f on f.ord = d.ord
    left join inserted c on c.id = f.id
    left join author a on a.id = d.user_id
    order by d.ord`;
}

/** Those who would be notified besides the owner, and whose stream is locked: by the comment answered, or by name. */
async function findLockedAudience(db: Sql, drafts: readonly CommentDraft[]): Promise<Locked> {
  const parents = drafts.flatMap(({ parentId }) => parentId ?? []);
  const names = [...new Set(drafts.flatMap(({ content }) => mentionsOf(content, MAX_MENTIONED)))];
  const audience: { lock: string; userId: number }[] = await db`
    select 'comment ' || id as lock, user_id::float8 as "userId" from comments where id = any(${bigints(db, parents)})
    union all
    select 'name ' || lower(username), id::float8 from accounts where lower(username) = any(${texts(db, names)})`;
  const streams = await findLocked(
    db,
    { table: "user_streams", key: "user_id" },
    audience.map(({ userId }) => userId),
  );
  return new Map(
    audience.flatMap(({ lock, userId }) => (streams.has(userId) ? [[lock, streams.get(userId)!] as const] : [])),
  );
}

/** The comment that the clientId made before. */
async function readEarlier(db: Queryable, { userId, videoId, content, clientId }: CommentDraft): Promise<Comment> {
  const [row]: (StoredComment & { isSame: boolean })[] = await db`
    select ${commentColumns(db)}, c.video_id = ${videoId} and c.content is not distinct from ${content} as "isSame"
    from comments c join accounts a on a.id = c.user_id
    where c.user_id = ${userId} and c.client_id = ${clientId!}`;
  if (!row?.isSame) throw fail("IDEMPOTENCY_MISMATCH", { message: "That clientId was used for another comment." });
  return asComment(row);
}
