import { afterAll, beforeAll, expect, test } from "bun:test";
import { StatsOverview } from "@reelay/contract";
import { addVideo, crowd, type Person, peopleOf, promote, startTestServer, type TestServer } from "@reelay/testkit";
import { readDays } from "../../src/features/stats/counters.ts";

/* Every number of the overview has a list behind it: a filter that returns exactly that many rows. */

const DAY_MS = 86_400_000;

/** Where it is noon, so that no day ends while the tests run. Its days are others than those of UTC. */
function zoneOfNoon(): string {
  const hoursBehind = new Date().getUTCHours() - 12;
  return `Etc/GMT${hoursBehind < 0 ? "" : "+"}${hoursBehind}`;
}

/** What of the overview, and the list that it counts. */
const LISTS: [group: "users" | "videos" | "reports", number: string, query: string][] = [
  ["users", "total", ""],
  ["users", "active", "status=active&seen_within=7d"],
  ["users", "active_7d", "status=active&seen_within=7d"],
  ["users", "new_today", "status=any&created=today"],
  ["users", "banned", "status=banned"],
  ["videos", "total", ""],
  ["videos", "public", "visibility=public"],
  ["videos", "new_today", "visibility=any&created=today"],
  ["videos", "private", "visibility=private"],
  ["videos", "deleted", "visibility=deleted"],
  ["reports", "total", ""],
  ["reports", "pending", "status=pending"],
  ["reports", "resolved_today", "status=resolved&decided=today"],
  ["reports", "resolved", "status=resolved"],
  ["reports", "rejected", "status=rejected"],
];

let server: TestServer;
let admin: Person;
let ann: Person;

beforeAll(async () => {
  server = await startTestServer({ env: { STATS_TIMEZONE: zoneOfNoon(), ACCESS_TOKEN_TTL: "60d" } });
  [admin, ann] = await peopleOf(server, "admin", "ann");
  await promote(server, admin, "admin");
});

afterAll(() => server.stop());

const overview = async () => StatsOverview.parse((await admin.get("/admin/stats/overview")).body);

/** Every list beside its number: the total it names, and the rows on all of its pages. */
async function compare(): Promise<void> {
  for (const [group, name, query] of LISTS) {
    const expected = ((await overview())[group] as Record<string, number>)[name];
    let rows = 0;
    let total = 0;
    for (let page = 1; page === 1 || rows === (page - 1) * 7; page++) {
      const { body } = await admin.get(`/admin/${group}?limit=7&page=${page}&${query}`);
      rows += body[group].length;
      total = body.pagination.total;
      if (body[group].length === 0) break;
    }
    expect([group, name, total, rows]).toEqual([group, name, expected!, expected!]);
  }
}

/** Moves everything there is into the past, as the database's own clock does not. */
async function age(hours: number): Promise<void> {
  const { sql } = server.app;
  for (const table of ["accounts", "videos", "reports"]) {
    await sql`update ${sql(table)} set created_at = created_at - make_interval(hours => ${hours})`;
  }
  await sql`update reports set resolved_at = resolved_at - make_interval(hours => ${hours}) where status <> 'pending'`;
  await sql`select requeue_subject(target_type, target_id) from moderation_queue`;
}

async function live(): Promise<void> {
  const [banned, deleted, ...others] = await crowd(server, 12);
  await Promise.all(others.map((person) => person.get("/users/me")));
  await admin.post(`/admin/users/${banned!.id}/ban`, { reason: "spam" });
  await deleted!.delete("/users/me", { password: deleted!.password });
  const made = [];
  for (let n = 0; n < 9; n++) made.push(await addVideo(server, ann, n % 3 === 0 ? "private" : "public"));
  await admin.delete(`/admin/videos/${made[1]}`);
  await ann.delete(`/videos/${made[2]}`);
  const reports = [];
  for (const id of made.slice(3)) {
    if ((await others[0]!.get(`/videos/${id}`)).status !== 200) continue;
    reports.push((await others[0]!.post("/reports/", { targetType: "video", targetId: id, reason: "spam" })).body.id);
  }
  await admin.post(`/admin/reports/${reports[0]}/resolve`);
  await admin.post(`/admin/reports/${reports[1]}/reject`);
}

test("with nothing, and after each write in the next read", async () => {
  await compare();
  await live();
  await compare();
  expect((await overview()).users).toMatchObject({ banned: 1 });
  expect((await overview()).reports).toMatchObject({ resolved_today: 1, resolved: 1, rejected: 1 });
});

test("on the days of STATS_TIMEZONE, when today is another day than in UTC", async () => {
  await age(5);
  await live();
  await compare();
  await age(26);
  await live();
  await compare();
  const { users, videos, reports } = await overview();
  expect([users.new_today < users.total, videos.new_today < videos.total + videos.deleted]).toEqual([true, true]);
  expect(reports.resolved_today).toBeLessThan(reports.resolved);
});

test("to the moment at which the days begin", async () => {
  const days = await readDays(server.app);
  const [week, today] = [days[0]!.startsAt, days.at(-1)!.startsAt];
  const [early, late] = await crowd(server, 2);
  const before = await overview();
  const justBefore = (start: Date, byMs: number) => new Date(start.getTime() - byMs);
  const { sql } = server.app;
  await sql`update activity set last_quarter = ${justBefore(week, 15 * 60_000)} where user_id = ${early.id}`;
  await sql`update activity set last_quarter = ${week} where user_id = ${late!.id}`;
  await sql`update accounts set created_at = ${justBefore(today, 1)} where id = ${early.id}`;
  await sql`update accounts set created_at = ${today} where id = ${late!.id}`;
  for (const [person, decidedAt] of [[early, justBefore(today, 1)] as const, [late!, today] as const]) {
    await sql`
      insert into reports (reporter_id, target_type, target_id, reason, snapshot, status, resolved_at)
      values (${person.id}, 'user', ${ann.id}, 'spam', '{}', 'resolved', ${decidedAt})`;
  }
  await compare();
  const { users, reports } = await overview();
  expect([users.active - before.users.active, users.new_today - before.users.new_today]).toEqual([1, -1]);
  expect([reports.resolved - before.reports.resolved, reports.resolved_today - before.reports.resolved_today]).toEqual([
    ...[2, 1],
  ]);
});

test("when those who were active a week ago are not any more", async () => {
  const before = (await overview()).users.active;
  server.clock.advance(6 * DAY_MS);
  await compare();
  await ann.get("/users/me");
  server.clock.advance(DAY_MS);
  await compare();
  const after = (await overview()).users.active;
  expect([before > 10, after > 0, after < before]).toEqual([true, true, true]);
});
