import { Changed, DeleteAccount } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { originOf } from "../../http/origin.ts";
import { answer, createRouter, failures, json, route } from "../../http/router.ts";
import { deleteOwnAccount } from "./account-deletion.ts";

export const accountDeletionRoutes = createRouter();

accountDeletionRoutes.openapi(
  route({
    id: "deleteAccount",
    access: "user",
    method: "delete",
    path: "/users/me",
    tags: ["Users"],
    description: "Names, address, picture, videos, comments and likes go; what was written to others stays for them.",
    summary: "Delete your account for good",
    request: { body: json(DeleteAccount) },
    responses: { 200: answer("Deleted", Changed), ...failures("INVALID_CREDENTIALS", "LAST_ADMIN", "RATE_LIMIT") },
  }),
  async (c) => {
    const { password } = c.req.valid("json");
    return c.json(await deleteOwnAccount(c.env.app, actorOf(c), { password, ...originOf(c) }), 200);
  },
);
