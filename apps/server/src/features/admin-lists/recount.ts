import type { Tx } from "../../platform/postgres.ts";

/** Counts again what the listing of accounts says. A count whose change is noted is still to follow. */
export function countListedAccounts(tx: Tx, repair: boolean) {
  return tx`
    with recount as (
      select a.id, a.status, lower(a.username) as username, a.created_at, a.follower_count,
        (y.last_quarter at time zone 'UTC')::date as seen_on, coalesce(t.views, 0) as views, coalesce(t.likes, 0) as likes
      from accounts a left join activity y on y.user_id = a.id left join (
        select owner_id, sum(counted_views) as views, sum(counted_likes) as likes from video_listing group by owner_id
      ) t on t.owner_id = a.id
    ),
    drift as (
      select r.id from recount r left join account_listing l on l.user_id = r.id
      where (l.status, l.username, l.created_at, l.seen_on, l.total_views, l.total_likes)
          is distinct from (r.status, r.username, r.created_at, r.seen_on, r.views, r.likes)
        or (l.follower_count <> r.follower_count and r.id not in (select user_id from account_changes))
    ),
    repaired as (
      insert into account_listing as l (user_id, status, username, created_at, seen_on, follower_count, total_views, total_likes)
      select id, status, username, created_at, seen_on, follower_count, views, likes
      from recount where id in (select id from drift) and ${repair}
      on conflict (user_id) do update set status = excluded.status, username = excluded.username,
        created_at = excluded.created_at, seen_on = excluded.seen_on, follower_count = excluded.follower_count,
        total_views = excluded.total_views, total_likes = excluded.total_likes
    )
    select count(*)::int as counters, count(*)::float8 as by from drift`;
}

/** The same of videos: before that of accounts, whose totals are added up from it. What it corrects follows by a note. */
export function countListedVideos(tx: Tx, repair: boolean) {
  return tx`
    with drift as (
      select v.id from videos v left join video_listing l on l.video_id = v.id
      where (l.owner_id, l.standing, l.created_at)
          is distinct from (v.owner_id, standing_of(v.visibility, v.deleted_at), v.created_at)
        or ((l.views_count, l.likes_count, l.comments_count) <> (v.views_count, v.likes_count, v.comments_count)
          and v.id not in (select video_id from video_changes))
    ),
    repaired as (
      insert into video_listing as l (video_id, owner_id, standing, created_at, views_count, likes_count, comments_count)
      select id, owner_id, standing_of(visibility, deleted_at), created_at, views_count, likes_count, comments_count
      from videos where id in (select id from drift) and ${repair}
      on conflict (video_id) do update set owner_id = excluded.owner_id, standing = excluded.standing,
        created_at = excluded.created_at, views_count = excluded.views_count, likes_count = excluded.likes_count,
        comments_count = excluded.comments_count
    ),
    noted as (insert into video_changes (video_id) select id from drift where ${repair})
    select count(*)::int as counters, count(*)::float8 as by from drift`;
}
