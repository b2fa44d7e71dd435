create or replace function statistics_of_video(visibility text, created_at timestamptz, deleted_at timestamptz)
  returns setof statistic
  language sql immutable
as $$
  select 'videos_' || case when deleted_at is null then visibility else 'deleted' end, null::timestamptz, 1::bigint
  union all select 'videos_made', quarter_of(created_at), 1
$$;
