/* How times and numbers are written. Times of day are in the reader's zone, unless a zone is named. */

export type Language = "en" | "vi";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const LOCALES = { en: "en-GB", vi: "vi-VN" } as const;

export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language]).format(value);
}

/** `12 k` in a chart or on a badge. */
export function formatCompact(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language], { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

export function formatPercent(fraction: number, language: Language): string {
  return new Intl.NumberFormat(LOCALES[language], { style: "percent" }).format(fraction);
}

/** `14:05`; with a zone, `14:05 UTC`. */
export function formatTime(at: string | number, language: Language, timeZone?: string): string {
  const time = new Intl.DateTimeFormat(LOCALES[language], {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(timeZone && { timeZone }),
  });
  return timeZone ? `${time.format(new Date(at))} ${timeZone}` : time.format(new Date(at));
}

/** `28 Nov 2026, 14:05`. */
export function formatMoment(at: string | number, language: Language): string {
  const date = new Intl.DateTimeFormat(LOCALES[language], { day: "numeric", month: "short", year: "numeric" });
  return `${date.format(new Date(at))}, ${formatTime(at, language)}`;
}

/** A day of a chart, `2026-11-28`: `Sat 28`. */
export function formatDay(date: string, language: Language): string {
  const day = new Intl.DateTimeFormat(LOCALES[language], { weekday: "short", day: "numeric", timeZone: "UTC" });
  return day.format(new Date(`${date}T00:00:00Z`));
}

/** `5 min ago`, `3 hr ago`; what is older than a week is a date. */
export function formatAge(at: string, nowMs: number, language: Language): string {
  const ageMs = Math.max(0, nowMs - new Date(at).getTime());
  const relative = new Intl.RelativeTimeFormat(LOCALES[language], { numeric: "auto", style: "short" });
  if (ageMs < HOUR_MS) return relative.format(-Math.floor(ageMs / MINUTE_MS), "minute");
  if (ageMs < DAY_MS) return relative.format(-Math.floor(ageMs / HOUR_MS), "hour");
  if (ageMs < 7 * DAY_MS) return relative.format(-Math.floor(ageMs / DAY_MS), "day");
  return formatMoment(at, language);
}
