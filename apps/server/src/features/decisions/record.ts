import type { PersonRecord } from "@reelay/contract";
import type { Queryable } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";

/** So many of a reporter's reports that staff decided, of so many days, say how often they are right. */
const JUDGED_REPORTS = 50;
const JUDGED_DAYS = 90;

/** What is known of people, by id. */
export async function readRecords(db: Queryable, userIds: Iterable<number>): Promise<Map<number, PersonRecord>> {
  const rows: { userId: number; record: PersonRecord }[] = await db`
    select a.id::float8 as "userId", json_build_object(
      'strikes30', (select count(*) from decisions d where d.user_id = a.id and d.is_strike and d.undone_at is null
        and d.decided_at > now() - interval '30 days'),
      'strikes90', (select count(*) from decisions d where d.user_id = a.id and d.is_strike and d.undone_at is null
        and d.decided_at > now() - interval '90 days'),
      'precision', ${precisionOf(db)}, 'muted', a.is_reporter_muted,
      'sessions', (select count(*) from sessions s where s.user_id = a.id and s.revoked_at is null),
      'lastSeen', (select wire_time(v.last_quarter) from activity v where v.user_id = a.id)) as record
    from accounts a where a.id = any(${bigints(db, new Set(userIds))})`;
  return new Map(rows.map(({ userId, record }) => [userId, record]));
}

/** How often the reports of an account `a` were right, as staff decided lately: 0 to 1, a half while nothing is known. */
export function precisionOf(db: Queryable) {
  return db`
    (select (count(*) filter (where j.status = 'resolved') + 1)::float8 / (count(*) + 2) from (
      select r.status from reports r
      where r.reporter_id = a.id and r.resolved_by is not null
        and r.resolved_at > now() - make_interval(days => ${JUDGED_DAYS})
      order by r.resolved_at desc limit ${JUDGED_REPORTS}) j)`;
}
