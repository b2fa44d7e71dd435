-- What a user finds wrong. The snapshot freezes what was reported as it was then; nothing here refers to the target by a
-- key, so nothing that is deleted later breaks its page.
create table reports (
  id bigint generated always as identity primary key,
  reporter_id bigint not null references accounts,
  target_type text not null check (target_type in ('video', 'user', 'comment', 'message')),
  target_id bigint not null,
  reason text not null,
  description text,
  status text not null default 'pending' check (status in ('pending', 'resolved', 'rejected')),
  result text,
  snapshot json not null,
  resolved_by bigint references accounts, -- null with a verdict: the system
  resolved_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  check ((status = 'pending') = (resolved_at is null))
);
create unique index reports_once on reports (reporter_id, target_type, target_id) where status = 'pending';
create index reports_reporter on reports (reporter_id, id desc);
create index reports_target on reports (target_type, target_id, id);
