import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  addVideo,
  call,
  peopleOf,
  promote,
  settleJobs,
  startTestServer,
  type TestServer,
  temporaryFolder,
} from "@reelay/testkit";
import { createAdmin, ensureFirstAdmin } from "../../src/features/accounts/first-admin.ts";
import { lockInstance } from "../../src/platform/instance-lock.ts";

/* What happens to accounts, in searches and when a server starts: a test for each such row of the semantics. */

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.stop());

test("account deleted", async () => {
  const [ann, bob] = await peopleOf(server, "ann", "bob");
  const [own, others] = [await addVideo(server, ann), await addVideo(server, bob)];
  await ann.post(`/videos/${others}/like`);
  const { body: comment } = await ann.post("/comments/", { videoId: others, content: "bad words" });
  await ann.post("/messages/", { receiverId: bob.id, content: "to keep" });
  await ann.put("/users/me", { fullName: "Ann", bio: "about me" });
  const { body: report } = await bob.post("/reports/", { targetType: "comment", targetId: comment.id, reason: "rude" });
  const socket = await ann.connect();
  await socket.settled();
  expect((await ann.delete("/users/me", { password: ann.password })).body.changed).toBe(true);
  await settleJobs(server);
  expect(await socket.closed).toEqual({ code: 4003, reason: "Account deleted" });
  expect((await ann.get("/users/me")).status).toBe(401);
  const [row] = await server.app.sql`
    select email, username, full_name, avatar_url, bio, password_hash from accounts where id = ${ann.id}`;
  const nothing = { email: null, full_name: null, avatar_url: null, bio: null, password_hash: null };
  expect(row).toEqual({ ...nothing, username: `deleted_${ann.id}` });
  const { email, username, password } = ann;
  const again = await call(server.url, "POST", "/auth/register", { body: { email, username, password } });
  expect(again.status).toBe(201);
  expect((await bob.get(`/videos/${own}`)).status).toBe(404);
  expect((await bob.get(`/comments/video/${others}`)).body).toEqual([]);
  expect((await bob.get(`/videos/${others}`)).body).toMatchObject({ likesCount: 0, commentsCount: 0 });
  expect((await bob.get(`/messages/conversation/${ann.id}`)).body).toMatchObject([{ content: "to keep" }]);
  await promote(server, bob, "moderator");
  expect((await bob.get(`/reports/${report.id}`)).body.snapshot).toMatchObject({
    text: "bad words",
    authorUsername: username,
  });
  const [audited] = await server.app
    .sql`select action from audit_log where target_id = ${ann.id} and actor_id = ${ann.id}`;
  expect(audited.action).toBe("account_delete");
});

test("search", async () => {
  const [viewer] = await peopleOf(server, "viewer");
  await server.app.sql`
    insert into accounts (username, full_name) values
      ('an.nguyen', 'Nguyễn Thị Ánh'), ('nguyen', 'Somebody Else'), ('100.percent', 'A 50% discount_now'), ('xnguy', null)`;
  const find = async (q: string) => {
    const { body } = await viewer.get(`/users/search?q=${encodeURIComponent(q)}`);
    return body.map(({ username }: any) => username).sort();
  };
  expect(await find("nguyen")).toEqual(["an.nguyen", "nguyen"]);
  expect(await find("NGUYỄN thi anh")).toEqual(["an.nguyen"]);
  expect(await find("ng")).toEqual(["nguyen"]);
  expect(await find("50%")).toEqual(["100.percent"]);
  expect(await find("t_n")).toEqual(["100.percent"]);
  expect(await find("%%%")).toEqual([]);
  expect(await find("___")).toEqual([]);
  expect(await find(`\\%`)).toEqual([]);
  const long = "x".repeat(32);
  await server.app.sql`insert into accounts (username, full_name) values ('long', ${`${long}y`})`;
  expect(await find(`${long}and what does not count`)).toEqual(["long"]);
  const id = await addVideo(server, viewer);
  await viewer.put(`/videos/${id}`, { title: "Phở bò ngon" });
  expect((await viewer.get("/videos/search?q=pho%20bo")).body).toMatchObject([{ id }]);
});

test("the first admin", async () => {
  const { app } = server;
  const given = {
    ...app,
    config: { ...app.config, firstAdmin: { email: "boss@example.com", password: "a good one" } },
  };
  expect(await ensureFirstAdmin(app, false)).toBeNull();
  expect([...(await app.sql`select id from accounts where role = 'admin'`)]).toEqual([]);
  const made = await ensureFirstAdmin(app, true);
  expect(made?.password.length).toBeGreaterThan(16);
  const login = await call(server.url, "POST", "/auth/login", { body: made! });
  expect([login.status, login.body.user.role]).toEqual([200, "admin"]);
  expect([await ensureFirstAdmin(app, true), await ensureFirstAdmin(given, true)]).toEqual([null, null]);
  expect((await call(server.url, "POST", "/auth/login", { body: given.config.firstAdmin })).status).toBe(401);
  await createAdmin(app, { email: "second@example.com", password: "another good one" });
  const rows = await app.sql`select email from accounts where role = 'admin' order by id`;
  expect(rows.map(({ email }: { email: string }) => email)).toEqual([made!.email, "second@example.com"]);
});

test("the first admin, when the configuration names one", async () => {
  const { app } = server;
  const firstAdmin = { email: "boss@example.com", password: "a good one" };
  const configured = { ...app, config: { ...app.config, firstAdmin } };
  expect(await ensureFirstAdmin(configured, false)).toBeNull();
  expect((await call(server.url, "POST", "/auth/login", { body: firstAdmin })).body.user.role).toBe("admin");
});

test("a second start on the same DATA_DIR", async () => {
  const folder = await temporaryFolder();
  const first = await lockInstance(folder.path);
  await expect(lockInstance(folder.path)).rejects.toThrow(`pid ${process.pid}`);
  await first.release();
  await (await lockInstance(folder.path)).release();
  await folder.remove();
});
