import {
  AdminResponse,
  BanUser,
  DecideReport,
  DeleteVideo,
  IdPath,
  RejectReport,
  StaffReportDetails,
} from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { documented, readFields } from "../../http/body.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, route } from "../../http/router.ts";
import { decideReport, reopenReport } from "../reports/decisions.ts";
import { readStaffReport } from "../reports/reports.ts";
import { banUser, unbanUser } from "./bans.ts";
import { restoreVideo, takeDownVideo } from "./takedowns.ts";

const tags = ["Admin"];

export const moderationRoutes = createRouter();

moderationRoutes.openapi(
  route({
    id: "banUser",
    access: "moderator",
    method: "post",
    path: "/admin/users/{id}/ban",
    tags,
    description: "From now on nothing it begins succeeds; its sockets get `admin:user_banned` and close with 4003.",
    summary: "Ban a user, for good or until a time; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(BanUser, "application/json") } },
    responses: {
      200: answer("Banned", AdminResponse),
      ...failures("FORBIDDEN", "USER_NOT_FOUND", "SELF_BAN", "LAST_ADMIN"),
    },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await banUser(c.env.app, actorOf(c), id, await readFields(c, BanUser)), 200);
  },
);

moderationRoutes.openapi(
  route({
    id: "unbanUser",
    access: "moderator",
    method: "post",
    path: "/admin/users/{id}/unban",
    tags,
    description: "Everything of the account is there again as it was.",
    summary: "Unban a user",
    middleware: [spendAdminWrite],
    request: { params: IdPath },
    responses: { 200: answer("Not banned", AdminResponse), ...failures("FORBIDDEN", "USER_NOT_FOUND") },
  }),
  async (c) => c.json(await unbanUser(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

moderationRoutes.openapi(
  route({
    id: "takeDownVideo",
    access: "moderator",
    method: "delete",
    path: "/admin/videos/{id}",
    tags,
    description: "Gone for everybody at once; its owner is notified. Can be restored until its file is purged.",
    summary: "Take a video down; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(DeleteVideo, "application/json") } },
    responses: { 200: answer("Deleted", AdminResponse), ...failures("VIDEO_NOT_FOUND", "OWN_CASE") },
  }),
  async (c) => {
    const { reason } = await readFields(c, DeleteVideo);
    return c.json(await takeDownVideo(c.env.app, actorOf(c), c.req.valid("param").id, reason), 200);
  },
);

moderationRoutes.openapi(
  route({
    id: "restoreVideo",
    access: "moderator",
    method: "post",
    path: "/admin/videos/{id}/restore",
    tags,
    description: "What its owner deleted stays deleted.",
    summary: "Restore a video that a moderator took down",
    middleware: [spendAdminWrite],
    request: { params: IdPath },
    responses: {
      200: answer("Not deleted", AdminResponse),
      ...failures("VIDEO_NOT_FOUND", "OWN_CASE", "VIDEO_PURGED"),
    },
  }),
  async (c) => c.json(await restoreVideo(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

moderationRoutes.openapi(
  route({
    id: "rejectReport",
    access: "moderator",
    method: "post",
    path: "/admin/reports/{id}/reject",
    tags,
    description: 'The same as resolving with `status: "rejected"`.',
    summary: "Reject a report; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(RejectReport, "application/json") } },
    responses: {
      200: answer("Rejected", AdminResponse),
      ...failures("REPORT_NOT_FOUND", "OWN_CASE", "REPORT_ALREADY_DECIDED"),
    },
  }),
  async (c) => {
    const { reason } = await readFields(c, RejectReport);
    const verdict = { status: "rejected" as const, result: reason };
    return c.json(await decideReport(c.env.app, actorOf(c), c.req.valid("param").id, verdict), 200);
  },
);

moderationRoutes.openapi(
  route({
    id: "reopenReport",
    access: "moderator",
    method: "post",
    path: "/admin/reports/{id}/reopen",
    tags,
    description: "The report is pending as if it had never been decided.",
    summary: "Reopen a report",
    middleware: [spendAdminWrite],
    request: { params: IdPath },
    responses: {
      200: answer("Pending", AdminResponse),
      ...failures("REPORT_NOT_FOUND", "OWN_CASE", "OTHER_REPORT_PENDING"),
    },
  }),
  async (c) => c.json(await reopenReport(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

// As deployed admin pages decide.
moderationRoutes.openapi(
  route({
    id: "decideReport",
    access: "moderator",
    method: "put",
    path: "/reports/{id}",
    deprecated: true,
    tags: ["Reports"],
    description: "As deployed admin pages decide. The first verdict stands until it is taken back.",
    summary: "Decide or reopen a report; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(DecideReport, "application/json") } },
    responses: {
      200: answer("As it stands now", StaffReportDetails),
      ...failures("REPORT_NOT_FOUND", "OWN_CASE", "REPORT_ALREADY_DECIDED", "OTHER_REPORT_PENDING"),
    },
  }),
  async (c) => {
    const { app } = c.env;
    const { id } = c.req.valid("param");
    const { status, decision } = await readFields(c, DecideReport);
    if (status === "pending") await reopenReport(app, actorOf(c), id);
    else await decideReport(app, actorOf(c), id, { status, result: decision });
    return c.json(await readStaffReport(app, actorOf(c), id), 200);
  },
);
