import { beforeAll, expect, test } from "bun:test";
import { RecentActivity, StatsCharts, StatsOverview } from "@reelay/contract";
import { addVideo, call, type Person, promote, serverForFile, settleJobs } from "@reelay/testkit";

const { server, people } = serverForFile({ env: { STATS_TIMEZONE: "Asia/Ho_Chi_Minh" } });
let admin: Person;

beforeAll(async () => {
  [admin] = await people("admin");
  await promote(server, admin, "admin");
});

const overview = async () => StatsOverview.parse((await admin.get("/admin/stats/overview")).body);
const charts = async () => StatsCharts.parse((await admin.get("/admin/stats/charts")).body);

test("Admin stats API hoạt động đúng (REST không phải WebSocket)", async () => {
  const socket = await admin.connect();
  await socket.settled();
  const before = await overview();
  const [ann] = await people("ann");
  const video = await addVideo(server, ann);
  await addVideo(server, ann, "private");
  const [bob] = await people("bob");
  await bob.post(`/videos/${video}/like`);
  await bob.post(`/videos/${video}/view`);
  await bob.post(`/users/${ann.id}/follow`);
  await bob.post("/comments/", { videoId: video, content: "first" });
  const { body: report } = await bob.post("/reports/", { targetType: "video", targetId: video, reason: "spam" });
  const during = await overview();
  expect(during).toEqual({
    users: {
      total: before.users.total + 2,
      active: before.users.active + 1,
      new_today: before.users.new_today + 2,
      active_7d: before.users.active_7d + 1,
      banned: 0,
    },
    videos: { total: 2, public: 1, private: 1, deleted: 0, new_today: 2 },
    reports: { total: 1, pending: 1, resolved: 0, rejected: 0, resolved_today: 0 },
    engagement: { total_likes: 1, total_comments: 1, total_follows: 1, total_views: 1 },
    generated_at: during.generated_at,
    timezone: "Asia/Ho_Chi_Minh",
  });
  // An own write shows in the next read.
  await admin.post(`/admin/reports/${report.id}/resolve`, { result: "gone" });
  expect((await overview()).reports).toEqual({ total: 1, pending: 0, resolved: 1, rejected: 0, resolved_today: 1 });
  await admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
  const banned = (await overview()).users;
  expect(banned).toMatchObject({ banned: 1, total: during.users.total, active: during.users.active - 1 });
  await admin.post(`/admin/users/${bob.id}/unban`);
  expect((await overview()).users).toMatchObject({ banned: 0, active: during.users.active });
  await admin.delete(`/admin/videos/${video}`, { reason: "spam" });
  expect((await overview()).videos).toEqual({ total: 1, public: 0, private: 1, deleted: 1, new_today: 2 });
  expect((await charts()).videos_chart.at(-1)).toMatchObject({ count: 2, views: 1 });
  // Statistics are polled: the dashboard's socket hears of none of it.
  expect(socket.frames.filter((frame) => frame.type.includes("stat"))).toEqual([]);
});

test("Charts data trả về đúng format cho 7 ngày", async () => {
  const found = await charts();
  expect(Object.keys(found).sort()).toEqual(["engagement_chart", "reports_chart", "users_chart", "videos_chart"]);
  const today = new Date(server.clock.now() + 7 * 3_600_000).toISOString().slice(0, 10);
  for (const rows of Object.values(found)) {
    expect(rows).toHaveLength(7);
    expect(rows.map(({ date }) => date)).toEqual(
      Array.from({ length: 7 }, (_, index) => {
        return new Date(Date.parse(today) - (6 - index) * 86_400_000).toISOString().slice(0, 10);
      }),
    );
  }
  expect(Object.keys(found.users_chart[0]!)).toEqual(["date", "count", "active", "value", "users"]);
  expect(Object.keys(found.videos_chart[0]!)).toEqual(["date", "count", "views", "value", "videos"]);
  expect(Object.keys(found.reports_chart[0]!)).toEqual(["date", "pending", "resolved", "rejected", "value", "reports"]);
  expect(Object.keys(found.engagement_chart[0]!)).toEqual(["date", "likes", "comments", "follows"]);
  expect(found.users_chart[0]).toMatchObject({ count: 0, active: 0 });
  expect(found.reports_chart.at(-1)!.resolved).toBe((await overview()).reports.resolved_today);
});

test("recent activity: the newest first, as many as asked for, without what was deleted", async () => {
  const [carl] = await people("carl");
  const [dora] = await people("dora");
  const kept = await addVideo(server, carl, "private");
  await dora.delete(`/videos/${await addVideo(server, dora)}`);
  const { body: report } = await dora.post("/reports/", { targetType: "user", targetId: carl.id, reason: "rude" });
  await dora.delete("/users/me", { password: dora.password });
  await settleJobs(server);
  const recent = RecentActivity.parse((await admin.get("/admin/stats/recent-activity?limit=1")).body);
  expect(recent.recent_users).toEqual([
    { id: carl.id, username: carl.username, email: carl.email, createdAt: expect.any(String), avatarUrl: null },
  ]);
  expect(recent.recent_videos).toMatchObject([
    { id: kept, ownerId: carl.id, ownerName: carl.username, visibility: "private", views: 0, likes: 0 },
  ]);
  expect(recent.recent_reports).toMatchObject([
    { id: report.id, reporterName: `deleted_${dora.id}`, targetType: "user", targetId: carl.id, status: "pending" },
  ]);
  for (const limit of ["0", "-1", "x"]) {
    expect((await admin.get(`/admin/stats/recent-activity?limit=${limit}`)).status).toBe(422);
  }
});

test("statistics are for staff", async () => {
  const [eve] = await people("eve");
  for (const path of ["overview", "charts", "recent-activity"]) {
    expect((await eve.get(`/admin/stats/${path}?limit=nonsense`)).status).toBe(403);
    expect((await call(server.url, "GET", `/admin/stats/${path}`)).status).toBe(401);
  }
});

test("active: any request or frame but a pong, once a quarter hour, also on a socket alone", async () => {
  const before = (await overview()).users.active;
  const [fay] = await people("fay");
  expect((await overview()).users.active).toBe(before);
  const socket = await fay.connect();
  await socket.settled();
  expect((await overview()).users.active).toBe(before + 1);
  const lastQuarter = async () => {
    await server.app.activity.flush();
    const [row] = await server.app.sql`select last_quarter from activity where user_id = ${fay.id}`;
    return row.last_quarter.getTime();
  };
  const first = await lastQuarter();
  // By the wall clock alone: a socket that is silent for a quarter hour would be closed.
  server.clock.shiftWall(15 * 60_000);
  socket.send({ type: "message:typing", data: { conversationWith: admin.id, isTyping: true } });
  await socket.settled();
  expect(await lastQuarter()).toBe(first + 15 * 60_000);
  server.clock.shiftWall(15 * 60_000);
  socket.send({ type: "pong" });
  // What came before the close frame has been handled when the close is answered.
  await fay.leave();
  expect(await lastQuarter()).toBe(first + 15 * 60_000);
});

test("what cannot be written is written later", async () => {
  const [gil] = await people("gil");
  await server.app.sql.unsafe("alter table activity rename to activity_away");
  await gil.get("/users/me");
  await expect(server.app.activity.flush()).rejects.toThrow();
  await server.app.sql.unsafe("alter table activity_away rename to activity");
  await server.app.activity.flush();
  const [row] = await server.app.sql`select last_quarter from activity where user_id = ${gil.id}`;
  expect(row.last_quarter).not.toBeNull();
});
