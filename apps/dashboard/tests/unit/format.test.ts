import { expect, test } from "bun:test";
import { endOf } from "../../src/decisions/duration.ts";
import { formatAge, formatDay, formatNumber, formatTime } from "../../src/format.ts";
import { readName, writeName } from "../../src/pages/queue/subject-name.ts";

const NOW_MS = Date.parse("2026-11-28T14:05:30Z");
const before = (ms: number) => new Date(NOW_MS - ms).toISOString();

test("a time of day in a named zone says the zone, one in the reader's does not", () => {
  expect(formatTime("2026-11-28T14:05:30Z", "en", "UTC")).toBe("14:05 UTC");
  expect(formatTime("2026-11-28T23:59:00Z", "vi", "Asia/Ho_Chi_Minh")).toBe("06:59 Asia/Ho_Chi_Minh");
  expect(formatTime("2026-11-28T14:05:30Z", "en")).toMatch(/^\d\d:\d\d$/);
});

test("an age grows from minutes to days, and becomes a date after a week; the future is now", () => {
  expect(formatAge(before(5 * 60_000), NOW_MS, "en")).toBe("5 min ago");
  expect(formatAge(before(3 * 3_600_000), NOW_MS, "en")).toBe("3 hr ago");
  expect(formatAge(before(2 * 86_400_000), NOW_MS, "en")).toBe("2 days ago");
  expect(formatAge(before(8 * 86_400_000), NOW_MS, "en")).toStartWith("20 Nov 2026");
  expect(formatAge(before(-60_000), NOW_MS, "en")).toBe("this minute");
});

test("numbers and days are written as the language does", () => {
  expect([formatNumber(12_345, "en"), formatNumber(12_345, "vi")]).toEqual(["12,345", "12.345"]);
  expect(formatDay("2026-11-28", "en")).toBe("Sat 28");
});

test("a ban ends after its days, or never", () => {
  expect(endOf("week", NOW_MS)).toBe("2026-12-05T14:05:30.000Z");
  expect(endOf("forever", NOW_MS)).toBeNull();
});

test("an address names a subject, or nothing", () => {
  const name = { targetType: "video", targetId: 7 } as const;
  expect(readName(writeName(name))).toEqual(name);
  for (const text of ["", "video", "video:0", "planet:7", "video:7:8", "video:-1", "video:1e3"]) {
    expect(readName(text)).toBeNull();
  }
});
