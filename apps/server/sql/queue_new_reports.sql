create or replace function queue_new_reports() returns trigger
  language plpgsql
as $$
begin
  perform move_in_queue(array(select report_move(r, 1) from new_rows r where r.status = 'pending'));
  return null;
end
$$;
