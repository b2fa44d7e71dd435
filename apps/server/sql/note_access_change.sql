-- Writes to the log of access changes and returns the version. Lock order: after everything else of the transaction.
create or replace function note_access_change(changed_user bigint) returns bigint
  language sql
as $$
  with head as (update access_head set version = version + 1 returning version)
  insert into access_changes (version, user_id) select version, changed_user from head returning version
$$;
