-- Locks the streams of users to the end of the transaction, in the order of user_id. What is drawn or decided afterwards, in a
-- statement of its own, comes after all that other transactions wrote for these users. An insert that finds its row locks it,
-- also where its update does not apply.
create or replace function lock_streams(users bigint[]) returns void
  language plpgsql
as $$
begin
  insert into user_streams as s (user_id) select distinct u from unnest(users) u order by u
  on conflict (user_id) do update set rev = s.rev where false;
end
$$;
