-- Whether others may see a video while its owner's account is active. The planner inlines it, so indexes are used.
create or replace function is_shown(video videos) returns boolean
  language sql immutable parallel safe
  return video.deleted_at is null and video.visibility = 'public' and video.hidden_at is null;
