-- What a report is about, and how much it counts in the queue of subjects: both are fixed when it is made. `is_urgent`: a
-- credible report of harm to a minor or to oneself.
alter table reports
  add column category text not null default 'other' check (
    category in ('spam', 'harassment', 'hate', 'sexual', 'violence', 'minors', 'self_harm', 'other')),
  add column weight integer not null default 500 check (weight >= 0),
  add column is_urgent boolean not null default false,
  add column is_muted boolean not null default false,
  add column author_id bigint generated always as ((snapshot->>'authorId')::bigint) stored,
  add column decision_id bigint;
create index reports_pending_of on reports (target_type, target_id, id) where status = 'pending';
create index reports_pending_times on reports (target_type, target_id, created_at) where status = 'pending';
create index reports_pending_by on reports (reporter_id, id) where status = 'pending';
create index reports_of_decision on reports (decision_id, id) where decision_id is not null;
-- How often a reporter was right, by what staff decided.
create index reports_judged on reports (reporter_id, resolved_at desc) include (status) where resolved_by is not null;

alter table accounts add column is_reporter_muted boolean not null default false;
create index accounts_staff on accounts (id) where role <> 'user';

-- What somebody decided about a thing or a person, on reports or directly: `user_id` is whom it concerns. Reports of the
-- target up to `up_to_report_id` are decided by it, also those that its job has yet to close.
create table decisions (
  id bigint generated always as identity primary key,
  target_type text not null check (target_type in ('video', 'user', 'comment', 'message')),
  target_id bigint not null,
  user_id bigint,
  verdict text not null check (verdict in ('upheld', 'rejected')),
  action text not null check (action in ('none', 'warn', 'hide', 'delete', 'ban')),
  reason text,
  result text not null,
  up_to_report_id bigint,
  decided_by bigint, -- null: the system
  decided_at timestamptz(3) not null default now(),
  is_strike boolean not null default false,
  is_closing boolean not null default false,
  -- The event by which the person learns of it, and when their devices proved to have received it.
  event_seq bigint,
  received_at timestamptz(3),
  undone_at timestamptz(3),
  undone_by bigint
);
create index decisions_unreceived on decisions (decided_at) where event_seq is not null and received_at is null;
create index decisions_target on decisions (target_type, target_id, id desc);
create index decisions_user on decisions (user_id, id desc);
create index decisions_strikes on decisions (user_id, decided_at) where is_strike and undone_at is null;
create index decisions_closing on decisions (target_type, target_id) where is_closing;

-- The queue: one row a target with reports to decide, moved by the trigger on reports. Reports of the target up to
-- `covered_up_to` belong to a decision. The order is tier, rank, target_type, target_id: a rank is an age in units of six
-- hours, and each doubling of the score is worth one.
create table moderation_queue (
  target_type text not null,
  target_id bigint not null,
  author_id bigint,
  reports integer not null check (reports >= 0),
  muted integer not null check (muted >= 0),
  urgent integer not null check (urgent >= 0),
  score bigint not null check (score >= 0),
  spam integer not null,
  harassment integer not null,
  hate integer not null,
  sexual integer not null,
  violence integer not null,
  minors integer not null,
  self_harm integer not null,
  other integer not null,
  oldest_at timestamptz(3) not null,
  newest_at timestamptz(3) not null,
  covered_up_to bigint not null default 0,
  claimed_by bigint,
  claimed_until timestamptz(3),
  category text not null generated always as (case
    when minors > 0 then 'minors' when self_harm > 0 then 'self_harm'
    when violence > 0 then 'violence' when hate > 0 then 'hate'
    when sexual > 0 then 'sexual' when harassment > 0 then 'harassment'
    when spam > 0 then 'spam' else 'other' end) stored,
  tier smallint not null generated always as (case
    when reports > 0 and reports = muted then -1 when urgent > 0 then 1 else 0 end) stored,
  rank double precision not null generated always as (
    ln(greatest(score, 1)::float8) / ln(2::float8)
      - extract(epoch from oldest_at at time zone 'UTC')::float8 / 21600) stored,
  primary key (target_type, target_id)
) with (fillfactor = 70);
create index moderation_queue_priority on moderation_queue (tier desc, rank desc, target_type, target_id);
create index moderation_queue_category on moderation_queue (category, tier desc, rank desc, target_type, target_id);
create index moderation_queue_type on moderation_queue (target_type, tier desc, rank desc, target_id);
create index moderation_queue_oldest on moderation_queue (oldest_at, target_type, target_id);
create index moderation_queue_newest on moderation_queue (newest_at, target_type, target_id);
create index moderation_queue_author on moderation_queue (author_id);
create index moderation_queue_claims on moderation_queue (claimed_by, claimed_until) where claimed_by is not null;

-- A report as it is counted in the queue, or no longer counted: `sign` is 1 or -1.
create type report_move as (
  target_type text,
  target_id bigint,
  report_id bigint,
  author_id bigint,
  category text,
  weight integer,
  is_urgent boolean,
  is_muted boolean,
  created_at timestamptz,
  sign integer
);

-- The queue of the reports that are there.
insert into moderation_queue (target_type, target_id, author_id, reports, muted, urgent, score, spam, harassment, hate,
  sexual, violence, minors, self_harm, other, oldest_at, newest_at)
select target_type, target_id, max(author_id), count(*), 0, 0, sum(weight), 0, 0, 0, 0, 0, 0, 0, count(*),
  min(created_at), max(created_at)
from reports where status = 'pending' group by target_type, target_id;

-- Hidden by staff, or by many reports until it is decided. Stored apart from the visibility its owner chose.
alter table videos add column hidden_at timestamptz(3), add column hidden_by text check (hidden_by in ('staff', 'reports'));
alter table comments add column hidden_at timestamptz(3), add column hidden_by text check (hidden_by in ('staff', 'reports'));
create index videos_hidden on videos (id desc) where hidden_at is not null;

alter table notifications drop constraint notifications_type_check;
-- Of what moderators did, `subject_id` is the decision, or 0.
alter table notifications add constraint notifications_type_check check (type in
  ('like', 'comment', 'follow', 'reply', 'mention', 'admin_delete', 'admin_resolve', 'admin_warning'));

-- What staff write down for one another. `user_id`: the person whom the target is or belongs to.
create table notes (
  id bigint generated always as identity primary key,
  target_type text not null check (target_type in ('user', 'video', 'report')),
  target_id bigint not null,
  user_id bigint,
  author_id bigint not null,
  content text not null,
  created_at timestamptz(3) not null default now()
);
create index notes_target on notes (target_type, target_id, id desc);
create index notes_user on notes (user_id, id desc);

-- An entry that was undone stays; `undoes` is the entry that an undo is of.
alter table audit_log add column undone_at timestamptz(3), add column undoes bigint;

-- One a decision, by the person it hit. `decided_by` of the decision is not who should decide the appeal.
create table appeals (
  id bigint generated always as identity primary key,
  decision_id bigint not null unique references decisions,
  user_id bigint not null,
  content text not null,
  status text not null default 'pending' check (status in ('pending', 'granted', 'refused')),
  result text,
  created_at timestamptz(3) not null default now(),
  decided_by bigint,
  decided_at timestamptz(3),
  check ((status = 'pending') = (decided_at is null))
);
create index appeals_status on appeals (status, id);
create index appeals_user on appeals (user_id, id desc);
