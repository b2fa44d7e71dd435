-- What is counted, a table a line: what a row `r` of it adds to the counters, and whether its rows can be counted again
-- (who viewed a video is forgotten after an hour). Each table gets a trigger function from one text, so that its
-- statements keep plans of their own. It adds what the rows that a statement wrote are worth, and subtracts what they
-- were worth before. statistics_recounted is what the counters must be.
do $do$
declare
  counted record;
  recounts text[] := '{}';
begin
  for counted in select * from (values
    ('accounts', $$statistics_of_account(r.status, r.created_at)$$, true),
    ('videos', $$statistics_of_video(r.visibility, r.created_at, r.deleted_at)$$, true),
    ('reports', $$statistics_of_report(r.status, r.created_at, r.resolved_at)$$, true),
    ('likes', $$statistics_of_reaction('likes', r.created_at, r.deleted_at)$$, true),
    ('comments', $$statistics_of_reaction('comments', r.created_at, r.deleted_at)$$, true),
    ('follows', $$statistics_of_reaction('follows', r.created_at, r.deleted_at)$$, true),
    ('activity', $$statistics_of_activity(r.last_quarter, r.is_counted)$$, true),
    ('video_views', $$statistics_of_view(r.kind, r.created_at)$$, false),
    ('moderation_queue', $$statistics_of_subject(r.tier, r.oldest_at)$$, true)
  ) as list (name, worth, is_recountable)
  loop
    execute format($text$
      create or replace function count_%1$s() returns trigger
        language plpgsql
      as $body$
      begin
        if tg_op = 'INSERT' then
          perform record_statistics(array(select s from new_rows r, %2$s s));
        elsif tg_op = 'DELETE' then
          perform record_statistics(array(select (s.metric, s.quarter, -s.value)::statistic from old_rows r, %2$s s));
        else
          perform record_statistics(array(
            select s from new_rows r, %2$s s
            union all select (s.metric, s.quarter, -s.value)::statistic from old_rows r, %2$s s));
        end if;
        return null;
      end
      $body$ $text$, counted.name, counted.worth);
    if counted.is_recountable then
      recounts := recounts || format('select s.metric, s.quarter, s.value from %s r, %s s', counted.name, counted.worth);
    end if;
  end loop;
  recounts := recounts || 'select ''views'', null, sum(views_count) from videos having sum(views_count) > 0'::text;
  execute format('create or replace view statistics_recounted as
    select m.metric, coalesce(m.quarter, ''-infinity'') as quarter, sum(m.value)::bigint as value
    from (%s) m group by 1, 2', array_to_string(recounts, ' union all '));
end
$do$;

-- Triggers are created where they are missing and not replaced: that would lock their tables each time.
do $do$
declare
  wanted record;
  is_listing_new boolean := false;
begin
  for wanted in
    select name, 'count' as verb, 'count_' || name as function, event
    from unnest('{accounts,videos,reports,likes,comments,follows,activity,video_views,moderation_queue}'::text[]) name,
      unnest('{insert,update}'::text[]) event
    union all values
      ('accounts', 'keep', 'keep_activity', 'insert'),
      ('accounts', 'keep', 'keep_activity', 'update'),
      ('activity', 'step', 'step_activity', 'update'),
      ('moderation_queue', 'count', 'count_moderation_queue', 'delete'),
      ('reports', 'queue', 'queue_new_reports', 'insert'),
      ('reports', 'queue', 'queue_changed_reports', 'update'),
      ('activity', 'list', 'list_activity', 'update'),
      ('accounts', 'list', 'list_accounts', 'insert'),
      ('accounts', 'list', 'list_accounts', 'update'),
      ('videos', 'list', 'list_videos', 'insert'),
      ('videos', 'list', 'list_videos', 'update')
  loop
    if exists (
      select from pg_trigger
      where tgrelid = wanted.name::regclass and tgname = format('%s_after_%s', wanted.verb, wanted.event)
    ) then
      continue;
    end if;
    execute format('create trigger %s_after_%s after %2$s on %s referencing %s for each statement execute function %s()',
      wanted.verb, wanted.event, wanted.name,
      concat_ws(' ', case when wanted.event <> 'insert' then 'old table as old_rows' end,
        case when wanted.event <> 'delete' then 'new table as new_rows' end),
      wanted.function);
    is_listing_new := is_listing_new or wanted.verb = 'list';
  end loop;
  -- The new triggers hold their tables, so nothing is written that the listings would miss.
  if is_listing_new then
    insert into account_listing (user_id, status, username, created_at, seen_on, follower_count)
    select a.id, a.status, lower(a.username), a.created_at, (y.last_quarter at time zone 'UTC')::date, a.follower_count
    from accounts a left join activity y on y.user_id = a.id
    on conflict do nothing;
    insert into video_listing (video_id, owner_id, standing, created_at, views_count, likes_count, comments_count)
    select id, owner_id, standing_of(visibility, deleted_at), created_at, views_count, likes_count, comments_count
    from videos
    on conflict do nothing;
    insert into video_changes (video_id) select id from videos where views_count > 0 or likes_count > 0;
  end if;
end
$do$;
