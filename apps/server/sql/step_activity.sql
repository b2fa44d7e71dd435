-- Counts the accounts that went on from one quarter hour to a later one. Longer ago than the longest day is -infinity.
create or replace function step_activity() returns trigger
  language plpgsql
as $$
begin
  insert into activity_steps as s (quarter, previous, users)
  select n.last_quarter,
    case when o.last_quarter >= n.last_quarter - interval '26 hours' then o.last_quarter else '-infinity' end,
    count(*)
  from new_rows n join old_rows o using (user_id)
  where n.last_quarter > coalesce(o.last_quarter, '-infinity')
  group by 1, 2 order by 1, 2
  on conflict (quarter, previous) do update set users = s.users + excluded.users;
  return null;
end
$$;
