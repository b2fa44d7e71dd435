import {
  AdminResponse,
  ClaimResponse,
  DecideResponse,
  DecideSubject,
  IdPath,
  MuteReporter,
  NextResponse,
  NextSubject,
  QueueQuery,
  QueueResponse,
  SubjectDetails,
  SubjectName,
  SubjectParams,
} from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { muteReporter } from "../reports/reporters.ts";
import { claimNext, claimSubject, releaseSubject } from "./claims.ts";
import { decideSubject } from "./decide.ts";
import { readSubject } from "./details.ts";
import { listQueue, readCounts } from "./queue.ts";

const tags = ["Moderation"];

export const queueRoutes = createRouter();

queueRoutes.openapi(
  route({
    id: "listQueue",
    access: "moderator",
    method: "get",
    path: "/admin/queue",
    tags,
    description: "One row a target, however many people reported it; the most urgent first.",
    summary: "List what is to be decided",
    request: { query: query(QueueQuery) },
    responses: { 200: answer("A page, and the counts of the whole queue", QueueResponse) },
  }),
  async (c) => c.json(await listQueue(c.env.app, actorOf(c).userId, c.req.valid("query")), 200),
);

queueRoutes.openapi(
  route({
    id: "getSubject",
    access: "moderator",
    method: "get",
    path: "/admin/queue/{targetType}/{targetId}",
    tags,
    description: "Its evidence, its reports, what was decided about it and the person, and what the caller may do.",
    summary: "Get everything that is needed to decide about a target",
    request: { params: SubjectParams },
    responses: { 200: answer("The subject", SubjectDetails), ...failures("SUBJECT_NOT_FOUND") },
  }),
  async (c) => c.json(await readSubject(c.env.app, actorOf(c), c.req.valid("param")), 200),
);

queueRoutes.openapi(
  route({
    id: "claimNextSubject",
    access: "moderator",
    method: "post",
    path: "/admin/queue/next",
    tags,
    description: "Two moderators never get the same. Nobody gets what is about them, or what they reported.",
    summary: "Claim the first subject that is free",
    request: { body: json(NextSubject) },
    responses: { 200: answer("The subject; null: nothing is free", NextResponse) },
  }),
  async (c) => {
    const actor = actorOf(c);
    const next = await claimNext(c.env.app, actor, c.req.valid("json"));
    return c.json({ next, counts: await readCounts(c.env.app, actor.userId) }, 200);
  },
);

queueRoutes.openapi(
  route({
    id: "claimSubject",
    access: "moderator",
    method: "post",
    path: "/admin/queue/claim",
    tags,
    description: "For a quarter of an hour; claiming it again prolongs that. Admins may take over.",
    summary: "Claim a subject",
    request: { body: json(SubjectName) },
    responses: { 200: answer("Claimed", ClaimResponse), ...failures("SUBJECT_NOT_FOUND", "OWN_CASE", "CLAIMED") },
  }),
  async (c) => c.json(await claimSubject(c.env.app, actorOf(c), c.req.valid("json")), 200),
);

queueRoutes.openapi(
  route({
    id: "releaseSubject",
    access: "moderator",
    method: "post",
    path: "/admin/queue/release",
    tags,
    description: "Somebody else may claim it at once.",
    summary: "Release a subject that you claimed",
    request: { body: json(SubjectName) },
    responses: { 200: answer("Free", ClaimResponse), ...failures("SUBJECT_NOT_FOUND", "CLAIMED") },
  }),
  async (c) => c.json(await releaseSubject(c.env.app, actorOf(c), c.req.valid("json")), 200),
);

queueRoutes.openapi(
  route({
    id: "muteReporter",
    access: "moderator",
    method: "put",
    path: "/admin/users/{id}/reporter",
    tags,
    description: "Pending reports of theirs count no more, or count again; the person learns nothing of it.",
    summary: "Mute a reporter, or end that",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: json(MuteReporter) },
    responses: { 200: answer("Muted or not", AdminResponse), ...failures("USER_NOT_FOUND", "OWN_CASE") },
  }),
  async (c) => {
    const { muted } = c.req.valid("json");
    return c.json(await muteReporter(c.env.app, actorOf(c), c.req.valid("param").id, muted), 200);
  },
);

queueRoutes.openapi(
  route({
    id: "decideSubject",
    access: "moderator",
    method: "post",
    path: "/admin/queue/decide",
    tags,
    description:
      "Every pending report of the target is closed and its reporter notified; the person concerned learns of what is " +
      "done. The first decision stands: another one is refused with it.",
    summary: "Decide a subject, and claim the next one if asked to",
    middleware: [spendAdminWrite],
    request: { body: json(DecideSubject) },
    responses: {
      200: answer("Decided", DecideResponse),
      ...failures(
        "SUBJECT_NOT_FOUND",
        "OWN_CASE",
        "FORBIDDEN",
        "CLAIMED",
        "REPORT_ALREADY_DECIDED",
        "LAST_ADMIN",
        "ACTION_NOT_ALLOWED",
      ),
    },
  }),
  async (c) => c.json(await decideSubject(c.env.app, actorOf(c), c.req.valid("json")), 200),
);
