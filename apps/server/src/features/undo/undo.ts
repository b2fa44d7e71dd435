import type { AdminResponse } from "@reelay/contract";
import type { App } from "../../app.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { lockAccounts } from "../accounts/accounts.ts";
import { rankOf, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { type Entry, notUndoable } from "./entry.ts";
import { INVERSES } from "./inverses.ts";

/**
 * Undoes what somebody did, if what it did still stands and the caller may do the inverse now. Moderators undo nothing that an
 * admin did.
 * @throws ApiError NOT_FOUND, NOT_UNDOABLE, FORBIDDEN, OWN_CASE
 */
export async function undoEntry(
  app: App,
  by: { userId: number },
  entryId: number,
  before?: Before,
): Promise<AdminResponse> {
  const found = await findEntry(app.sql, entryId);
  if (!found) throw fail("NOT_FOUND", { message: "There is no such entry." });
  const invert = INVERSES[found.action];
  if (!invert) throw notUndoable("What was done there cannot be undone.");
  const jobs = await commit(app, async (tx) => {
    const { role, owner } = await lockPeople(tx, by, found);
    const entry = await lockEntry(tx, entryId);
    if (!entry || entry.undoneAt) return null;
    const undoing = { by, role, owner, nowMs: app.clock.now() };
    await markUndone(tx, by, entry);
    const announce = await before?.(tx);
    const jobs = await invert(tx, { ...entry, userId: found.userId }, undoing);
    await announce?.();
    return jobs;
  });
  if (!jobs) return { success: true, changed: false, message: "That was undone already." };
  for (const jobId of jobs) if (jobId !== null) await app.durableJobs.hurry(app, jobId);
  return { success: true, changed: true, message: "Undone." };
}

/** What else is written in the transaction before the inverse; returns what is to come after it. */
type Before = (tx: PublishingTx) => Promise<() => Promise<void>>;

async function lockPeople(tx: Tx, by: { userId: number }, { actorId, userId }: Entry) {
  const ids = [by.userId, actorId, userId].filter((id) => id !== null);
  const accounts = await lockAccounts(tx, ids);
  const self = accounts.get(by.userId);
  await requireStaff(tx, self);
  if (userId === by.userId) throw fail("OWN_CASE");
  const actor = actorId === null ? undefined : accounts.get(actorId);
  if (actor && actorId !== by.userId && rankOf(actor) > rankOf(self!)) throw fail("FORBIDDEN");
  const owner = userId === null ? undefined : accounts.get(userId);
  if (owner && owner.role !== "user" && rankOf(self!) <= rankOf(owner)) throw fail("FORBIDDEN");
  return { role: self!.role, owner: owner ?? null };
}

async function findEntry(db: Queryable, entryId: number): Promise<Entry | undefined> {
  const [row]: Entry[] = await db`
    select l.id::float8 as id, l.actor_id::float8 as "actorId", l.action, l.target_type as "targetType",
      l.target_id::float8 as "targetId", l.details, wire_time(l.undone_at) as "undoneAt",
      coalesce((select d.user_id from decisions d where d.id = (l.details->>'decisionId')::bigint),
        case l.target_type when 'user' then l.target_id
          when 'video' then (select v.owner_id from videos v where v.id = l.target_id)
          when 'comment' then (select c.user_id from comments c where c.id = l.target_id) end)::float8 as "userId"
    from audit_log l where l.id = ${entryId}`;
  return row;
}

async function lockEntry(tx: Tx, entryId: number): Promise<Omit<Entry, "userId"> | undefined> {
  const [row]: Omit<Entry, "userId">[] = await tx`
    select l.id::float8 as id, l.actor_id::float8 as "actorId", l.action, l.target_type as "targetType",
      l.target_id::float8 as "targetId", l.details, wire_time(l.undone_at) as "undoneAt"
    from audit_log l where l.id = ${entryId} for no key update`;
  return row;
}

async function markUndone(tx: Tx, by: { userId: number }, entry: Omit<Entry, "userId">): Promise<void> {
  const { id, action, targetType, targetId } = entry;
  await tx`update audit_log set undone_at = now() where id = ${id}`;
  await recordAudit(tx, {
    ...{ actorId: by.userId, action: "undo", targetType, targetId },
    ...{ details: { undone: action }, undoes: id },
  });
}
