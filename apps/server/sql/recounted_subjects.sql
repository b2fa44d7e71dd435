-- What the rows of the queue must be: counted from the reports that are pending and that no decision covers.
create or replace function recounted_subjects()
  returns table (target_type text, target_id bigint, reports integer, muted integer, urgent integer, score bigint,
    by_category integer[], oldest_at timestamptz, newest_at timestamptz)
  language sql stable
as $$
  select r.target_type, r.target_id, count(*)::int, (count(*) filter (where r.is_muted))::int,
    (count(*) filter (where r.is_urgent and not r.is_muted))::int,
    coalesce(sum(r.weight) filter (where not r.is_muted), 0)::bigint,
    array[count(*) filter (where r.category = 'spam'), count(*) filter (where r.category = 'harassment'),
      count(*) filter (where r.category = 'hate'), count(*) filter (where r.category = 'sexual'),
      count(*) filter (where r.category = 'violence'), count(*) filter (where r.category = 'minors'),
      count(*) filter (where r.category = 'self_harm'), count(*) filter (where r.category = 'other')]::integer[],
    min(r.created_at), max(r.created_at)
  from reports r
  where r.status = 'pending' and not exists (
    select from decisions d where d.is_closing and d.target_type = r.target_type and d.target_id = r.target_id
      and d.up_to_report_id >= r.id)
  group by r.target_type, r.target_id
$$;
