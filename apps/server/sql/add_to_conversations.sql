-- Notes new messages in conversations that `lock_conversations` has locked. Returns how many sides moved.
create or replace function add_to_conversations(receivers bigint[], senders bigint[], ids bigint[]) returns bigint
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
