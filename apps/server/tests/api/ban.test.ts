import { beforeAll, beforeEach, expect, test } from "bun:test";
import { type Person, promote, RawSocket, serverForFile, signUp, TestSocket } from "@reelay/testkit";
import type { Actor } from "../../src/access/caller.ts";
import { openLocalBroker } from "../../src/delivery/broker-local.ts";
import { unblockUser } from "../../src/features/blocks/blocks.ts";
import { deleteMessage } from "../../src/features/messages/deletion.ts";
import { markSeen } from "../../src/features/messages/seen.ts";
import { sendMessages } from "../../src/features/messages/send.ts";
import { banUser } from "../../src/features/moderation/bans.ts";

const { server, people } = serverForFile();
let admin: Person;
let bob: Person;

beforeAll(async () => {
  [admin] = await people("admin");
  await promote(server, admin, "admin");
});

beforeEach(async () => {
  [bob] = await people("bob");
});

async function ban(person: Person, reason = "spam", until?: string) {
  const answer = await admin.post(`/admin/users/${person.id}/ban`, { reason, until });
  expect(answer.status).toBe(200);
  return answer.body;
}

test("open sockets: the event with its exact keys, then 4003, on every device; REST answers 403 with the reason", async () => {
  const sockets = [await bob.connect(), await bob.connect()];
  for (const socket of sockets) await socket.settled();
  await ban(bob, "spam");
  for (const socket of sockets) {
    expect(await socket.closed).toEqual({ code: 4003, reason: "Account banned" });
    const frame = socket.frames.at(-1)!;
    expect(Object.keys(frame).sort()).toEqual(["data", "type"]);
    expect(Object.keys(frame.data).sort()).toEqual(["bannedAt", "reason", "userId"]);
    expect(frame).toMatchObject({ type: "admin:user_banned", data: { userId: bob.id, reason: "spam" } });
    expect(socket.of("admin:user_banned")).toHaveLength(1);
  }
  const { status, body } = await bob.get("/users/me");
  expect(status).toBe(403);
  expect(body.error).toMatchObject({ code: "ACCOUNT_BANNED", details: { reason: "spam", until: null } });
});

test("offline: the next connect gets the event of the ban in force, no `connected`, and 4003", async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await ban(bob, "cool down", until);
  const socket = TestSocket.open(server.url, bob.token);
  expect(await socket.closed).toEqual({ code: 4003, reason: "Account banned" });
  expect(socket.frames.map((frame) => frame.type)).toEqual(["admin:user_banned"]);
  expect((await bob.get("/users/me")).body.error.details).toEqual({ reason: "cool down", until });
});

test("what was committed before the ban still arrives, before the event", async () => {
  const [ann] = await people("ann");
  const raw = await RawSocket.open(server.url, bob.token);
  await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
  raw.text("live?");
  await raw.until(() => raw.texts().find((frame) => frame.type === "error"));
  for (let n = 0; n < 5; n++) await ann.post("/messages/", { receiverId: bob.id, content: `m${n}` });
  await ban(bob);
  await raw.until(() => raw.closeCode());
  const types = raw.texts().map((frame) => frame.type);
  expect(types.filter((type) => type === "message:new")).toHaveLength(5);
  expect(types.at(-1)).toBe("admin:user_banned");
});

test("a banned person's frames are no longer read, and nothing he begins after the ban succeeds", async () => {
  const [ann] = await people("ann");
  const { body } = await ann.post("/messages/", { receiverId: bob.id, content: "hi" });
  const socket = await bob.connect();
  await ban(bob);
  socket.send({ type: "message:mark_seen", data: { messageIds: [body.id] } });
  const attempts = await Promise.all([
    bob.post("/messages/", { receiverId: ann.id, content: "x" }),
    bob.post("/messages/mark-seen", { messageIds: [body.id] }),
    bob.put("/users/me", { bio: "x" }),
    bob.post(`/users/${ann.id}/follow`),
  ]);
  expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  await socket.closed;
  const [row] = await server.app.sql`select seen_at from messages where id = ${body.id}`;
  expect(row.seen_at).toBeNull();
});

test("a write that nobody stopped at the door reads the account's status itself, and does nothing", async () => {
  const [ann] = await people("ann");
  const received = (await ann.post("/messages/", { receiverId: bob.id, content: "to be seen" })).body.id;
  const sent = (await bob.post("/messages/", { receiverId: ann.id, content: "to be deleted" })).body.id;
  await ban(bob);
  expect((await markSeen(server.app, bob.id, { messageIds: [received] })).updatedCount).toBe(0);
  await expect(deleteMessage(server.app, bob.id, sent)).rejects.toThrow();
  const draft = { senderId: bob.id, receiverId: ann.id, content: "x" };
  expect(await sendMessages(server.app.sql, [draft])).toEqual([{ outcome: "refused", code: "ACCOUNT_BANNED" }]);
  expect((await ann.get(`/messages/conversation/${bob.id}`)).body).toHaveLength(2);
  await server.app.sql`insert into blocks (blocker_id, blocked_id) values (${bob.id}, ${ann.id})`;
  const actor = { userId: bob.id } as Actor;
  await expect(unblockUser(server.app, actor, ann.id)).rejects.toThrow("banned");
});

test("a ban made by another process reaches sockets and reads within moments", async () => {
  const socket = await bob.connect();
  await socket.settled();
  expect((await bob.get("/users/me")).status).toBe(200);
  const elsewhere = { ...server.app, broker: openLocalBroker() };
  await banUser(elsewhere, null, bob.id, { reason: "elsewhere" });
  expect((await socket.closed).code).toBe(4003);
  expect(socket.frames.at(-1)).toMatchObject({ type: "admin:user_banned", data: { reason: "elsewhere" } });
  expect((await bob.get("/users/me")).status).toBe(403);
});

test("banning twice changes nothing: the first ban stands", async () => {
  expect((await ban(bob, "first")).changed).toBe(true);
  expect((await ban(bob, "second")).changed).toBe(false);
  expect((await bob.get("/users/me")).body.error.details.reason).toBe("first");
  const [{ count }] = await server.app.sql`select count(*)::int as count from audit_log where target_id = ${bob.id}`;
  expect(count).toBe(1);
});

test("two admins banning at once: one ban, one event", async () => {
  const socket = await bob.connect();
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => ban(bob, `reason ${n}`)));
  expect(answers.filter((answer) => answer.changed)).toHaveLength(1);
  await socket.closed;
  expect(socket.of("admin:user_banned")).toHaveLength(1);
});

test("unban: he must sign in again, connects as before, and the old ban is not told", async () => {
  const [ann] = await people("ann");
  await ann.post("/messages/", { receiverId: bob.id, content: "kept for you" });
  await ban(bob);
  expect((await admin.post(`/admin/users/${bob.id}/unban`)).body.changed).toBe(true);
  expect((await bob.get("/users/me")).status).toBe(401);
  const login = await bob.post("/auth/login", { email: bob.email, password: bob.password });
  const socket = await bob.connect(login.body.accessToken);
  await socket.settled();
  const types = socket.frames.map((frame) => frame.type);
  expect(types).toEqual(["connected", "message:new", "message:unread_count", "notification:unseen_count", "error"]);
});

test("a timed ban ends by itself, audited as the system's doing", async () => {
  await ban(bob, "an hour", new Date(server.clock.now() + 3_600_000).toISOString());
  expect((await bob.post("/auth/login", { email: bob.email, password: bob.password })).status).toBe(403);
  server.clock.advance(3_600_001);
  const login = await bob.post("/auth/login", { email: bob.email, password: bob.password });
  expect(login.status).toBe(200);
  const rows = await server.app.sql`select actor_id from audit_log where target_id = ${bob.id} order by id`;
  expect(rows.map((row: { actor_id: unknown }) => row.actor_id)).toEqual([String(admin.id), null]);
});

test("who may ban whom", async () => {
  const [moderator, other, second] = await Promise.all([
    signUp(server, "mod"),
    signUp(server, "mod"),
    signUp(server, "admin"),
  ]);
  await promote(server, moderator!, "moderator");
  await promote(server, other!, "moderator");
  await promote(server, second!, "admin");
  const attempt = async (by: Person, id: number) => {
    const { status, body } = await by.post(`/admin/users/${id}/ban`, { reason: "x" });
    return status === 200 ? "ok" : body.error.code;
  };
  expect(await attempt(bob, moderator!.id)).toBe("FORBIDDEN");
  expect(await attempt(bob, 999_999_999)).toBe("FORBIDDEN");
  expect(await attempt(moderator!, other!.id)).toBe("FORBIDDEN");
  expect(await attempt(moderator!, second!.id)).toBe("FORBIDDEN");
  expect(await attempt(moderator!, moderator!.id)).toBe("SELF_BAN");
  expect(await attempt(second!, admin.id)).toBe("FORBIDDEN");
  expect(await attempt(second!, 999_999_999)).toBe("USER_NOT_FOUND");
  expect(await attempt(moderator!, bob.id)).toBe("ok");
  expect(await attempt(second!, moderator!.id)).toBe("ok");
});

test("a role taken away counts at once, whatever the token says", async () => {
  const [moderator] = await people("mod");
  await promote(server, moderator, "moderator");
  expect((await moderator.post(`/admin/users/${bob.id}/unban`)).status).toBe(200);
  await server.app.sql`update accounts set role = 'user' where id = ${moderator.id}`;
  expect((await moderator.post(`/admin/users/${bob.id}/ban`, { reason: "x" })).status).toBe(403);
});

test("an admin's writes are limited to a thousand an hour; another admin is not affected", async () => {
  const [busy, calm] = await people("busy", "calm");
  await promote(server, busy, "admin");
  await promote(server, calm, "admin");
  const statuses: number[] = [];
  for (let n = 0; n < 10; n++) {
    const wave = await Promise.all(Array.from({ length: 100 }, () => busy.post(`/admin/users/${bob.id}/unban`)));
    statuses.push(...wave.map(({ status }) => status));
  }
  expect(new Set(statuses)).toEqual(new Set([200]));
  const refused = await busy.post(`/admin/users/${bob.id}/unban`);
  expect(refused).toMatchObject({ status: 429, body: { error: { code: "RATE_LIMIT" } } });
  expect((await calm.post(`/admin/users/${bob.id}/unban`)).status).toBe(200);
});
