-- Moves the day on which accounts were last active in their listing: once a day each.
create or replace function list_activity() returns trigger
  language plpgsql
as $$
begin
  update account_listing l set seen_on = c.seen_on
  from (
    select user_id, (last_quarter at time zone 'UTC')::date as seen_on from new_rows
    except select user_id, (last_quarter at time zone 'UTC')::date from old_rows
  ) c
  where l.user_id = c.user_id;
  return null;
end
$$;
