import {
  AdminResponse,
  Appeal,
  AppealsQuery,
  AppealsResponse,
  CreateAppeal,
  DecideAppeal,
  IdPath,
  StaffAppeal,
} from "@reelay/contract";
import { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { eventCursor } from "../../http/event-cursor.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, json, query, route } from "../../http/router.ts";
import { createAppeal, listAppeals, listOwnAppeals, readAppeal } from "./appeals.ts";
import { grantAppeal, refuseAppeal } from "./decide.ts";

export const appealRoutes = createRouter();

appealRoutes.openapi(
  route({
    id: "createAppeal",
    access: "anyone",
    method: "post",
    path: "/appeals",
    tags: ["Reports"],
    description:
      "Once a decision, by the person it hit. A banned person sends the `appealToken` that their login answers.",
    summary: "Create an appeal against a decision about you",
    request: { body: json(CreateAppeal) },
    responses: {
      201: answer("Created", Appeal),
      200: answer("The appeal that is there", Appeal),
      ...failures("UNAUTHORIZED", "DECISION_NOT_FOUND"),
    },
  }),
  async (c) => {
    const { appeal, isNew } = await createAppeal(c.env.app, c.var.actor, c.req.valid("json"));
    return c.json(appeal, isNew ? 201 : 200);
  },
);

appealRoutes.openapi(
  route({
    id: "listOwnAppeals",
    access: "user",
    method: "get",
    path: "/appeals/my",
    tags: ["Reports"],
    description: "With what became of each.",
    summary: "List your appeals, newest first",
    middleware: [eventCursor],
    responses: { 200: answer("The newest hundred", z.array(Appeal)) },
  }),
  async (c) => c.json(await listOwnAppeals(c.env.app, actorOf(c)), 200),
);

appealRoutes.openapi(
  route({
    id: "listAppeals",
    access: "moderator",
    method: "get",
    path: "/admin/appeals",
    tags: ["Moderation"],
    description: "Each with the decision it is about; appeals of the caller are left out.",
    summary: "List appeals, oldest first",
    request: { query: query(AppealsQuery) },
    responses: { 200: answer("A page", AppealsResponse) },
  }),
  async (c) => c.json(await listAppeals(c.env.app, actorOf(c), c.req.valid("query")), 200),
);

appealRoutes.openapi(
  route({
    id: "getAppeal",
    access: "moderator",
    method: "get",
    path: "/admin/appeals/{id}",
    tags: ["Moderation"],
    description: "With the decision it is about and the person's record.",
    summary: "Get an appeal",
    request: { params: IdPath },
    responses: { 200: answer("The appeal", StaffAppeal), ...failures("APPEAL_NOT_FOUND") },
  }),
  async (c) => c.json(await readAppeal(c.env.app.sql, actorOf(c), c.req.valid("param").id), 200),
);

for (const { id, verb, summary, decide } of [
  { id: "grantAppeal", verb: "grant", summary: "Undo the decision that was appealed against", decide: grantAppeal },
  { id: "refuseAppeal", verb: "refuse", summary: "Reject an appeal", decide: refuseAppeal },
] as const) {
  appealRoutes.openapi(
    route({
      id,
      access: "moderator",
      method: "post",
      path: `/admin/appeals/{id}/${verb}` as const,
      tags: ["Moderation"],
      description: "By somebody else than who made the decision, where there is somebody else.",
      summary,
      middleware: [spendAdminWrite],
      request: { params: IdPath, body: json(DecideAppeal) },
      responses: {
        200: answer("Decided", AdminResponse),
        ...failures("APPEAL_NOT_FOUND", "APPEAL_ALREADY_DECIDED", "OWN_CASE", "FORBIDDEN", "NOT_UNDOABLE"),
      },
    }),
    async (c) => {
      const { result } = c.req.valid("json");
      return c.json(await decide(c.env.app, actorOf(c), c.req.valid("param").id, result || null), 200);
    },
  );
}
