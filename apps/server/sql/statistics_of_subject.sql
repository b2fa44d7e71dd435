-- A subject that only muted reporters reported counts for itself; of the others it is known since when they wait.
create or replace function statistics_of_subject(tier smallint, oldest_at timestamptz) returns setof statistic
  language sql immutable
as $$
  select case when tier < 0 then 'queue_muted' else 'queue_pending' end, null::timestamptz, 1::bigint
  union all select 'queue_oldest', quarter_of(oldest_at), 1 where tier >= 0
$$;
