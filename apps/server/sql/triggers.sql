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
    ('video_views', $$statistics_of_view(r.kind, r.created_at)$$, false)
  ) as list (name, worth, is_recountable)
  loop
    execute format($text$
      create or replace function count_%1$s() returns trigger
        language plpgsql
      as $body$
      begin
        if tg_op = 'INSERT' then
          perform record_statistics(array(select s from new_rows r, %2$s s));
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
begin
  for wanted in
    select name, 'count' as verb, 'count_' || name as function, event
    from unnest('{accounts,videos,reports,likes,comments,follows,activity,video_views}'::text[]) name,
      unnest('{insert,update}'::text[]) event
    union all values
      ('accounts', 'keep', 'keep_activity', 'insert'),
      ('accounts', 'keep', 'keep_activity', 'update'),
      ('activity', 'step', 'step_activity', 'update')
  loop
    if exists (
      select from pg_trigger
      where tgrelid = wanted.name::regclass and tgname = format('%s_after_%s', wanted.verb, wanted.event)
    ) then
      continue;
    end if;
    execute format('create trigger %s_after_%s after %2$s on %s referencing %s for each statement execute function %s()',
      wanted.verb, wanted.event, wanted.name,
      case wanted.event when 'update' then 'old table as old_rows ' else '' end || 'new table as new_rows',
      wanted.function);
  end loop;
end
$do$;
