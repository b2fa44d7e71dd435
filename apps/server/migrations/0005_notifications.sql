-- What happened to a user that he has not asked for. `subject_id` is the comment for comment, reply and mention, else 0.
-- A like taken back revokes its notification; given again, it revives it: the unique key makes it the same row.
create table notifications (
  id bigint generated always as identity primary key,
  user_id bigint not null,
  type text not null
    check (type in ('like', 'comment', 'follow', 'reply', 'mention', 'admin_delete', 'admin_resolve')),
  ref_id bigint not null,
  actor_id bigint,
  subject_id bigint not null default 0,
  created_at timestamptz(3) not null default now(),
  seen_at timestamptz(3),
  revoked_at timestamptz(3),
  deleted_at timestamptz(3),
  unique nulls not distinct (user_id, type, ref_id, actor_id, subject_id)
) with (fillfactor = 90);
-- The same predicate as the counter's: what is listed is what is counted.
create index notifications_newest on notifications (user_id, id desc) where revoked_at is null and deleted_at is null;
create index notifications_unseen on notifications (user_id, id)
  where seen_at is null and revoked_at is null and deleted_at is null;
create index notifications_subject on notifications (subject_id) where subject_id <> 0;
create index notifications_pair on notifications (user_id, actor_id)
  where seen_at is null and revoked_at is null and deleted_at is null;

create type notification_draft as (user_id bigint, type text, ref_id bigint, actor_id bigint, subject_id bigint);

-- The only place that makes notifications: the row, its event and the counter, for many at once. Nobody is told of what he
-- did himself, and nothing crosses a block. One that was revoked comes back silently: counted, without an event.
-- Answers a row for each draft that changed something; seq is null for a revived one.
create function notify_users(drafts notification_draft[])
  returns table (ord bigint, user_id bigint, notification_id bigint, created_at timestamptz, seq bigint, rev bigint,
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
    returning n.id, n.user_id, n.type, n.ref_id, n.actor_id, n.subject_id, n.created_at, n.seen_at, n.deleted_at,
      (old.id is null) as is_new
  ),
  told as (
    select m.*, d.ord, row_number() over (order by d.ord) as k
    from made m join draft d on d.user_id = m.user_id and d.type = m.type and d.ref_id = m.ref_id
      and d.actor_id is not distinct from m.actor_id and d.subject_id = m.subject_id
    where m.is_new or (m.seen_at is null and m.deleted_at is null)
  ),
  appended as (
    select * from append_events((
      select array_agg(row(t.user_id, case when t.is_new then 'notification:new' end, t.id, t.actor_id, null, 0, 1)::event_draft
        order by t.k)
      from told t))
  )
  select t.ord, t.user_id, t.id, t.created_at, a.seq, a.rev, a.unread_messages, a.unseen_notifications
  from told t join appended a on a.ord = t.k
  order by t.ord;
end
$$;
