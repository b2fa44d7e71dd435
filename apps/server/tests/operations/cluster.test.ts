import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  addVideo,
  createTestDatabase,
  Person,
  peopleOf,
  promote,
  ServerProcess,
  startTestServer,
  type TestDatabase,
  TestRedis,
  type TestServer,
  TestSocket,
  temporaryFolder,
  waitFor,
} from "@reelay/testkit";

/* Two nodes, one database, one Redis between them, which dies, freezes and comes back. */

let database: TestDatabase;
let redis: TestRedis;
let nodes: [TestServer, TestServer];

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), TestRedis.start({ password: "secret" })]);
  const env = {
    REDIS_URL: redis.url,
    RATE_MESSAGES_PER_MINUTE: "50",
    DRAIN_SECONDS: "0",
    METRICS_TOKEN: "the token of the tests",
  };
  const [a, b] = await Promise.all([startTestServer({ env, database }), startTestServer({ env, database })]);
  nodes = [a, b];
});

afterAll(async () => {
  for (const node of nodes) await node.stop();
  await redis.kill();
  await database.drop();
});

/** Ann's app is on the first node, Bob's on the second. */
let ann: Person;
let bob: Person;
let bobOnFirst: Person;

beforeEach(async () => {
  await connected(true);
  [ann, bobOnFirst] = await peopleOf(nodes[0], "ann", "bobOnFirst");
  bob = on(nodes[1], bobOnFirst);
});

/** The same account and session, at another node. */
function on(node: TestServer, person: Person): Person {
  return new Person(node.url, person);
}

async function connected(isConnected: boolean): Promise<void> {
  await waitFor(() => (nodes.every(({ app }) => app.broker.isConnected() === isConnected) ? true : undefined));
}

async function send(content: string, by = ann, to = bob): Promise<void> {
  expect((await by.post("/messages/", { receiverId: to.id, content })).status).toBe(201);
}

async function metric(name: string): Promise<number> {
  const headers = { authorization: "Bearer the token of the tests" };
  const text = await (await fetch(`${nodes[1].url}/metrics`, { headers })).text();
  return Number(text.match(new RegExp(`^${name} (\\S+)$`, "m"))?.[1]);
}

async function ready(): Promise<void> {
  for (const { url } of nodes) expect((await fetch(`${url}/readyz`)).status).toBe(200);
}

test("messages sent on one node reach a socket on the other, in the same order", async () => {
  const [near, far] = [await bobOnFirst.connect(), await bob.connect()];
  await Promise.all([near.settled(), far.settled()]);
  const added: number[] = [];
  for (let n = 0; n < 40; n++) {
    const arrivals = [near, far].map((socket) => socket.all("message:new", n + 1).then(() => performance.now()));
    await send(`m${n}`);
    const [first, second] = await Promise.all(arrivals);
    added.push(second! - first!);
  }
  added.sort((a, b) => a - b);
  console.log(`the hop over Redis added ${added[20]!.toFixed(2)} ms at the median`);
  expect(far.of("message:new").map((frame) => frame.data.content)).toEqual(
    near.of("message:new").map((frame) => frame.data.content),
  );
});

test("a frame too large to travel is read from the log", async () => {
  const socket = await bob.connect();
  await send("x".repeat(5000).replaceAll("x", '"'));
  await socket.next("message:new");
  await send("small");
  expect((await socket.next("message:new")).data.content).toBe("small");
  expect((await socket.next("message:unread_count")).data.count).toBe(2);
});

test("a ban on one node closes the sockets on the other", async () => {
  const [chief] = await peopleOf(nodes[0], "chief");
  await promote(nodes[0], chief, "admin");
  const socket = await bob.connect();
  await bob.get("/users/me");
  await chief.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
  expect((await socket.next("admin:user_banned")).data.reason).toBe("spam");
  expect((await socket.closed).code).toBe(4003);
  expect(await waitFor(async () => ((await bob.get("/users/me")).status === 403 ? true : undefined))).toBe(true);
});

test("a logout on one node closes the session's sockets on the other", async () => {
  const socket = await bob.connect();
  await bobOnFirst.post("/auth/logout");
  expect((await socket.closed).code).toBe(4004);
});

test("typing, counters, likes and long polls cross as well", async () => {
  const [annsSocket, bobsSocket] = [await ann.connect(), await bob.connect()];
  await bobsSocket.settled();
  annsSocket.send({ type: "message:typing", data: { conversationWith: bob.id, isTyping: true } });
  expect((await bobsSocket.next("message:typing")).data).toMatchObject({ userId: ann.id, isTyping: true });
  await annsSocket.settled();
  expect(bobsSocket.of("message:typing")).toHaveLength(1);
  const video = await addVideo(nodes[0], bob);
  await ann.post(`/videos/${video}/like`);
  expect((await bobsSocket.next("notification:unseen_count")).data.count).toBe(1);
  const { body: start } = await bob.get("/events");
  const waiting = bob.get(`/events?cursor=${start.cursor}&wait=25`);
  await send("for the poll");
  expect((await waiting).body.events[0].data.content).toBe("for the poll");
});

test("ten sockets a user, over all nodes; one that leaves makes room, also on the other", async () => {
  await Promise.all(Array.from({ length: 5 }, () => bobOnFirst.connect()));
  await Promise.all(Array.from({ length: 5 }, () => bob.connect()));
  for (const { url, token } of [bob, bobOnFirst]) {
    expect((await TestSocket.open(url, token).closed).code).toBe(4009);
  }
  await bobOnFirst.leave();
  await waitFor(async () => {
    const socket = TestSocket.open(bob.url, bob.token);
    const code = await Promise.race([socket.closed.then(({ code }) => code), socket.next("connected").catch(() => 0)]);
    return code === 4009 ? undefined : true;
  });
});

test("one budget of messages on all nodes", async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      (n % 2 ? bob : bobOnFirst).post("/messages/", { receiverId: ann.id, content: "x" }),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
});

test("a client resumes on whichever node, in the middle of its stream", async () => {
  const first = await bob.resume();
  await send("1");
  await send("2");
  const [one] = await first.all("message:new", 2);
  const second = await bobOnFirst.resume(one!.cursor);
  expect(second.of("message:new").map((frame) => [frame.data.content, frame.seq])).toEqual([["2", 2]]);
  await send("3");
  expect((await second.next("message:new")).seq).toBe(3);
  expect((await first.all("message:new", 3))[2]!.seq).toBe(3);
});

for (const [fault, strike, mend] of [
  ["killed", () => redis.kill(), () => redis.start()],
  ["frozen", async () => redis.freeze(), async () => redis.thaw()],
] as const) {
  test(`Redis is ${fault}: events cross all the same, both nodes stay ready, and when it is back it is used again`, async () => {
    const socket = await bob.connect();
    await send("before");
    await socket.next("message:new");
    await strike();
    const struckAtMs = performance.now();
    await send("during");
    await socket.next("message:new");
    console.log(`Redis ${fault}: the next event crossed after ${Math.round(performance.now() - struckAtMs)} ms`);
    await connected(false);
    await ready();
    expect(await metric("reelay_redis_up")).toBe(0);
    // Neither a new socket nor a request waits for Redis.
    const another = await bob.resume();
    await send("to both");
    for (const each of [socket, another]) expect((await each.next("message:new")).data.content).toBe("to both");
    await mend();
    await connected(true);
    await ready();
    expect(await metric("reelay_redis_up")).toBe(1);
    expect(await metric("reelay_websocket_connections")).toBeGreaterThanOrEqual(2);
    await send("after");
    for (const each of [socket, another]) expect((await each.next("message:new")).data.content).toBe("after");
    expect(socket.of("message:new").map((frame) => frame.data.content)).toEqual([
      "before",
      "during",
      "to both",
      "after",
    ]);
    await bob.leave();
  });
}

test("metrics are for who brings their token, and are not there at all without one", async () => {
  const get = async (url: string, headers = {}) => (await fetch(`${url}/metrics`, { headers })).status;
  expect(await get(nodes[0].url)).toBe(401);
  expect(await get(nodes[0].url, { authorization: "Bearer the token of the test" })).toBe(401);
  const without = await startTestServer();
  expect(await get(without.url, { authorization: "Bearer " })).toBe(404);
  await without.stop();
});

test("a node that starts beside a living Redis is connected when it begins to serve", async () => {
  const third = await startTestServer({ env: { REDIS_URL: redis.url, DRAIN_SECONDS: "0" }, database });
  expect(third.app.broker.isConnected()).toBe(true);
  await third.stop();
});

for (const [state, strike, mend] of [
  ["dead", () => redis.kill(), () => redis.start()],
  ["frozen", async () => redis.freeze(), async () => redis.thaw()],
] as const) {
  test(`a node whose Redis is ${state} starts without it, and uses it once it is there`, async () => {
    await strike();
    const env = { REDIS_URL: redis.url, DRAIN_SECONDS: "0" };
    const third = await startTestServer({ env, database });
    expect((await fetch(`${third.url}/readyz`)).status).toBe(200);
    const socket = await on(third, bob).connect();
    await send("without");
    expect((await socket.next("message:new")).data.content).toBe("without");
    await mend();
    await waitFor(() => (third.app.broker.isConnected() ? true : undefined));
    await connected(true);
    await send("with");
    expect((await socket.next("message:new")).data.content).toBe("with");
    await bob.leave();
    await third.stop();
  });
}

test("a wrong password is a sentence at the start, not a trace", async () => {
  for (const url of [redis.url.replace("secret", "wrong"), redis.url.replace(":secret@", "")]) {
    const folder = await temporaryFolder();
    const server = ServerProcess.spawn(folder.path, { REDIS_URL: url });
    const { code, output } = await server.exited;
    expect(code).toBe(1);
    expect(output).toMatch(/REDIS_URL: Redis refuses the connection: (WRONGPASS|NOAUTH)/);
    expect(output).not.toMatch(/^\s+at /m);
    await folder.remove();
  }
});
