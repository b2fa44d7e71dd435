-- The text of comments that a moderator deleted, so that they can be restored. The comment itself is emptied as by its
-- author: nothing that reads comments has to know of this. Without a text it was purged, and the comment stays deleted.
create table comment_takedowns (
  comment_id bigint primary key references comments,
  user_id bigint not null, -- who wrote it
  content text,
  reason text,
  taken_down_at timestamptz(3) not null
);
create index comment_takedowns_to_purge on comment_takedowns (taken_down_at) where content is not null;
create index comment_takedowns_user on comment_takedowns (user_id, comment_id) where content is not null;
