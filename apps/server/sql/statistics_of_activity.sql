create or replace function statistics_of_activity(last_quarter timestamptz, is_counted boolean) returns setof statistic
  language sql immutable
as $$
  select 'last_active', last_quarter, 1::bigint where is_counted and last_quarter is not null
$$;
