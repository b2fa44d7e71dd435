-- One row a user: the head of his log and his counters. Accounts are never deleted, and the operations that write
-- here join accounts themselves, so the hot tables carry no foreign keys.
create table user_streams (
  user_id bigint primary key,
  seq bigint not null default 0,
  rev bigint not null default 0,
  floor_seq bigint not null default 0,
  confirmed_seq bigint not null default 0,
  unseen_notifications integer not null default 0,
  unread_messages integer not null default 0
) with (fillfactor = 50);

create table user_events (
  user_id bigint not null,
  seq bigint not null,
  type text not null,
  subject_id bigint,
  actor_id bigint,
  data json, -- not jsonb: a replayed event keeps the order of its keys
  created_at timestamptz(3) not null default now(),
  primary key (user_id, seq)
);

create table session_cursors (
  user_id bigint not null,
  session_id bigint not null,
  confirmed_seq bigint not null,
  updated_at timestamptz(3) not null default now(),
  primary key (user_id, session_id)
) with (fillfactor = 70);

-- The epoch makes a cursor of a restored copy of this database recognisable as foreign.
create table delivery_epoch (
  only_row boolean primary key default true check (only_row),
  epoch text not null default substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)
);
insert into delivery_epoch default values;

-- What a caller wants written to one user's log. Without a type it takes no number and only moves the counters.
create type event_draft as (
  user_id bigint,
  type text,
  subject_id bigint,
  actor_id bigint,
  data json,
  unread_messages integer,
  unseen_notifications integer
);

-- The only place that moves seq. Numbers are gapless and in commit order because the stream's row stays locked to the
-- end of the transaction; rows are taken in the order of user_id, so concurrent callers never deadlock.
-- Answers one row a draft, in the order given.
create function append_events(drafts event_draft[])
  returns table (ord bigint, user_id bigint, seq bigint, rev bigint, unread_messages integer, unseen_notifications integer)
  language plpgsql
as $$
#variable_conflict use_column
begin
  return query
  with draft as (
    select d.user_id, d.type, d.subject_id, d.actor_id, d.data, d.unread_messages, d.unseen_notifications, d.ord,
      count(d.type) over (partition by d.user_id order by d.ord) as k
    from unnest(drafts) with ordinality
      as d (user_id, type, subject_id, actor_id, data, unread_messages, unseen_notifications, ord)
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
    insert into user_events (user_id, seq, type, subject_id, actor_id, data)
    select d.user_id, s.seq - t.n + d.k, d.type, d.subject_id, d.actor_id, d.data
    from draft d join total t using (user_id) join stream s using (user_id)
    where d.type is not null
  )
  select d.ord, d.user_id, case when d.type is not null then s.seq - t.n + d.k end, s.rev,
    s.unread_messages, s.unseen_notifications
  from draft d join total t using (user_id) join stream s using (user_id)
  order by d.ord;
end
$$;
