import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  addVideo,
  call,
  createTestDatabase,
  type Person,
  peopleOf,
  promote,
  startTestServer,
  type TestDatabase,
  type TestServer,
} from "@reelay/testkit";
import { openLocalBroker } from "../../src/delivery/broker-local.ts";
import { sendMessage, sendMessages } from "../../src/features/messages/send.ts";

/* What happens when somebody writes or reads messages: a test for each such row of the semantics, and for their rule. */

let database: TestDatabase;
let server: TestServer;
let other: TestServer;
let ann: Person;
let bob: Person;
let cleo: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { RATE_MESSAGES_PER_MINUTE: "0" };
  [server, other] = [await startTestServer({ env, database }), await startTestServer({ env, database })];
});

afterAll(async () => {
  await server.stop();
  await other.stop();
  await database.drop();
});

beforeEach(async () => {
  [ann, bob, cleo] = await peopleOf(server, "ann", "bob", "cleo");
});

async function write(from: Person, to: Person, content = "hi"): Promise<number> {
  const { status, body } = await from.post("/messages/", { receiverId: to.id, content });
  expect(status).toBe(201);
  return body.id;
}

test("the rule: setting a state twice changes it once", async () => {
  await promote(server, ann, "moderator");
  const videoId = await addVideo(server, bob);
  await cleo.post(`/videos/${videoId}/like`);
  const [notification] = (await bob.get("/notifications")).body;
  const verbs: [Person, "post" | "delete", string][] = [
    [ann, "post", `/videos/${videoId}/like`],
    [ann, "delete", `/videos/${videoId}/like`],
    [ann, "post", `/users/${bob.id}/follow`],
    [ann, "delete", `/users/${bob.id}/follow`],
    [ann, "post", `/users/${bob.id}/block`],
    [ann, "delete", `/users/${bob.id}/block`],
    [bob, "delete", `/notifications/${notification.id}`],
    [bob, "delete", `/videos/${videoId}`],
    [ann, "post", `/admin/users/${cleo.id}/ban`],
    [ann, "post", `/admin/users/${cleo.id}/unban`],
  ];
  for (const [person, method, path] of verbs) {
    const answers = [await person[method](path), await person[method](path)];
    expect([path, ...answers.map(({ status, body }) => [status, body.changed])]).toEqual([
      path,
      [200, true],
      [200, false],
    ]);
  }
});

test("the rule: the database first, so a push that is lost fails no request and loses no event", async () => {
  const deaf = await startTestServer({ broker: { ...openLocalBroker(), publish() {} } });
  const [from, to] = await peopleOf(deaf, "from", "to");
  const before = await to.connect();
  await write(from, to, "unheard");
  await before.settled();
  expect(before.of("message:new")).toEqual([]);
  await to.leave();
  expect((await (await to.connect()).next("message:new")).data.content).toBe("unheard");
  await deaf.stop();
});

test("mark seen: ids of others, unknown ids, twice", async () => {
  const [annsSocket, cleosSocket] = [await ann.connect(), await cleo.connect()];
  const fromAnn = [await write(ann, bob), await write(ann, bob)];
  const fromCleo = await write(cleo, bob);
  const notHis = await write(ann, cleo);
  const messageIds = [...fromAnn, fromCleo, notHis, 999_999_999];
  const { body } = await bob.post("/messages/mark-seen", { messageIds });
  expect(body).toMatchObject({ updated: [...fromAnn, fromCleo], updatedCount: 3, unreadCount: 0 });
  const again = (await bob.post("/messages/mark-seen", { messageIds })).body;
  expect(again).toMatchObject({ updated: [], updatedCount: 0, upToId: null });
  const [row] = await server.app.sql`select wire_time(seen_at) as "seenAt" from messages where id = ${fromCleo}`;
  expect(row.seenAt).toBe(body.seenAt);
  for (const [socket, ids] of [
    [annsSocket, fromAnn],
    [cleosSocket, [fromCleo]],
  ] as const) {
    await socket.settled();
    const seen = socket.of("message:seen").map(({ data }) => data);
    expect(seen).toEqual([{ messageIds: ids, seenBy: bob.id, seenAt: body.seenAt }]);
  }
  const tooMany = Array.from({ length: 501 }, (_, n) => n + 1);
  expect((await bob.post("/messages/mark-seen", { messageIds: tooMany })).status).toBe(422);
});

test("message to an unknown id, across a block, to a banned account", async () => {
  const refusal = async (from: Person, receiverId: number) => {
    const { status, body } = await from.post("/messages/", { receiverId, content: "hi" });
    return [status, body.error.code];
  };
  expect(await refusal(ann, 999_999_999)).toEqual([404, "USER_NOT_FOUND"]);
  await ann.post(`/users/${bob.id}/block`);
  expect(await refusal(ann, bob.id)).toEqual([403, "CANNOT_MESSAGE"]);
  expect(await refusal(bob, ann.id)).toEqual([403, "CANNOT_MESSAGE"]);
  await promote(server, bob, "moderator");
  await bob.post(`/admin/users/${cleo.id}/ban`);
  expect(await refusal(ann, cleo.id)).toEqual([403, "CANNOT_MESSAGE"]);
});

test("one bad draft in a batch of 256", async () => {
  const draft = { senderId: ann.id, receiverId: bob.id, content: "hi" };
  const drafts = Array.from({ length: 256 }, (_, n) => (n === 100 ? { ...draft, receiverId: 999_999_999 } : draft));
  const results = await sendMessages(server.app.sql, drafts);
  expect(results.filter(({ outcome }) => outcome === "sent")).toHaveLength(255);
  expect(results[100]).toEqual({ outcome: "refused", code: "USER_NOT_FOUND" });
  const settled = await Promise.allSettled(
    Array.from({ length: 256 }, (_, n) => sendMessage(server.app, { ...draft, content: n === 77 ? "\0" : `${n}` })),
  );
  expect(settled.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([77]);
  expect((await bob.get("/messages/unread/count")).body).toBe(510);
});

test("the same clientId from two nodes at once", async () => {
  for (let n = 0; n < 20; n++) {
    const body = { receiverId: bob.id, content: "once", clientId: `c${n}` };
    const answers = await Promise.all(
      [server, other].map(({ url }) => call(url, "POST", "/messages/", { token: ann.token, body })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(answers[0]!.body).toEqual(answers[1]!.body);
  }
  expect((await bob.get("/messages/unread/count")).body).toBe(20);
});
