import { AdminResponse, ChangeRole, DeleteContent, DeleteUser, IdPath, VerifyUser } from "@reelay/contract";
import { actorOf } from "../../http/auth.ts";
import { documented, readFields } from "../../http/body.ts";
import { spendAdminWrite } from "../../http/limits.ts";
import { answer, createRouter, failures, route } from "../../http/router.ts";
import { deleteAccount } from "./account-removal.ts";
import { deleteAllContent } from "./content-removal.ts";
import { changeRole } from "./roles.ts";
import { revokeSessionsOf } from "./session-revocation.ts";
import { verifyUser } from "./verification.ts";

const tags = ["Admin"];

export const userActionRoutes = createRouter();

userActionRoutes.openapi(
  route({
    id: "verifyUser",
    access: "moderator",
    method: "post",
    path: "/admin/users/{id}/verify",
    tags,
    description: "With `verified: false` the mark is removed. Staff is verified by a higher role.",
    summary: "Mark a user as verified; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(VerifyUser, "application/json") } },
    responses: { 200: answer("As asked", AdminResponse), ...failures("FORBIDDEN", "USER_NOT_FOUND") },
  }),
  async (c) => {
    const { verified } = await readFields(c, VerifyUser);
    return c.json(await verifyUser(c.env.app, actorOf(c), c.req.valid("param").id, verified), 200);
  },
);

userActionRoutes.openapi(
  route({
    id: "revokeUserSessions",
    access: "moderator",
    method: "post",
    path: "/admin/users/{id}/revoke-sessions",
    tags,
    description: "Its tokens and refresh tokens are worth nothing, its sockets close with 4004.",
    summary: "Revoke every session of a user",
    middleware: [spendAdminWrite],
    request: { params: IdPath },
    responses: { 200: answer("Signed out", AdminResponse), ...failures("FORBIDDEN", "USER_NOT_FOUND") },
  }),
  async (c) => c.json(await revokeSessionsOf(c.env.app, actorOf(c), c.req.valid("param").id), 200),
);

userActionRoutes.openapi(
  route({
    id: "changeUserRole",
    access: "admin",
    method: "put",
    path: "/admin/users/{id}/role",
    tags,
    description:
      "Its tokens are worth nothing from then on, and its sockets close with 4004. No admin changes another one's role; " +
      "an admin may step down unless they are the last.",
    summary: "Change the role of a user; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(ChangeRole, "application/json") } },
    responses: { 200: answer("Changed", AdminResponse), ...failures("FORBIDDEN", "USER_NOT_FOUND", "LAST_ADMIN") },
  }),
  async (c) => {
    const { role } = await readFields(c, ChangeRole);
    return c.json(await changeRole(c.env.app, actorOf(c), c.req.valid("param").id, role), 200);
  },
);

userActionRoutes.openapi(
  route({
    id: "deleteUser",
    access: "admin",
    method: "delete",
    path: "/admin/users/{id}",
    tags,
    description: "What deleting one's own account does; sockets close with 4003. No admin deletes another one.",
    summary: "Delete the account of a user for good; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(DeleteUser, "application/json") } },
    responses: { 200: answer("Deleted", AdminResponse), ...failures("FORBIDDEN", "USER_NOT_FOUND", "SELF_DELETE") },
  }),
  async (c) => {
    const { reason } = await readFields(c, DeleteUser);
    return c.json(await deleteAccount(c.env.app, actorOf(c), c.req.valid("param").id, reason), 200);
  },
);

userActionRoutes.openapi(
  route({
    id: "deleteUserContent",
    access: "moderator",
    method: "post",
    path: "/admin/users/{id}/delete-all-content",
    tags,
    description:
      "Up to some thousand are gone with the answer, the rest soon after; what is published meanwhile stays. Each video and " +
      "comment can be restored by itself.",
    summary: "Delete all videos and comments of a user; fields in the body or the query",
    middleware: [spendAdminWrite],
    request: { params: IdPath, body: { content: documented(DeleteContent, "application/json") } },
    responses: { 200: answer("Under way", AdminResponse), ...failures("FORBIDDEN", "USER_NOT_FOUND") },
  }),
  async (c) => {
    const { reason } = await readFields(c, DeleteContent);
    return c.json(await deleteAllContent(c.env.app, actorOf(c), c.req.valid("param").id, reason), 200);
  },
);
