-- Adds to the counters of this backend.
create or replace function record_statistics(moves statistic[]) returns void
  language sql
as $$
  insert into statistics as s (metric, quarter, shard, value)
  select m.metric, coalesce(m.quarter, '-infinity'), pg_backend_pid(), sum(m.value)
  from unnest(moves) as m where m.value <> 0
  group by 1, 2 having sum(m.value) <> 0 order by 1, 2
  on conflict (metric, quarter, shard) do update set value = s.value + excluded.value
$$;
