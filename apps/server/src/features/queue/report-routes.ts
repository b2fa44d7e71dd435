import { AdminResponse, ClaimResponse, IdPath, ResolveReport } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { documented, readFields } from "../../http/body.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, route } from "../../http/router.ts";
import { claimSubject, releaseSubject } from "./claims.ts";
import { resolveReport } from "./decide.ts";
import { findSubjectOf } from "./subjects.ts";

const tags = ["Admin"];

/** What is done to a subject by the id of one of its reports. */
export const queuedReportRoutes = createRouter();

queuedReportRoutes.openapi(
  route({
    id: "resolveReport",
    access: "moderator",
    method: "post",
    path: "/admin/reports/{id}/resolve",
    tags,
    description:
      "The first verdict stands: another one is refused with it. The reporter is notified. With an `action` all reports of " +
      "the target are decided, whoever has claimed it.",
    summary: "Resolve a report; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(ResolveReport, "application/json") } },
    responses: {
      200: answer("Decided", AdminResponse),
      ...failures("REPORT_NOT_FOUND", "OWN_CASE", "REPORT_ALREADY_DECIDED", "ACTION_NOT_ALLOWED"),
    },
  }),
  async (c) => {
    const asked = await readFields(c, ResolveReport);
    return c.json(await resolveReport(c.env.app, actorOf(c), c.req.valid("param").id, asked), 200);
  },
);

queuedReportRoutes.openapi(
  route({
    id: "claimReport",
    access: "moderator",
    method: "post",
    path: "/admin/reports/{id}/claim",
    tags,
    description: "It is the target that is claimed, with all of its reports, for a quarter of an hour.",
    summary: "Claim what a report is about",
    request: { params: IdPath },
    responses: {
      200: answer("Claimed", ClaimResponse),
      ...failures("REPORT_NOT_FOUND", "SUBJECT_NOT_FOUND", "OWN_CASE", "CLAIMED"),
    },
  }),
  async (c) => {
    const name = await findSubjectOf(c.env.app.sql, c.req.valid("param").id);
    return c.json(await claimSubject(c.env.app, actorOf(c), name), 200);
  },
);

queuedReportRoutes.openapi(
  route({
    id: "releaseReport",
    access: "moderator",
    method: "post",
    path: "/admin/reports/{id}/release",
    tags,
    description: "Somebody else may claim it at once.",
    summary: "Release what a report is about",
    request: { params: IdPath },
    responses: { 200: answer("Free", ClaimResponse), ...failures("REPORT_NOT_FOUND", "SUBJECT_NOT_FOUND", "CLAIMED") },
  }),
  async (c) => {
    const name = await findSubjectOf(c.env.app.sql, c.req.valid("param").id);
    return c.json(await releaseSubject(c.env.app, actorOf(c), name), 200);
  },
);
