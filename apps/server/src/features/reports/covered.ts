import type { Queryable } from "../../platform/postgres.ts";

/** Joins the decision `c` that covers a pending report `r`, which the decision's job has yet to close. */
export function coveringDecision(db: Queryable) {
  return db`
    left join lateral (
      select d.id, d.verdict, d.result, d.decided_by, d.decided_at from decisions d
      where r.status = 'pending' and d.is_closing and d.target_type = r.target_type and d.target_id = r.target_id
        and d.up_to_report_id >= r.id
      order by d.id desc limit 1
    ) c on true`;
}

/** What became of a report, over `coveringDecision`, as its author may know it: `status`, `result`, `resolvedAt`. */
export function verdictColumns(db: Queryable) {
  return db`
    case c.verdict when 'upheld' then 'resolved' when 'rejected' then 'rejected' else r.status end as status,
    coalesce(c.result, r.result) as result, wire_time(coalesce(c.decided_at, r.resolved_at)) as "resolvedAt"`;
}

/** Who decided a report: for staff alone. */
export function resolvedByColumn(db: Queryable) {
  return db`coalesce(c.decided_by, r.resolved_by)::float8 as "resolvedBy"`;
}
