-- A report as one of the queue, or null when it is decided. One of a muted reporter keeps its weight, which counts again
-- when they are muted no more.
create or replace function report_move(r reports, sign integer) returns report_move
  language sql immutable
as $$
  select case when r.status = 'pending' then row(r.target_type, r.target_id, r.id, r.author_id, r.category,
    case when r.is_muted then 0 else r.weight end, r.is_urgent and not r.is_muted, r.is_muted, r.created_at, sign)::report_move end
$$;
