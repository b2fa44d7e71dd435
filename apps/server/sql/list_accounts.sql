-- Keeps the listing of accounts. Both states of a row are compared as sets: a join would be planned for few rows, and
-- take quadratic time for many.
create or replace function list_accounts() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    insert into account_listing (user_id, status, username, created_at, follower_count)
    select id, status, lower(username), created_at, follower_count from new_rows;
    return null;
  end if;
  insert into account_changes (user_id)
  select id from (select id, follower_count from new_rows except select id, follower_count from old_rows) changed;
  update account_listing l set status = c.status, username = c.username, created_at = c.created_at
  from (
    select id, status, lower(username) as username, created_at from new_rows
    except select id, status, lower(username), created_at from old_rows
  ) c
  where l.user_id = c.id;
  return null;
end
$$;
