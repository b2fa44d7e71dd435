create or replace function statistics_of_account(status text, created_at timestamptz) returns setof statistic
  language sql immutable
as $$
  select 'users', null::timestamptz, 1::bigint where status <> 'deleted'
  union all select 'users_banned', null, 1 where status = 'banned'
  union all select 'users_made', quarter_of(created_at), 1
$$;
