import type { Tx } from "../../platform/postgres.ts";
import type { Target } from "../decisions/decisions.ts";

/** Whether something of a target is to be decided. Its subject in the queue is locked, before its reports. */
export async function isInQueue(tx: Tx, { targetType, targetId }: Target): Promise<boolean> {
  const rows = await tx`
    select target_id from moderation_queue where target_type = ${targetType} and target_id = ${targetId} for update`;
  return rows.length > 0;
}
