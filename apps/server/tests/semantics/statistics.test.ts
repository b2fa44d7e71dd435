import { afterEach, beforeEach, expect, test } from "bun:test";
import { StatsCharts, StatsOverview } from "@reelay/contract";
import {
  addVideo,
  crowd,
  type Person,
  peopleOf,
  promote,
  settleJobs,
  startTestServer,
  type TestServer,
} from "@reelay/testkit";
import { banUser, unbanUser } from "../../src/features/moderation/bans.ts";
import { readCharts, readOverview, readRecentActivity, tidyStatistics } from "../../src/features/stats/stats.ts";
import type { Sql, Tx } from "../../src/platform/postgres.ts";

/* What the dashboard counts, and how: a test for each such row of the semantics. */

const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

let server: TestServer;
let admin: Person;
let ann: Person;
let bob: Person;

beforeEach(async () => {
  server = await startTestServer({ env: { ACCESS_TOKEN_TTL: "60d" } });
  [admin, ann, bob] = await peopleOf(server, "admin", "ann", "bob");
  await promote(server, admin, "admin");
});

afterEach(() => server.stop());

const overview = async () => StatsOverview.parse((await admin.get("/admin/stats/overview")).body);
const charts = async () => StatsCharts.parse((await admin.get("/admin/stats/charts")).body);

/** Moves on to where the next so many milliseconds begin, so that a test does not run across that moment. */
function alignTo(ms: number): void {
  server.clock.advance(ms - (server.clock.now() % ms));
}

async function lastQuarter({ id }: Person): Promise<number | undefined> {
  await server.app.activity.flush();
  const [row] = await server.app.sql`select last_quarter from activity where user_id = ${id}`;
  return row.last_quarter?.getTime();
}

test("active", async () => {
  alignTo(QUARTER_MS);
  expect(await lastQuarter(ann)).toBeUndefined();
  await ann.get("/users/me");
  const first = (await lastQuarter(ann))!;
  expect(first % QUARTER_MS).toBe(0);
  server.clock.advance(QUARTER_MS);
  const socket = await ann.connect();
  await socket.settled();
  expect(await lastQuarter(ann)).toBe(first + QUARTER_MS);
  server.clock.shiftWall(QUARTER_MS);
  socket.send({ type: "pong" });
  await ann.leave();
  expect(await lastQuarter(ann)).toBe(first + QUARTER_MS);
  await ann.get("/messages/unread/count");
  expect(await lastQuarter(ann)).toBe(first + 2 * QUARTER_MS);
});

test("users.total and videos.total", async () => {
  await addVideo(server, ann);
  await addVideo(server, ann, "private");
  await bob.delete(`/videos/${await addVideo(server, bob)}`);
  await admin.post(`/admin/users/${ann.id}/ban`, { reason: "spam" });
  const { users, videos } = await overview();
  expect(users).toMatchObject({ total: 3, banned: 1 });
  expect(videos).toMatchObject({ total: 2, public: 1, private: 1, deleted: 1 });
  const [leaver] = await peopleOf(server, "leaver");
  expect((await overview()).users.total).toBe(4);
  await leaver.delete("/users/me", { password: leaver.password });
  await settleJobs(server);
  expect((await overview()).users.total).toBe(3);
});

test("users.active and users.active_7d", async () => {
  alignTo(DAY_MS);
  const active = async () => {
    const { users } = await overview();
    return [users.active, users.active_7d];
  };
  await ann.get("/users/me");
  await bob.get("/users/me");
  expect(await active()).toEqual([3, 3]);
  await admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
  expect(await active()).toEqual([2, 2]);
  server.clock.advance(6 * DAY_MS);
  expect(await active()).toEqual([2, 2]);
  server.clock.advance(DAY_MS);
  expect(await active()).toEqual([1, 1]);
});

test("reports_chart", async () => {
  const today = async () => (await charts()).reports_chart.at(-1)!;
  const before = await today();
  const reports = [];
  for (const targetId of [await addVideo(server, ann), await addVideo(server, ann), await addVideo(server, ann)]) {
    reports.push((await bob.post("/reports/", { targetType: "video", targetId, reason: "spam" })).body);
  }
  expect(await today()).toMatchObject({ pending: before.pending + 3, resolved: before.resolved });
  await admin.post(`/admin/reports/${reports[0].id}/resolve`);
  await admin.post(`/admin/reports/${reports[1].id}/reject`);
  const after = { pending: before.pending + 1, resolved: before.resolved + 1, rejected: before.rejected + 1 };
  expect(await today()).toMatchObject(after);
  expect((await overview()).reports.resolved_today).toBe(after.resolved);
});

test("users_chart, videos_chart and engagement", async () => {
  const of = async () => {
    const { users_chart, videos_chart, engagement_chart } = await charts();
    const { likes, comments, follows } = engagement_chart.at(-1)!;
    return [users_chart.at(-1)!.count, videos_chart.at(-1)!.count, likes, comments, follows];
  };
  const totals = async () => {
    const { total_likes, total_comments, total_follows } = (await overview()).engagement;
    return [total_likes, total_comments, total_follows];
  };
  const [before, stood] = [await of(), await totals()];
  const videoId = await addVideo(server, bob);
  await addVideo(server, bob);
  const act = async () => {
    await ann.post(`/videos/${videoId}/like`);
    await ann.post(`/users/${bob.id}/follow`);
  };
  await act();
  const { body: comment } = await ann.post("/comments/", { videoId, content: "hi" });
  const made = [0, 2, 1, 1, 1].map((count, index) => before[index]! + count);
  expect(await of()).toEqual(made);
  expect(await totals()).toEqual(stood.map((count) => count + 1));
  await ann.delete(`/videos/${videoId}/like`);
  await ann.delete(`/users/${bob.id}/follow`);
  await ann.delete(`/comments/${comment.id}`);
  expect([await of(), await totals()]).toEqual([made, stood]);
  await server.app.sql`update likes set created_at = created_at - interval '1 day' where user_id = ${ann.id}`;
  const [, , likes] = await of();
  await act();
  expect((await of())[2]).toBe(likes!);
  expect(await totals()).toEqual([stood[0]! + 1, stood[1]!, stood[2]! + 1]);
});

test("day counters", async () => {
  const videoId = await addVideo(server, bob);
  const fans = await crowd(server, 40);
  await Promise.all(fans.map((fan) => fan.post(`/videos/${videoId}/like`)));
  const kept = async () => {
    const rows: { rows: number; value: number }[] = await server.app.sql`
      select count(*)::int as rows, sum(value)::int as value, quarter from statistics where metric = 'likes_made'
      group by quarter order by quarter`;
    return { values: rows.map(({ value }) => value), most: Math.max(...rows.map((row) => row.rows)) };
  };
  const before = await kept();
  server.clock.advance(2 * 3_600_000);
  await tidyStatistics(server.app);
  expect(await kept()).toEqual({ values: before.values, most: 1 });
  const hoursOf = async (now: string) => {
    const rows: { hours: number }[] = await server.app.sql`
      select extract(epoch from ends_at - starts_at)::int / 3600 as hours
      from recent_days(${new Date(now)}, 'Europe/Berlin') where isfinite(ends_at)`;
    return rows.map(({ hours }) => hours).sort();
  };
  expect(await hoursOf("2026-03-31T10:00:00Z")).toEqual([23, 24, 24, 24, 24, 24]);
  expect(await hoursOf("2026-10-27T10:00:00Z")).toEqual([24, 24, 24, 24, 24, 25]);
  const zoned = (statsTimezone: string) => ({ ...server.app, config: { ...server.app.config, statsTimezone } });
  const likes = async (timezone: string) => {
    const { engagement_chart } = await readCharts(zoned(timezone));
    return engagement_chart.reduce((total, day) => total + day.likes, 0);
  };
  expect(await likes("Pacific/Kiritimati")).toBe(await likes("UTC"));
  expect(await likes("Asia/Kathmandu")).toBe(await likes("UTC"));
});

test("active_7d", async () => {
  alignTo(QUARTER_MS);
  const cell = async (quarter: number) => {
    await server.app.activity.flush();
    const [row] = await server.app.sql`
      select coalesce(sum(value), 0)::int as value from statistics
      where metric = 'last_active' and quarter = ${new Date(quarter)}`;
    return row.value;
  };
  await ann.get("/users/me");
  await bob.get("/users/me");
  const first = (await lastQuarter(ann))!;
  const next = first + QUARTER_MS;
  server.clock.advance(QUARTER_MS);
  expect([await cell(first), await cell(next)]).toEqual([2, 0]);
  await bob.get("/users/me");
  expect([await cell(first), await cell(next)]).toEqual([1, 1]);
  await banUser(server.app, null, ann.id, { reason: "spam" });
  expect([await cell(first), await cell(next)]).toEqual([0, 1]);
  await unbanUser(server.app, null, ann.id);
  expect([await cell(first), await cell(next)]).toEqual([1, 1]);
});

test("stats at ten million rows", async () => {
  await server.app.sql`
    with made as (
      insert into accounts (username) select 'many' || n from generate_series(1, 5000) n returning id
    ),
    videos as (
      insert into videos (owner_id, title, external_url, visibility)
      select id, 'v', 'https://example.com', 'public' from made returning id, owner_id
    ),
    liked as (insert into likes (user_id, video_id) select owner_id, id from videos),
    commented as (insert into comments (user_id, video_id, content) select owner_id, id, 'hi' from videos)
    insert into reports (reporter_id, target_type, target_id, reason, snapshot)
    select owner_id, 'video', id, 'spam', '{}' from videos`;
  await server.app.sql`update videos set likes_count = 1, comments_count = 1`;
  await server.app.sql`update accounts set video_count = 1 where username like 'many%'`;
  await server.app.sql`vacuum analyze`;
  const read = await server.app.sql.begin(async (tx) => {
    const app = { ...server.app, sql: tx as unknown as Sql };
    const before = await rowsRead(tx as Tx);
    await readOverview(app);
    await readCharts(app);
    await readRecentActivity(app, 0, 10);
    return (await rowsRead(tx as Tx)) - before;
  });
  expect(read).toBeLessThan(200);
});

/** How many rows of the tables that grow this connection has looked at. */
async function rowsRead(tx: Tx): Promise<number> {
  const [row] = await tx`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as count from pg_stat_xact_user_tables
    where relname in ('accounts', 'videos', 'likes', 'comments', 'follows', 'reports', 'activity', 'video_views')`;
  return row.count;
}
