import { RecentActivity, RecentActivityQuery, StatsCharts, StatsOverview } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { answer, createRouter, query, route } from "../../http/router.ts";
import { readCharts, readOverview, readRecentActivity } from "./stats.ts";

const tags = ["Admin"];

export const statsRoutes = createRouter();

statsRoutes.openapi(
  route({
    id: "getStatsOverview",
    access: "moderator",
    method: "get",
    path: "/admin/stats/overview",
    tags,
    description: "Counters, not counts: the same cost however many rows there are.",
    summary: "Get the current numbers of the dashboard",
    responses: { 200: answer("The numbers", StatsOverview) },
  }),
  async (c) => c.json(await readOverview(c.env.app), 200),
);

statsRoutes.openapi(
  route({
    id: "getStatsCharts",
    access: "moderator",
    method: "get",
    path: "/admin/stats/charts",
    tags,
    description: "Days of `STATS_TIMEZONE`, ascending, without gaps.",
    summary: "Get the numbers of the last seven days, today included",
    responses: { 200: answer("Seven rows a chart", StatsCharts) },
  }),
  async (c) => c.json(await readCharts(c.env.app), 200),
);

statsRoutes.openapi(
  route({
    id: "getRecentActivity",
    access: "moderator",
    method: "get",
    path: "/admin/stats/recent-activity",
    tags,
    description: "What was deleted is left out.",
    summary: "Get the newest accounts, videos and reports",
    request: { query: query(RecentActivityQuery) },
    responses: { 200: answer("The newest first", RecentActivity) },
  }),
  async (c) => c.json(await readRecentActivity(c.env.app, actorOf(c).userId, c.req.valid("query").limit), 200),
);
