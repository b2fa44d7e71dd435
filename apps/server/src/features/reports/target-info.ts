import type { Queryable } from "../../platform/postgres.ts";

/** What a report `r` froze of its target, as lists show it. */
export function targetInfo(db: Queryable) {
  return db`
    case r.target_type
      when 'video' then json_build_object('title', r.snapshot->>'title', 'ownerUsername', r.snapshot->>'authorUsername')
      when 'user' then json_build_object('username', r.snapshot->>'authorUsername')
      else json_build_object('content', left(coalesce(r.snapshot->>'text', ''), 50),
        'authorUsername', r.snapshot->>'authorUsername') end`;
}
