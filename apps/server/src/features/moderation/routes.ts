import {
  AdminResponse,
  BanUser,
  BulkAction,
  BulkResponse,
  camelKeys,
  DecideReport,
  DeleteVideo,
  IdPath,
  RejectReport,
  ResolveReport,
  StaffReportDetails,
} from "@reelay/contract";
import type { Context } from "hono";
import type { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { documented, readBody } from "../../http/body.ts";
import type { Env } from "../../http/env.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, route } from "../../http/router.ts";
import { invalid } from "../../platform/api-error.ts";
import { decideReport, reopenReport } from "../reports/decisions.ts";
import { readStaffReport } from "../reports/reports.ts";
import { banUser, unbanUser } from "./bans.ts";
import { actOnMany, type BulkTarget } from "./bulk.ts";
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
    id: "resolveReport",
    access: "moderator",
    method: "post",
    path: "/admin/reports/{id}/resolve",
    tags,
    description: "The first verdict stands: another one is refused with it. The reporter is notified.",
    summary: "Resolve a report; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(ResolveReport, "application/json") } },
    responses: {
      200: answer("Decided", AdminResponse),
      ...failures("REPORT_NOT_FOUND", "OWN_CASE", "REPORT_ALREADY_DECIDED"),
    },
  }),
  async (c) => {
    const { status = "resolved", result } = await readFields(c, ResolveReport);
    return c.json(await decideReport(c.env.app, actorOf(c), c.req.valid("param").id, { status, result }), 200);
  },
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

// All that the pages of deployed admin clients do, they do by these.
for (const { id, target } of [
  { id: "actOnUsers", target: "users" },
  { id: "actOnVideos", target: "videos" },
  { id: "actOnComments", target: "comments" },
] as const satisfies { id: string; target: BulkTarget }[]) {
  moderationRoutes.openapi(
    route({
      id,
      access: "moderator",
      method: "post",
      path: `/admin/${target}/bulk-action` as const,
      tags,
      description:
        "Each in a transaction of its own; `results` says what became of each. What is not known is refused.",
      summary: `Act on many ${target} at once`,
      middleware: [spendAdminWrite],
      request: { body: { required: true, content: documented(BulkAction, "application/json") } },
      responses: { 200: answer("What became of each", BulkResponse), ...failures("FORBIDDEN", "VALIDATION_ERROR") },
    }),
    async (c) => c.json(await actOnMany(c.env.app, actorOf(c), target, await readFields(c, BulkAction)), 200),
  );
}

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

/** The fields of an admin's write: from the query, and over them from the body. */
async function readFields<T extends z.ZodObject>(c: Context<Env>, schema: T): Promise<z.output<T>> {
  const fields = [c.req.query(), await readBody(c)].map((part) => camelKeys(part) as object);
  const parsed = schema.safeParse(Object.assign({}, ...fields));
  if (!parsed.success) throw invalid(parsed.error);
  return parsed.data;
}
