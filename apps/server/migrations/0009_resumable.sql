-- Some events are for resumable sockets only: message:sent, message:read, notification:revoked, sync:stale. They take
-- numbers like all others; a plain socket passes over them.

-- Likes and follows come in floods: of their events a log keeps fewer than of others, so they are told apart.
alter table user_events add column is_reaction boolean not null default false;
create index user_events_reactions on user_events (user_id, seq) where is_reaction;
-- Events are written in the order of time, near enough, so a few pages tell where the old ones lie.
create index user_events_age on user_events using brin (created_at);

alter type event_draft add attribute is_reaction boolean;

create or replace function append_events(drafts event_draft[])
  returns table (ord bigint, user_id bigint, seq bigint, rev bigint, unread_messages integer, unseen_notifications integer)
  language plpgsql
as $$
#variable_conflict use_column
begin
  return query
  with draft as (
    select d.user_id, d.type, d.subject_id, d.actor_id, d.data, d.unread_messages, d.unseen_notifications, d.is_reaction,
      d.ord, count(d.type) over (partition by d.user_id order by d.ord) as k
    from unnest(drafts) with ordinality
      as d (user_id, type, subject_id, actor_id, data, unread_messages, unseen_notifications, is_reaction, ord)
  ),
  total as (
    select user_id, count(type) as n, coalesce(sum(unread_messages), 0)::integer as unread_messages,
      coalesce(sum(unseen_notifications), 0)::integer as unseen_notifications
    from draft group by user_id
  ),
  stream as (
    insert into user_streams as s (user_id, seq, rev, unread_messages, unseen_notifications)
    select user_id, n, 1, unread_messages, unseen_notifications from total order by user_id
    on conflict (user_id) do update set
      seq = s.seq + excluded.seq,
      rev = s.rev + 1,
      unread_messages = greatest(0, s.unread_messages + excluded.unread_messages),
      unseen_notifications = greatest(0, s.unseen_notifications + excluded.unseen_notifications)
    returning s.user_id, s.seq, s.rev, s.unread_messages, s.unseen_notifications
  ),
  logged as (
    insert into user_events (user_id, seq, type, subject_id, actor_id, data, is_reaction)
    select d.user_id, s.seq - t.n + d.k, d.type, d.subject_id, d.actor_id, d.data, coalesce(d.is_reaction, false)
    from draft d join total t using (user_id) join stream s using (user_id)
    where d.type is not null
  )
  select d.ord, d.user_id, case when d.type is not null then s.seq - t.n + d.k end, s.rev,
    s.unread_messages, s.unseen_notifications
  from draft d join total t using (user_id) join stream s using (user_id)
  order by d.ord;
end
$$;

-- How many reactions to one thing its owner was told of one by one in the current ten seconds. Beyond a hundred they are
-- only counted; the newest of those is told when the flood is over. target_id: the video for like, 0 for follow.
create table notification_floods (
  user_id bigint not null,
  type text not null,
  target_id bigint not null,
  window_at timestamptz(3) not null,
  told integer not null,
  suppressed_id bigint,
  suppressed_at timestamptz(3),
  primary key (user_id, type, target_id)
) with (fillfactor = 50);
create index notification_floods_suppressed on notification_floods (suppressed_at) where suppressed_id is not null;

drop function notify_users(notification_draft[]);

-- The only place that makes notifications: the row, its event and the counter, for many at once. Nobody is told of what he
-- did himself, and nothing crosses a block. Answers a row for each draft that changed something. Its outcome:
-- new: an event tells of it. revived: it was revoked and comes back silently, counted; resumable sockets are told that
-- their list is stale. suppressed: one of a flood, counted, without an event.
create function notify_users(drafts notification_draft[])
  returns table (ord bigint, outcome text, user_id bigint, notification_id bigint, seq bigint, rev bigint,
    unread_messages integer, unseen_notifications integer)
  language plpgsql
as $$
#variable_conflict use_column
begin
  return query
  with draft as (
    select distinct on (d.user_id, d.type, d.ref_id, d.actor_id, coalesce(d.subject_id, 0))
      d.user_id, d.type, d.ref_id, d.actor_id, coalesce(d.subject_id, 0) as subject_id, d.ord
    from unnest(drafts) with ordinality as d (user_id, type, ref_id, actor_id, subject_id, ord)
    where d.user_id is distinct from d.actor_id and not exists (
      select from blocks b
      where (b.blocker_id = d.user_id and b.blocked_id = d.actor_id)
        or (b.blocker_id = d.actor_id and b.blocked_id = d.user_id))
  ),
  made as (
    insert into notifications as n (user_id, type, ref_id, actor_id, subject_id)
    select user_id, type, ref_id, actor_id, subject_id from draft
    order by user_id, type, ref_id, actor_id, subject_id
    on conflict (user_id, type, ref_id, actor_id, subject_id) do update set revoked_at = null
      where n.revoked_at is not null
    returning n.id, n.user_id, n.type, n.ref_id, n.actor_id, n.subject_id, n.seen_at, n.deleted_at,
      (old.id is null) as is_new
  ),
  listed as (
    select m.id, m.user_id, m.type, m.actor_id, m.is_new, (m.seen_at is null)::integer as unseen, d.ord,
      m.type in ('like', 'follow') as is_reaction, case m.type when 'like' then m.ref_id else 0 end as target_id,
      row_number() over (partition by m.user_id, m.type, case m.type when 'like' then m.ref_id else 0 end, m.is_new
        order by d.ord) as nth
    from made m join draft d on d.user_id = m.user_id and d.type = m.type and d.ref_id = m.ref_id
      and d.actor_id is not distinct from m.actor_id and d.subject_id = m.subject_id
    where m.deleted_at is null
  ),
  flood as (
    insert into notification_floods as f (user_id, type, target_id, window_at, told, suppressed_id, suppressed_at)
    select user_id, type, target_id, now(), least(count(*), 100),
      case when count(*) > 100 then max(id) end, case when count(*) > 100 then now() end
    from listed where is_reaction and is_new
    group by user_id, type, target_id order by user_id, type, target_id
    on conflict (user_id, type, target_id) do update set
      window_at = case when f.window_at > now() - interval '10 seconds' then f.window_at else now() end,
      told = case when f.window_at > now() - interval '10 seconds' then least(f.told + excluded.told, 100) else excluded.told end,
      suppressed_id = case
        when excluded.suppressed_id is not null then excluded.suppressed_id
        when f.window_at > now() - interval '10 seconds' and f.told + excluded.told > 100 then
          (select max(l.id) from listed l where l.user_id = f.user_id and l.type = f.type and l.target_id = f.target_id and l.is_new)
        else f.suppressed_id end,
      suppressed_at = case
        when excluded.suppressed_id is not null
          or (f.window_at > now() - interval '10 seconds' and f.told + excluded.told > 100) then now()
        else f.suppressed_at end
    returning user_id, type, target_id,
      told - case when old.window_at > now() - interval '10 seconds' then old.told else 0 end as may_be_told
  ),
  judged as (
    select l.*, row_number() over (order by l.ord) as k,
      case when not l.is_new then 'revived' when l.nth > f.may_be_told then 'suppressed' else 'new' end as outcome
    from listed l
    left join flood f on l.is_new and f.user_id = l.user_id and f.type = l.type and f.target_id = l.target_id
  ),
  appended as (
    select ord, seq, rev, unread_messages, unseen_notifications from append_events((
      select array_agg(row(
          j.user_id,
          case j.outcome when 'new' then 'notification:new' when 'revived' then 'sync:stale' end,
          case when j.outcome = 'new' then j.id end,
          j.actor_id,
          case when j.outcome = 'revived' then '{"refetch":["/notifications"]}'::json end,
          0, j.unseen, j.is_reaction)::event_draft
        order by j.k)
      from judged j))
  )
  select j.ord, j.outcome, j.user_id, j.id, a.seq, a.rev, a.unread_messages, a.unseen_notifications
  from judged j join appended a on a.ord = j.k
  order by j.ord;
end
$$;
