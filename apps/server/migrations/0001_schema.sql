create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Lower case without accents: 'nguyen' finds 'Nguyễn'. unaccent() is only stable because its dictionary may be
-- replaced; ours is named and never replaced. It stands here because columns and indexes are computed with it: another
-- body would leave them as they are.
create function fold(value text) returns text
  language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent', value));

-- Accounts --------------------------------------------------------------------------------------------------------

-- A row is never deleted: what others received from an account must keep its author.
create table accounts (
  id bigint generated always as identity primary key,
  email text,
  username text not null,
  full_name text,
  avatar_url text,
  avatar_bytes bigint not null default 0 check (avatar_bytes >= 0), -- part of what the user's files take; see videos
  bio text,
  password_hash text,
  role text not null default 'user' check (role in ('user', 'moderator', 'admin')),
  status text not null default 'active' check (status in ('active', 'banned', 'deleted')),
  is_verified boolean not null default false,
  token_version integer not null default 0,
  follower_count integer not null default 0,
  following_count integer not null default 0,
  video_count integer not null default 0,
  created_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  search text not null generated always as (fold(username || ' ' || coalesce(full_name, ''))) stored
);
create unique index accounts_email_key on accounts (lower(email));
create unique index accounts_username_key on accounts (lower(username));
create index accounts_username_prefix on accounts (fold(username) text_pattern_ops);
create index accounts_search on accounts using gin (search gin_trgm_ops);
create index accounts_popular on accounts (follower_count desc, id) where status = 'active';
create index accounts_newest on accounts (id desc) where status <> 'deleted';

-- A picture that its owner replaced, or that went with an account, while a pending report shows it: it is removed when
-- that report is decided.
create table kept_avatars (
  url text primary key,
  user_id bigint not null,
  kept_at timestamptz(3) not null default now()
);

create table bans (
  id bigint generated always as identity primary key,
  user_id bigint not null references accounts,
  reason text not null,
  banned_by bigint references accounts,
  banned_at timestamptz(3) not null default now(),
  until timestamptz(3),
  lifted_at timestamptz(3),
  lifted_by bigint references accounts
);
create unique index bans_in_force on bans (user_id) where lifted_at is null;
create index bans_timed on bans (until) where lifted_at is null and until is not null;

create table sessions (
  id bigint generated always as identity primary key,
  user_id bigint not null references accounts,
  user_agent text,
  address text,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3) not null default now(),
  revoked_at timestamptz(3)
);
create index sessions_user on sessions (user_id) where revoked_at is null;
create index sessions_to_empty on sessions (user_id, id)
  where revoked_at is null or user_agent is not null or address is not null;
-- Sessions that still say from where and on what they were used, by when they were last used or ended.
create index sessions_to_forget on sessions (greatest(last_used_at, revoked_at))
  where user_agent is not null or address is not null;

-- One family of rotating tokens a session. A used one is kept until it expires: seeing it again is proof of theft.
create table refresh_tokens (
  token_hash bytea primary key,
  session_id bigint not null references sessions,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
create index refresh_tokens_session on refresh_tokens (session_id);
create index refresh_tokens_expiry on refresh_tokens (expires_at);

-- Tickets live 30 seconds; losing them in a crash only means asking again.
create unlogged table tickets (
  token_hash bytea primary key,
  user_id bigint not null,
  session_id bigint not null,
  token_version integer not null,
  expires_at timestamptz(3) not null,
  token_expires_at timestamptz(3) not null
);
create index tickets_expiry on tickets (expires_at);

-- An unfollow keeps its row: following again revives it, with its first day.
create table follows (
  follower_id bigint not null references accounts,
  followee_id bigint not null references accounts,
  created_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  primary key (follower_id, followee_id)
);
create index follows_followee on follows (followee_id, created_at desc, follower_id desc) where deleted_at is null;
create index follows_follower on follows (follower_id, created_at desc, followee_id desc) where deleted_at is null;

create table blocks (
  blocker_id bigint not null references accounts,
  blocked_id bigint not null references accounts,
  created_at timestamptz(3) not null default now(),
  primary key (blocker_id, blocked_id)
);
create index blocks_blocked on blocks (blocked_id);

create table audit_log (
  id bigint generated always as identity primary key,
  actor_id bigint, -- null: the system
  action text not null,
  target_type text not null,
  target_id bigint not null,
  details jsonb not null default '{}',
  created_at timestamptz(3) not null default now()
);
create index audit_log_target on audit_log (target_type, target_id, id desc);

-- Who may still act changed: bans, revoked sessions, roles. Every server process reads this log a few times a second,
-- so a change made by another process reaches its sockets and its cache within that time. The single row's lock
-- is held to the end of the transaction: versions become visible in their order, none is skipped.
create table access_head (
  only_row boolean primary key default true check (only_row),
  version bigint not null
);
insert into access_head (version) values (0);

create table access_changes (
  version bigint primary key,
  user_id bigint not null,
  created_at timestamptz(3) not null default now()
);

-- Delivery --------------------------------------------------------------------------------------------------------

-- One row a user: the head of their log and their counters. Accounts are never deleted, and the operations that write
-- here join accounts themselves, so the hot tables carry no foreign keys. seq 0 has mark 0.
create table user_streams (
  user_id bigint primary key,
  seq bigint not null default 0,
  head_mark integer not null default 0,
  rev bigint not null default 0,
  floor_seq bigint not null default 0,
  floor_mark integer not null default 0,
  confirmed_seq bigint not null default 0,
  unseen_notifications integer not null default 0,
  unread_messages integer not null default 0,
  -- "Seen up to here": what lies at or below it is seen, without a write to its row. Right only because the ids of one
  -- user are drawn while this row is locked: none at or below it can be committed later.
  notifications_seen_up_to bigint not null default 0
) with (fillfactor = 50);

-- Some events are for resumable sockets only: message:sent, message:read, notification:revoked, sync:stale. They take
-- numbers like all others; a plain socket passes over them.
create table user_events (
  user_id bigint not null,
  seq bigint not null,
  -- A random number that tells the event from another one which was given the same place: a database that went back to
  -- an earlier state, by a failover or a restored copy, gives numbers out again. A place is kept with its mark.
  mark integer not null default 0,
  type text not null,
  subject_id bigint,
  -- What comes in floods is kept in smaller numbers than the rest, so that no flood pushes the rest out. 0: messages and
  -- what staff did; 1: likes and follows, and what is revoked; 2: comments, replies and mentions.
  flood smallint not null default 0,
  data json, -- not jsonb: a replayed event keeps the order of its keys
  created_at timestamptz(3) not null default now(),
  primary key (user_id, seq)
);
create index user_events_floods on user_events (user_id, flood, seq) where flood <> 0;

-- What a caller wants written to one user's log. Without a type it takes no number and only moves the counters. `flood`:
-- as in user_events; null is 0.
create type event_draft as (
  user_id bigint,
  type text,
  subject_id bigint,
  data json,
  unread_messages integer,
  unseen_notifications integer,
  flood smallint
);

create table session_cursors (
  user_id bigint not null,
  session_id bigint not null,
  confirmed_seq bigint not null,
  updated_at timestamptz(3) not null default now(),
  primary key (user_id, session_id)
) with (fillfactor = 70);
create index session_cursors_session on session_cursors (session_id);

-- The epoch makes a cursor of a restored copy of this database recognisable as foreign.
create table delivery_epoch (
  only_row boolean primary key default true check (only_row),
  epoch text not null default substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)
);
insert into delivery_epoch default values;

-- Logs that have grown by a good number of events since they were last checked for holding too many.
create table logs_to_trim (user_id bigint primary key);

-- Nodes whose publications do not reach the others at the moment. While there is one, the others look into the logs of
-- their users themselves.
create table silent_nodes (
  node_id text primary key,
  until timestamptz not null
);

-- Jobs ------------------------------------------------------------------------------------------------------------

-- Work that touches more rows than a statement can. It is written here in the transaction of the state that asks for it,
-- and done afterwards in small batches by whichever node comes first. A batch and the progress of its job are committed
-- together.
create table durable_jobs (
  id bigint generated always as identity primary key,
  kind text not null,
  data jsonb not null,
  batch_size integer not null,
  batches integer not null default 0,
  failures integer not null default 0, -- since the last batch that succeeded
  run_after timestamptz not null default now(),
  created_at timestamptz(3) not null default now()
);
create index durable_jobs_due on durable_jobs (run_after, id);

-- What is done again and again by one node at a time: when it is due, and how far the last turn got.
create table periodic_jobs (
  name text primary key,
  due_at timestamptz not null default now(),
  position bigint not null default 0
);
insert into periodic_jobs (name) values ('trim logs that grew'), ('trim logs in turn'), ('forget session cursors');

-- Messages --------------------------------------------------------------------------------------------------------

-- Deleting a message empties its row but keeps it: its clientId must not create it again.
create table messages (
  id bigint generated by default as identity primary key,
  sender_id bigint not null,
  receiver_id bigint not null,
  content text,
  client_id text,
  created_at timestamptz(3) not null default now(),
  seen_at timestamptz(3),
  deleted_at timestamptz(3),
  check ((content is null) = (deleted_at is not null))
);
create unique index messages_client_id on messages (sender_id, client_id) where client_id is not null;
create index messages_pair on messages (least(sender_id, receiver_id), greatest(sender_id, receiver_id), id desc)
  where deleted_at is null;
create index messages_unseen on messages (receiver_id, sender_id, id) where seen_at is null and deleted_at is null;

-- The inbox: one row for each side of a conversation, never a scan of messages. `seen_up_to`: as in user_streams, of the
-- messages of this peer.
create table conversations (
  user_id bigint not null,
  peer_id bigint not null,
  last_message_id bigint,
  unread integer not null default 0,
  seen_up_to bigint not null default 0,
  primary key (user_id, peer_id)
) with (fillfactor = 70);
create index conversations_newest on conversations (user_id, last_message_id desc) where last_message_id is not null;

-- Videos ----------------------------------------------------------------------------------------------------------

-- A video's bytes are a file of ours (file_key) or somebody else's (external_url). Deleted ones keep their row: reports,
-- notifications and counters speak of it. A moderator's deletion can be undone until the bytes are purged, in two steps:
-- from purged_at on the video cannot be restored; its keys go when its bytes are gone. So a crash in between leaves
-- neither a video without bytes that could come back, nor bytes that no row names.
create table videos (
  id bigint generated always as identity primary key,
  owner_id bigint not null references accounts,
  title text not null,
  description text,
  file_key text,
  external_url text,
  thumb_key text,
  external_thumb_url text,
  -- What the files of a user take is the sum of these and the avatar, until their bytes are purged.
  stored_bytes bigint not null default 0 check (stored_bytes >= 0),
  visibility text not null check (visibility in ('public', 'private')),
  duration_seconds double precision check (duration_seconds >= 0),
  views_count integer not null default 0 check (views_count >= 0),
  likes_count integer not null default 0 check (likes_count >= 0),
  comments_count integer not null default 0 check (comments_count >= 0),
  shares_count integer not null default 0 check (shares_count >= 0),
  created_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  deleted_by text check (deleted_by in ('owner', 'moderator')),
  delete_reason text,
  purged_at timestamptz(3),
  search text not null generated always as (fold(title || ' ' || coalesce(description, ''))) stored,
  constraint videos_bytes check (purged_at is not null or (file_key is null) <> (external_url is null)),
  constraint videos_deleted check ((deleted_at is null) = (deleted_by is null)),
  constraint videos_purged check (purged_at is null or deleted_at is not null)
);
create unique index videos_file_key on videos (file_key) where file_key is not null;
create unique index videos_thumb_key on videos (thumb_key) where thumb_key is not null;
create index videos_newest on videos (id desc) where deleted_at is null and visibility = 'public';
create index videos_latest on videos (id desc) where deleted_at is null;
create index videos_owner on videos (owner_id, id desc) where deleted_at is null;
create index videos_of_owner on videos (owner_id, id);
create index videos_search on videos using gin (search gin_trgm_ops) where deleted_at is null;
create index videos_stored on videos (owner_id) include (stored_bytes)
  where file_key is not null or thumb_key is not null;
create index videos_to_purge on videos (id)
  where deleted_at is not null and (file_key is not null or thumb_key is not null);

-- Counted once a viewer and hour; rows older than that are forgotten.
create table video_views (
  video_id bigint not null,
  viewer_id bigint not null,
  kind text not null check (kind in ('view', 'share')),
  hour timestamptz(0) not null,
  created_at timestamptz(3) not null default now(),
  primary key (video_id, viewer_id, kind, hour)
);
create index video_views_hour on video_views (hour);

create table bookmarks (
  user_id bigint not null references accounts,
  video_id bigint not null references videos,
  created_at timestamptz not null default now(), -- finer than what goes over the wire: two of one moment have an order
  primary key (user_id, video_id)
);
create index bookmarks_newest on bookmarks (user_id, created_at desc, video_id desc);
create index bookmarks_video on bookmarks (video_id, user_id);

-- An undone like keeps its row: liking again revives it, with its first day.
create table likes (
  user_id bigint not null,
  video_id bigint not null,
  created_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  primary key (user_id, video_id)
) with (fillfactor = 90);
create index likes_video on likes (video_id, created_at desc, user_id desc) where deleted_at is null;

create table comments (
  id bigint generated by default as identity primary key,
  video_id bigint not null references videos,
  parent_id bigint references comments,
  user_id bigint not null references accounts,
  content text,
  client_id text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  deleted_at timestamptz(3),
  check ((content is null) = (deleted_at is not null))
);
create unique index comments_client_id on comments (user_id, client_id) where client_id is not null;
create index comments_video on comments (video_id, id desc) where deleted_at is null;
create index comments_user on comments (user_id, id desc) where deleted_at is null;

-- Notifications ---------------------------------------------------------------------------------------------------

-- What happened to a user that they have not asked for. `subject_id` is the comment for comment, reply and mention, else
-- 0. An undone like revokes its notification; the next like revives it: the unique key makes it the same row.
create table notifications (
  id bigint generated always as identity primary key,
  user_id bigint not null,
  type text not null
    check (type in ('like', 'comment', 'follow', 'reply', 'mention', 'admin_delete', 'admin_resolve')),
  ref_id bigint not null,
  actor_id bigint,
  subject_id bigint not null default 0,
  created_at timestamptz(3) not null default now(),
  seen_at timestamptz(3),
  revoked_at timestamptz(3),
  deleted_at timestamptz(3),
  unique nulls not distinct (user_id, type, ref_id, actor_id, subject_id)
) with (fillfactor = 90);
-- The same predicate as the counter's: what is listed is what is counted.
create index notifications_newest on notifications (user_id, id desc) where revoked_at is null and deleted_at is null;
create index notifications_unseen on notifications (user_id, id)
  where seen_at is null and revoked_at is null and deleted_at is null;
-- A notification is revoked by its actor and what it is about; none is looked up by its subject alone.
create index notifications_actor on notifications (actor_id, ref_id) where revoked_at is null;
create index notifications_pair on notifications (user_id, actor_id, id)
  where seen_at is null and revoked_at is null and deleted_at is null;

create type notification_draft as (user_id bigint, type text, ref_id bigint, actor_id bigint, subject_id bigint);

-- What a block has revoked while its rows are still to follow: of one user, by one actor, those of these ids that had
-- not been seen. They are out of the list and the count from the block's commit on.
create table notification_revocations (
  user_id bigint not null,
  actor_id bigint not null,
  ids int8multirange not null,
  primary key (user_id, actor_id)
);

-- How many reactions to one thing reached its owner one by one since window_at. Beyond the limit they are only counted;
-- the newest of those is published when the flood is over. target_id: the video for like, 0 for follow.
create table notification_floods (
  user_id bigint not null,
  type text not null,
  target_id bigint not null,
  window_at timestamptz(3) not null,
  published integer not null,
  suppressed_id bigint,
  suppressed_at timestamptz(3),
  primary key (user_id, type, target_id)
) with (fillfactor = 50);
create index notification_floods_suppressed on notification_floods (suppressed_at) where suppressed_id is not null;

-- Reports ---------------------------------------------------------------------------------------------------------

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
  resolved_by bigint references accounts, -- null in a decided one: the system
  resolved_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  check ((status = 'pending') = (resolved_at is null))
);
create unique index reports_once on reports (reporter_id, target_type, target_id) where status = 'pending';
create index reports_reporter on reports (reporter_id, id desc);
create index reports_status on reports (status, id desc);
create index reports_target on reports (target_type, target_id, id);

-- Statistics ------------------------------------------------------------------------------------------------------

-- The numbers of the dashboard, kept while things happen instead of counted when they are asked for. A counter is spread
-- over one row a backend: counting never waits for another transaction, and can never be part of a deadlock. Rows of the
-- past are folded into shard 0.
create table statistics (
  metric text not null,
  quarter timestamptz(0) not null, -- the UTC quarter hour that is counted; -infinity: the total that stands now
  shard integer not null,
  value bigint not null,
  primary key (metric, quarter, shard)
) with (fillfactor = 70);
create index statistics_shards on statistics (quarter) where shard <> 0;

create type statistic as (metric text, quarter timestamptz, value bigint);

-- When each account was last active, to the quarter hour; the banned and the deleted are not counted.
create table activity (
  user_id bigint primary key,
  last_quarter timestamptz(0),
  is_counted boolean not null
) with (fillfactor = 70);

-- Of the users active in a quarter hour, how many were active before that in which; -infinity: longer ago than the
-- longest day. A user who comes from before a day's beginning is new on that day: so the people of a day can be counted
-- for days of any time zone, without a row a person and day.
create table activity_steps (
  quarter timestamptz(0) not null,
  previous timestamptz(0) not null,
  users bigint not null,
  primary key (quarter, previous)
) with (fillfactor = 70);

-- The people of days that are over, added up once.
create table active_days (
  starts_at timestamptz(0) not null,
  ends_at timestamptz(0) not null,
  users bigint not null,
  primary key (starts_at, ends_at)
);
