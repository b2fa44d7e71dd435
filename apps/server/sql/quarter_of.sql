-- Every time zone is a multiple of a quarter hour away from UTC, so days of any zone can be composed of these.
create or replace function quarter_of(at timestamptz) returns timestamptz
  language sql immutable parallel safe
  return date_bin('15 minutes', at, '2000-01-01 00:00:00+00');
