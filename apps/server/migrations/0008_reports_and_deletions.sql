-- The newest reports of one status, for staff.
create index reports_status on reports (status, id desc);

-- What somebody caused is taken back by him and what it is about; nothing is looked up by the subject alone.
create index notifications_actor on notifications (actor_id, ref_id) where revoked_at is null;
drop index notifications_subject;
