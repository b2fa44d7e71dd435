-- Every event has a mark, a random number that tells it from another event which was given the same place: a database that
-- went back to an earlier state, by a failover or a restored copy, gives numbers out again. Whoever keeps a place keeps its mark.
-- seq 0 has mark 0.
alter table user_events add column mark integer not null default 0;
alter table user_streams
  add column head_mark integer not null default 0,
  add column floor_mark integer not null default 0;

-- What comes in floods is kept in smaller numbers than the rest, so that no flood pushes the rest out. 0: messages and what
-- staff did; 1: likes and follows, and what is revoked; 2: comments, replies and mentions.
alter table user_events add column flood smallint not null default 0;
update user_events set flood = 1 where is_reaction;
alter table user_events drop column is_reaction; -- and its index
create index user_events_floods on user_events (user_id, flood, seq) where flood <> 0;
drop index user_events_age;

-- Logs that have grown by a good number of events since somebody looked whether they hold too many.
create table logs_to_trim (user_id bigint primary key);

-- What is done again and again by one node at a time: when it is due, and how far the last turn got.
create table periodic_jobs (
  name text primary key,
  due_at timestamptz not null default now(),
  position bigint not null default 0
);
insert into periodic_jobs (name) values ('trim logs that grew'), ('trim logs in turn'), ('forget session cursors');
create index session_cursors_session on session_cursors (session_id);

drop function notify_users(notification_draft[]);
drop function append_events(event_draft[]);
drop type event_draft;

-- What a caller wants written to one user's log. Without a type it takes no number and only moves the counters. `flood`: as in
-- user_events; null is 0.
create type event_draft as (
  user_id bigint,
  type text,
  subject_id bigint,
  actor_id bigint,
  data json,
  unread_messages integer,
  unseen_notifications integer,
  flood smallint
);

-- The only place that moves seq. Numbers are gapless and in commit order because the stream's row stays locked to the
-- end of the transaction; rows are taken in the order of user_id, so concurrent callers never deadlock.
-- Returns one row a draft, in the order given; after_mark is the mark of the event before.
create function append_events(drafts event_draft[])
  returns table (ord bigint, user_id bigint, seq bigint, mark integer, after_mark integer, rev bigint,
    unread_messages integer, unseen_notifications integer)
  language plpgsql
as $$
#variable_conflict use_column
begin
  return query
  with draft as (
    select d.user_id, d.type, d.subject_id, d.actor_id, d.data, d.unread_messages, d.unseen_notifications, d.flood,
      d.ord, count(d.type) over (partition by d.user_id order by d.ord) as k,
      case when d.type is not null then 1 + floor(random() * 2147483646)::integer end as mark
    from unnest(drafts) with ordinality
      as d (user_id, type, subject_id, actor_id, data, unread_messages, unseen_notifications, flood, ord)
  ),
  total as (
    select user_id, count(type) as n, coalesce(sum(unread_messages), 0)::integer as unread_messages,
      coalesce(sum(unseen_notifications), 0)::integer as unseen_notifications,
      (array_agg(mark order by ord desc) filter (where type is not null))[1] as head_mark
    from draft group by user_id
  ),
  stream as (
    insert into user_streams as s (user_id, seq, head_mark, rev, unread_messages, unseen_notifications)
    select user_id, n, coalesce(head_mark, 0), 1, unread_messages, unseen_notifications from total order by user_id
    on conflict (user_id) do update set
      seq = s.seq + excluded.seq,
      head_mark = case when excluded.seq > 0 then excluded.head_mark else s.head_mark end,
      rev = s.rev + 1,
      unread_messages = greatest(0, s.unread_messages + excluded.unread_messages),
      unseen_notifications = greatest(0, s.unseen_notifications + excluded.unseen_notifications)
    returning s.user_id, s.seq, s.rev, s.unread_messages, s.unseen_notifications,
      coalesce(old.head_mark, 0) as before_mark, coalesce(old.seq, 0) as before_seq
  ),
  grown as (
    insert into logs_to_trim (user_id)
    select user_id from stream where seq / 128 > before_seq / 128 order by user_id
    on conflict do nothing
  ),
  logged as (
    insert into user_events (user_id, seq, mark, type, subject_id, actor_id, data, flood)
    select d.user_id, s.seq - t.n + d.k, d.mark, d.type, d.subject_id, d.actor_id, d.data, coalesce(d.flood, 0)
    from draft d join total t using (user_id) join stream s using (user_id)
    where d.type is not null
  )
  select d.ord, d.user_id, case when d.type is not null then s.seq - t.n + d.k end, d.mark,
    case when d.k = 1 then s.before_mark
      else lag(d.mark) over (partition by d.user_id, d.type is null order by d.ord) end,
    s.rev, s.unread_messages, s.unseen_notifications
  from draft d join total t using (user_id) join stream s using (user_id)
  order by d.ord;
end
$$;

-- The only place that makes notifications: the row, its event and the counter, for many at once. The streams are locked before an
-- id is drawn, so that a user's ids, events and watermark have one order. Nobody is notified of what they did themselves, and
-- nothing crosses a block. Returns a row for each draft that changed something. Its outcome:
-- new: an event tells of it. revived: it was revoked and comes back silently, counted unless it had been seen; resumable sockets
-- learn that their list is stale. suppressed: one of a flood, counted, without an event.
-- What a block has revoked does not come back while the rows of that block are still to follow.
create function notify_users(drafts notification_draft[])
  returns table (ord bigint, outcome text, user_id bigint, notification_id bigint, seq bigint, mark integer,
    after_mark integer, rev bigint, unread_messages integer, unseen_notifications integer)
  language plpgsql
as $$
#variable_conflict use_column
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
  made as (
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
    select m.id, m.user_id, m.type, m.actor_id, m.is_new,
      (m.seen_at is null and m.id > (
        select s.notifications_seen_up_to from user_streams s where s.user_id = m.user_id))::integer as unseen, d.ord,
      m.type in ('like', 'follow') as is_reaction,
      (case when m.type in ('like', 'follow') then 1 when m.type in ('comment', 'reply', 'mention') then 2 else 0 end)::smallint as flood,
      case m.type when 'like' then m.ref_id else 0 end as target_id,
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
    select ord, seq, mark, after_mark, rev, unread_messages, unseen_notifications from append_events((
      select array_agg(row(
          j.user_id,
          case j.outcome when 'new' then 'notification:new' when 'revived' then 'sync:stale' end,
          case when j.outcome = 'new' then j.id end,
          j.actor_id,
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
