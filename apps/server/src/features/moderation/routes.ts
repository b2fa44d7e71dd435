import { AdminAnswer, BanUser, camelKeys, IdPath } from "@reelay/contract";
import type { Context } from "hono";
import type { z } from "zod";
import { actorOf } from "../../http/auth.ts";
import { documented, readBody } from "../../http/body.ts";
import { invalid } from "../../http/errors.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, type Env, failures, route } from "../../http/router.ts";
import { banUser, unbanUser } from "./moderation.ts";

const tags = ["Admin"];

export const moderationRoutes = createRouter();

moderationRoutes.openapi(
  route({
    access: "moderator",
    method: "post",
    path: "/admin/users/{id}/ban",
    tags,
    summary: "Ban an account, for good or until a time; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(BanUser, "application/json") } },
    responses: {
      200: answer("Banned", AdminAnswer),
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
    access: "moderator",
    method: "post",
    path: "/admin/users/{id}/unban",
    tags,
    summary: "Lift a ban",
    middleware: [spendAdminWrite],
    request: { params: IdPath },
    responses: { 200: answer("Not banned", AdminAnswer), ...failures("FORBIDDEN", "USER_NOT_FOUND") },
  }),
  async (c) => c.json(await unbanUser(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

/** The fields of an admin's write: from the query, and over them from the body. */
async function readFields<T extends z.ZodObject>(c: Context<Env>, schema: T): Promise<z.output<T>> {
  const fields = [c.req.query(), await readBody(c)].map((part) => camelKeys(part) as object);
  const parsed = schema.safeParse(Object.assign({}, ...fields));
  if (!parsed.success) throw invalid(parsed.error);
  return parsed.data;
}
