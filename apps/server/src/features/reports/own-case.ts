import type { Queryable } from "../../platform/postgres.ts";

/**
 * Whether a report is about the user, or about what the user made: they neither decide it nor learn who reported them. The
 * report is `r`; each kind of snapshot names who made what was reported.
 */
export function isOwnCase(db: Queryable, userId: number) {
  return db`
    ((r.target_type = 'user' and r.target_id = ${userId}::bigint)
      or coalesce((r.snapshot->>'authorId')::bigint = ${userId}::bigint, false))`;
}
