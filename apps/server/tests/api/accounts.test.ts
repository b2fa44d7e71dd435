import { beforeAll, expect, test } from "bun:test";
import { OwnUser, User } from "@reelay/contract";
import { call, crowd, type Person, promote, serverForFile, settleJobs, signUp, waitFor } from "@reelay/testkit";
import { z } from "zod";
import { ensureFirstAdmin } from "../../src/features/accounts/first-admin.ts";
import { transaction } from "../../src/platform/postgres.ts";

const { server, people } = serverForFile();
let admin: Person;

beforeAll(async () => {
  admin = await signUp(server, "admin");
  await promote(server, admin, "admin");
});

const login = (email: string, password: string) =>
  call(server.url, "POST", "/auth/login", { body: { email, password } });

const publicly = (path: string) => call(server.url, "GET", path);

const idsOf = (body: unknown) => Array.from(z.array(User).parse(body), ({ id }) => id);

async function found(query: string): Promise<number[]> {
  const { status, body } = await publicly(`/users/search?q=${encodeURIComponent(query)}`);
  expect(status).toBe(200);
  return idsOf(body);
}

async function named(fullName: string): Promise<Person> {
  const [person] = await people("person");
  expect((await person.put("/users/me", { fullName })).status).toBe(200);
  return person;
}

const outcome = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];

test("one's own account has everything, another's only what is public", async () => {
  const [ann, bob] = await people("ann", "bob");
  const own = await ann.get("/users/me");
  OwnUser.parse(own.body);
  expect(own.body).toMatchObject({ id: ann.id, email: ann.email, role: "user", status: "active" });
  const [path, ownPath] = [`/users/${bob.id}`, `/users/${ann.id}`];
  for (const { status, body } of [await ann.get(path), await publicly(path), await ann.get(ownPath)]) {
    expect(status).toBe(200);
    User.parse(body);
  }
});

test("nobody's e-mail address stands in any answer to somebody else", async () => {
  const [ann, bob] = await people("ann", "bob");
  await bob.post("/messages/", { receiverId: ann.id, content: "hi" });
  const answers = [await ann.post(`/users/${bob.id}/follow`), await bob.post(`/users/${ann.id}/follow`)];
  const paths = [
    "/users/?limit=100",
    `/users/${bob.id}`,
    `/users/search?q=${bob.username}`,
    `/social/followers/${ann.id}`,
    `/social/following/${ann.id}`,
    "/messages/inbox",
    `/messages/conversation/${bob.id}`,
    "/messages/suggested-users",
  ];
  for (const path of paths) answers.push(await ann.get(path));
  answers.push(await ann.post(`/users/${bob.id}/block`), await ann.get("/users/me/blocks"));
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).not.toMatch(/@|email/i);
  }
  expect(JSON.stringify(answers)).toContain(bob.username);
  expect(await found(bob.email)).toEqual([]);
});

test("isFollowing, followsMe and isBlocked are the viewer's, and null for who is nobody", async () => {
  const [ann, bob, cleo, dan] = await people("ann", "bob", "cleo", "dan");
  await ann.post(`/users/${bob.id}/follow`);
  await cleo.post(`/users/${ann.id}/follow`);
  await ann.post(`/users/${dan.id}/block`);
  const seenBy = async (viewer: Person | null, id: number) => {
    const { body } = await (viewer ? viewer.get(`/users/${id}`) : publicly(`/users/${id}`));
    return [body.isFollowing, body.followsMe, body.isBlocked];
  };
  expect(await seenBy(ann, bob.id)).toEqual([true, false, false]);
  expect(await seenBy(bob, ann.id)).toEqual([false, true, false]);
  expect(await seenBy(ann, cleo.id)).toEqual([false, true, false]);
  expect(await seenBy(ann, dan.id)).toEqual([false, false, true]);
  expect(await seenBy(dan, ann.id)).toEqual([false, false, false]);
  expect(await seenBy(ann, ann.id)).toEqual([false, false, false]);
  expect(await seenBy(null, bob.id)).toEqual([null, null, null]);
});

test("one's profile changes in the fields that were sent, in either spelling; null and nothing clear", async () => {
  const ann = await signUp(server, "ann");
  const put = async (changes: object) => {
    const { status, body } = await ann.put("/users/me", changes);
    expect(status).toBe(200);
    return OwnUser.parse(body);
  };
  const before = await put({});
  const bio = "line\n\ttwo <b>";
  expect(await put({ fullName: "  Ann Lee ", bio })).toEqual({ ...before, fullName: "Ann Lee", bio });
  expect(await put({ full_name: "Ann" })).toEqual({ ...before, fullName: "Ann", bio });
  const renamed = { username: `new.${ann.username}`, email: "New.Ann@Example.com" };
  expect(await put({ ...renamed, currentPassword: ann.password })).toMatchObject({ ...renamed, fullName: "Ann" });
  expect(await put({ fullName: null, bio: "" })).toEqual({ ...before, ...renamed });
  await put({ fullName: "Ann", bio: "x" });
  expect(await put({ fullName: "", bio: null })).toEqual({ ...before, ...renamed });
  expect((await ann.get("/users/me")).body).toEqual({ ...before, ...renamed });
});

test("what is not part of a profile is ignored", async () => {
  const [ann] = await people("ann");
  const { body: before } = await ann.get("/users/me");
  const foreign = { id: 1, role: "admin", status: "banned", isVerified: true, follower_count: 9, avatarUrl: "x" };
  expect(await ann.put("/users/me", foreign)).toMatchObject({ status: 200, body: before });
  expect((await ann.get("/users/me")).body).toEqual(before);
});

test("names of others are refused in any case; one's own may change its case; of two at once one gets it", async () => {
  const [ann, bob, cleo] = await people("ann", "bob", "cleo");
  const put = async (changes: object) =>
    outcome(await ann.put("/users/me", { ...changes, currentPassword: ann.password }));
  expect(await put({ email: bob.email.toUpperCase() })).toEqual([409, "EMAIL_TAKEN"]);
  expect(await put({ username: bob.username.toUpperCase() })).toEqual([409, "USERNAME_TAKEN"]);
  expect(await put({ username: "deleted_1" })).toEqual([409, "USERNAME_TAKEN"]);
  expect((await put({ username: ann.username.toUpperCase() }))[0]).toBe(200);
  const wanted = await Promise.all([bob, cleo].map((person) => person.put("/users/me", { username: "wanted" })));
  expect(wanted.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test("a profile that is not valid: 422 naming the field, and nothing changes", async () => {
  const [ann] = await people("ann");
  const bad = {
    username: [null, "", "ab", "a b", "é".repeat(3), "a".repeat(31)],
    email: [null, "", "x", "a@b", 5],
    fullName: ["x".repeat(101), 5, "a\u0000b"],
    bio: ["x".repeat(501), {}, "a\u0007b"],
  };
  for (const [field, values] of Object.entries(bad)) {
    for (const value of values) {
      const { status, body } = await ann.put("/users/me", { bio: "not kept", [field]: value });
      expect([field, value, status]).toEqual([field, value, 422]);
      expect(body.error.details.map((detail: any) => detail.path)).toEqual([field]);
    }
  }
  expect((await ann.get("/users/me")).body).toMatchObject({ username: ann.username, email: ann.email, bio: null });
});

test("everyone, the newest first, page by page; for who is signed in", async () => {
  const newest = await crowd(server, 5);
  const ids = newest.map(({ id }) => id).reverse();
  const list = async (query: string) => {
    const { status, body, headers } = await newest[0].get(`/users/?${query}`);
    expect([status, headers.has("x-event-cursor")]).toEqual([200, true]);
    return idsOf(body);
  };
  expect(await list("limit=5")).toEqual(ids);
  expect(await list("skip=1&limit=3")).toEqual(ids.slice(1, 4));
  await crowd(server, 20);
  expect(await list("")).toHaveLength(20);
  expect((await publicly("/users/")).status).toBe(401);
});

test("skip and limit of the lists have bounds", async () => {
  const [ann] = await people("ann");
  for (const path of ["/users/?", "/users/search?q=p&", "/users/me/blocks?"]) {
    for (const query of ["limit=0", "limit=-1", "limit=x", "skip=-1", "skip=10001"]) {
      const { status, body } = await ann.get(path + query);
      expect([path, query, status, body.error?.details[0].path]).toEqual([path, query, 422, query.split("=")[0]]);
    }
    const mostSkipped = path.includes("search") ? 1000 : 10_000;
    expect((await ann.get(`${path}skip=${mostSkipped}&limit=100`)).body).toEqual([]);
  }
});

test("searching finds any part of username and full name, without regard to case and accents", async () => {
  const [an, dang] = [await named("Nguyễn Văn Ân"), await named("Đặng Thị Hường")];
  for (const query of ["nguyen", "NGUYỄN", "Nguyẽn", "uyen van", "văn", " van an ", "Vẫn"]) {
    expect([query, await found(query)]).toEqual([query, [an.id]]);
  }
  for (const query of ["dang", "đặng", "HUONG", "thi h"])
    expect([query, await found(query)]).toEqual([query, [dang.id]]);
  expect(await found(an.username.toUpperCase())).toEqual([an.id]);
  expect(await found("nguyen thi")).toEqual([]);
});

test("one or two characters are the beginning of a username", async () => {
  const [ann, bob, cleo] = await people("ann", "bob", "cleo");
  await ann.put("/users/me", { username: "Qz.first" });
  await bob.put("/users/me", { username: "first.qz" });
  await cleo.put("/users/me", { fullName: "Qz" });
  expect(await found("qz")).toEqual([ann.id]);
  expect(await found("Q")).toEqual([ann.id]);
  expect(await found("qz.")).toEqual([ann.id]);
  expect(await found(".qz")).toEqual([bob.id]);
});

test("the characters that mean something to the database are text", async () => {
  const [percent, plain] = [await named("100% sure"), await named("100 sure x1")];
  const [backslash, bang] = [await named("back\\slash"), await named("hey!now")];
  const [under, letter] = await people("under", "letter");
  await under.put("/users/me", { username: "_kx.y_z" });
  await letter.put("/users/me", { username: "akx.yyz" });
  expect(await found("100%")).toEqual([percent.id]);
  expect(await found("0% s")).toEqual([percent.id]);
  expect(await found("100 sure")).toEqual([plain.id]);
  expect(await found("k\\s")).toEqual([backslash.id]);
  expect(await found("hey!n")).toEqual([bang.id]);
  expect(await found("y_z")).toEqual([under.id]);
  expect(await found("_k")).toEqual([under.id]);
  for (const query of ["%", "%%%", "\\", "\\\\\\", "___", "_%", "%k", "100\\%", "'; --", "％％％", "＿＿＿"]) {
    expect([query, await found(query)]).toEqual([query, []]);
  }
});

test("a search of nothing finds nobody, one over 100 characters is refused, a long one counts by its beginning", async () => {
  const long = await named("a name that is longer than thirty-two characters");
  for (const query of ["", "q=", "q=%20%20"]) expect((await publicly(`/users/search?${query}`)).body).toEqual([]);
  expect(await found("a name that is longer than thirty-two characters")).toEqual([long.id]);
  expect(await found("x".repeat(100))).toEqual([]);
  for (const query of ["x".repeat(101), "a%00b", "a%07b"]) {
    const { status, body } = await publicly(`/users/search?q=${query}`);
    expect([status, body.error.details.map((detail: any) => detail.path)]).toEqual([422, ["q"]]);
  }
});

test("who is followed most is found first, page by page", async () => {
  const [fan, ...team] = await crowd(server, 4);
  for (const person of team) await person.put("/users/me", { fullName: "Same Name" });
  await fan.post(`/users/${team[1]!.id}/follow`);
  const expected = [team[1]!.id, team[0]!.id, team[2]!.id];
  expect(await found("same name")).toEqual(expected);
  const { body } = await publicly("/users/search?q=same%20name&skip=1&limit=1");
  expect(body.map(({ id }: User) => id)).toEqual(expected.slice(1, 2));
});

test("who is banned vanishes from list, search and direct link, and comes back exactly as before", async () => {
  const [ann, bob] = await people("ann", "bob");
  await ann.post(`/users/${bob.id}/follow`);
  await bob.put("/users/me", { fullName: "Vanishing Bob" });
  const look = async () => ({
    direct: outcome(await ann.get(`/users/${bob.id}`))[1] ?? (await ann.get(`/users/${bob.id}`)).body,
    search: await found("vanishing bob"),
    prefix: (await publicly(`/users/search?q=${bob.username}`)).body.length,
    list: (await ann.get("/users/?limit=100")).body.some(({ id }: User) => id === bob.id),
    following: (await ann.get(`/social/following/${ann.id}`)).body.following.length,
  });
  const before = await look();
  expect(before).toMatchObject({ direct: { followerCount: 1 }, search: [bob.id], prefix: 1, list: true, following: 1 });
  await admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
  expect(await look()).toEqual({ direct: "USER_NOT_FOUND", search: [], prefix: 0, list: false, following: 0 });
  const unknown = await publicly("/users/999999999");
  expect((await publicly(`/users/${bob.id}`)).body.detail).toBe(unknown.body.detail);
  await admin.post(`/admin/users/${bob.id}/unban`);
  expect(await look()).toEqual(before);
});

test("deleting one's account: asks for the password, takes everything of his away, frees both names", async () => {
  const [ann, bob] = [await signUp(server, "ann"), await signUp(server, "bob")];
  await ann.put("/users/me", { fullName: "Leaving Ann", bio: "bye" });
  await ann.post(`/users/${bob.id}/follow`);
  await bob.post(`/users/${ann.id}/follow`);
  expect(outcome(await ann.delete("/users/me", { password: "wrong" }))).toEqual([401, "INVALID_CREDENTIALS"]);
  expect((await ann.delete("/users/me", {})).status).toBe(422);
  expect((await ann.get("/users/me")).status).toBe(200);
  const answer = await ann.delete("/users/me", { password: ann.password });
  await settleJobs(server);
  expect(answer).toMatchObject({ status: 200, body: { success: true, changed: true } });
  expect(await found("leaving ann")).toEqual([]);
  expect(outcome(await bob.get(`/users/${ann.id}`))).toEqual([404, "USER_NOT_FOUND"]);
  expect((await bob.get("/users/?limit=100")).body.some(({ id }: User) => id === ann.id)).toBe(false);
  expect((await bob.get("/users/me")).body).toMatchObject({ followerCount: 0, followingCount: 0 });
  expect((await bob.get(`/social/followers/${bob.id}`)).body).toEqual({ followers: [], total: 0 });
  const { email, username, password } = ann;
  const again = await call(server.url, "POST", "/auth/register", { body: { email, username, password } });
  expect(again.status).toBe(201);
  expect(again.body.id).not.toBe(ann.id);
});

test("a deleted account's row holds nothing that was his, and none of his tokens is good", async () => {
  const ann = await signUp(server, "ann");
  await ann.put("/users/me", { fullName: "Ann", bio: "bye" });
  await ann.delete("/users/me", { password: ann.password });
  await settleJobs(server);
  const [row] = await server.app.sql`
    select username, search, status, to_jsonb(a) - 'id' as all from accounts a where id = ${ann.id}`;
  const name = `deleted_${ann.id}`;
  expect(row).toMatchObject({ username: name, search: `${name} `, status: "deleted" });
  const { email, full_name, avatar_url, bio, password_hash } = row.all;
  expect([email, full_name, avatar_url, bio, password_hash]).toEqual(Array(5).fill(null));
  const sessions = await server.app.sql`select user_agent, address from sessions where user_id = ${ann.id}`;
  expect([...sessions]).toEqual([{ user_agent: null, address: null }]);
  const refresh = await ann.post("/auth/refresh", { refreshToken: ann.refreshToken });
  expect([(await ann.get("/users/me")).status, refresh.status]).toEqual([401, 401]);
  expect((await ann.delete("/users/me", { password: ann.password })).status).toBe(401);
});

test("a banned account cannot be deleted by its owner", async () => {
  const bob = await signUp(server, "bob");
  await admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
  const attempt = await bob.delete("/users/me", { password: bob.password });
  expect(outcome(attempt)).toEqual([403, "ACCOUNT_BANNED"]);
});

/** Runs writes that leave an audit row so that all of them are under way before the first can end. */
async function atOnce<T>(writes: (() => Promise<T>)[]): Promise<T[]> {
  const { sql } = server.app;
  const started: Promise<T>[] = [];
  await transaction(sql, async (tx) => {
    await tx`lock table audit_log in share mode`;
    started.push(...writes.map((write) => write()));
    await waitFor(async () => {
      const waiting = await sql`
        select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return waiting.length >= writes.length || undefined;
    });
  });
  return await Promise.all(started);
}

test("the last admin cannot delete himself; of two at once one stays; one that is banned does not count", async () => {
  const leave = (person: Person) => person.delete("/users/me", { password: person.password });
  expect(outcome(await leave(admin))).toEqual([409, "LAST_ADMIN"]);
  const [second, banned] = [await signUp(server, "admin"), await signUp(server, "admin")];
  await promote(server, banned, "admin");
  await server.app.sql`update accounts set status = 'banned' where id = ${banned.id}`;
  expect(outcome(await leave(admin))).toEqual([409, "LAST_ADMIN"]);
  expect((await admin.get("/users/me")).status).toBe(200);
  await promote(server, second, "admin");
  const answers = await atOnce([() => leave(admin), () => leave(second)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});

/** As on a new database, as far as admins go. */
async function withoutAdmins(): Promise<void> {
  await server.app.sql`update accounts set role = 'user', email = null where role = 'admin'`;
}

async function admins(): Promise<string[]> {
  return (await server.app.sql`select email from accounts where role = 'admin'`.values()).flat();
}

function configured(email: string, password = "of the configuration") {
  return { ...server.app, config: { ...server.app.config, firstAdmin: { email, password } } };
}

test("the first admin of an embedded database gets a password that is told once", async () => {
  await withoutAdmins();
  const made = await ensureFirstAdmin(server.app, true);
  expect(made?.password.length).toBeGreaterThanOrEqual(20);
  const { status, body } = await login(made!.email, made!.password);
  expect([status, body.user.role]).toEqual([200, "admin"]);
  expect(await ensureFirstAdmin(server.app, true)).toBeNull();
  expect(await admins()).toEqual([made!.email]);
});

test("on a database of one's own nobody is made an admin unasked", async () => {
  await withoutAdmins();
  expect(await ensureFirstAdmin(server.app, false)).toBeNull();
  expect(await admins()).toEqual([]);
});

test("the admin of the configuration is made on either database, and his password is not told", async () => {
  for (const isEmbedded of [true, false]) {
    const email = `boss.${isEmbedded}@example.com`;
    await withoutAdmins();
    expect(await ensureFirstAdmin(configured(email), isEmbedded)).toBeNull();
    expect((await login(email, "of the configuration")).body.user.role).toBe("admin");
    expect(await ensureFirstAdmin(configured("late@example.com"), isEmbedded)).toBeNull();
    expect(await admins()).toEqual([email]);
  }
});

test("an account that has the configured e-mail already is left as it is", async () => {
  await withoutAdmins();
  const ann = await signUp(server, "ann");
  expect(await ensureFirstAdmin(configured(ann.email.toUpperCase()), true)).toBeNull();
  expect((await ann.get("/users/me")).body.role).toBe("user");
  expect((await login(ann.email, "of the configuration")).status).toBe(401);
  expect(await admins()).toEqual([]);
});

test("of servers that start at once one makes the first admin", async () => {
  await withoutAdmins();
  const made = await atOnce(Array.from({ length: 3 }, () => () => ensureFirstAdmin(server.app, true)));
  expect(await admins()).toEqual(made.flatMap((admin) => admin?.email ?? []));
  await withoutAdmins();
  const emails = ["one@example.com", "two@example.com", "three@example.com"];
  await atOnce(emails.map((email) => () => ensureFirstAdmin(configured(email), false)));
  expect(await admins()).toHaveLength(1);
});
