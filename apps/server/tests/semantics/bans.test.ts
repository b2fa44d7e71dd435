import { beforeAll, beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, promote, serverForFile } from "@reelay/testkit";
import { banUser, endExpiredBans } from "../../src/features/moderation/bans.ts";

/* What happens when somebody is banned: a test for each such row of the semantics. */

const HOUR_MS = 3_600_000;

const { server, people } = serverForFile();
let admin: Person;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [admin] = await people("admin");
  await promote(server, admin, "admin");
});

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
});

const until = (ms: number) => new Date(server.clock.now() + ms).toISOString();

async function ban(person: Person, reason = "spam", end?: string) {
  return (await admin.post(`/admin/users/${person.id}/ban`, { reason, until: end })).body;
}

async function auditOf(person: Person) {
  const rows: { action: string; actor: number | null }[] = await server.app.sql`
    select action, actor_id::float8 as actor from audit_log
    where target_type = 'user' and target_id = ${person.id} order by id`;
  return rows.map(({ action, actor }) => [action, actor]);
}

test("a ban or unban", async () => {
  const videoId = await addVideo(server, bob);
  await bob.post("/comments/", { videoId, content: `hello @${ann.username}` });
  await bob.post("/messages/", { receiverId: ann.id, content: "hi" });
  await bob.post(`/users/${ann.id}/follow`);
  await bob.post(`/videos/${await addVideo(server, ann)}/like`);
  const paths = [
    `/users/${bob.id}`,
    `/users/search?q=${bob.username}`,
    `/videos/${videoId}`,
    `/videos/?limit=100`,
    `/comments/video/${videoId}`,
    `/social/followers/${ann.id}`,
  ];
  const seen = async () => await Promise.all(paths.map(async (path) => (await ann.get(path)).body));
  const kept = async () => [
    (await ann.get("/notifications")).body.length,
    (await ann.get("/notifications/unseen/count")).body,
    (await ann.get("/messages/inbox")).body,
    (await ann.get(`/users/${ann.id}`)).body,
  ];
  const [before, stays] = [await seen(), await kept()];
  await ban(bob);
  const [user, search, video, feed, comments, followers] = await seen();
  expect([user, video, comments].map(({ error }) => error.code)).toEqual([
    "USER_NOT_FOUND",
    "VIDEO_NOT_FOUND",
    "VIDEO_NOT_FOUND",
  ]);
  expect(search).toEqual([]);
  expect(feed.map(({ id }: { id: number }) => id)).not.toContain(videoId);
  expect(followers).toEqual({ followers: [], total: 1 });
  expect(await kept()).toEqual(stays);
  await admin.post(`/admin/users/${bob.id}/unban`);
  expect(await seen()).toEqual(before);
  expect(await kept()).toEqual(stays);
});

test("ban twice; ban while banned with another reason", async () => {
  expect((await ban(bob, "first")).changed).toBe(true);
  expect((await ban(bob, "second")).changed).toBe(false);
  expect((await bob.get("/users/me")).body.error.details.reason).toBe("first");
  expect(await auditOf(bob)).toEqual([["user_ban", admin.id]]);
});

test("ban an admin", async () => {
  const [second, moderator] = await people("second", "moderator");
  await promote(server, second, "admin");
  await promote(server, moderator, "moderator");
  for (const by of [second, moderator]) {
    expect((await by.post(`/admin/users/${admin.id}/ban`, { reason: "x" })).body.error.code).toBe("FORBIDDEN");
  }
  // The token is that of an admin still, and the cache has not heard of the change.
  await server.app.sql`update accounts set role = 'user' where id = ${second.id}`;
  expect((await second.post(`/admin/users/${bob.id}/ban`, { reason: "x" })).body.error.code).toBe("FORBIDDEN");
  await expect(banUser(server.app, null, admin.id, { reason: "x" })).rejects.toMatchObject({ code: "LAST_ADMIN" });
  await server.app.sql`update accounts set role = 'admin' where id = ${second.id}`;
  expect((await banUser(server.app, null, second.id, { reason: "x" })).changed).toBe(true);
});

test("a timed ban ends", async () => {
  await ban(ann, "an hour", until(HOUR_MS));
  await ban(bob, "an hour", until(HOUR_MS));
  server.clock.advance(HOUR_MS - 60_000);
  await endExpiredBans(server.app);
  expect(await auditOf(bob)).toEqual([["user_ban", admin.id]]);
  expect((await ann.post("/auth/login", { email: ann.email, password: ann.password })).status).toBe(403);
  server.clock.advance(120_000);
  expect((await ann.post("/auth/login", { email: ann.email, password: ann.password })).status).toBe(200);
  await endExpiredBans(server.app);
  for (const person of [ann, bob]) {
    expect(await auditOf(person)).toEqual([
      ["user_ban", admin.id],
      ["user_ban_expired", null],
    ]);
    expect((await admin.get(`/users/${person.id}`)).status).toBe(200);
  }
});

test("REST with a banned account's token", async () => {
  const end = until(HOUR_MS);
  await ban(bob, "spam", end);
  for (const answer of [await bob.get("/users/me"), await bob.post("/messages/", {}), await bob.get("/videos")]) {
    expect([answer.status, answer.body.error.code, answer.body.error.details]).toEqual([
      403,
      "ACCOUNT_BANNED",
      { reason: "spam", until: end },
    ]);
  }
});
