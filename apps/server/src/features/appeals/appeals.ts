import type { Appeal, AppealsQuery, AppealsResponse, CreateAppeal, StaffAppeal } from "@reelay/contract";
import type { AppealClaim } from "../../access/appeal-tokens.ts";
import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import type { Fragment, Queryable } from "../../platform/postgres.ts";
import { decisionJson } from "../decisions/decisions.ts";
import { readRecords } from "../decisions/record.ts";

type Actor = { userId: number };

/**
 * Asks for a decision to be looked at again: once, by the person it hit, with their token or with the one that a banned
 * login answers. The appeal that is there is answered, and `isNew` is false.
 * @throws ApiError UNAUTHORIZED, DECISION_NOT_FOUND
 */
export async function createAppeal(
  app: App,
  actor: Actor | null,
  draft: CreateAppeal,
): Promise<{ appeal: Appeal; isNew: boolean }> {
  const claim = await claimOf(app, actor, draft);
  const [row]: { id: number; isNew: boolean }[] = await app.sql`
    insert into appeals as p (decision_id, user_id, content)
    select d.id, d.user_id, ${draft.text} from decisions d
    where d.id = ${claim.decisionId} and d.user_id = ${claim.userId} and d.is_strike and d.undone_at is null
    on conflict (decision_id) do update set status = p.status
    returning p.id::float8 as id, old.id is null as "isNew"`;
  if (!row) throw fail("DECISION_NOT_FOUND");
  const [appeal]: Appeal[] = await app.sql`select ${appealColumns(app.sql)} from appeals p where p.id = ${row.id}`;
  return { appeal: appeal!, isNew: row.isNew };
}

/** The caller's own, the newest first. */
export async function listOwnAppeals({ sql }: App, { userId }: Actor): Promise<Appeal[]> {
  return await sql`
    select ${appealColumns(sql)} from appeals p where p.user_id = ${userId} order by p.id desc limit ${MAX_OWN}`;
}

/** For staff, the oldest first; what is about the caller is left out. */
export async function listAppeals(app: App, by: Actor, query: AppealsQuery): Promise<AppealsResponse> {
  const { sql } = app;
  const { page, limit, status } = query;
  const isMeant = sql`p.user_id <> ${by.userId} and ${status ? sql`p.status = ${status}` : sql`true`}`;
  const [rows, [{ total }]] = await Promise.all([
    sql`
      select ${staffColumns(sql, by.userId)} from ${appealTables(sql)} where ${isMeant}
      order by p.id offset ${(page - 1) * limit} limit ${limit}`,
    sql`select count(*)::int as total from (select from appeals p where ${isMeant} limit ${MAX_COUNTED + 1}) found`,
  ]);
  const pagination = {
    page,
    limit,
    total: Math.min(total, MAX_COUNTED),
    pages: Math.ceil(Math.min(total, MAX_COUNTED) / limit),
  };
  return {
    appeals: await withRecords(sql, rows),
    pagination: { ...pagination, ...(total > MAX_COUNTED && { totalIsAtLeast: true as const }) },
  };
}

/** @throws ApiError APPEAL_NOT_FOUND */
export async function readAppeal(db: Queryable, by: Actor, appealId: number): Promise<StaffAppeal> {
  const rows: Omit<StaffAppeal, "record">[] = await db`
    select ${staffColumns(db, by.userId)} from ${appealTables(db)} where p.id = ${appealId}`;
  const [appeal] = await withRecords(db, rows);
  if (!appeal) throw fail("APPEAL_NOT_FOUND");
  return appeal;
}

const MAX_OWN = 100;
const MAX_COUNTED = 1000;

async function claimOf(app: App, actor: Actor | null, { decisionId, appealToken }: CreateAppeal): Promise<AppealClaim> {
  const claim = appealToken ? await app.appealTokens.verify(appealToken) : null;
  if (claim && (actor === null || actor.userId === claim.userId)) return claim;
  if (!actor) throw fail("UNAUTHORIZED");
  return { userId: actor.userId, decisionId: decisionId ?? 0 };
}

async function withRecords(db: Queryable, rows: readonly Omit<StaffAppeal, "record">[]): Promise<StaffAppeal[]> {
  const records = await readRecords(
    db,
    rows.map(({ user }) => user.id),
  );
  return rows.map((row) => ({ ...row, record: records.get(row.user.id) ?? null }));
}

/** The select list of an appeal `p` as its author sees it. */
function appealColumns(db: Queryable): Fragment {
  return db`
    p.id::float8 as id, p.decision_id::float8 as "decisionId", p.content as text, p.status, p.result,
    wire_time(p.created_at) as "createdAt", wire_time(p.decided_at) as "decidedAt"`;
}

function staffColumns(db: Queryable, userId: number): Fragment {
  return db`
    ${appealColumns(db)}, json_build_object('id', a.id, 'username', a.username) as "user",
    ${decisionJson(db)} as decision,
    case when w.id is not null then json_build_object('id', w.id, 'username', w.username) end as "decidedBy",
    d.decided_by is not distinct from ${userId} as "isOwnDecision"`;
}

function appealTables(db: Queryable): Fragment {
  return db`
    appeals p join accounts a on a.id = p.user_id join decisions d on d.id = p.decision_id
    left join accounts m on m.id = d.decided_by left join accounts w on w.id = p.decided_by`;
}
