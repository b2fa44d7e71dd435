import { expect, test } from "bun:test";
import { call, peopleOf, RawSocket, serverForFile, startTestServer, TestSocket } from "@reelay/testkit";

/* What the deployed client does that nobody would design, and which must go on working. */

const { server, people } = serverForFile();

test("it marks as seen with a frame named message:new", async () => {
  const [ann, bob] = await people("ann", "bob");
  const [annsSocket, bobsSocket] = [await ann.connect(), await bob.connect()];
  const { body } = await ann.post("/messages/", { receiverId: bob.id, content: "hi" });
  bobsSocket.send({ type: "message:new", data: { conversationWith: ann.id, messageIds: [body.id] } });
  expect((await annsSocket.next("message:seen")).data.messageIds).toEqual([body.id]);
});

test("it marks a whole conversation as seen by naming the peer only, or the ids only", async () => {
  const [ann, bob] = await people("ann", "bob");
  const [annsSocket, bobsSocket] = [await ann.connect(), await bob.connect()];
  const first = await ann.post("/messages/", { receiverId: bob.id, content: "1" });
  bobsSocket.send({ type: "message:mark_seen", data: { messageIds: [first.body.id] } });
  expect((await annsSocket.next("message:seen")).data.messageIds).toEqual([first.body.id]);
  const second = await ann.post("/messages/", { receiverId: bob.id, content: "2" });
  bobsSocket.send({ type: "message:mark_seen", data: { conversation_with: ann.id } });
  expect((await annsSocket.next("message:seen")).data.messageIds).toEqual([second.body.id]);
});

test("it answers a ping with an error frame: a pong, without reply and without cost", async () => {
  const strict = await startTestServer({ env: { RATE_MESSAGES_PER_MINUTE: "3" } });
  try {
    const [ann] = await peopleOf(strict, "ann");
    const socket = await ann.connect();
    for (let n = 0; n < 50; n++) {
      socket.send({ type: "error", error: { code: "X", message: "pong" } });
      socket.send({ type: "pong" });
    }
    await socket.settled();
    const answers = socket.frames.filter((frame) => frame.type !== "connected");
    expect(answers.map((frame) => frame.error.code)).toEqual(["INVALID_MESSAGE"]);
  } finally {
    await strict.stop();
  }
});

test("any frame is a sign of life, even one nobody understands", async () => {
  const [ann] = await people("ann");
  const raw = await RawSocket.open(server.url, ann.token);
  await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
  server.clock.advance(45_000);
  raw.text("what?");
  await raw.until(() => raw.texts().find((frame) => frame.type === "error"));
  server.clock.advance(45_000);
  const beats = raw.pings().length;
  await raw.until(() => (raw.pings().length > beats ? true : undefined));
  expect(raw.closeCode()).toBeUndefined();
  raw.cut();
});

test("it logs in with a form, e-mail under the name of username, and reads access_token", async () => {
  const [ann] = await people("ann");
  const form = new URLSearchParams({ username: ann.email, password: ann.password });
  const response = await fetch(`${server.url}/api/v1/auth/login`, { method: "POST", body: form });
  expect(response.status).toBe(200);
  const body: any = await response.json();
  expect(body.token_type).toBe("bearer");
  expect((await call(server.url, "GET", "/auth/test-token", { token: body.access_token })).body.id).toBe(ann.id);
});

test("it writes snake_case and forgets, or adds, the trailing slash", async () => {
  const [ann, bob] = await people("ann", "bob");
  expect((await ann.post("/messages", { receiver_id: bob.id, content: "a" })).status).toBe(201);
  expect((await ann.post("/messages/", { receiverId: bob.id, content: "b" })).status).toBe(201);
  expect((await bob.get("/messages/inbox/")).body[0].unreadCount).toBe(2);
  expect((await bob.post("/messages/mark-seen/", { conversation_with: ann.id })).body.updatedCount).toBe(2);
});

test("it reads the error's text from detail", async () => {
  const { status, body } = await call(server.url, "GET", "/users/me");
  expect(status).toBe(401);
  expect(body.detail).toBe(body.error.message);
  expect(typeof body.detail).toBe("string");
});

test("it connects to /api/v1/ws/ with a slash as well", async () => {
  const [ann] = await people("ann");
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/api/v1/ws/?token=${ann.token}`);
  const first = await new Promise<string>((resolve) => {
    socket.onmessage = ({ data }) => resolve(data);
  });
  expect(JSON.parse(first)).toEqual({ type: "connected", userId: ann.id });
  socket.close();
});

test("the eleventh socket is refused with 4009, on which it connects again, and the ten stay open", async () => {
  const [ann] = await people("ann");
  const sockets = await Promise.all(Array.from({ length: 10 }, () => ann.connect()));
  const oneTooMany = TestSocket.open(server.url, ann.token);
  expect((await oneTooMany.closed).code).toBe(4009);
  expect(sockets.every((socket) => socket.isOpen)).toBe(true);
  await ann.leave();
});

test("while its socket is down it polls, 74 times a minute, and is not limited for it", async () => {
  const [ann] = await people("ann");
  const polls = await Promise.all(Array.from({ length: 150 }, () => ann.get("/messages/unread/count")));
  expect(new Set(polls.map((poll) => poll.status))).toEqual(new Set([200]));
});
