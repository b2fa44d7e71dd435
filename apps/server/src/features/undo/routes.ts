import { AdminResponse, IdPath } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, route } from "../../http/router.ts";
import { undoEntry } from "./undo.ts";

export const undoRoutes = createRouter();

undoRoutes.openapi(
  route({
    id: "undoEntry",
    access: "moderator",
    method: "post",
    path: "/admin/audit-log/{id}/undo",
    tags: ["Moderation"],
    description:
      "If what it did still stands; `NOT_UNDOABLE` says what changed since. A decision's reports are pending again. Undoing " +
      "is an entry of its own.",
    summary: "Undo what an entry of the audit log did",
    middleware: [spendAdminWrite],
    request: { params: IdPath },
    responses: {
      200: answer("Undone", AdminResponse),
      ...failures("NOT_FOUND", "NOT_UNDOABLE", "FORBIDDEN", "OWN_CASE", "VIDEO_PURGED"),
    },
  }),
  async (c) => c.json(await undoEntry(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);
