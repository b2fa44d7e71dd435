import type { Tx } from "../../platform/postgres.ts";

/** What an admin, or the system, did to what. */
export type AuditEntry = {
  /** Null: the system. */
  actorId: number | null;
  action: string;
  targetType: "user" | "video" | "comment" | "report";
  targetId: number;
  details?: object;
};

/** Leaves a row in the audit log, in the transaction of what it records. */
export async function recordAudit(
  tx: Tx,
  { actorId, action, targetType, targetId, details }: AuditEntry,
): Promise<void> {
  await tx`
    insert into audit_log (actor_id, action, target_type, target_id, details)
    values (${actorId}, ${action}, ${targetType}, ${targetId}, ${details ?? {}}::jsonb)`;
}
