-- Keeps the listing of videos, and notes whose counts changed, or whether they count for their owner. For the
-- comparison see list_accounts.
create or replace function list_videos() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    insert into video_listing (video_id, owner_id, standing, created_at, views_count, likes_count, comments_count)
    select id, owner_id, standing_of(visibility, deleted_at), created_at, views_count, likes_count, comments_count
    from new_rows;
    insert into video_changes (video_id) select id from new_rows where views_count > 0 or likes_count > 0;
    return null;
  end if;
  insert into video_changes (video_id)
  select id from (
    select id, views_count, likes_count, comments_count, deleted_at is null from new_rows
    except select id, views_count, likes_count, comments_count, deleted_at is null from old_rows
  ) changed;
  update video_listing l set standing = c.standing, created_at = c.created_at
  from (
    select id, standing_of(visibility, deleted_at) as standing, created_at from new_rows
    except select id, standing_of(visibility, deleted_at), created_at from old_rows
  ) c
  where l.video_id = c.id;
  return null;
end
$$;
