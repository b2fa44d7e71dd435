-- A pending report belongs to the day it was created, a decided one to the day of the decision.
create or replace function statistics_of_report(status text, created_at timestamptz, resolved_at timestamptz)
  returns setof statistic
  language sql immutable
as $$
  select 'reports_' || status, null::timestamptz, 1::bigint
  union all select 'reports_' || status || '_on', quarter_of(coalesce(resolved_at, created_at)), 1
$$;
