-- Moves the subjects of the queue by reports that were made, changed, decided or reopened. Those that a decision covers
-- count no more, though its job may have yet to close them; the lock on the decision keeps the job from ending while a
-- report of before is on its way.
create or replace function move_in_queue(moves report_move[]) returns void
  language plpgsql
as $$
begin
  perform from decisions d
  where d.is_closing and (d.target_type, d.target_id) in (select m.target_type, m.target_id from unnest(moves) m)
  order by d.id for share;

  -- Before the statement that reads what is pending: else it would not know what was committed while it waited.
  perform from moderation_queue q
  where (q.target_type, q.target_id) in (select m.target_type, m.target_id from unnest(moves) m)
  order by q.target_type, q.target_id for update;

  with covered as (
    select m.*, coalesce((
      select max(d.up_to_report_id) from decisions d
      where d.is_closing and d.target_type = m.target_type and d.target_id = m.target_id), 0) as covered_up_to
    from unnest(moves) m
  ),
  delta as (
    select c.target_type, c.target_id, c.covered_up_to, max(c.author_id) as author_id, sum(c.sign)::int as reports,
      min(c.created_at) as oldest_at, max(c.created_at) as newest_at, bool_or(c.sign < 0) as is_reduced,
      (sum(c.sign) filter (where c.is_muted))::int as muted, (sum(c.sign) filter (where c.is_urgent))::int as urgent,
      sum(c.sign * c.weight) as score,
      (sum(c.sign) filter (where c.category = 'spam'))::int as spam,
      (sum(c.sign) filter (where c.category = 'harassment'))::int as harassment,
      (sum(c.sign) filter (where c.category = 'hate'))::int as hate,
      (sum(c.sign) filter (where c.category = 'sexual'))::int as sexual,
      (sum(c.sign) filter (where c.category = 'violence'))::int as violence,
      (sum(c.sign) filter (where c.category = 'minors'))::int as minors,
      (sum(c.sign) filter (where c.category = 'self_harm'))::int as self_harm,
      (sum(c.sign) filter (where c.category = 'other'))::int as other
    from covered c where c.report_id > c.covered_up_to
    group by c.target_type, c.target_id, c.covered_up_to
    having sum(c.sign) <> 0 or sum(c.sign * c.weight) <> 0
  ),
  counted as (
    select d.target_type, d.target_id, d.author_id, d.reports, coalesce(d.muted, 0) as muted,
      coalesce(d.urgent, 0) as urgent, d.score, coalesce(d.spam, 0) as spam, coalesce(d.harassment, 0) as harassment,
      coalesce(d.hate, 0) as hate, coalesce(d.sexual, 0) as sexual, coalesce(d.violence, 0) as violence,
      coalesce(d.minors, 0) as minors, coalesce(d.self_harm, 0) as self_harm, coalesce(d.other, 0) as other,
      d.covered_up_to,
      case when d.is_reduced then (
        select min(r.created_at) from reports r
        where r.target_type = d.target_type and r.target_id = d.target_id and r.status = 'pending' and r.id > d.covered_up_to
      ) else d.oldest_at end as oldest_at,
      case when d.is_reduced then (
        select max(r.created_at) from reports r
        where r.target_type = d.target_type and r.target_id = d.target_id and r.status = 'pending' and r.id > d.covered_up_to
      ) else d.newest_at end as newest_at
    from delta d
  ),
  grown as (
    insert into moderation_queue as q (target_type, target_id, author_id, reports, muted, urgent, score, spam, harassment,
      hate, sexual, violence, minors, self_harm, other, oldest_at, newest_at, covered_up_to)
    select target_type, target_id, author_id, reports, muted, urgent, score, spam, harassment, hate, sexual, violence,
      minors, self_harm, other, oldest_at, newest_at, covered_up_to
    from counted where reports > 0 order by target_type, target_id
    on conflict (target_type, target_id) do update set
      reports = q.reports + excluded.reports, muted = q.muted + excluded.muted, urgent = q.urgent + excluded.urgent,
      score = q.score + excluded.score, spam = q.spam + excluded.spam, harassment = q.harassment + excluded.harassment,
      hate = q.hate + excluded.hate, sexual = q.sexual + excluded.sexual, violence = q.violence + excluded.violence,
      minors = q.minors + excluded.minors, self_harm = q.self_harm + excluded.self_harm, other = q.other + excluded.other,
      oldest_at = least(q.oldest_at, excluded.oldest_at), newest_at = greatest(q.newest_at, excluded.newest_at)
  )
  update moderation_queue q set
    reports = q.reports + c.reports, muted = q.muted + c.muted, urgent = q.urgent + c.urgent, score = q.score + c.score,
    spam = q.spam + c.spam, harassment = q.harassment + c.harassment, hate = q.hate + c.hate,
    sexual = q.sexual + c.sexual, violence = q.violence + c.violence, minors = q.minors + c.minors,
    self_harm = q.self_harm + c.self_harm, other = q.other + c.other,
    oldest_at = coalesce(c.oldest_at, q.oldest_at), newest_at = coalesce(c.newest_at, q.newest_at)
  from counted c
  where c.reports <= 0 and q.target_type = c.target_type and q.target_id = c.target_id;

  delete from moderation_queue q
  where q.reports = 0 and (q.target_type, q.target_id) in (select m.target_type, m.target_id from unnest(moves) m);
end
$$;
