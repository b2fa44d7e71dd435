import { expect, test } from "bun:test";
import { PlainFrame } from "@reelay/contract";
import {
  call,
  type Person,
  peopleOf,
  RawSocket,
  serverForFile,
  signUp,
  startTestServer,
  TestSocket,
} from "@reelay/testkit";

const { server, people } = serverForFile();

async function login(person: Person): Promise<{ accessToken: string; refreshToken: string }> {
  const { body } = await call(server.url, "POST", "/auth/login", {
    body: { email: person.email, password: person.password },
  });
  return body;
}

test("a token is accepted in the query, in the header, and as a ticket that works once", async () => {
  const ann = await signUp(server, "ann");
  const byHeader = new WebSocket(`${server.url.replace("http", "ws")}/api/v1/ws`, {
    headers: { authorization: `Bearer ${ann.token}` },
  } as never);
  const first = await new Promise<string>((resolve) => {
    byHeader.onmessage = ({ data }) => resolve(data);
  });
  expect(JSON.parse(first).type).toBe("connected");
  byHeader.close();
  const { body } = await ann.post("/ws/ticket");
  expect(body.expiresIn).toBe(30);
  await ann.connect(body.ticket);
  const again = TestSocket.open(server.url, body.ticket);
  expect((await again.closed).code).toBe(4001);
  await ann.leave();
});

test("a ticket is worth nothing after thirty seconds", async () => {
  const ann = await signUp(server, "ann");
  const { body } = await ann.post("/ws/ticket");
  server.clock.advance(31_000);
  expect((await TestSocket.open(server.url, body.ticket).closed).code).toBe(4001);
});

test("a plain GET of the socket's path says that it speaks WebSocket", async () => {
  const { status, body } = await call(server.url, "GET", "/ws");
  expect(status).toBe(426);
  expect(body.error.code).toBe("UPGRADE_REQUIRED");
});

test("every 30 seconds a ping frame with the time, and a control ping with the last seq", async () => {
  const ann = await signUp(server, "ann");
  const raw = await RawSocket.open(server.url, ann.token);
  await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
  server.clock.advance(30_001);
  const ping = (await raw.until(() => raw.texts().find((frame) => frame.type === "ping"))) as any;
  expect(Object.keys(ping).sort()).toEqual(["timestamp", "type"]);
  expect(new Date(ping.timestamp).toISOString()).toBe(ping.timestamp);
  await raw.until(() => raw.pings().find((payload) => payload === "0.0"));
  raw.cut();
});

test("a client that gives no sign of life for a minute is closed with 4010", async () => {
  const ann = await signUp(server, "ann");
  const raw = await RawSocket.open(server.url, ann.token);
  await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
  server.clock.advance(59_000);
  await raw.until(() => (raw.pings().length > 0 ? true : undefined));
  expect(raw.closeCode()).toBeUndefined();
  server.clock.advance(2000);
  expect(await raw.until(() => raw.closeCode())).toBe(4010);
  raw.cut();
});

test("a token that expires while connected closes with 4001, unless a fresh one was brought", async () => {
  const short = await startTestServer({ env: { ACCESS_TOKEN_TTL: "50s" } });
  try {
    const [ann] = await peopleOf(short, "ann");
    const [left, refreshed] = [await ann.connect(), await ann.connect()];
    short.clock.advance(30_000);
    const { body } = await call(short.url, "POST", "/auth/refresh", { body: { refreshToken: ann.refreshToken } });
    refreshed.send({ type: "auth:refresh", data: { token: body.accessToken } });
    left.send({ type: "auth:refresh", data: { token: "rubbish" } });
    expect((await left.next("error")).error.code).toBe("UNAUTHORIZED");
    await refreshed.settled();
    expect(refreshed.of("error")).toHaveLength(1);
    short.clock.advance(21_000);
    expect(await left.closed).toEqual({ code: 4001, reason: "Unauthorized" });
    expect(refreshed.isOpen).toBe(true);
  } finally {
    await short.stop();
  }
});

test("a socket cannot be taken over with somebody else's token", async () => {
  const [ann, bob] = await people("ann", "bob");
  const socket = await ann.connect();
  socket.send({ type: "auth:refresh", data: { token: bob.token } });
  expect((await socket.next("error")).error.code).toBe("UNAUTHORIZED");
});

test("logging out closes the session's sockets with 4004 and leaves those of other sessions", async () => {
  const ann = await signUp(server, "ann");
  const other = await login(ann);
  const [mine, others] = [await ann.connect(), await ann.connect(other.accessToken)];
  expect((await ann.post("/auth/logout")).status).toBe(200);
  expect((await mine.closed).code).toBe(4004);
  expect(others.isOpen).toBe(true);
  expect((await ann.get("/users/me")).status).toBe(401);
  expect((await TestSocket.open(server.url, ann.token).closed).code).toBe(4001);
});

test("changing the password closes the other sessions' sockets with 4004", async () => {
  const ann = await signUp(server, "ann");
  const other = await login(ann);
  const [mine, others] = [await ann.connect(), await ann.connect(other.accessToken)];
  const answer = await ann.post("/users/me/password", { currentPassword: ann.password, newPassword: "battery staple" });
  expect(answer.status).toBe(200);
  expect((await others.closed).code).toBe(4004);
  expect(mine.isOpen).toBe(true);
});

test("deleting the account closes its sockets with 4003 Account deleted", async () => {
  const ann = await signUp(server, "ann");
  const socket = await ann.connect();
  expect((await ann.delete("/users/me", { password: ann.password })).status).toBe(200);
  expect(await socket.closed).toEqual({ code: 4003, reason: "Account deleted" });
});

test("the eleventh socket is refused with 4009; one that stopped answering pings makes room", async () => {
  const ann = await signUp(server, "ann");
  const dead = await RawSocket.open(server.url, ann.token);
  await dead.until(() => dead.texts().find((frame) => frame.type === "connected"));
  const sockets = await Promise.all(Array.from({ length: 9 }, () => ann.connect()));
  expect((await TestSocket.open(server.url, ann.token).closed).code).toBe(4009);
  server.clock.advance(31_000);
  await dead.until(() => (dead.pings().length > 0 ? true : undefined));
  for (const socket of sockets) await socket.pinged();
  server.clock.advance(6000);
  await ann.connect();
  expect(await dead.until(() => dead.closeCode())).toBe(4010);
  await ann.leave();
  dead.cut();
});

test("malformed JSON, binary, unknown types and wrong shapes: error INVALID_MESSAGE, and the socket stays", async () => {
  const ann = await signUp(server, "ann");
  const socket = await ann.connect();
  const bad = [
    "{",
    "",
    "null",
    "[]",
    '"x"',
    "[".repeat(10_000),
    new Uint8Array([1, 2, 3]),
    {},
    { type: 5 },
    { type: "nope" },
    { type: "__proto__" },
    { type: "constructor", data: {} },
    { type: "connected" },
    { type: "message:mark_seen" },
    { type: "message:mark_seen", data: null },
    { type: "message:mark_seen", data: {} },
    { type: "message:mark_seen", data: { messageIds: "1" } },
    { type: "message:mark_seen", data: { messageIds: [1.5] } },
    { type: "message:mark_seen", data: { messageIds: [2 ** 53] } },
    { type: "message:mark_seen", data: { conversationWith: -1 } },
    { type: "message:mark_seen", data: { messageIds: Array.from({ length: 501 }, (_, n) => n + 1) } },
    { type: "message:typing", data: { conversationWith: "x", isTyping: 1 } },
    { type: "auth:refresh", data: { token: 7 } },
  ];
  for (const frame of bad) socket.send(frame as never);
  const errors = await socket.all("error", bad.length);
  expect(new Set(errors.map((frame) => frame.error.code))).toEqual(new Set(["INVALID_MESSAGE"]));
  for (const error of errors) {
    expect(Object.keys(error).sort()).toEqual(["error", "type"]);
    expect(Object.keys(error.error).sort()).toEqual(["code", "message", "timestamp"]);
  }
  expect(socket.isOpen).toBe(true);
});

test("a frame over 16 KB closes with 1009, one of 16 KB does not", async () => {
  const ann = await signUp(server, "ann");
  const socket = await ann.connect();
  socket.send("x".repeat(16 * 1024));
  await socket.next("error");
  socket.send("x".repeat(16 * 1024 + 1));
  expect((await socket.closed).code).toBe(1009);
});

test("over the limit: error RATE_LIMIT and the socket stays; twenty times within a minute: 4008", async () => {
  const strict = await startTestServer({ env: { RATE_MESSAGES_PER_MINUTE: "5" } });
  try {
    const [ann] = await peopleOf(strict, "ann");
    const socket = await ann.connect();
    for (let n = 0; n < 5; n++) socket.send({ type: "nope" });
    await socket.all("error", 5);
    for (let n = 0; n < 19; n++) socket.send({ type: "nope" });
    const errors = await socket.all("error", 24);
    expect(errors.slice(5).map((frame) => frame.error.code)).toEqual(Array(19).fill("RATE_LIMIT"));
    expect(socket.isOpen).toBe(true);
    const overHttp = await ann.post("/messages/", { receiverId: ann.id + 1, content: "x" });
    expect(overHttp.status).toBe(429);
    expect(Number(overHttp.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(overHttp.body.error.code).toBe("RATE_LIMIT");
    socket.send({ type: "nope" });
    expect((await socket.closed).code).toBe(4008);
  } finally {
    await strict.stop();
  }
});

test("a client that floods is cut off, and the server goes on serving others", async () => {
  const [ann, bob] = await people("ann", "bob");
  const socket = await ann.connect();
  for (let n = 0; n < 5000; n++) socket.send({ type: "message:mark_seen", data: { conversationWith: bob.id } });
  expect((await socket.closed).code).toBe(4008);
  expect((await bob.get("/users/me")).status).toBe(200);
});

test("typing reaches the other one, ends by itself after five seconds, and is silent across a block", async () => {
  const [ann, bob] = await people("ann", "bob");
  const [annsSocket, bobsSocket] = [await ann.connect(), await bob.connect()];
  await bobsSocket.settled();
  annsSocket.send({ type: "message:typing", data: { conversationWith: bob.id, isTyping: true } });
  expect(await bobsSocket.next("message:typing")).toEqual({
    type: "message:typing",
    data: { userId: ann.id, conversationWith: bob.id, isTyping: true },
  });
  server.clock.advance(5001);
  expect((await bobsSocket.next("message:typing")).data.isTyping).toBe(false);
  await bob.post(`/users/${ann.id}/block`);
  annsSocket.send({ type: "message:typing", data: { conversationWith: bob.id, isTyping: true } });
  await annsSocket.settled();
  await bobsSocket.settled();
  expect(bobsSocket.of("message:typing")).toHaveLength(2);
});

test("typing beyond thirty a minute is dropped without a word", async () => {
  const [ann, bob] = await people("ann", "bob");
  const [annsSocket, bobsSocket] = [await ann.connect(), await bob.connect()];
  await bobsSocket.settled();
  for (let n = 0; n < 40; n++) {
    annsSocket.send({ type: "message:typing", data: { conversationWith: bob.id, isTyping: true } });
  }
  await annsSocket.settled();
  await bobsSocket.settled();
  expect(bobsSocket.of("message:typing")).toHaveLength(30);
  expect(annsSocket.of("error")).toHaveLength(1);
});

test("no plain frame has a key the contract does not name", async () => {
  const [ann, bob] = await people("ann", "bob");
  const [annsSocket, bobsSocket] = [await ann.connect(), await bob.connect()];
  await bobsSocket.settled();
  const { body } = await ann.post("/messages/", { receiverId: bob.id, content: "hi", clientId: "c" });
  annsSocket.send({ type: "message:typing", data: { conversationWith: bob.id, isTyping: true } });
  await bobsSocket.next("message:typing");
  await bob.post("/messages/mark-seen", { messageIds: [body.id] });
  await ann.delete(`/messages/${body.id}`);
  server.clock.advance(31_000);
  await Promise.all([annsSocket.pinged(), bobsSocket.pinged()]);
  await Promise.all([annsSocket.settled(), bobsSocket.settled()]);
  const frames = [annsSocket, bobsSocket].flatMap((socket) => [...socket.frames, ...socket.pings]);
  expect(new Set(frames.map((frame) => frame.type))).toEqual(
    new Set([
      ...["connected", "ping", "error", "message:new", "message:seen", "message:deleted"],
      ...["message:typing", "message:unread_count"],
    ]),
  );
  for (const frame of frames) expect(PlainFrame.safeParse(frame).error).toBeUndefined();
});
