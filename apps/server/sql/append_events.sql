-- The only place that moves seq. Numbers are gapless and in commit order because the stream's row stays locked to the
-- end of the transaction; rows are taken in the order of user_id, so concurrent callers never deadlock.
-- Returns one row a draft, in the order given; after_mark is the mark of the event before.
-- A log is noted for trimming each time it has grown by 128 events: a check costs more than an event.
create or replace function append_events(drafts event_draft[])
  returns table (ord bigint, user_id bigint, seq bigint, mark integer, after_mark integer, rev bigint,
    unread_messages integer, unseen_notifications integer)
  language plpgsql
as $$
#variable_conflict use_column
begin
  return query
  with draft as (
    select d.user_id, d.type, d.subject_id, d.data, d.unread_messages, d.unseen_notifications, d.flood,
      d.ord, count(d.type) over (partition by d.user_id order by d.ord) as k,
      case when d.type is not null then 1 + floor(random() * 2147483646)::integer end as mark
    from unnest(drafts) with ordinality
      as d (user_id, type, subject_id, data, unread_messages, unseen_notifications, flood, ord)
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
    insert into user_events (user_id, seq, mark, type, subject_id, data, flood)
    select d.user_id, s.seq - t.n + d.k, d.mark, d.type, d.subject_id, d.data, coalesce(d.flood, 0)
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
