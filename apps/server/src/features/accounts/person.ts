import type { Fragment, Queryable } from "../../platform/postgres.ts";

/** The columns of a person as others see them; the account is `a`. */
export function personColumns(db: Queryable): Fragment {
  return db`a.id::float8 as id, a.username, a.full_name as "fullName", a.avatar_url as "avatarUrl"`;
}

/** The keys and values of the same, within `json_build_object(…)`. */
export function personEntries(db: Queryable): Fragment {
  return db`'id', a.id, 'username', a.username, 'fullName', a.full_name, 'avatarUrl', a.avatar_url`;
}

/** The branches of a `case` that refuse an account that may not act; it is `actor`, joined from the left. */
export function refusedActor(db: Queryable): Fragment {
  return db`
    when actor.status = 'banned' then 'ACCOUNT_BANNED'
    when actor.status is distinct from 'active' then 'UNAUTHORIZED'`;
}
