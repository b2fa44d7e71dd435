-- Work that touches more rows than a statement can. It is written here in the transaction of the state that asks for it, and
-- done afterwards in small batches by whichever node comes first. A batch and the progress of its job are committed together.
create table durable_jobs (
  id bigint generated always as identity primary key,
  kind text not null,
  data jsonb not null,
  batch_size integer not null,
  batches integer not null default 0,
  failures integer not null default 0, -- since the last batch that succeeded
  run_after timestamptz not null default now(),
  created_at timestamptz(3) not null default now()
);
create index durable_jobs_due on durable_jobs (run_after, id);

-- "Seen up to here": what lies at or below it is seen, without a write to its row. Right only because the ids of one user are
-- drawn while the row that holds the watermark is locked: none at or below it can be committed later.
alter table user_streams add column notifications_seen_up_to bigint not null default 0;
alter table conversations add column seen_up_to bigint not null default 0;

-- What a block has revoked while the rows of it are still to follow: of one user, by one actor, those of these ids that had not
-- been seen. They are out of the list and the count from the block's commit on.
create table notification_revocations (
  user_id bigint not null,
  actor_id bigint not null,
  ids int8multirange not null,
  primary key (user_id, actor_id)
);

-- The predicates of everything that lists, counts, marks, revokes, deletes or renders notifications. The planner inlines them,
-- so indexes are used. `revoked` are the ids of notification_revocations for the notification's user and actor, if any.
create function is_listed(notification notifications, revoked int8multirange) returns boolean
  language sql immutable parallel safe
  return notification.revoked_at is null and notification.deleted_at is null
    and (notification.seen_at is null and revoked @> notification.id) is not true;

create function is_unseen(notification notifications, seen_up_to bigint, revoked int8multirange) returns boolean
  language sql immutable parallel safe
  return notification.seen_at is null and notification.id > seen_up_to and is_listed(notification, revoked);

create function is_seen(notification notifications, seen_up_to bigint) returns boolean
  language sql immutable parallel safe
  return notification.seen_at is not null or notification.id <= seen_up_to;

-- The same of messages. `seen_up_to` is that of the receiver's side of the conversation; null: there is none.
create function is_unseen(message messages, seen_up_to bigint) returns boolean
  language sql immutable parallel safe
  return message.seen_at is null and message.deleted_at is null and message.id > coalesce(seen_up_to, 0);

create function is_seen(message messages, seen_up_to bigint) returns boolean
  language sql immutable parallel safe
  return message.seen_at is not null or message.id <= coalesce(seen_up_to, 0);

drop index notifications_pair;
create index notifications_pair on notifications (user_id, actor_id, id)
  where seen_at is null and revoked_at is null and deleted_at is null;

-- What the deletion of an account looks up by its owner, and by the owner's videos.
create index videos_of_owner on videos (owner_id, id);
create index bookmarks_video on bookmarks (video_id, user_id);
create index sessions_to_empty on sessions (user_id, id)
  where revoked_at is null or user_agent is not null or address is not null;

-- Locks the streams of users to the end of the transaction, in the order of user_id. What is drawn or decided afterwards, in a
-- statement of its own, comes after all that other transactions wrote for these users. An insert that finds its row locks it,
-- also where its update does not apply.
create function lock_streams(users bigint[]) returns void
  language plpgsql
as $$
begin
  insert into user_streams as s (user_id) select distinct u from unnest(users) u order by u
  on conflict (user_id) do update set rev = s.rev where false;
end
$$;

-- The same for conversations, both sides of each.
create function lock_conversations(users bigint[], peers bigint[]) returns void
  language plpgsql
as $$
begin
  insert into conversations as c (user_id, peer_id)
  select side.user_id, side.peer_id from (
    select d.u, d.p from unnest(users, peers) as d(u, p) union select d.p, d.u from unnest(users, peers) as d(u, p)
  ) as side(user_id, peer_id)
  order by side.user_id, side.peer_id
  on conflict (user_id, peer_id) do update set unread = c.unread where false;
end
$$;

-- Notes new messages in conversations that `lock_conversations` has locked. Returns how many sides moved.
create function add_to_conversations(receivers bigint[], senders bigint[], ids bigint[]) returns bigint
  language plpgsql
as $$
declare
  moved bigint;
begin
  insert into conversations as c (user_id, peer_id, last_message_id, unread)
  select side.user_id, side.peer_id, max(side.id), sum(side.unread) from (
    select m.receiver_id, m.sender_id, m.id, 1 from unnest(receivers, senders, ids) as m(receiver_id, sender_id, id)
    union all select m.sender_id, m.receiver_id, m.id, 0 from unnest(receivers, senders, ids) as m(receiver_id, sender_id, id)
  ) as side(user_id, peer_id, id, unread)
  group by side.user_id, side.peer_id order by side.user_id, side.peer_id
  on conflict (user_id, peer_id) do update set
    last_message_id = greatest(c.last_message_id, excluded.last_message_id), unread = c.unread + excluded.unread;
  get diagnostics moved = row_count;
  return moved;
end
$$;

-- The only place that makes notifications: the row, its event and the counter, for many at once. The streams are locked before an
-- id is drawn, so that a user's ids, events and watermark have one order. Nobody is notified of what they did themselves, and
-- nothing crosses a block. Returns a row for each draft that changed something. Its outcome:
-- new: an event tells of it. revived: it was revoked and comes back silently, counted unless it had been seen; resumable sockets
-- learn that their list is stale. suppressed: one of a flood, counted, without an event.
-- What a block has revoked does not come back while the rows of that block are still to follow.
create or replace function notify_users(drafts notification_draft[])
  returns table (ord bigint, outcome text, user_id bigint, notification_id bigint, seq bigint, rev bigint,
    unread_messages integer, unseen_notifications integer)
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
