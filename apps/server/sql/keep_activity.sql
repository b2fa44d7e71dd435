-- Accounts have their row in activity, which knows whether they are counted.
create or replace function keep_activity() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    insert into activity (user_id, is_counted) select id, status = 'active' from new_rows;
  else
    update activity a set is_counted = n.status = 'active' from new_rows n
    where a.user_id = n.id and a.is_counted <> (n.status = 'active');
  end if;
  return null;
end
$$;
