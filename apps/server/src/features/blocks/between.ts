import type { Fragment, Queryable } from "../../platform/postgres.ts";

/**
 * Joins the blocks between two accounts, whose ids are columns or parameters. `isBlocked` with the same `name` says
 * whether there is one, either way.
 */
export function blocksBetween(db: Queryable, name: string, oneId: Fragment, otherId: Fragment): Fragment {
  const [given, received] = [db(`${name}_given`), db(`${name}_received`)];
  return db`
    left join blocks ${given} on ${given}.blocker_id = ${oneId} and ${given}.blocked_id = ${otherId}
    left join blocks ${received} on ${received}.blocker_id = ${otherId} and ${received}.blocked_id = ${oneId}`;
}

export function isBlocked(db: Queryable, name: string): Fragment {
  return db`(${db(`${name}_given`)}.blocker_id is not null or ${db(`${name}_received`)}.blocker_id is not null)`;
}
