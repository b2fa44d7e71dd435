-- A picture that its owner replaced, or that went with an account, while a pending report shows it: it is removed when that
-- report is decided.
create table kept_avatars (
  url text primary key,
  user_id bigint not null,
  kept_at timestamptz(3) not null default now()
);

-- The address of a reported video's file belongs to what a report froze, so that staff can look at it.
update reports r set snapshot = (r.snapshot::jsonb || jsonb_build_object(
    'url', coalesce(v.external_url, '/api/v1/media/videos/' || v.file_key)))::json
from videos v
where r.target_type = 'video' and r.status = 'pending' and v.id = r.target_id and r.snapshot->>'url' is null;

-- Sessions that still say from where and on what they were used, by when they were last used or ended.
create index sessions_to_forget on sessions (greatest(last_used_at, revoked_at))
  where user_agent is not null or address is not null;
