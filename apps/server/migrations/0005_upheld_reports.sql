-- Whether staff ever found somebody right, however often they found them wrong.
create index reports_upheld on reports (reporter_id) where resolved_by is not null and status = 'resolved';
