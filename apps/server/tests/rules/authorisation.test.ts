import { expect, test } from "bun:test";
import { addVideo, call, type Person, promote, serverForFile } from "@reelay/testkit";

/*
 * Who gets what from every operation there is. The columns are: nobody, the user whose things are asked for, another user,
 * a banned one, a moderator, an admin. `in`: what was sent is looked at, whatever becomes of it; else the status.
 */
const COLUMNS = ["nobody", "user", "other", "banned", "moderator", "admin"] as const;

const PUBLIC = "in  in  in  in  in  in";
const ANYONE = "in  in  in  403 in  in";
const USER = "401 in  in  403 in  in";
const MODERATOR = "401 403 403 403 in  in";
/** There is no such thing: staff learn that, nobody else does. */
const MODERATOR_IN_VAIN = "401 403 403 403 404 404";
const ADMIN = "401 403 403 403 403 in";
/** What is there for its owner alone: to others it does not exist, or they may not do that. */
const HIDDEN = "401 in  404 403 404 404";
const OWN = "401 in  403 403 403 403";
/** The same without a token. */
const HIDDEN_PUBLICLY = "404 in  404 403 404 404";
const NOT_THERE = "404 404 404 404 404 404";

type Row = { expected: string; body: object };
const sending = (body: object, expected: string): Row => ({ expected, body });

/** A new operation gets a line here. */
const OPERATIONS: Record<string, string | Row> = {
  "POST /auth/register": PUBLIC,
  "POST /auth/login": PUBLIC,
  "POST /auth/refresh": PUBLIC,
  "POST /auth/verify-password": PUBLIC,
  "POST /auth/logout": USER,
  "GET /auth/test-token": USER,
  "POST /auth/change-password": USER,
  "POST /users/me/password": USER,
  "GET /users/me/sessions": USER,
  "DELETE /users/me/sessions/{id}": HIDDEN,
  "POST /ws/ticket": USER,
  "GET /users/me": USER,
  "PUT /users/me": USER,
  "DELETE /users/me": USER,
  "POST /users/me/avatar": USER,
  "GET /users": USER,
  "GET /users/search": ANYONE,
  "GET /users/{id}": ANYONE,
  "POST /users/{id}/follow": USER,
  "DELETE /users/{id}/follow": USER,
  "POST /social/follow/{id}": USER,
  "DELETE /social/unfollow/{id}": USER,
  "GET /social/followers/{id}": ANYONE,
  "GET /social/following/{id}": ANYONE,
  "GET /follows/followers": USER,
  "GET /follows/following": USER,
  "POST /users/{id}/block": USER,
  "DELETE /users/{id}/block": USER,
  "GET /users/me/blocks": USER,
  "POST /messages": USER,
  "POST /messages/mark-seen": USER,
  "PUT /messages/{userId}/read": USER,
  "GET /messages/inbox": USER,
  "GET /messages/conversation/{userId}": USER,
  "GET /messages/unread/count": USER,
  "GET /messages/suggested-users": USER,
  "DELETE /messages/{id}": HIDDEN,
  "GET /notifications": USER,
  "GET /notifications/unseen/count": USER,
  "POST /notifications/mark-seen": USER,
  "POST /notifications/mark-all-seen": USER,
  "DELETE /notifications/{id}": HIDDEN,
  "GET /events": USER,
  "POST /events/ack": USER,
  "POST /videos": USER,
  "GET /videos": ANYONE,
  "GET /videos/following/feed": USER,
  "GET /videos/user/{id}": ANYONE,
  "GET /videos/search": ANYONE,
  "GET /videos/{id}": HIDDEN_PUBLICLY,
  "PUT /videos/{id}": sending({ title: "mine" }, HIDDEN),
  "DELETE /videos/{id}": HIDDEN,
  "POST /videos/{id}/view": HIDDEN,
  "POST /videos/{id}/share": HIDDEN,
  "POST /videos/{id}/like": HIDDEN,
  "DELETE /videos/{id}/like": HIDDEN,
  "POST /social/likes/{id}": HIDDEN,
  "DELETE /social/likes/{id}": HIDDEN,
  "GET /social/likes/video/{id}": HIDDEN_PUBLICLY,
  "POST /comments": USER,
  "GET /comments/video/{id}": HIDDEN_PUBLICLY,
  "PUT /comments/{id}": sending({ content: "mine" }, OWN),
  "DELETE /comments/{id}": OWN,
  "POST /social/bookmarks/{videoId}": HIDDEN,
  "DELETE /social/bookmarks/{videoId}": HIDDEN,
  "GET /social/bookmarks/my": USER,
  "POST /reports": USER,
  "GET /reports": MODERATOR,
  "GET /reports/my": USER,
  "GET /reports/{id}": MODERATOR,
  "PUT /reports/{id}": MODERATOR,
  "POST /admin/users/{id}/ban": MODERATOR,
  "POST /admin/users/{id}/unban": MODERATOR,
  "DELETE /admin/videos/{id}": MODERATOR,
  "POST /admin/videos/{id}/restore": MODERATOR,
  "POST /admin/reports/{id}/resolve": MODERATOR,
  "POST /admin/reports/{id}/claim": MODERATOR,
  "POST /admin/reports/{id}/release": MODERATOR,
  "POST /admin/reports/{id}/reject": MODERATOR,
  "POST /admin/reports/{id}/reopen": MODERATOR,
  "POST /admin/users/bulk-action": MODERATOR,
  "POST /admin/videos/bulk-action": MODERATOR,
  "POST /admin/comments/bulk-action": MODERATOR,
  "GET /admin/users": MODERATOR,
  "GET /admin/users/{id}": MODERATOR,
  "GET /admin/videos": MODERATOR,
  "GET /admin/videos/{id}": MODERATOR,
  "GET /admin/reports": MODERATOR,
  "GET /admin/reports/{id}": MODERATOR,
  "GET /admin/audit-log": MODERATOR,
  "GET /admin/stats/overview": MODERATOR,
  "GET /admin/stats/charts": MODERATOR,
  "GET /admin/stats/recent-activity": MODERATOR,
  "POST /admin/users/{id}/warn": MODERATOR,
  "POST /admin/videos/{id}/hide": MODERATOR,
  "POST /admin/videos/{id}/unhide": MODERATOR,
  "POST /admin/comments/{id}/hide": MODERATOR,
  "POST /admin/comments/{id}/unhide": MODERATOR,
  "GET /admin/queue": MODERATOR,
  "GET /admin/queue/{targetType}/{targetId}": MODERATOR,
  "POST /admin/queue/next": MODERATOR,
  "POST /admin/queue/claim": MODERATOR,
  "POST /admin/queue/release": MODERATOR,
  "PUT /admin/users/{id}/reporter": MODERATOR,
  "POST /admin/queue/decide": MODERATOR,
  "POST /admin/audit-log/{id}/undo": MODERATOR_IN_VAIN,
  "POST /admin/notes": MODERATOR,
  "GET /admin/notes": MODERATOR,
  "DELETE /admin/notes/{id}": MODERATOR_IN_VAIN,
  "POST /appeals": ANYONE,
  "GET /appeals/my": USER,
  "GET /admin/appeals": MODERATOR,
  "GET /admin/appeals/{id}": MODERATOR_IN_VAIN,
  "POST /admin/appeals/{id}/grant": MODERATOR_IN_VAIN,
  "POST /admin/appeals/{id}/refuse": MODERATOR_IN_VAIN,
  "POST /admin/users/{id}/verify": MODERATOR,
  "POST /admin/users/{id}/revoke-sessions": MODERATOR,
  "PUT /admin/users/{id}/role": ADMIN,
  "DELETE /admin/users/{id}": ADMIN,
  "POST /admin/users/{id}/delete-all-content": MODERATOR,
  "PUT /admin/videos/{id}/visibility": MODERATOR,
  "DELETE /admin/comments/{id}": MODERATOR,
  "POST /admin/comments/{id}/restore": MODERATOR,
  "POST /admin/users/bulk-ban": MODERATOR,
  "POST /admin/videos/bulk-delete": MODERATOR,
  "POST /admin/reports/bulk-resolve": MODERATOR,
  "GET /media/{kind}/{name}": NOT_THERE,
};

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });

const document: any = JSON.parse(await Bun.file(new URL("../../../../openapi.json", import.meta.url)).text());
const operations = Object.entries(document.paths).flatMap(([path, item]: [string, any]) =>
  Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace("/api/v1", "")}`),
);

test("every operation has a line in the table, and every line its operation", () => {
  expect(Object.keys(OPERATIONS).toSorted()).toEqual(operations.toSorted());
});

for (const [operation, row] of Object.entries(OPERATIONS)) {
  const { expected, body } = typeof row === "string" ? { expected: row, body: undefined } : row;
  test(operation, async () => {
    const [method = "", template = ""] = operation.split(" ");
    const world = await createWorld();
    const path = template.replaceAll(/\{\w+\}/g, () => String(thingOf(template, world)));
    const found: Record<string, string> = {};
    // The owner comes last: what they did may take away what others ask for.
    for (const who of ["nobody", "banned", "other", "moderator", "admin", "user"] as const) {
      const token = who === "nobody" ? {} : { token: world[who].token };
      found[who] = classOf((await call(server.url, method, path, { ...token, body })).status);
    }
    const columns = expected.split(/ +/).map((each, index) => [COLUMNS[index], each]);
    expect(found).toEqual(Object.fromEntries(columns));
  });
}

type World = Awaited<ReturnType<typeof createWorld>>;

/** A user with one of each thing, and the others. */
async function createWorld() {
  const [user, other, banned, moderator, admin, bystander] = await people(
    ...(["user", "other", "banned", "moderator", "admin", "bystander"] as const),
  );
  await promote(server, moderator, "moderator");
  await promote(server, admin, "admin");
  await ban(banned);
  const [video, report] = [await addVideo(server, user, "private"), await addReport(user, bystander)];
  const shown = await addVideo(server, bystander);
  const { body: comment } = await user.post("/comments/", { videoId: shown, content: "hi" });
  const { body: message } = await user.post("/messages/", { receiverId: bystander.id, content: "hi" });
  await bystander.post(`/users/${user.id}/follow`);
  const [{ id: notification }] = (await user.get("/notifications/")).body;
  const [{ id: session }] = (await user.get("/users/me/sessions")).body;
  const things = { video, report, comment: comment.id, message: message.id, notification, session };
  return { user, other, banned, moderator, admin, ...things, person: bystander.id };
}

async function ban({ id }: Person): Promise<void> {
  await server.app.sql`update accounts set status = 'banned' where id = ${id}`;
  await server.app.sql`insert into bans (user_id, reason) values (${id}, 'spam')`;
  server.app.standings.forget(id);
}

async function addReport(by: Person, on: Person): Promise<number> {
  return (await by.post("/reports/", { targetType: "user", targetId: on.id, reason: "spam" })).body.id;
}

/** What a path is about, by the word before its id; else a person. */
function thingOf(template: string, world: World): string | number {
  if (template.startsWith("/media/")) return "videos";
  if (template.includes("sessions/")) return world.session;
  if (/videos\/\{id|video\/\{id|likes\/\{id|\{videoId/.test(template)) return world.video;
  const [, word] = template.match(/(comment|message|notification|report)s\/\{id/) ?? [];
  return word ? world[word as "comment"] : world.person;
}

function classOf(status: number): string {
  if (status >= 500) return `a failure, ${status}`;
  return [401, 403, 404].includes(status) ? String(status) : "in";
}
