-- An undone reaction stays counted on the day it was first given.
create or replace function statistics_of_reaction(kind text, created_at timestamptz, deleted_at timestamptz)
  returns setof statistic
  language sql immutable
as $$
  select kind, null::timestamptz, 1::bigint where deleted_at is null
  union all select kind || '_made', quarter_of(created_at), 1
$$;
