/** How long a ban may last. */
export const DAYS = { day: 1, week: 7, month: 30, forever: null } as const;
const DAY_MS = 86_400_000;

export type Duration = keyof typeof DAYS;

/** When a ban of that length ends; null: never. */
export function endOf(duration: Duration, nowMs: number): string | null {
  const days = DAYS[duration];
  return days === null ? null : new Date(nowMs + days * DAY_MS).toISOString();
}
