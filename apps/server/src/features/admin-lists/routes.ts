import {
  AdminReportDetails,
  AdminReports,
  AdminReportsQuery,
  AdminUserDetails,
  AdminUsers,
  AdminUsersQuery,
  AdminVideoDetails,
  AdminVideos,
  AdminVideosQuery,
  AuditLog,
  AuditLogQuery,
  IdPath,
} from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { answer, createRouter, failures, query, route } from "../../http/router.ts";
import { listAuditLog } from "./audit-log.ts";
import { readReportDetails } from "./report-details.ts";
import { listReports } from "./reports.ts";
import { readUserDetails } from "./user-details.ts";
import { listUsers } from "./users.ts";
import { readVideoDetails } from "./video-details.ts";
import { listVideos } from "./videos.ts";

const tags = ["Admin"];

export const adminListRoutes = createRouter();

adminListRoutes.openapi(
  route({
    id: "listAdminUsers",
    access: "moderator",
    method: "get",
    path: "/admin/users",
    tags,
    description: "Searched by any part of username and full name, and by the whole e-mail address.",
    summary: "List accounts by page, filtered and sorted",
    middleware: [eventCursor],
    request: { query: query(AdminUsersQuery) },
    responses: { 200: answer("A page", AdminUsers), ...failures("SERVER_BUSY") },
  }),
  async (c) => c.json(await listUsers(c.env.app, actorOf(c), c.req.valid("query"), c.req.raw.signal), 200),
);

adminListRoutes.openapi(
  route({
    id: "getAdminUser",
    access: "moderator",
    method: "get",
    path: "/admin/users/{id}",
    tags,
    description: "Banned and deleted accounts, too. Reports on the caller are not among those that the user made.",
    summary: "Get an account with what it did and what was done to it",
    request: { params: IdPath },
    responses: { 200: answer("The account", AdminUserDetails), ...failures("USER_NOT_FOUND") },
  }),
  async (c) => c.json(await readUserDetails(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

adminListRoutes.openapi(
  route({
    id: "listAdminVideos",
    access: "moderator",
    method: "get",
    path: "/admin/videos",
    tags,
    description: "Searched by any part of title and description, among deleted ones as well.",
    summary: "List videos by page, filtered and sorted",
    middleware: [eventCursor],
    request: { query: query(AdminVideosQuery) },
    responses: { 200: answer("A page", AdminVideos), ...failures("SERVER_BUSY") },
  }),
  async (c) => c.json(await listVideos(c.env.app, actorOf(c), c.req.valid("query"), c.req.raw.signal), 200),
);

adminListRoutes.openapi(
  route({
    id: "getAdminVideo",
    access: "moderator",
    method: "get",
    path: "/admin/videos/{id}",
    tags,
    description: "Private and deleted ones, too.",
    summary: "Get a video with its newest comments and reports",
    request: { params: IdPath },
    responses: { 200: answer("The video", AdminVideoDetails), ...failures("VIDEO_NOT_FOUND") },
  }),
  async (c) => c.json(await readVideoDetails(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

adminListRoutes.openapi(
  route({
    id: "listAdminReports",
    access: "moderator",
    method: "get",
    path: "/admin/reports",
    tags,
    description: "Who reported the caller, or something of theirs, is not shown.",
    summary: "List reports by page, filtered",
    middleware: [eventCursor],
    request: { query: query(AdminReportsQuery) },
    responses: { 200: answer("A page", AdminReports) },
  }),
  async (c) => c.json(await listReports(c.env.app, actorOf(c), c.req.valid("query"), c.req.raw.signal), 200),
);

adminListRoutes.openapi(
  route({
    id: "getAdminReport",
    access: "moderator",
    method: "get",
    path: "/admin/reports/{id}",
    tags,
    description: "`snapshot` is what was reported as it was then, `target` as it is now.",
    summary: "Get a report with what it is about",
    request: { params: IdPath },
    responses: { 200: answer("The report", AdminReportDetails), ...failures("REPORT_NOT_FOUND") },
  }),
  async (c) => c.json(await readReportDetails(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

adminListRoutes.openapi(
  route({
    id: "listAuditLog",
    access: "moderator",
    method: "get",
    path: "/admin/audit-log",
    tags,
    description: "Entries are kept for `AUDIT_RETENTION_DAYS`.",
    summary: "List what staff did, newest first, filtered",
    middleware: [eventCursor],
    request: { query: query(AuditLogQuery) },
    responses: { 200: answer("A page", AuditLog) },
  }),
  async (c) => c.json(await listAuditLog(c.env.app, c.req.valid("query"), c.req.raw.signal), 200),
);
