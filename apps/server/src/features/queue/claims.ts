import type { ClaimResponse, NextSubject, Subject, SubjectName } from "@reelay/contract";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import { type Queryable, type Tx, transaction } from "../../platform/postgres.ts";
import { bigints, texts } from "../../platform/sql-fragments.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { requireStaff } from "../accounts/staff.ts";
import { isClaimed, matches } from "./queue.ts";
import { readSubjects } from "./subjects.ts";

type Staff = { userId: number };

const CLAIM_MINUTES = 15;

/**
 * Claims the first subject that is free and answers it; two moderators at once get two. What is about the caller, or what
 * they reported, is not for them. Null: nothing is free.
 */
export async function claimNext(app: App, by: Staff, { filters, skip }: NextSubject): Promise<Subject | null> {
  return await transaction(app.sql, async (tx) => {
    await requireStaff(tx, (await lockAccounts(tx, [by.userId])).get(by.userId));
    const name = await takeFirst(tx, by, { filters: filters ?? {}, skip: skip ?? [] });
    if (!name) return null;
    return (await readSubjects(tx, [name]))[0] ?? null;
  });
}

/**
 * Claims a subject for a quarter of an hour; one's own claim is prolonged. `takesOver`: also from somebody else.
 * @throws ApiError SUBJECT_NOT_FOUND, OWN_CASE, CLAIMED
 */
export async function claimSubject(app: App, by: Staff & { role: string }, name: SubjectName): Promise<ClaimResponse> {
  return await transaction(app.sql, async (tx) => {
    const account = (await lockAccounts(tx, [by.userId])).get(by.userId);
    await requireStaff(tx, account);
    const subject = await lockSubject(tx, name);
    if (!subject) throw fail("SUBJECT_NOT_FOUND");
    if (subject.authorId === by.userId) throw fail("OWN_CASE");
    if (isOthers(subject, by) && account?.role !== "admin") throw claimed(subject);
    return await writeClaim(tx, by, name);
  });
}

/**
 * Gives a subject back that the caller claimed; somebody else's claim stays.
 * @throws ApiError SUBJECT_NOT_FOUND, CLAIMED
 */
export async function releaseSubject(app: App, by: Staff, name: SubjectName): Promise<ClaimResponse> {
  return await transaction(app.sql, async (tx) => {
    const subject = await lockSubject(tx, name);
    if (!subject) throw fail("SUBJECT_NOT_FOUND");
    if (isOthers(subject, by)) throw claimed(subject);
    await tx`
      update moderation_queue set claimed_by = null, claimed_until = null
      where target_type = ${name.targetType} and target_id = ${name.targetId}`;
    return { claimedBy: null, claimedUntil: null };
  });
}

export type LockedSubject = {
  authorId: number | null;
  claimedBy: { id: number; username: string } | null;
  claimedUntil: string | null;
};

/** Locks a subject to the end of the transaction; undefined: nothing of it is to be decided. A claim that ran out is none. */
export async function lockSubject(tx: Tx, { targetType, targetId }: SubjectName): Promise<LockedSubject | undefined> {
  const [row]: LockedSubject[] = await tx`
    select q.author_id::float8 as "authorId",
      case when ${isClaimed(tx)} then (
        select json_build_object('id', m.id, 'username', m.username) from accounts m where m.id = q.claimed_by
      ) end as "claimedBy",
      case when ${isClaimed(tx)} then wire_time(q.claimed_until) end as "claimedUntil"
    from moderation_queue q where q.target_type = ${targetType} and q.target_id = ${targetId} for update`;
  return row;
}

export function isOthers({ claimedBy }: LockedSubject, by: Staff): boolean {
  return claimedBy !== null && claimedBy.id !== by.userId;
}

/** The refusal names who works on it. */
export function claimed({ claimedBy, claimedUntil }: LockedSubject) {
  return fail("CLAIMED", { details: { claimedBy, claimedUntil } });
}

type Wanted = { filters: NonNullable<NextSubject["filters"]>; skip: readonly SubjectName[] };

async function takeFirst(tx: Tx, by: Staff, { filters, skip }: Wanted): Promise<SubjectName | undefined> {
  const [row]: SubjectName[] = await tx`
    with first as (
      select q.target_type, q.target_id from moderation_queue q
      where q.tier >= 0 and ${matches(tx, filters)} and not ${isClaimed(tx)} and ${isForAnother(tx, by)}
        and not exists (
          select from unnest(${texts(tx, skip, "targetType")}, ${bigints(tx, skip, "targetId")}) s (type, id)
          where s.type = q.target_type and s.id = q.target_id)
      order by q.tier desc, q.rank desc, q.target_type, q.target_id
      limit 1 for update skip locked
    )
    update moderation_queue q
    set claimed_by = ${by.userId}, claimed_until = now() + make_interval(mins => ${CLAIM_MINUTES})
    from first f where q.target_type = f.target_type and q.target_id = f.target_id
    returning q.target_type as "targetType", q.target_id::float8 as "targetId"`;
  return row;
}

/** Of a subject `q`: neither about the user, nor reported by them. */
function isForAnother(db: Queryable, { userId }: Staff) {
  return db`
    q.author_id is distinct from ${userId} and not exists (
      select from reports r where r.reporter_id = ${userId} and r.target_type = q.target_type
        and r.target_id = q.target_id and r.status = 'pending')`;
}

async function writeClaim(tx: Tx, by: Staff, { targetType, targetId }: SubjectName): Promise<ClaimResponse> {
  const [row]: ClaimResponse[] = await tx`
    update moderation_queue q
    set claimed_by = ${by.userId}, claimed_until = now() + make_interval(mins => ${CLAIM_MINUTES})
    from accounts m where m.id = ${by.userId} and q.target_type = ${targetType} and q.target_id = ${targetId}
    returning json_build_object('id', m.id, 'username', m.username) as "claimedBy", wire_time(q.claimed_until) as "claimedUntil"`;
  return row!;
}
