-- The numbers of the dashboard, kept while things happen instead of counted when somebody asks. A counter is spread over
-- one row a backend: nobody waits for another's transaction to count, and statistics can never be part of a deadlock.
-- Rows of the past are folded into shard 0.
create table statistics (
  metric text not null,
  quarter timestamptz(0) not null, -- the UTC quarter hour that is counted; -infinity: the total that stands now
  shard integer not null,
  value bigint not null,
  primary key (metric, quarter, shard)
) with (fillfactor = 70);
create index statistics_shards on statistics (quarter) where shard <> 0;

create type statistic as (metric text, quarter timestamptz, value bigint);

-- Every time zone is a multiple of a quarter hour away from UTC, so days of any zone can be made of these.
create function quarter_of(at timestamptz) returns timestamptz
  language sql immutable parallel safe
  return date_bin('15 minutes', at, '2000-01-01 00:00:00+00');

create function record_statistics(moves statistic[]) returns void
  language sql
as $$
  insert into statistics as s (metric, quarter, shard, value)
  select m.metric, coalesce(m.quarter, '-infinity'), pg_backend_pid(), sum(m.value)
  from unnest(moves) as m where m.value <> 0
  group by 1, 2 having sum(m.value) <> 0 order by 1, 2
  on conflict (metric, quarter, shard) do update set value = s.value + excluded.value
$$;

-- Brings the counters of the past, and the totals, back to one row each. Rows in use are left for the next time.
create function fold_statistics(before timestamptz) returns void
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

-- What a row adds to the counters. A trigger adds it for the rows a statement wrote and takes it away for what they were
-- before; a recount is its sum over the table.

create function statistics_of_account(status text, created_at timestamptz) returns setof statistic
  language sql immutable
as $$
  select 'users', null::timestamptz, 1::bigint where status <> 'deleted'
  union all select 'users_banned', null, 1 where status = 'banned'
  union all select 'users_made', quarter_of(created_at), 1
$$;

create function statistics_of_video(visibility text, created_at timestamptz, deleted_at timestamptz) returns setof statistic
  language sql immutable
as $$
  select 'videos_' || case when deleted_at is null then visibility else 'deleted' end, null::timestamptz, 1::bigint
  union all select 'videos_made', quarter_of(created_at), 1
$$;

-- A pending report belongs to the day it was made, a decided one to the day of the decision.
create function statistics_of_report(status text, created_at timestamptz, resolved_at timestamptz) returns setof statistic
  language sql immutable
as $$
  select 'reports_' || status, null::timestamptz, 1::bigint
  union all select 'reports_' || status || '_on', quarter_of(coalesce(resolved_at, created_at)), 1
$$;

-- A reaction taken back stays counted on the day it was first given.
create function statistics_of_reaction(kind text, created_at timestamptz, deleted_at timestamptz) returns setof statistic
  language sql immutable
as $$
  select kind, null::timestamptz, 1::bigint where deleted_at is null
  union all select kind || '_made', quarter_of(created_at), 1
$$;

create function statistics_of_activity(last_quarter timestamptz, is_counted boolean) returns setof statistic
  language sql immutable
as $$
  select 'last_active', last_quarter, 1::bigint where is_counted and last_quarter is not null
$$;

-- A follow taken back keeps its row, as a like does: following again revives it, with its first day.
alter table follows add column deleted_at timestamptz(3);
drop index follows_followee;
drop index follows_follower;
create index follows_followee on follows (followee_id, created_at desc, follower_id desc) where deleted_at is null;
create index follows_follower on follows (follower_id, created_at desc, followee_id desc) where deleted_at is null;

-- When each account last gave a sign, to the quarter hour; the banned and the deleted are not counted as active.
create table activity (
  user_id bigint primary key,
  last_quarter timestamptz(0),
  is_counted boolean not null
) with (fillfactor = 70);
insert into activity (user_id, is_counted) select id, status = 'active' from accounts;

-- Of those who gave a sign in a quarter hour, how many gave the one before in which; -infinity: longer ago than the longest
-- day. Whoever comes from before a day's beginning is new on that day: so the people of a day can be told for days of any
-- time zone, without a row a person and day.
create table activity_steps (
  quarter timestamptz(0) not null,
  previous timestamptz(0) not null,
  users bigint not null,
  primary key (quarter, previous)
) with (fillfactor = 70);

-- The people of days that are over, added up once.
create table active_days (
  starts_at timestamptz(0) not null,
  ends_at timestamptz(0) not null,
  users bigint not null,
  primary key (starts_at, ends_at)
);

-- The last seven days of a time zone, today included; what is later than now belongs to today.
create function recent_days(now timestamptz, timezone text) returns table (day date, starts_at timestamptz, ends_at timestamptz)
  language sql stable
as $$
  select day, starts_at, lead(starts_at, 1, 'infinity') over (order by day) from (
    select (quarter at time zone timezone)::date as day, min(quarter) as starts_at
    from generate_series(quarter_of(now) - interval '8 days', quarter_of(now), interval '15 minutes') quarter
    group by 1 order by 1 desc limit 7
  ) days
$$;

create function people_between(starts_at timestamptz, ends_at timestamptz) returns numeric
  language sql stable
as $$
  select coalesce(sum(users), 0) from activity_steps
  where quarter >= starts_at and quarter < ends_at and previous < starts_at
$$;

alter table video_views add column created_at timestamptz(3) not null default now();

create index accounts_newest on accounts (id desc) where status <> 'deleted';
create index videos_latest on videos (id desc) where deleted_at is null;

create function count_accounts() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    perform record_statistics(array(
      select s from new_rows n, statistics_of_account(n.status, n.created_at) s));
    insert into activity (user_id, is_counted) select id, status = 'active' from new_rows;
  else
    perform record_statistics(array(
      select s from new_rows n, statistics_of_account(n.status, n.created_at) s
      union all
      select (s.metric, s.quarter, -s.value)::statistic from old_rows o, statistics_of_account(o.status, o.created_at) s));
    update activity a set is_counted = n.status = 'active' from new_rows n
    where a.user_id = n.id and a.is_counted <> (n.status = 'active');
  end if;
  return null;
end
$$;
create trigger count_inserted after insert on accounts referencing new table as new_rows
  for each statement execute function count_accounts();
create trigger count_updated after update on accounts referencing old table as old_rows new table as new_rows
  for each statement execute function count_accounts();

create function count_videos() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    perform record_statistics(array(
      select s from new_rows n, statistics_of_video(n.visibility, n.created_at, n.deleted_at) s));
  else
    perform record_statistics(array(
      select s from new_rows n, statistics_of_video(n.visibility, n.created_at, n.deleted_at) s
      union all
      select (s.metric, s.quarter, -s.value)::statistic from old_rows o, statistics_of_video(o.visibility, o.created_at, o.deleted_at) s));
  end if;
  return null;
end
$$;
create trigger count_inserted after insert on videos referencing new table as new_rows
  for each statement execute function count_videos();
create trigger count_updated after update on videos referencing old table as old_rows new table as new_rows
  for each statement execute function count_videos();

create function count_reports() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    perform record_statistics(array(
      select s from new_rows n, statistics_of_report(n.status, n.created_at, n.resolved_at) s));
  else
    perform record_statistics(array(
      select s from new_rows n, statistics_of_report(n.status, n.created_at, n.resolved_at) s
      union all
      select (s.metric, s.quarter, -s.value)::statistic from old_rows o, statistics_of_report(o.status, o.created_at, o.resolved_at) s));
  end if;
  return null;
end
$$;
create trigger count_inserted after insert on reports referencing new table as new_rows
  for each statement execute function count_reports();
create trigger count_updated after update on reports referencing old table as old_rows new table as new_rows
  for each statement execute function count_reports();

create function count_likes() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    perform record_statistics(array(
      select s from new_rows n, statistics_of_reaction('likes', n.created_at, n.deleted_at) s));
  else
    perform record_statistics(array(
      select s from new_rows n, statistics_of_reaction('likes', n.created_at, n.deleted_at) s
      union all
      select (s.metric, s.quarter, -s.value)::statistic from old_rows o, statistics_of_reaction('likes', o.created_at, o.deleted_at) s));
  end if;
  return null;
end
$$;
create trigger count_inserted after insert on likes referencing new table as new_rows
  for each statement execute function count_likes();
create trigger count_updated after update on likes referencing old table as old_rows new table as new_rows
  for each statement execute function count_likes();

create function count_comments() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    perform record_statistics(array(
      select s from new_rows n, statistics_of_reaction('comments', n.created_at, n.deleted_at) s));
  else
    perform record_statistics(array(
      select s from new_rows n, statistics_of_reaction('comments', n.created_at, n.deleted_at) s
      union all
      select (s.metric, s.quarter, -s.value)::statistic from old_rows o, statistics_of_reaction('comments', o.created_at, o.deleted_at) s));
  end if;
  return null;
end
$$;
create trigger count_inserted after insert on comments referencing new table as new_rows
  for each statement execute function count_comments();
create trigger count_updated after update on comments referencing old table as old_rows new table as new_rows
  for each statement execute function count_comments();

create function count_follows() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    perform record_statistics(array(
      select s from new_rows n, statistics_of_reaction('follows', n.created_at, n.deleted_at) s));
  else
    perform record_statistics(array(
      select s from new_rows n, statistics_of_reaction('follows', n.created_at, n.deleted_at) s
      union all
      select (s.metric, s.quarter, -s.value)::statistic from old_rows o, statistics_of_reaction('follows', o.created_at, o.deleted_at) s));
  end if;
  return null;
end
$$;
create trigger count_inserted after insert on follows referencing new table as new_rows
  for each statement execute function count_follows();
create trigger count_updated after update on follows referencing old table as old_rows new table as new_rows
  for each statement execute function count_follows();

create function count_activity() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    perform record_statistics(array(
      select s from new_rows n, statistics_of_activity(n.last_quarter, n.is_counted) s));
  else
    perform record_statistics(array(
      select s from new_rows n, statistics_of_activity(n.last_quarter, n.is_counted) s
      union all
      select (s.metric, s.quarter, -s.value)::statistic from old_rows o, statistics_of_activity(o.last_quarter, o.is_counted) s));
    insert into activity_steps as s (quarter, previous, users)
    select n.last_quarter,
      case when o.last_quarter >= n.last_quarter - interval '26 hours' then o.last_quarter else '-infinity' end,
      count(*)
    from new_rows n join old_rows o using (user_id)
    where n.last_quarter > coalesce(o.last_quarter, '-infinity')
    group by 1, 2 order by 1, 2
    on conflict (quarter, previous) do update set users = s.users + excluded.users;
  end if;
  return null;
end
$$;
create trigger count_inserted after insert on activity referencing new table as new_rows
  for each statement execute function count_activity();
create trigger count_updated after update on activity referencing old table as old_rows new table as new_rows
  for each statement execute function count_activity();

create function count_views() returns trigger
  language plpgsql
as $$
begin
  perform record_statistics(array(
    select s from new_rows n, statistics_of_reaction('views', n.created_at, null) s where n.kind = 'view'));
  return null;
end
$$;
create trigger count_inserted after insert on video_views referencing new table as new_rows
  for each statement execute function count_views();

-- What the counters must be. The days of views are not here: who looked is forgotten after an hour.
create view statistics_recounted as
  select m.metric, coalesce(m.quarter, '-infinity') as quarter, sum(m.value)::bigint as value
  from (
    select s.metric, s.quarter, s.value from accounts r, statistics_of_account(r.status, r.created_at) s
    union all select s.metric, s.quarter, s.value from videos r, statistics_of_video(r.visibility, r.created_at, r.deleted_at) s
    union all select s.metric, s.quarter, s.value from reports r, statistics_of_report(r.status, r.created_at, r.resolved_at) s
    union all select s.metric, s.quarter, s.value from likes r, statistics_of_reaction('likes', r.created_at, r.deleted_at) s
    union all select s.metric, s.quarter, s.value from comments r, statistics_of_reaction('comments', r.created_at, r.deleted_at) s
    union all select s.metric, s.quarter, s.value from follows r, statistics_of_reaction('follows', r.created_at, r.deleted_at) s
    union all select s.metric, s.quarter, s.value from activity r, statistics_of_activity(r.last_quarter, r.is_counted) s
    union all select 'views', null, sum(views_count) from videos having sum(views_count) > 0
  ) m
  group by 1, 2;

-- What stands already when the counters begin.
insert into statistics (metric, quarter, shard, value) select metric, quarter, 0, value from statistics_recounted;
