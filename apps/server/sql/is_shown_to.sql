-- The same for one viewer, who may be nobody: the owner also sees what is private or hidden. The planner inlines it.
create or replace function is_shown_to(video videos, viewer_id bigint) returns boolean
  language sql immutable parallel safe
  return video.deleted_at is null
    and ((video.visibility = 'public' and video.hidden_at is null) or video.owner_id = viewer_id);
