-- What the files of a user take: those of videos until their bytes are purged, and the avatar. Files that were kept
-- before this was counted count nothing.
alter table videos add column stored_bytes bigint not null default 0 check (stored_bytes >= 0);
alter table accounts add column avatar_bytes bigint not null default 0 check (avatar_bytes >= 0);
create index videos_stored on videos (owner_id) include (stored_bytes)
  where file_key is not null or thumb_key is not null;
