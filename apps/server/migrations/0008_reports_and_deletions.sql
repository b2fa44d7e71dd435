-- The newest reports of one status, for staff.
create index reports_status on reports (status, id desc);
