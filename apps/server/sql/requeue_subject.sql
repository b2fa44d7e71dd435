-- Counts the subject of a target anew. Who made reports of it meanwhile waits for the row, or adds to it.
create or replace function requeue_subject(of_type text, of_id bigint) returns void
  language plpgsql
as $$
begin
  delete from moderation_queue q where q.target_type = of_type and q.target_id = of_id;
  perform move_in_queue(array(
    select report_move(r, 1) from reports r
    where r.target_type = of_type and r.target_id = of_id and r.status = 'pending'));
end
$$;
