-- The last seven days of a time zone, today included; what is later than now belongs to today.
create or replace function recent_days(now timestamptz, timezone text)
  returns table (day date, starts_at timestamptz, ends_at timestamptz)
  language sql stable
as $$
  select day, starts_at, lead(starts_at, 1, 'infinity') over (order by day) from (
    select (quarter at time zone timezone)::date as day, min(quarter) as starts_at
    from generate_series(quarter_of(now) - interval '8 days', quarter_of(now), interval '15 minutes') quarter
    group by 1 order by 1 desc limit 7
  ) days
$$;
