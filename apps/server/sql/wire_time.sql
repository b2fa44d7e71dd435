-- A time as it goes over the wire: ISO-8601, UTC, milliseconds.
create or replace function wire_time(at timestamptz) returns text
  language sql immutable strict parallel safe
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
