import { ACTIONS_OF, type Permissions, type SubjectDetails, type SubjectName } from "@reelay/contract";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable } from "../../platform/postgres.ts";
import { rankOf } from "../accounts/staff.ts";
import { listDecisions } from "../decisions/decisions.ts";
import { listReportsOn } from "../reports/reports.ts";
import { readSubjects } from "./subjects.ts";

type Staff = { userId: number; role: "user" | "moderator" | "admin" };
type Author = { id: number; role: Staff["role"] };

const MAX_REPORTS = 20;
const MAX_OTHERS = 5;

/**
 * Everything that is needed to decide about a target, also when it was decided.
 * @throws ApiError SUBJECT_NOT_FOUND when it was never reported
 */
export async function readSubject(app: App, by: Staff, name: SubjectName): Promise<SubjectDetails> {
  const { sql } = app;
  const [[subject], reports, author] = await Promise.all([
    readSubjects(sql, [name]),
    listReportsOn(app, by, name, MAX_REPORTS),
    findAuthor(sql, name),
  ]);
  if (reports.length === 0) throw fail("SUBJECT_NOT_FOUND");
  return {
    subject: subject ?? null,
    snapshot: reports[0]!.snapshot,
    reports: reports.map(({ snapshot: _, ...report }) => report),
    decisions: await listDecisions(sql, name, author?.id ?? null),
    others: author ? await readSubjects(sql, await findOthers(sql, author.id, name)) : [],
    morePending: author ? await countOthers(sql, author.id, name) : 0,
    can: permissions(by, author, name),
  };
}

/** What the caller may do, by the same rules as the decision itself. */
function permissions(by: Staff, author: Author | null, { targetType }: SubjectName): Permissions {
  const isOwn = author?.id === by.userId;
  const isProtected = author !== null && author.role !== "user" && rankOf(by) <= rankOf(author);
  const judge = (needsRank: boolean) => {
    if (isOwn) return { ok: false, code: "OWN_CASE" };
    return needsRank && isProtected ? { ok: false, code: "FORBIDDEN" } : { ok: true };
  };
  const actions = ACTIONS_OF[targetType].map((action) => [action, judge(action !== "none")]);
  return { reject: judge(false), ...Object.fromEntries(actions) };
}

async function findAuthor(db: Queryable, { targetType, targetId }: SubjectName): Promise<Author | null> {
  const [row]: Author[] = await db`
    select a.id::float8 as id, a.role from reports r join accounts a on a.id = r.author_id
    where r.target_type = ${targetType} and r.target_id = ${targetId} order by r.id desc limit 1`;
  return row ?? null;
}

async function findOthers(
  db: Queryable,
  authorId: number,
  { targetType, targetId }: SubjectName,
): Promise<SubjectName[]> {
  return await db`
    select q.target_type as "targetType", q.target_id::float8 as "targetId" from moderation_queue q
    where q.author_id = ${authorId} and (q.target_type, q.target_id) <> (${targetType}, ${targetId})
    order by q.tier desc, q.rank desc, q.target_type, q.target_id limit ${MAX_OTHERS}`;
}

async function countOthers(db: Queryable, authorId: number, { targetType, targetId }: SubjectName): Promise<number> {
  const [row] = await db`
    select count(*)::int as count from moderation_queue
    where author_id = ${authorId} and (target_type, target_id) <> (${targetType}, ${targetId})`;
  return row.count;
}
