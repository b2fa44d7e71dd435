import { beforeEach, expect, test } from "bun:test";
import { addVideo, call, type Person, promote, serverForFile } from "@reelay/testkit";

const { server, people } = serverForFile();
let moderator: Person;
let other: Person;
let owner: Person;
let stranger: Person;
let videoId: number;

beforeEach(async () => {
  await server.app.sql`update accounts set role = 'user' where role <> 'user'`;
  [moderator, other, owner, stranger] = await people("moderator", "other", "owner", "stranger");
  await promote(server, moderator, "moderator");
  await promote(server, other, "moderator");
  videoId = await addVideo(server, owner);
});

async function takeDown(): Promise<number> {
  await moderator.delete(`/admin/videos/${videoId}`, { reason: "Copyright" });
  const [notification] = (await owner.get("/notifications")).body;
  expect(notification).toMatchObject({ type: "admin_delete", reason: "Copyright" });
  return notification.decisionId;
}

const codeOf = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];

test("the person a decision hit appeals once, and another moderator undoes it", async () => {
  const decisionId = await takeDown();
  const first = await owner.post("/appeals/", { decisionId, text: "It is my own work." });
  expect(first.status).toBe(201);
  expect(first.body).toMatchObject({ decisionId, text: "It is my own work.", status: "pending", result: null });
  const again = await owner.post("/appeals/", { decisionId, text: "Really." });
  expect([again.status, again.body]).toEqual([200, first.body]);
  const { appeals, pagination } = (await other.get("/admin/appeals?status=pending")).body;
  expect(pagination.total).toBeGreaterThan(0);
  const listed = appeals.find(({ id }: any) => id === first.body.id);
  expect(listed).toMatchObject({
    ...{ user: { id: owner.id }, isOwnDecision: false, record: { strikes30: 1 } },
    decision: { id: decisionId, action: "delete", decidedBy: { id: moderator.id } },
  });
  expect(codeOf(await moderator.post(`/admin/appeals/${first.body.id}/grant`, {}))).toEqual([403, "OWN_CASE"]);
  const socket = await owner.resume();
  expect((await other.post(`/admin/appeals/${first.body.id}/grant`, { result: "You were right." })).status).toBe(200);
  expect((await socket.next("sync:stale")).data.refetch).toContain("/notifications");
  expect((await stranger.get(`/videos/${videoId}`)).status).toBe(200);
  expect((await owner.get("/appeals/my")).body).toMatchObject([{ status: "granted", result: "You were right." }]);
  expect(codeOf(await other.post(`/admin/appeals/${first.body.id}/refuse`, {}))).toEqual([
    409,
    "APPEAL_ALREADY_DECIDED",
  ]);
});

test("a banned person appeals with what their login answers, and is back when it is granted", async () => {
  await moderator.post(`/admin/users/${owner.id}/ban`, { reason: "Spam" });
  const { email, password } = owner;
  const login = () => call(server.url, "POST", "/auth/login", { body: { email, password } });
  const { status, body } = await login();
  expect([status, body.error.code, body.error.details.reason]).toEqual([403, "ACCOUNT_BANNED", "Spam"]);
  const { appealToken } = body.error.details;
  const appeal = (sent: object) => call(server.url, "POST", "/appeals/", { body: { text: "Not me.", ...sent } });
  expect(codeOf(await appeal({ appealToken: `${appealToken.slice(0, -2)}xx` }))).toEqual([401, "UNAUTHORIZED"]);
  expect(codeOf(await appeal({}))).toEqual([401, "UNAUTHORIZED"]);
  const created = await appeal({ appealToken });
  expect(created.status).toBe(201);
  expect((await owner.get("/users/me")).status).toBe(403);
  expect((await other.post(`/admin/appeals/${created.body.id}/grant`, {})).status).toBe(200);
  expect((await login()).status).toBe(200);
});

test("an appeal that is refused leaves the decision as it stands", async () => {
  const decisionId = await takeDown();
  const { body } = await owner.post("/appeals/", { decisionId, text: "Please." });
  expect((await other.post(`/admin/appeals/${body.id}/refuse`, { result: "It is a copy." })).status).toBe(200);
  expect((await owner.get("/appeals/my")).body).toMatchObject([{ status: "refused", result: "It is a copy." }]);
  expect((await stranger.get(`/videos/${videoId}`)).status).toBe(404);
});

test("nobody appeals for somebody else, and not against what was undone or is unknown", async () => {
  const decisionId = await takeDown();
  expect(codeOf(await stranger.post("/appeals/", { decisionId, text: "Please." }))).toEqual([
    404,
    "DECISION_NOT_FOUND",
  ]);
  expect(codeOf(await owner.post("/appeals/", { text: "Please." }))).toEqual([404, "DECISION_NOT_FOUND"]);
  expect(codeOf(await owner.post("/appeals/", { decisionId, text: "" }))).toEqual([422, "VALIDATION_ERROR"]);
  expect(codeOf(await moderator.get("/admin/appeals/999999999"))).toEqual([404, "APPEAL_NOT_FOUND"]);
  const [entry] = await server.app.sql`select id::float8 as id from audit_log order by id desc limit 1`;
  await moderator.post(`/admin/audit-log/${entry.id}/undo`);
  expect(codeOf(await owner.post("/appeals/", { decisionId, text: "Late." }))).toEqual([404, "DECISION_NOT_FOUND"]);
});

test("where there is nobody else, a moderator looks at their own decision again", async () => {
  const decisionId = await takeDown();
  const { body } = await owner.post("/appeals/", { decisionId, text: "Please." });
  await server.app.sql`update accounts set role = 'user' where id = ${other.id}`;
  expect((await moderator.post(`/admin/appeals/${body.id}/grant`, {})).status).toBe(200);
});
