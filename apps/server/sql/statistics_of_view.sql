create or replace function statistics_of_view(kind text, created_at timestamptz) returns setof statistic
  language sql immutable
as $$
  select s.metric, s.quarter, s.value from statistics_of_reaction('views', created_at, null) s where kind = 'view'
$$;
