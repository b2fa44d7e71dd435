-- The lists of staff ----------------------------------------------------------------------------------------------

-- What the lists of staff are filtered and ordered by, beside the tables they show, so that a like, a view or a follow
-- touches no index. A row is created with what it is about, and status, name and day move with it, in its transaction.
-- Counts follow within a minute: a change is noted, and the notes are worked off.
create table account_listing (
  user_id bigint primary key,
  status text not null,
  username text not null, -- in lower case
  created_at timestamptz(3) not null,
  seen_on date, -- the UTC day of the last sign
  follower_count integer not null,
  total_views bigint not null default 0, -- of the account's standing videos
  total_likes bigint not null default 0
);
create index account_listing_created on account_listing (status, created_at, user_id);
create index account_listing_username on account_listing (status, username, user_id);
create index account_listing_followers on account_listing (status, follower_count, user_id);
create index account_listing_seen on account_listing (status, seen_on, created_at, user_id) where seen_on is not null;

create table video_listing (
  video_id bigint primary key,
  owner_id bigint not null,
  standing text not null, -- the visibility, or 'deleted'
  created_at timestamptz(3) not null,
  views_count integer not null,
  likes_count integer not null,
  comments_count integer not null,
  -- What of these is in the owner's totals.
  counted_views integer not null default 0,
  counted_likes integer not null default 0
);
create index video_listing_created on video_listing (standing, created_at, video_id);
create index video_listing_views on video_listing (standing, views_count, video_id);
create index video_listing_likes on video_listing (standing, likes_count, video_id);
create index video_listing_comments on video_listing (standing, comments_count, video_id);

-- Whose counts changed since the listing was last refreshed, once for each statement that changed them. Without a key:
-- whoever counts waits for nobody.
create table account_changes (user_id bigint not null);
create table video_changes (video_id bigint not null);

-- position: until when, in milliseconds since the epoch, every change is in the listings.
insert into periodic_jobs (name, position) values ('refresh listings', extract(epoch from now()) * 1000);

create index videos_search_deleted on videos using gin (search gin_trgm_ops) where deleted_at is not null;
create index bans_user on bans (user_id, id desc);

create index reports_listed on reports (status, target_type, created_at, id);
create index reports_decided on reports (
  status, target_type, ((resolved_at at time zone 'UTC')::date), created_at, id
) where resolved_at is not null;

create index audit_log_newest on audit_log (created_at, id);
create index audit_log_actor on audit_log (actor_id, created_at, id);
create index audit_log_action on audit_log (action, created_at, id);
create index audit_log_target_type on audit_log (target_type, created_at, id);
create index audit_log_target_id on audit_log (target_id, created_at, id);
