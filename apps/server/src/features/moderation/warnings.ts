import type { PublishingTx } from "../../delivery/commit.ts";
import { noteEvent } from "../decisions/receipts.ts";
import { notify } from "../notifications/notify.ts";

/**
 * The notification by which a person learns of a warning, or of what became of something of theirs: the last thing of the
 * transaction.
 */
export async function warn(tx: PublishingTx, userId: number, targetId: number, decisionId: number): Promise<void> {
  const warning = { type: "admin_warning" as const, refId: targetId, subjectId: decisionId };
  const [notified] = await notify(tx, [{ ...warning, userId, actorId: null }]);
  await noteEvent(tx, decisionId, notified?.seq);
}
