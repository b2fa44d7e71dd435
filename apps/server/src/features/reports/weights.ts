import type { ReportCategory } from "@reelay/contract";
import type { Tx } from "../../platform/postgres.ts";
import { precisionOf } from "../decisions/record.ts";

/** How much a report counts in the queue, as its reporter stands when it is made; while they are muted, nothing. */
export type Weighed = { weight: number; isUrgent: boolean; isMuted: boolean };

const FACTOR: Record<ReportCategory, number> = {
  spam: 1,
  other: 1,
  sexual: 2,
  harassment: 2,
  hate: 3,
  violence: 3,
  minors: 4,
  self_harm: 4,
};
const WEIGHT = 1000;
const URGENT: readonly ReportCategory[] = ["minors", "self_harm"];
/** Whose reports are right less often makes nothing urgent. */
const MIN_URGENT_PRECISION = 0.25;

/** The reporter's account is locked. */
export async function weigh(tx: Tx, reporterId: number, category: ReportCategory): Promise<Weighed> {
  const [reporter]: { precision: number; isMuted: boolean }[] = await tx`
    select ${precisionOf(tx)} as precision, a.is_reporter_muted as "isMuted" from accounts a where a.id = ${reporterId}`;
  const { precision, isMuted } = reporter!;
  return {
    weight: weightOf(category, precision),
    isUrgent: URGENT.includes(category) && precision >= MIN_URGENT_PRECISION,
    isMuted,
  };
}

function weightOf(category: ReportCategory, precision: number): number {
  return Math.round(WEIGHT * FACTOR[category] * precision);
}
