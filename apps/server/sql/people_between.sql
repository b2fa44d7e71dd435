-- How many accounts were active in a day that begins and ends at these times.
create or replace function people_between(starts_at timestamptz, ends_at timestamptz) returns numeric
  language sql stable
as $$
  select coalesce(sum(users), 0) from activity_steps
  where quarter >= starts_at and quarter < ends_at and previous < starts_at
$$;
