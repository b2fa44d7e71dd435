import type { ModerationAction } from "@reelay/contract";
import type { PublishingTx } from "../../delivery/commit.ts";
import type { Moderator } from "../accounts/staff.ts";
import { insertDecision, type Target } from "../decisions/decisions.ts";
import { DEFAULT_RESULT, settleReports } from "../reports/decisions.ts";

/** A measure that was taken without looking at reports. */
export type Direct = Target & {
  /** Whom it concerns. */
  userId: number;
  action: ModerationAction;
  reason: string;
  isStrike: boolean;
};

/**
 * Writes a measure down as a decision that upholds the reports on its target. The job is the one that resolves those that are
 * pending; null: there are none.
 */
export async function decideDirectly(
  tx: PublishingTx,
  by: Moderator,
  { targetType, targetId, ...direct }: Direct,
): Promise<{ decisionId: number; jobId: number | null }> {
  const target = { targetType, targetId };
  const result = DEFAULT_RESULT.resolved;
  const decisionId = await insertDecision(tx, by, { ...target, ...direct, verdict: "upheld", result });
  return { decisionId, jobId: await settleReports(tx, by, { ...target, decisionId, status: "resolved", result }) };
}
