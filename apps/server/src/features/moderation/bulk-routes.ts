import { BulkAction, BulkBan, BulkDelete, BulkResolve, BulkResponse } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { documented, readFields } from "../../http/body.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, route } from "../../http/router.ts";
import { actOnMany, type BulkTarget, banMany, decideMany, takeDownMany } from "./bulk.ts";

const tags = ["Admin"];
const description = "Each in a transaction of its own; `results` says what became of each.";

export const bulkRoutes = createRouter();

bulkRoutes.openapi(
  route({
    id: "banUsers",
    access: "moderator",
    method: "post",
    path: "/admin/users/bulk-ban",
    tags,
    description,
    summary: "Ban many users at once, for good or until a time",
    middleware: [spendAdminWrite],
    request: { body: { required: true, content: documented(BulkBan, "application/json") } },
    responses: { 200: answer("What became of each", BulkResponse), ...failures("VALIDATION_ERROR") },
  }),
  async (c) => c.json(await banMany(c.env.app, actorOf(c), await readFields(c, BulkBan)), 200),
);

bulkRoutes.openapi(
  route({
    id: "takeDownVideos",
    access: "moderator",
    method: "post",
    path: "/admin/videos/bulk-delete",
    tags,
    description,
    summary: "Take many videos down at once",
    middleware: [spendAdminWrite],
    request: { body: { required: true, content: documented(BulkDelete, "application/json") } },
    responses: { 200: answer("What became of each", BulkResponse), ...failures("VALIDATION_ERROR") },
  }),
  async (c) => c.json(await takeDownMany(c.env.app, actorOf(c), await readFields(c, BulkDelete)), 200),
);

bulkRoutes.openapi(
  route({
    id: "resolveReports",
    access: "moderator",
    method: "post",
    path: "/admin/reports/bulk-resolve",
    tags,
    description:
      "Each in a transaction of its own; `results` says what became of each. The first verdict on each stands.",
    summary: "Resolve or reject many reports at once",
    middleware: [spendAdminWrite],
    request: { body: { required: true, content: documented(BulkResolve, "application/json") } },
    responses: { 200: answer("What became of each", BulkResponse), ...failures("VALIDATION_ERROR") },
  }),
  async (c) => c.json(await decideMany(c.env.app, actorOf(c), await readFields(c, BulkResolve)), 200),
);

// All that the pages of deployed admin clients do, they do by these.
for (const { id, target } of [
  { id: "actOnUsers", target: "users" },
  { id: "actOnVideos", target: "videos" },
  { id: "actOnComments", target: "comments" },
] as const satisfies { id: string; target: BulkTarget }[]) {
  bulkRoutes.openapi(
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
