import type { Decision, ModerationAction, ReportTarget, Verdict } from "@reelay/contract";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { receivedAt } from "./receipts.ts";

const MAX_LISTED = 20;

/** A thing or a person that is decided about. */
export type Target = { targetType: ReportTarget; targetId: number };

/** Null: the system. */
type Moderator = { userId: number } | null;

export type DecisionDraft = Target & {
  /** Whom it concerns. */
  userId: number | null;
  verdict: Verdict;
  action: ModerationAction;
  reason: string | null;
  /** What the reporters read. */
  result: string;
  /** Whether the person was told of a measure against them. */
  isStrike: boolean;
};

/** Writes down what was decided, in the transaction that does it, and returns its id. */
export async function insertDecision(tx: Tx, by: Moderator, draft: DecisionDraft): Promise<number> {
  const { targetType, targetId, userId, verdict, action, reason, result, isStrike } = draft;
  const [row] = await tx`
    insert into decisions (target_type, target_id, user_id, verdict, action, reason, result, decided_by, is_strike)
    values (${targetType}, ${targetId}, ${userId}, ${verdict}, ${action}, ${reason}, ${result}, ${by?.userId ?? null},
      ${isStrike})
    returning id::float8 as id`;
  return row.id;
}

/** A decision stands no more, and closes no more reports; an appeal that waits is granted. False: it was undone. */
export async function undoDecision(tx: Tx, by: Moderator, decisionId: number): Promise<boolean> {
  const rows = await tx`
    update decisions set undone_at = now(), undone_by = ${by?.userId ?? null}, is_closing = false
    where id = ${decisionId} and undone_at is null returning id`;
  await tx`
    update appeals set status = 'granted', decided_by = ${by?.userId ?? null}, decided_at = now()
    where decision_id = ${decisionId} and status = 'pending'`;
  return rows.length > 0;
}

/** @throws ApiError NOT_FOUND */
export async function readDecision(db: Queryable, decisionId: number): Promise<Decision> {
  const [row]: Decision[] = await db`
    select ${decisionColumns(db)} from decisions d left join accounts m on m.id = d.decided_by where d.id = ${decisionId}`;
  if (!row) throw fail("NOT_FOUND");
  return row;
}

/** The newest decision on a target that stands. */
export async function findStanding(db: Queryable, { targetType, targetId }: Target): Promise<Decision | null> {
  const [row]: Decision[] = await db`
    select ${decisionColumns(db)} from decisions d left join accounts m on m.id = d.decided_by
    where d.target_type = ${targetType} and d.target_id = ${targetId} and d.undone_at is null
    order by d.id desc limit 1`;
  return row ?? null;
}

/** The decision by which the user is banned; null: it was made before there were decisions. */
export async function findBan(db: Queryable, userId: number): Promise<number | null> {
  const [row] = await db`
    select id::float8 as id from decisions
    where user_id = ${userId} and action = 'ban' and is_strike and undone_at is null order by id desc limit 1`;
  return row?.id ?? null;
}

/** What was decided about a target, or about the person whom it concerns, the newest first. */
export async function listDecisions(db: Queryable, target: Target, userId: number | null): Promise<Decision[]> {
  return await db`
    select ${decisionColumns(db)} from (
      (select id from decisions
        where target_type = ${target.targetType} and target_id = ${target.targetId} order by id desc limit ${MAX_LISTED})
      union (select id from decisions where user_id = ${userId} order by id desc limit ${MAX_LISTED})
    ) found join decisions d using (id) left join accounts m on m.id = d.decided_by
    order by d.id desc limit ${MAX_LISTED}`;
}

/** A decision `d` by the moderator `m`, within another row. */
export function decisionJson(db: Queryable) {
  return db`
    json_build_object('id', d.id, 'targetType', d.target_type, 'targetId', d.target_id, 'verdict', d.verdict,
      'action', d.action, 'reason', d.reason, 'result', d.result,
      'decidedBy', case when m.id is not null then json_build_object('id', m.id, 'username', m.username) end,
      'decidedAt', wire_time(d.decided_at), 'receivedAt', ${receivedAt(db)}, 'undoneAt', wire_time(d.undone_at))`;
}

/** The select list of a decision `d` by the moderator `m`. */
function decisionColumns(db: Queryable) {
  return db`
    d.id::float8 as id, d.target_type as "targetType", d.target_id::float8 as "targetId", d.verdict, d.action, d.reason,
    d.result, case when m.id is not null then json_build_object('id', m.id, 'username', m.username) end as "decidedBy",
    wire_time(d.decided_at) as "decidedAt", ${receivedAt(db)} as "receivedAt", wire_time(d.undone_at) as "undoneAt"`;
}
