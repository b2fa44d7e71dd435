import type { AdminResponse } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { undoEntry } from "../undo/undo.ts";

type Staff = { userId: number };
type Found = { userId: number; decidedBy: number | null; entryId: number | null };

const REFETCH = ["/appeals/my"];

/**
 * Undoes the decision that the person appealed against.
 * @throws ApiError APPEAL_NOT_FOUND, APPEAL_ALREADY_DECIDED, OWN_CASE, NOT_UNDOABLE, FORBIDDEN
 */
export async function grantAppeal(
  app: App,
  by: Staff,
  appealId: number,
  result: string | null,
): Promise<AdminResponse> {
  const found = await findAppeal(app.sql, appealId);
  if (found.entryId === null)
    throw fail("NOT_UNDOABLE", { message: "What was decided is not in the audit log any more." });
  await undoEntry(app, by, found.entryId, (tx) => close(tx, by, found, { appealId, status: "granted", result }));
  return { success: true, changed: true, message: "The appeal is granted: the decision is undone." };
}

/**
 * Leaves the decision as it stands.
 * @throws ApiError APPEAL_NOT_FOUND, APPEAL_ALREADY_DECIDED, OWN_CASE
 */
export async function refuseAppeal(
  app: App,
  by: Staff,
  appealId: number,
  result: string | null,
): Promise<AdminResponse> {
  const found = await findAppeal(app.sql, appealId);
  await commit(app, async (tx) => {
    await requireStaff(tx, (await lockAccounts(tx, [by.userId])).get(by.userId));
    const announce = await close(tx, by, found, { appealId, status: "refused", result });
    await announce();
  });
  return { success: true, changed: true, message: "The appeal is refused." };
}

type Outcome = { appealId: number; status: "granted" | "refused"; result: string | null };

/** Returns what is to come last in the transaction. */
async function close(tx: PublishingTx, by: Staff, found: Found, { appealId, status, result }: Outcome) {
  await refuseOwn(tx, by, found);
  const rows = await tx`
    update appeals set status = ${status}, result = ${result}, decided_by = ${by.userId}, decided_at = now()
    where id = ${appealId} and status = 'pending' returning id`;
  if (rows.length === 0) throw fail("APPEAL_ALREADY_DECIDED");
  const action = status === "granted" ? "appeal_grant" : "appeal_refuse";
  const details = { appealId, result };
  await recordAudit(tx, { actorId: by.userId, action, targetType: "user", targetId: found.userId, details });
  return async () => {
    await append(tx, [event("sync:stale", found.userId, { refetch: REFETCH })]);
  };
}

/** Neither about oneself, nor, where somebody else could, about one's own decision. */
async function refuseOwn(tx: Tx, by: Staff, { userId, decidedBy }: Found): Promise<void> {
  if (userId === by.userId) throw fail("OWN_CASE");
  if (decidedBy !== by.userId) return;
  const others = await tx`
    select id from accounts where role in ('moderator', 'admin') and status = 'active'
      and id not in (${by.userId}, ${userId}) limit 1`;
  if (others.length > 0) throw fail("OWN_CASE", { message: "It is your own decision: somebody else looks at it." });
}

/** The entry of the audit log by which the decision was made. */
async function findAppeal(db: Queryable, appealId: number): Promise<Found> {
  const [row]: Found[] = await db`
    select p.user_id::float8 as "userId", d.decided_by::float8 as "decidedBy", (
      select l.id from audit_log l
      where l.target_type = d.target_type and l.target_id = d.target_id
        and (l.details->>'decisionId')::bigint = d.id order by l.id limit 1)::float8 as "entryId"
    from appeals p join decisions d on d.id = p.decision_id where p.id = ${appealId}`;
  if (!row) throw fail("APPEAL_NOT_FOUND");
  return row;
}
