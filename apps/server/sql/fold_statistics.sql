-- Brings the counters of the past, and the totals, back to one row each. Rows in use are left for the next time.
create or replace function fold_statistics(before timestamptz) returns void
  language sql
as $$
  with taken as (
    select metric, quarter, shard from statistics where shard <> 0 and quarter < before for update skip locked
  ),
  gone as (
    delete from statistics s using taken t
    where s.metric = t.metric and s.quarter = t.quarter and s.shard = t.shard
    returning s.metric, s.quarter, s.value
  )
  insert into statistics as s (metric, quarter, shard, value)
  select metric, quarter, 0, sum(value) from gone group by 1, 2 order by 1, 2
  on conflict (metric, quarter, shard) do update set value = s.value + excluded.value
$$;
