import type { Subject, SubjectName } from "@reelay/contract";
import { fail } from "../../platform/api-error.ts";
import type { Queryable } from "../../platform/postgres.ts";
import { bigints, texts } from "../../platform/sql-fragments.ts";
import { readRecords } from "../decisions/record.ts";
import { targetInfo } from "../reports/target-info.ts";

type Row = Omit<Subject, "record">;

/** Subjects as staff see them, in the order of their names. Those that are not in the queue any more are absent. */
export async function readSubjects(db: Queryable, names: readonly SubjectName[]): Promise<Subject[]> {
  if (names.length === 0) return [];
  const rows: Row[] = await db`
    select ${subjectColumns(db)}
    from unnest(${texts(db, names, "targetType")}, ${bigints(db, names, "targetId")})
      with ordinality as n (target_type, target_id, place)
    join moderation_queue q using (target_type, target_id)
    left join accounts a on a.id = q.author_id
    left join accounts m on m.id = q.claimed_by and q.claimed_until > now()
    order by n.place`;
  const records = await readRecords(
    db,
    rows.flatMap(({ author }) => author?.id ?? []),
  );
  return rows.map((row) => ({ ...row, record: (row.author && records.get(row.author.id)) ?? null }));
}

/** @throws ApiError REPORT_NOT_FOUND */
export async function findSubjectOf(db: Queryable, reportId: number): Promise<SubjectName> {
  const [row]: SubjectName[] = await db`
    select target_type as "targetType", target_id::float8 as "targetId" from reports where id = ${reportId}`;
  if (!row) throw fail("REPORT_NOT_FOUND");
  return row;
}

/** Of a subject `q`, its author `a` and the moderator `m` whose claim stands. */
function subjectColumns(db: Queryable) {
  return db`
    q.target_type as "targetType", q.target_id::float8 as "targetId", q.reports, q.category,
    json_strip_nulls(json_build_object('spam', nullif(q.spam, 0), 'harassment', nullif(q.harassment, 0),
      'hate', nullif(q.hate, 0), 'sexual', nullif(q.sexual, 0), 'violence', nullif(q.violence, 0),
      'minors', nullif(q.minors, 0), 'self_harm', nullif(q.self_harm, 0), 'other', nullif(q.other, 0))) as categories,
    wire_time(q.oldest_at) as "oldestAt", wire_time(q.newest_at) as "newestAt", q.score::float8 as score,
    case when m.id is not null then json_build_object('id', m.id, 'username', m.username) end as "claimedBy",
    case when m.id is not null then wire_time(q.claimed_until) end as "claimedUntil",
    ${isHidden(db)} as "isHidden",
    case when a.id is not null then json_build_object('id', a.id, 'username', a.username) end as author,
    coalesce((select ${targetInfo(db)} from reports r where r.target_type = q.target_type and r.target_id = q.target_id
      and r.status = 'pending' order by r.id desc limit 1), '{}') as "targetInfo"`;
}

function isHidden(db: Queryable) {
  return db`
    coalesce(case q.target_type
      when 'video' then (select v.hidden_at is not null from videos v where v.id = q.target_id)
      when 'comment' then (select c.hidden_at is not null from comments c where c.id = q.target_id) end, false)`;
}
