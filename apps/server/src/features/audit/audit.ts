import type { App } from "../../app.ts";
import { type Queryable, retrying, type Tx } from "../../platform/postgres.ts";

const BATCH = 1000;
const DAY_MS = 86_400_000;

/** What an admin, or the system, did to what. */
export type AuditEntry = {
  /** Null: the system. */
  actorId: number | null;
  action: string;
  targetType: "user" | "video" | "comment" | "message" | "report";
  targetId: number;
  details?: object;
  /** Of an undo: the entry that it is of. */
  undoes?: number;
};

/** Leaves a row in the audit log, in the transaction of what it records. */
export async function recordAudit(
  tx: Tx,
  { actorId, action, targetType, targetId, details, undoes }: AuditEntry,
): Promise<void> {
  await tx`
    insert into audit_log (actor_id, action, target_type, target_id, details, undoes)
    values (${actorId}, ${action}, ${targetType}, ${targetId}, ${details ?? {}}::jsonb, ${undoes ?? null})`;
}

/** Removes what is older than AUDIT_RETENTION_DAYS. Every batch is a transaction of its own. */
export async function forgetOldAudit({ sql, clock, config }: App): Promise<void> {
  const before = new Date(clock.now() - config.auditRetentionDays * DAY_MS);
  while ((await retrying(() => forgetOldest(sql, before))) === BATCH);
}

/** Rows are made in the order of their ids, near enough: the ones to go are the first ones, and no others are looked at. */
async function forgetOldest(db: Queryable, before: Date): Promise<number> {
  const rows = await db`
    with oldest as (select id, created_at from audit_log order by id limit ${BATCH})
    delete from audit_log a using oldest o where a.id = o.id and o.created_at < ${before} returning a.id`;
  return rows.length;
}
