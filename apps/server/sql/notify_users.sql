-- The only place that creates notifications: the row, its event and the counter, for many at once. The streams are locked
-- before an id is drawn, so that a user's ids, events and watermark have one order. Nobody is notified of what they did
-- themselves, and nothing crosses a block. Returns a row for each draft that changed something. Its outcome:
-- new: an event publishes it. revived: it was revoked and comes back silently, counted unless it had been seen; resumable
-- sockets learn that their list is stale. suppressed: one of a flood, counted, without an event.
-- What a block has revoked does not come back while the rows of that block are still to follow.
-- Likes and follows come in floods: of those of one thing, `flood_limit` are published one by one in each `flood_window`
-- that begins with the first of them. `at` is now. The three may be null where no draft is a like or a follow.
create or replace function notify_users(drafts notification_draft[], flood_limit integer, flood_window interval,
    at timestamptz)
  returns table (ord bigint, outcome text, user_id bigint, notification_id bigint, seq bigint, mark integer,
    after_mark integer, rev bigint, unread_messages integer, unseen_notifications integer)
  language plpgsql
as $$
#variable_conflict use_column
declare
  -- A window that began later than this is still open.
  earliest timestamptz := at - flood_window;
begin
  perform lock_streams(array(
    select distinct d.user_id from unnest(drafts) as d (user_id, type, ref_id, actor_id, subject_id)
    where d.user_id is distinct from d.actor_id));
  return query
  with draft as (
    select distinct on (d.user_id, d.type, d.ref_id, d.actor_id, coalesce(d.subject_id, 0))
      d.user_id, d.type, d.ref_id, d.actor_id, coalesce(d.subject_id, 0) as subject_id, d.ord
    from unnest(drafts) with ordinality as d (user_id, type, ref_id, actor_id, subject_id, ord)
    where d.user_id is distinct from d.actor_id and not exists (
      select from blocks b
      where (b.blocker_id = d.user_id and b.blocked_id = d.actor_id)
        or (b.blocker_id = d.actor_id and b.blocked_id = d.user_id))
    order by d.user_id, d.type, d.ref_id, d.actor_id, coalesce(d.subject_id, 0), d.ord
  ),
  written as (
    insert into notifications as n (user_id, type, ref_id, actor_id, subject_id)
    select user_id, type, ref_id, actor_id, subject_id from draft order by ord
    on conflict (user_id, type, ref_id, actor_id, subject_id) do update set revoked_at = null
      where n.revoked_at is not null and not exists (
        select from notification_revocations r
        where r.user_id = n.user_id and r.actor_id = n.actor_id and r.ids @> n.id and n.seen_at is null)
    returning n.id, n.user_id, n.type, n.ref_id, n.actor_id, n.subject_id, n.seen_at, n.deleted_at,
      (old.id is null) as is_new
  ),
  listed as (
    select w.id, w.user_id, w.type, w.is_new,
      (w.seen_at is null and w.id > (
        select s.notifications_seen_up_to from user_streams s where s.user_id = w.user_id))::integer as unseen, d.ord,
      w.type in ('like', 'follow') as is_reaction,
      (case when w.type in ('like', 'follow') then 1 when w.type in ('comment', 'reply', 'mention') then 2 else 0 end)::smallint as flood,
      case w.type when 'like' then w.ref_id else 0 end as target_id,
      row_number() over (partition by w.user_id, w.type, case w.type when 'like' then w.ref_id else 0 end, w.is_new
        order by d.ord) as nth
    from written w join draft d on d.user_id = w.user_id and d.type = w.type and d.ref_id = w.ref_id
      and d.actor_id is not distinct from w.actor_id and d.subject_id = w.subject_id
    where w.deleted_at is null
  ),
  flood as (
    insert into notification_floods as f (user_id, type, target_id, window_at, published, suppressed_id, suppressed_at)
    select user_id, type, target_id, at, least(count(*), flood_limit),
      case when count(*) > flood_limit then max(id) end, case when count(*) > flood_limit then at end
    from listed where is_reaction and is_new
    group by user_id, type, target_id order by user_id, type, target_id
    on conflict (user_id, type, target_id) do update set
      window_at = case when f.window_at > earliest then f.window_at else at end,
      published = case when f.window_at > earliest then least(f.published + excluded.published, flood_limit) else excluded.published end,
      suppressed_id = case
        when excluded.suppressed_id is not null then excluded.suppressed_id
        when f.window_at > earliest and f.published + excluded.published > flood_limit then
          (select max(l.id) from listed l where l.user_id = f.user_id and l.type = f.type and l.target_id = f.target_id and l.is_new)
        else f.suppressed_id end,
      suppressed_at = case
        when excluded.suppressed_id is not null
          or (f.window_at > earliest and f.published + excluded.published > flood_limit) then at
        else f.suppressed_at end
    returning user_id, type, target_id,
      published - case when old.window_at > earliest then old.published else 0 end as may_be_published
  ),
  judged as (
    select l.id, l.user_id, l.ord, l.unseen, l.flood, row_number() over (order by l.ord) as k,
      case when not l.is_new then 'revived' when l.nth > f.may_be_published then 'suppressed' else 'new' end as outcome
    from listed l
    left join flood f on l.is_new and f.user_id = l.user_id and f.type = l.type and f.target_id = l.target_id
  ),
  appended as (
    select ord, seq, mark, after_mark, rev, unread_messages, unseen_notifications from append_events((
      select array_agg(row(
          j.user_id,
          case j.outcome when 'new' then 'notification:new' when 'revived' then 'sync:stale' end,
          case when j.outcome = 'new' then j.id end,
          case when j.outcome = 'revived' then '{"refetch":["/notifications"]}'::json end,
          0, j.unseen, j.flood)::event_draft
        order by j.k)
      from judged j))
  )
  select j.ord, j.outcome, j.user_id, j.id, a.seq, a.mark, a.after_mark, a.rev, a.unread_messages, a.unseen_notifications
  from judged j join appended a on a.ord = j.k
  order by j.ord;
end
$$;
