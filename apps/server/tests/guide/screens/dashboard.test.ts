import { beforeAll, expect, test } from "bun:test";
import { promote, serverForFile } from "@reelay/testkit";
import { FrontEnd, refusal } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

const { server } = serverForFile();
let admin: FrontEnd;
let user: FrontEnd;

beforeAll(async () => {
  [admin, user] = [await FrontEnd.join(server, "chief"), await FrontEnd.join(server, "maker")];
  await promote(server, admin.user, "admin");
});

/** Every minute, and at once after the admin did something. */
async function refresh(): Promise<{ overview: any; charts: any; recent: any }> {
  const [overview, charts, recent] = await Promise.all(
    ["overview/", "charts", "recent-activity?limit=10"].map((part) => admin.get(`/admin/stats/${part}`)),
  );
  return { overview, charts, recent };
}

test("the dashboard: three polls with the guide's keys, which follow what happens", async () => {
  const video = await user.post("/videos/", { title: "Hội An", url: "https://example.com/v.mp4" });
  await admin.post(`/videos/${video.id}/like`);
  await admin.post(`/videos/${video.id}/view`);
  const report = await admin.post("/reports/", { target_type: "video", target_id: video.id, reason: "spam" });
  const { overview, charts, recent } = await refresh();
  expectShape(overview, "overview");
  expect(overview).toMatchObject({
    users: { total: 2, active: 2, new_today: 2, active_7d: 2, banned: 0 },
    videos: { total: 1, public: 1, new_today: 1, private: 0, deleted: 0 },
    reports: { total: 1, pending: 1, resolved_today: 0, resolved: 0, rejected: 0 },
    engagement: { total_likes: 1, total_comments: 0, total_follows: 0, total_views: 1 },
  });
  expectShape(charts, "charts");
  expectShape(charts.users_chart, "usersChart");
  expectShape(charts.videos_chart, "videosChart");
  expectShape(charts.reports_chart, "reportsChart");
  expectShape(charts.engagement_chart, "date:string likes:number comments:number follows:number");
  for (const rows of Object.values<any[]>(charts)) expect(rows).toHaveLength(7);
  const today = charts.users_chart.at(-1).date;
  expect(charts.users_chart.map(({ date }: any) => date)).toEqual(daysUntil(today));
  expect(charts.videos_chart.at(-1)).toEqual({ date: today, count: 1, views: 1, value: 1, videos: 1 });
  expect(charts.reports_chart.at(-1)).toEqual({
    ...{ date: today, pending: 1, resolved: 0, rejected: 0 },
    ...{ value: 1, reports: 1 },
  });

  expectShape(recent, "recentActivity");
  expectShape(recent.recent_users, "id:number username:string email:string createdAt:time avatarUrl:string?");
  expectShape(
    recent.recent_videos,
    "id:number title:string ownerName:string createdAt:time views:number likes:number visibility:string",
  );
  expectShape(
    recent.recent_reports,
    "id:number reporterName:string targetType:string targetId:number reason:string status:string createdAt:time",
  );
  expect(recent.recent_users.map(({ username }: any) => username)).toEqual(["maker", "chief"]);
  expect(recent.recent_videos).toMatchObject([{ id: video.id, ownerName: "maker", likes: 1, views: 1 }]);

  await admin.post(`/admin/reports/${report.id}/reject`, { reason: "It is a town." });
  const after = await refresh();
  expect(after.overview.reports).toEqual({ total: 1, pending: 0, resolved_today: 0, resolved: 0, rejected: 1 });
  expect(after.charts.reports_chart.at(-1)).toMatchObject({ pending: 0, rejected: 1, value: 1 });
  expect(after.recent.recent_reports).toMatchObject([{ id: report.id, status: "rejected" }]);
});

function daysUntil(today: string): string[] {
  const day = (ago: number) => new Date(Date.parse(today) - ago * 86_400_000).toISOString().slice(0, 10);
  return [6, 5, 4, 3, 2, 1, 0].map(day);
}

test("somebody who is no admin sees none of it", async () => {
  for (const part of ["overview", "charts", "recent-activity"]) {
    expect(await refusal(user.get(`/admin/stats/${part}/`))).toEqual([403, "You may not do that."]);
  }
});
