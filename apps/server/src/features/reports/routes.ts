import { CreateReport, IdPath, Report, ReportsQuery, StaffReport, StaffReportDetails } from "@reelay/contract";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendReport } from "../../http/limits.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { createReport, listOwnReports, listReports, readStaffReport } from "./reports.ts";

const tags = ["Reports"];

export const reportRoutes = createRouter();

reportRoutes.openapi(
  route({
    id: "createReport",
    access: "user",
    method: "post",
    path: "/reports",
    tags,
    description: "Freezes what it looks like now, so that deleting it is no escape.",
    summary: "Report a video, a user, a comment or a message",
    middleware: [spendReport],
    request: { body: json(CreateReport) },
    responses: {
      201: answer("Reported", Report),
      200: answer("One's own pending report of the same", Report),
      ...failures("NOT_FOUND", "SELF_REPORT"),
    },
  }),
  async (c) => {
    const { report, isNew } = await createReport(c.env.app, actorOf(c), c.req.valid("json"));
    return c.json(report, isNew ? 201 : 200);
  },
);

reportRoutes.openapi(
  route({
    id: "listOwnReports",
    access: "user",
    method: "get",
    path: "/reports/my",
    tags,
    description: "With what became of each.",
    summary: "List your reports, newest first",
    middleware: [eventCursor],
    request: { query: query(ReportsQuery) },
    responses: { 200: answer("A page", z.array(Report)) },
  }),
  async (c) => c.json(await listOwnReports(c.env.app, actorOf(c).userId, c.req.valid("query")), 200),
);

reportRoutes.openapi(
  route({
    id: "listReports",
    access: "moderator",
    method: "get",
    path: "/reports",
    tags,
    description: "The queue of moderators, or with `status` a part of it.",
    summary: "List all reports, newest first",
    middleware: [eventCursor],
    request: { query: query(ReportsQuery) },
    responses: { 200: answer("A page", z.array(StaffReport)) },
  }),
  async (c) => c.json(await listReports(c.env.app, actorOf(c), c.req.valid("query")), 200),
);

reportRoutes.openapi(
  route({
    id: "getReport",
    access: "moderator",
    method: "get",
    path: "/reports/{id}",
    tags,
    description: "`snapshot` holds what was reported as it was at that moment.",
    summary: "Get a report with its snapshot",
    request: { params: IdPath },
    responses: { 200: answer("The report", StaffReportDetails), ...failures("REPORT_NOT_FOUND") },
  }),
  async (c) => c.json(await readStaffReport(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);
