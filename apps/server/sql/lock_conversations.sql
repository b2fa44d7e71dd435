-- Locks conversations, both sides of each, as lock_streams locks streams.
create or replace function lock_conversations(users bigint[], peers bigint[]) returns void
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
