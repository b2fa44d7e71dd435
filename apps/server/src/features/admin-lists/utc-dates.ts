const DAY_MS = 86_400_000;

/** The UTC dates from a moment to the day after now: the last one stands for all that is later, too. */
export function datesSince(since: Date, nowMs: number): string[] {
  const firstMs = since.getTime() - (since.getTime() % DAY_MS);
  const count = Math.floor((nowMs - firstMs) / DAY_MS) + 2;
  return Array.from({ length: count }, (_, day) => new Date(firstMs + day * DAY_MS).toISOString().slice(0, 10));
}
