create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Lower case without accents: 'nguyen' finds 'Nguyễn'. unaccent() is only stable because its dictionary may be
-- replaced; ours is named and never replaced.
create function fold(value text) returns text
  language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent', value));

-- A time as it goes over the wire: ISO-8601, UTC, milliseconds.
create function wire_time(at timestamptz) returns text
  language sql immutable strict parallel safe
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- A row is never deleted: what others received from an account must keep its author.
create table accounts (
  id bigint generated always as identity primary key,
  email text,
  username text not null,
  full_name text,
  avatar_url text,
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

create table follows (
  follower_id bigint not null references accounts,
  followee_id bigint not null references accounts,
  created_at timestamptz(3) not null default now(),
  primary key (follower_id, followee_id)
);
create index follows_followee on follows (followee_id, created_at desc, follower_id desc);
create index follows_follower on follows (follower_id, created_at desc, followee_id desc);

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

create function note_access_change(changed_user bigint) returns bigint
  language sql
as $$
  with head as (update access_head set version = version + 1 returning version)
  insert into access_changes (version, user_id) select version, changed_user from head returning version
$$;
