import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { addVideo, call, type Person, promote, serverForFile, settleJobs } from "@reelay/testkit";

/* What staff does to an account besides banning it: verified, signed out, another role, deleted. */

const { server, people } = serverForFile();
let admin: Person;
let moderator: Person;
let ann: Person;

beforeAll(async () => {
  [admin] = await people("admin");
  await promote(server, admin, "admin");
});

beforeEach(async () => {
  [moderator, ann] = await people("moderator", "ann");
  await promote(server, moderator, "moderator");
});

const outcomeOf = ({ status, body }: { status: number; body: any }) => body.error?.code ?? [status, body.changed];

async function auditOf({ id }: Person) {
  return await server.app.sql`
    select action, actor_id::float8 as actor, details from audit_log
    where target_type = 'user' and target_id = ${id} order by id`;
}

const login = (person: Person) => person.post("/auth/login", { email: person.email, password: person.password });

const versionOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()).ver;

describe("verify", () => {
  const verify = (by: Person, { id }: Person, body?: object) => by.post(`/admin/users/${id}/verify`, body);
  const isVerified = async ({ id }: Person) => (await admin.get(`/users/${id}`)).body.isVerified;

  test("on, and off again, each once; the person's devices load their account again", async () => {
    const socket = await ann.resume();
    expect(await isVerified(ann)).toBe(false);
    expect(await verify(moderator, ann)).toMatchObject({ status: 200, body: { success: true, changed: true } });
    expect(await isVerified(ann)).toBe(true);
    expect(outcomeOf(await verify(admin, ann, { verified: true }))).toEqual([200, false]);
    expect(outcomeOf(await verify(admin, ann, { verified: false }))).toEqual([200, true]);
    expect(outcomeOf(await admin.post(`/admin/users/${ann.id}/verify?verified=false`))).toEqual([200, false]);
    expect(await isVerified(ann)).toBe(false);
    await socket.settled();
    const refetch = { refetch: ["/users/me"] };
    expect(socket.of("sync:stale").map(({ data }) => data)).toEqual([refetch, refetch]);
    const [off, on] = [{ isVerified: false }, { isVerified: true }];
    expect(await auditOf(ann)).toEqual([
      { action: "user_verify", actor: moderator.id, details: { before: off, after: on } },
      { action: "user_unverify", actor: admin.id, details: { before: on, after: off } },
    ]);
  });

  test("many at once: one of them changes it", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => verify(admin, ann)));
    expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
    expect(await auditOf(ann)).toHaveLength(1);
  });
});

describe("revoke-sessions", () => {
  const revoke = (by: Person, { id }: Person) => by.post(`/admin/users/${id}/revoke-sessions`);

  test("every device is signed out, by its socket, token and refresh token; a new login is good", async () => {
    const second = (await login(ann)).body;
    const sockets = [await ann.connect(), await ann.connect(second.accessToken)];
    for (const socket of sockets) await socket.settled();
    expect(outcomeOf(await revoke(moderator, ann))).toEqual([200, true]);
    for (const socket of sockets) expect(await socket.closed).toEqual({ code: 4004, reason: "Session revoked" });
    for (const token of [ann.token, second.accessToken]) {
      expect((await call(server.url, "GET", "/users/me", { token })).status).toBe(401);
    }
    for (const refreshToken of [ann.refreshToken, second.refreshToken]) {
      expect((await ann.post("/auth/refresh", { refreshToken })).status).toBe(401);
    }
    expect(outcomeOf(await revoke(moderator, ann))).toEqual([200, false]);
    const { accessToken: token } = (await login(ann)).body;
    expect((await call(server.url, "GET", "/users/me", { token })).status).toBe(200);
    expect([versionOf(ann.token), versionOf(token)]).toEqual([0, 1]);
    expect(await auditOf(ann)).toEqual([
      {
        action: "user_revoke_sessions",
        actor: moderator.id,
        details: { before: { sessions: 2 }, after: { sessions: 0 } },
      },
    ]);
  });
});

describe("role", () => {
  const setRole = (by: Person, { id }: Pick<Person, "id">, role: string) => by.put(`/admin/users/${id}/role`, { role });

  test("a new role counts at once and for who signs in again; the same one again changes nothing", async () => {
    const socket = await ann.connect();
    expect(outcomeOf(await setRole(admin, ann, "moderator"))).toEqual([200, true]);
    expect((await socket.closed).code).toBe(4004);
    expect((await ann.get("/users/me")).status).toBe(401);
    const { body } = await ann.post("/auth/refresh", { refreshToken: ann.refreshToken });
    expect(body.user.role).toBe("moderator");
    ann.token = body.accessToken;
    expect((await ann.get("/reports/")).status).toBe(200);
    expect(outcomeOf(await setRole(admin, ann, "moderator"))).toEqual([200, false]);
    expect((await ann.get("/reports/")).status).toBe(200);
    expect(outcomeOf(await setRole(admin, ann, "user"))).toEqual([200, true]);
    expect(await auditOf(ann)).toEqual([
      { action: "user_role", actor: admin.id, details: { before: { role: "user" }, after: { role: "moderator" } } },
      { action: "user_role", actor: admin.id, details: { before: { role: "moderator" }, after: { role: "user" } } },
    ]);
  });

  test("only by admins, never of another admin", async () => {
    const [second] = await people("second");
    await promote(server, second, "admin");
    expect(outcomeOf(await setRole(moderator, ann, "moderator"))).toBe("FORBIDDEN");
    expect(outcomeOf(await setRole(ann, ann, "admin"))).toBe("FORBIDDEN");
    expect(outcomeOf(await setRole(second, admin, "user"))).toBe("FORBIDDEN");
    expect(outcomeOf(await setRole(second, admin, "admin"))).toEqual([200, false]);
    expect(outcomeOf(await setRole(admin, { id: 999_999_999 }, "user"))).toBe("USER_NOT_FOUND");
    for (const role of ["owner", "", undefined]) {
      expect((await admin.put(`/admin/users/${ann.id}/role`, { role })).status).toBe(422);
    }
    expect(outcomeOf(await setRole(second, second, "user"))).toEqual([200, true]);
    expect((await admin.get("/users/me")).body.role).toBe("admin");
  });

  test("an admin whose role was taken away a moment ago gives none to anybody", async () => {
    const [former] = await people("former");
    await promote(server, former, "admin");
    expect((await former.get("/reports/")).status).toBe(200);
    await server.app.sql`update accounts set role = 'moderator' where id = ${former.id}`;
    expect(outcomeOf(await setRole(former, ann, "moderator"))).toBe("FORBIDDEN");
    expect(outcomeOf(await former.delete(`/admin/users/${ann.id}`))).toBe("FORBIDDEN");
    expect(await auditOf(ann)).toEqual([]);
  });

  test("the last admin cannot step down, nor can two do it at once", async () => {
    const [second] = await people("second");
    await promote(server, second, "admin");
    const outcomes = (await Promise.all([setRole(admin, admin, "user"), setRole(second, second, "user")])).map(
      outcomeOf,
    );
    expect(outcomes.toSorted()).toEqual([[200, true], "LAST_ADMIN"]);
    const [{ admins }] = await server.app.sql`select count(*)::int as admins from accounts where role = 'admin'`;
    expect(admins).toBe(1);
    if (outcomes[0] === "LAST_ADMIN") return;
    // The tests after this one go on with the first of them.
    expect(outcomeOf(await setRole(second, admin, "admin"))).toEqual([200, true]);
    admin.token = (await login(admin)).body.accessToken;
  });
});

describe("delete", () => {
  const remove = (by: Person, { id }: Pick<Person, "id">, reason?: string) =>
    by.delete(`/admin/users/${id}`, { reason });

  test("the account is gone at once, with all that goes with one's own deletion; again changes nothing", async () => {
    const videoId = await addVideo(server, ann);
    const theirs = await addVideo(server, moderator);
    await ann.post(`/videos/${theirs}/like`);
    await ann.post("/messages/", { receiverId: moderator.id, content: "stays" });
    const report = await moderator.post("/reports/", { targetType: "user", targetId: ann.id, reason: "spam" });
    const [socket, reporters] = [await ann.connect(), await moderator.connect()];
    expect(outcomeOf(await remove(admin, ann, "Sold"))).toEqual([200, true]);
    expect(await socket.closed).toEqual({ code: 4003, reason: "Account deleted" });
    expect((await reporters.next("admin:report_resolved")).data.reportId).toBe(report.body.id);
    expect((await ann.get("/users/me")).status).toBe(401);
    expect((await login(ann)).status).toBe(401);
    for (const path of [`/users/${ann.id}`, `/videos/${videoId}`]) {
      expect((await moderator.get(path)).status).toBe(404);
    }
    await settleJobs(server);
    expect((await moderator.get(`/videos/${theirs}`)).body.likesCount).toBe(0);
    const [message] = (await moderator.get(`/messages/conversation/${ann.id}`)).body;
    expect(message).toMatchObject({ content: "stays", sender: { username: `deleted_${ann.id}` } });
    expect(outcomeOf(await remove(admin, ann))).toEqual([200, false]);
    expect(await auditOf(ann)).toEqual([
      {
        action: "user_delete",
        actor: admin.id,
        details: {
          decisionId: expect.any(Number),
          reason: "Sold",
          before: { role: "user", status: "active" },
          after: { role: "user", status: "deleted" },
        },
      },
    ]);
  });

  test("a banned account, and one of a moderator; without a reason by the default one", async () => {
    await moderator.post(`/admin/users/${ann.id}/ban`, { reason: "spam" });
    for (const person of [ann, moderator]) expect(outcomeOf(await remove(admin, person))).toEqual([200, true]);
    expect((await login(ann)).status).toBe(401);
    expect((await auditOf(ann)).at(-1).details).toMatchObject({
      reason: "Violation of the community guidelines",
      before: { status: "banned" },
    });
  });

  test("two admins at once: one deletion", async () => {
    const [second] = await people("second");
    await promote(server, second, "admin");
    const answers = await Promise.all([admin, second, admin, second].map((by) => remove(by, ann)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
  });

  test("not by moderators, not of oneself, not of another admin", async () => {
    const [second] = await people("second");
    await promote(server, second, "admin");
    expect(outcomeOf(await remove(moderator, ann))).toBe("FORBIDDEN");
    expect(outcomeOf(await remove(ann, ann))).toBe("FORBIDDEN");
    expect(outcomeOf(await remove(admin, admin))).toBe("SELF_DELETE");
    expect(outcomeOf(await remove(second, admin))).toBe("FORBIDDEN");
    expect(outcomeOf(await remove(admin, { id: 999_999_999 }))).toBe("USER_NOT_FOUND");
    expect((await ann.get("/users/me")).status).toBe(200);
    expect((await admin.get("/users/me")).status).toBe(200);
  });
});

test("who may verify and sign out whom: staff only by a higher role, and nobody a deleted account", async () => {
  const [other, second, gone] = await people("other", "second", "gone");
  await promote(server, other, "moderator");
  await promote(server, second, "admin");
  await gone.delete("/users/me", { password: gone.password });
  for (const action of ["verify", "revoke-sessions"]) {
    const attempt = async (by: Person, id: number) => outcomeOf(await by.post(`/admin/users/${id}/${action}`));
    expect(await attempt(ann, moderator.id)).toBe("FORBIDDEN");
    expect(await attempt(ann, 999_999_999)).toBe("FORBIDDEN");
    for (const id of [other.id, second.id, moderator.id]) expect(await attempt(moderator, id)).toBe("FORBIDDEN");
    for (const id of [second.id, admin.id]) expect(await attempt(admin, id)).toBe("FORBIDDEN");
    for (const id of [gone.id, 999_999_999]) expect(await attempt(moderator, id)).toBe("USER_NOT_FOUND");
    expect(await attempt(admin, other.id)).toEqual([200, true]);
  }
});
