-- What a video counts as: its visibility as it is stored, or deleted.
create or replace function standing_of(visibility text, deleted_at timestamptz) returns text
  language sql immutable parallel safe
  return case when deleted_at is null then visibility else 'deleted' end;
