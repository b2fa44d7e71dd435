-- The newest reports of one status, for staff.
create index reports_status on reports (status, id desc);

-- What somebody caused is taken back by him and what it is about; nothing is looked up by the subject alone.
create index notifications_actor on notifications (actor_id, ref_id) where revoked_at is null;
drop index notifications_subject;

-- A deleted video is purged in two steps: from purged_at on it cannot be restored; its keys go when its bytes are gone. So a
-- crash in between leaves neither a video without bytes that could come back, nor bytes that nobody knows of.
alter table videos add column purged_at timestamptz(3);
alter table videos drop constraint videos_check;
alter table videos
  add constraint videos_bytes check (purged_at is not null or (file_key is null) <> (external_url is null)),
  add constraint videos_purged check (purged_at is null or deleted_at is not null);
create index videos_to_purge on videos (id)
  where deleted_at is not null and (file_key is not null or thumb_key is not null);
