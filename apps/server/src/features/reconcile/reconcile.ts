import type { App } from "../../app.ts";
import { type Tx, transaction } from "../../platform/postgres.ts";
import { countListedAccounts, countListedVideos } from "../admin-lists/recount.ts";

/** What was wrong with one kind of counter: how many, and by how much in sum. */
export type Drift = { name: string; counters: number; by: number };

/**
 * Counts again everything that is kept as a counter, and puts right what is wrong if asked to. Safe beside running
 * servers: a counter and the rows it counts change in one transaction, so one statement sees both as of one moment, and
 * what it finds missing is added, not overwritten. Returns one entry a kind of counter, also where nothing was wrong.
 */
export async function reconcile({ sql }: Pick<App, "sql">, { repair }: { repair: boolean }): Promise<Drift[]> {
  const drifts: Drift[] = [];
  for (const [name, count] of Object.entries(COUNTERS)) {
    const [found] = await transaction(sql, async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended('reconcile', 0))`;
      await tx`set local statement_timeout = 0`;
      return await count(tx, repair);
    });
    drifts.push({ name, ...found! });
  }
  return drifts;
}

type Count = (tx: Tx, repair: boolean) => Promise<Omit<Drift, "name">[]>;

const COUNTERS: Record<string, Count> = {
  "unseen notifications": countUnseenNotifications,
  "unread messages": countUnreadMessages,
  "unread messages of conversations": countUnreadOfConversations,
  "last messages of conversations": countLastMessages,
  "likes and comments of videos": countReactions,
  "followers, followings and videos of accounts": countOfAccounts,
  "active accounts": countActive,
  "subjects of the queue": countSubjects,
  statistics: countStatistics,
  "listing of videos": countListedVideos,
  "listing of accounts": countListedAccounts,
};

function countUnseenNotifications(tx: Tx, repair: boolean) {
  return tx`
    with recount as (
      select n.user_id, count(*)::integer as unseen from notifications n
      join user_streams s on s.user_id = n.user_id
      left join notification_revocations r on r.user_id = n.user_id and r.actor_id = n.actor_id
      where is_unseen(n, s.notifications_seen_up_to, r.ids) group by n.user_id
    ),
    drift as (
      select user_id, coalesce(r.unseen, 0) - s.unseen_notifications as by
      from user_streams s left join recount r using (user_id) where s.unseen_notifications <> coalesce(r.unseen, 0)
    ),
    repaired as (
      update user_streams s set unseen_notifications = s.unseen_notifications + d.by, rev = s.rev + 1
      from drift d where s.user_id = d.user_id and ${repair}
    )
    select count(*)::int as counters, coalesce(sum(abs(by)), 0)::float8 as by from drift`;
}

function countUnreadMessages(tx: Tx, repair: boolean) {
  return tx`
    with recount as (
      select m.receiver_id as user_id, count(*)::integer as unread from messages m
      left join conversations c on c.user_id = m.receiver_id and c.peer_id = m.sender_id
      where is_unseen(m, c.seen_up_to) group by m.receiver_id
    ),
    drift as (
      select user_id, coalesce(r.unread, 0) - s.unread_messages as by
      from user_streams s left join recount r using (user_id) where s.unread_messages <> coalesce(r.unread, 0)
    ),
    repaired as (
      update user_streams s set unread_messages = s.unread_messages + d.by, rev = s.rev + 1
      from drift d where s.user_id = d.user_id and ${repair}
    )
    select count(*)::int as counters, coalesce(sum(abs(by)), 0)::float8 as by from drift`;
}

function countUnreadOfConversations(tx: Tx, repair: boolean) {
  return tx`
    with recount as (
      select m.receiver_id as user_id, m.sender_id as peer_id, count(*)::integer as unread from messages m
      left join conversations c on c.user_id = m.receiver_id and c.peer_id = m.sender_id
      where is_unseen(m, c.seen_up_to) group by m.receiver_id, m.sender_id
    ),
    drift as (
      select user_id, peer_id, coalesce(r.unread, 0) - c.unread as by
      from conversations c left join recount r using (user_id, peer_id) where c.unread <> coalesce(r.unread, 0)
    ),
    repaired as (
      update conversations c set unread = c.unread + d.by
      from drift d where c.user_id = d.user_id and c.peer_id = d.peer_id and ${repair}
    )
    select count(*)::int as counters, coalesce(sum(abs(by)), 0)::float8 as by from drift`;
}

/** Not a sum, so it is put right only where it still is what it was found to be. */
function countLastMessages(tx: Tx, repair: boolean) {
  return tx`
    with recount as (
      select user_id, peer_id, max(id) as id from (
        select sender_id as user_id, receiver_id as peer_id, id from messages where deleted_at is null
        union all select receiver_id, sender_id, id from messages where deleted_at is null
      ) sides group by user_id, peer_id
    ),
    drift as (
      select user_id, peer_id, c.last_message_id as found, r.id
      from conversations c left join recount r using (user_id, peer_id) where c.last_message_id is distinct from r.id
    ),
    repaired as (
      update conversations c set last_message_id = d.id from drift d
      where c.user_id = d.user_id and c.peer_id = d.peer_id and c.last_message_id is not distinct from d.found and ${repair}
    )
    select count(*)::int as counters, count(*)::float8 as by from drift`;
}

function countReactions(tx: Tx, repair: boolean) {
  return tx`
    with recount as (
      select video_id as id, count(*) filter (where kind = 'like')::integer as likes,
        count(*) filter (where kind = 'comment')::integer as comments
      from (
        select video_id, 'like' as kind from likes where deleted_at is null
        union all select video_id, 'comment' from comments where deleted_at is null
      ) reactions group by video_id
    ),
    drift as (
      select id, coalesce(r.likes, 0) - v.likes_count as likes, coalesce(r.comments, 0) - v.comments_count as comments
      from videos v left join recount r using (id)
      where v.likes_count <> coalesce(r.likes, 0) or v.comments_count <> coalesce(r.comments, 0)
    ),
    repaired as (
      update videos v set likes_count = v.likes_count + d.likes, comments_count = v.comments_count + d.comments
      from drift d where v.id = d.id and ${repair}
    )
    select count(*)::int as counters, coalesce(sum(abs(likes) + abs(comments)), 0)::float8 as by from drift`;
}

function countOfAccounts(tx: Tx, repair: boolean) {
  return tx`
    with recount as (
      select id, sum(followers)::integer as followers, sum(followings)::integer as followings, sum(videos)::integer as videos
      from (
        select followee_id as id, 1 as followers, 0 as followings, 0 as videos from follows where deleted_at is null
        union all select follower_id, 0, 1, 0 from follows where deleted_at is null
        union all select owner_id, 0, 0, 1 from videos where deleted_at is null
      ) each group by id
    ),
    drift as (
      select id, coalesce(r.followers, 0) - a.follower_count as followers,
        coalesce(r.followings, 0) - a.following_count as followings, coalesce(r.videos, 0) - a.video_count as videos
      from accounts a left join recount r using (id)
      where a.follower_count <> coalesce(r.followers, 0) or a.following_count <> coalesce(r.followings, 0)
        or a.video_count <> coalesce(r.videos, 0)
    ),
    repaired as (
      update accounts a set follower_count = a.follower_count + d.followers,
        following_count = a.following_count + d.followings, video_count = a.video_count + d.videos
      from drift d where a.id = d.id and ${repair}
    )
    select count(*)::int as counters, coalesce(sum(abs(followers) + abs(followings) + abs(videos)), 0)::float8 as by
    from drift`;
}

/** Before the statistics, which are counted from it. */
function countActive(tx: Tx, repair: boolean) {
  return tx`
    with drift as (
      select user_id, status = 'active' as is_active from activity join accounts on accounts.id = user_id
      where is_counted <> (status = 'active')
    ),
    repaired as (
      update activity a set is_counted = d.is_active from drift d where a.user_id = d.user_id and ${repair}
    )
    select count(*)::int as counters, count(*)::float8 as by from drift`;
}

/** Before the statistics, too. */
function countSubjects(tx: Tx, repair: boolean) {
  return tx`
    with counted as (
      select target_type, target_id, reports, muted, urgent, score,
        array[spam, harassment, hate, sexual, violence, minors, self_harm, other] as by_category, oldest_at, newest_at
      from moderation_queue
    ),
    drift as materialized (
      select target_type, target_id, abs(coalesce(r.reports, 0) - coalesce(q.reports, 0)) as by
      from counted q full join recounted_subjects() r using (target_type, target_id)
      where (q.reports, q.muted, q.urgent, q.score, q.by_category, q.oldest_at, q.newest_at)
        is distinct from (r.reports, r.muted, r.urgent, r.score, r.by_category, r.oldest_at, r.newest_at)
    ),
    repaired as materialized (select requeue_subject(target_type, target_id) from drift where ${repair})
    select count(*)::int as counters, coalesce(sum(by), 0)::float8 as by from drift
    where (select count(*) from repaired) >= 0`;
}

function countStatistics(tx: Tx, repair: boolean) {
  return tx`
    with standing as (
      select metric, quarter, sum(value) as value from statistics where metric <> 'views_made' group by metric, quarter
    ),
    drift as (
      select metric, quarter, coalesce(r.value, 0) - coalesce(s.value, 0) as by
      from standing s full join statistics_recounted r using (metric, quarter)
      where coalesce(r.value, 0) <> coalesce(s.value, 0)
    ),
    repaired as (
      insert into statistics as s (metric, quarter, shard, value)
      select metric, quarter, 0, by from drift where ${repair}
      on conflict (metric, quarter, shard) do update set value = s.value + excluded.value
    )
    select count(*)::int as counters, coalesce(sum(abs(by)), 0)::float8 as by from drift`;
}
