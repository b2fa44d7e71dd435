import { beforeEach, expect, test } from "bun:test";
import { Conversation, Message, MessageInList, MessagesSeen } from "@reelay/contract";
import { type Person, serverForFile } from "@reelay/testkit";
import { z } from "zod";

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let ann: Person;
let bob: Person;

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
});

async function send(from: Person, to: Person, content: string, clientId?: string) {
  return await from.post("/messages/", { receiverId: to.id, content, clientId });
}

test("the same clientId again answers the first message with 200, another content or receiver 409", async () => {
  const first = await send(ann, bob, "hi", "c1");
  expect(first.status).toBe(201);
  Message.parse(first.body);
  expect(first.body.clientId).toBe("c1");
  const again = await send(ann, bob, "hi", "c1");
  expect(again).toMatchObject({ status: 200, body: first.body });
  expect(await send(ann, bob, "other", "c1")).toMatchObject({
    status: 409,
    body: { error: { code: "IDEMPOTENCY_MISMATCH" } },
  });
  const [cleo] = await people("cleo");
  expect((await send(ann, cleo!, "hi", "c1")).status).toBe(409);
  expect((await send(bob, ann, "hi", "c1")).status).toBe(201);
  await ann.delete(`/messages/${first.body.id}`);
  expect((await send(ann, bob, "hi", "c1")).body.error.code).toBe("MESSAGE_DELETED");
});

test("whom one cannot message", async () => {
  const [blocker, blocked, banned] = await people("blocker", "blocked", "banned");
  await blocker.post(`/users/${ann.id}/block`);
  await ann.post(`/users/${blocked.id}/block`);
  await server.app.sql`update accounts set status = 'banned' where id = ${banned.id}`;
  const codes = [];
  for (const receiverId of [ann.id, 999_999_999, blocker.id, blocked.id, banned.id]) {
    const { status, body } = await ann.post("/messages/", { receiverId, content: "x" });
    codes.push([status, body.error.code]);
  }
  expect(codes).toEqual([
    [422, "SELF_MESSAGE"],
    [404, "USER_NOT_FOUND"],
    [403, "CANNOT_MESSAGE"],
    [403, "CANNOT_MESSAGE"],
    [403, "CANNOT_MESSAGE"],
  ]);
  expect((await blocker.post("/messages/", { receiverId: ann.id, content: "x" })).status).toBe(403);
});

test("content is kept as written: trimmed at the ends only, markup and astral characters untouched", async () => {
  const content = 'a <b>&amp;</b>\n\t"quoted" 👩‍👩‍👧 𝕏 ﷺ';
  expect((await send(ann, bob, `  ${content} \n`)).body.content).toBe(content);
  expect((await send(ann, bob, "x".repeat(5000))).status).toBe(201);
  expect((await send(ann, bob, "x".repeat(5001))).status).toBe(422);
  expect((await send(ann, bob, "   ")).status).toBe(422);
});

test("inbox: one row a peer, newest first, with the last message and what is unread", async () => {
  const [cleo] = await people("cleo");
  await send(ann, bob, "1");
  await send(cleo, bob, "2");
  await send(bob, ann, "3", "mine");
  const { body, headers } = await bob.get("/messages/inbox");
  z.array(Conversation).parse(body);
  expect(body.map((row: any) => [row.userId, row.lastMessage.content, row.unreadCount])).toEqual([
    [ann.id, "3", 1],
    [cleo.id, "2", 1],
  ]);
  expect(body[0].lastMessage.clientId).toBe("mine");
  expect((await ann.get("/messages/inbox")).body[0].lastMessage.clientId).toBeUndefined();
  const cursor = Buffer.from(headers.get("x-event-cursor")!, "base64url").toString();
  // Two messages came and one went.
  expect(cursor).toMatch(new RegExp(`^${server.app.epoch}-${bob.id}\\.3\\.\\d+$`));
});

test("conversation: oldest first, the newest page unless before_id", async () => {
  for (let n = 1; n <= 5; n++) await send(n % 2 ? ann : bob, n % 2 ? bob : ann, `m${n}`);
  const newest = await bob.get(`/messages/conversation/${ann.id}?limit=3`);
  z.array(MessageInList).parse(newest.body);
  expect(newest.body.map((message: any) => message.content)).toEqual(["m3", "m4", "m5"]);
  const older = await bob.get(`/messages/conversation/${ann.id}?limit=3&before_id=${newest.body[0].id}`);
  expect(older.body.map((message: any) => message.content)).toEqual(["m1", "m2"]);
  expect((await bob.get("/messages/conversation/999999999")).status).toBe(404);
});

test("mark seen: by peer, by ids, by both as the intersection; once; others' and unknown ids ignored", async () => {
  const [cleo] = await people("cleo");
  const [a1, a2] = [(await send(ann, bob, "a1")).body.id, (await send(ann, bob, "a2")).body.id];
  const c1 = (await send(cleo, bob, "c1")).body.id;
  const notHis = (await send(ann, cleo, "x")).body.id;
  const both = await bob.post("/messages/mark-seen", {
    conversationWith: ann.id,
    messageIds: [a1, c1, notHis, 999_999_999],
  });
  MessagesSeen.parse(both.body);
  expect(both.body).toMatchObject({ updated: [a1], updatedCount: 1, upToId: a1, unreadCount: 2 });
  const again = await bob.post("/messages/mark-seen", { messageIds: [a1] });
  expect(again.body).toEqual({ updated: [], updatedCount: 0, upToId: null, seenAt: null, unreadCount: 2 });
  const byIds = await bob.post("/messages/mark-seen", { messageIds: [a2, c1] });
  expect(byIds.body).toMatchObject({ updated: [a2, c1], updatedCount: 2, upToId: c1, unreadCount: 0 });
  expect((await bob.put(`/messages/${ann.id}/read`)).body.updatedCount).toBe(0);
  expect((await cleo.get("/messages/unread/count")).body).toBe(1);
});

test("message:seen is split by sender, names only what changed, and is not sent when nothing changed", async () => {
  const [cleo] = await people("cleo");
  const [annsSocket, cleosSocket] = [await ann.connect(), await cleo.connect()];
  const a = (await send(ann, bob, "a")).body.id;
  const c = (await send(cleo, bob, "c")).body.id;
  const { body } = await bob.post("/messages/mark-seen", { messageIds: [a, c] });
  await bob.post("/messages/mark-seen", { messageIds: [a, c] });
  await Promise.all([annsSocket.settled(), cleosSocket.settled()]);
  expect(annsSocket.of("message:seen").map((frame) => frame.data)).toEqual([
    { messageIds: [a], seenBy: bob.id, seenAt: body.seenAt },
  ]);
  expect(cleosSocket.of("message:seen").map((frame) => frame.data.messageIds)).toEqual([[c]]);
});

test("thousands marked at once: the answer and the event hold the newest 500, the count all of them", async () => {
  await server.app.sql`
    insert into messages (sender_id, receiver_id, content) select ${ann.id}, ${bob.id}, 'm' || n from generate_series(1, 1200) n`;
  await server.app.sql`
    insert into conversations (user_id, peer_id, unread, last_message_id)
    select u, p, n, (select max(id) from messages where receiver_id = ${bob.id})
    from (values (${bob.id}::bigint, ${ann.id}::bigint, 1200), (${ann.id}, ${bob.id}, 0)) sides(u, p, n)`;
  await server.app.sql`insert into user_streams (user_id, unread_messages) values (${bob.id}, 1200)`;
  const socket = await ann.connect();
  const { body } = await bob.put(`/messages/${ann.id}/read`);
  expect(body).toMatchObject({ updatedCount: 1200, unreadCount: 0, upToId: body.updated.at(-1) });
  expect(body.updated).toHaveLength(500);
  const frame = await socket.next("message:seen");
  expect(frame.data.messageIds).toEqual(body.updated);
  expect(JSON.stringify(frame).length).toBeLessThan(16 * 1024);
});

test("deleting: gone for both, told to both, counters follow, the conversation falls back", async () => {
  const first = (await send(ann, bob, "first")).body.id;
  const last = (await send(ann, bob, "last")).body.id;
  const [annsSocket, bobsSocket] = [await ann.connect(), await bob.connect()];
  expect((await bob.delete(`/messages/${last}`)).status).toBe(404);
  const answer = await ann.delete(`/messages/${last}`);
  expect(answer).toMatchObject({ status: 200, body: expect.any(String) });
  const event = await bobsSocket.next("message:deleted");
  expect(Object.keys(event.data).sort()).toEqual(["deletedAt", "deletedBy", "messageId"]);
  expect(event.data).toMatchObject({ messageId: last, deletedBy: ann.id });
  expect((await bobsSocket.next("message:unread_count")).data.count).toBe(1);
  expect((await annsSocket.next("message:deleted")).data).toEqual(event.data);
  expect((await bob.get("/messages/inbox")).body[0]).toMatchObject({ unreadCount: 1, lastMessage: { id: first } });
  expect((await bob.get(`/messages/conversation/${ann.id}`)).body).toHaveLength(1);
  expect((await ann.delete(`/messages/${last}`)).status).toBe(200);
  await ann.delete(`/messages/${first}`);
  expect((await bob.get("/messages/inbox")).body).toEqual([]);
  expect((await bob.get("/messages/unread/count")).body).toBe(0);
});

test("an account that was deleted keeps its messages for the other side, under its new name", async () => {
  await send(ann, bob, "remember me");
  await server.app.sql`update accounts set password_hash = null where id = ${ann.id}`;
  const [gone] = await people("gone");
  await send(gone, bob, "bye");
  await gone.delete("/users/me", { password: gone.password });
  const { body } = await bob.get("/messages/inbox");
  expect(body[0]).toMatchObject({ username: `deleted_${gone.id}`, fullName: null, lastMessage: { content: "bye" } });
  expect((await bob.get(`/messages/conversation/${gone.id}`)).body).toHaveLength(1);
  expect((await send(bob, gone, "?")).status).toBe(404);
});

test("suggested users: followed and talked with first, then the popular; never oneself, blocked or banned", async () => {
  const [followed, talked, blocked, popular, banned] = await people(
    "followed",
    "talked",
    "blocked",
    "popular",
    "banned",
  );
  await ann.post(`/users/${followed.id}/follow`);
  await send(ann, talked, "x");
  await ann.post(`/users/${blocked.id}/block`);
  await server.app.sql`update accounts set follower_count = 1000000 where id = ${popular.id}`;
  await server.app.sql`update accounts set follower_count = 2000000, status = 'banned' where id = ${banned.id}`;
  const { body } = await ann.get("/messages/suggested-users?limit=3");
  expect(body.map((person: any) => person.id)).toEqual([talked.id, followed.id, popular.id]);
  expect(Object.keys(body[0]).sort()).toEqual(["avatarUrl", "fullName", "id", "username"]);
  await server.app.sql`update accounts set follower_count = 0 where id in (${popular.id}, ${banned.id})`;
});

test("counters and rows agree after a storm of sending, reading and deleting from both sides", async () => {
  const work: Promise<unknown>[] = [];
  const ids = (await Promise.all(Array.from({ length: 40 }, (_, n) => send(ann, bob, `m${n}`)))).map(
    ({ body }) => body.id,
  );
  for (const [n, id] of ids.entries()) {
    if (n % 3 === 0) work.push(ann.delete(`/messages/${id}`));
    if (n % 2 === 0) work.push(bob.post("/messages/mark-seen", { messageIds: [id, ids[n + 1] ?? id] }));
    if (n % 5 === 0) work.push(bob.put(`/messages/${ann.id}/read`), send(bob, ann, "back"), send(ann, bob, "again"));
  }
  const answers = await Promise.all(work);
  expect(answers.filter((answer: any) => answer.status >= 500)).toEqual([]);
  for (const person of [ann, bob]) {
    const [row] = await server.app.sql`
      select s.unread_messages as counter, (select sum(unread)::int from conversations where user_id = ${person.id}) as talks,
        (select count(*)::int from messages m join conversations c on c.user_id = m.receiver_id and c.peer_id = m.sender_id
          where m.receiver_id = ${person.id} and is_unseen(m, c.seen_up_to)) as rows
      from user_streams s where s.user_id = ${person.id}`;
    expect([row.counter, row.talks]).toEqual([row.rows, row.rows]);
  }
});
