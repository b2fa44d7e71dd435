import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  createTestDatabase,
  FaultyNetwork,
  Person,
  peopleOf,
  startTestServer,
  type TestDatabase,
  TestRedis,
  type TestServer,
  type TestSocket,
  waitFor,
} from "@reelay/testkit";

/*
 * What two nodes make up for when Redis is back, by itself: neither looks into the logs by the clock, which would hide
 * that it does nothing else. The first reaches Redis over a line that can be cut.
 */

let database: TestDatabase;
let redis: TestRedis;
let line: FaultyNetwork;
let first: TestServer;
let second: TestServer;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), TestRedis.start()]);
  line = await FaultyNetwork.before(redis.url);
  const start = (url: string) =>
    startTestServer({
      database,
      env: { REDIS_URL: url, RATE_MESSAGES_PER_MINUTE: "0", DRAIN_SECONDS: "0" },
      without: ["repair streams", "repair streams without Redis"],
    });
  [first, second] = await Promise.all([start(line.url.replace("http:", "redis:")), start(redis.url)]);
});

afterAll(async () => {
  for (const node of [first, second]) await node.stop();
  line.close();
  await redis.kill();
  await database.drop();
});

/** Ann's app is on the first node, Bob's on the second. */
beforeEach(async () => {
  await connected([first, second], true);
  const people = await peopleOf(first, "ann", "bob");
  [ann, bob] = [people[0], new Person(second.url, people[1])];
});

async function connected(nodes: readonly TestServer[], isConnected: boolean): Promise<void> {
  await waitFor(() => (nodes.every(({ app }) => app.broker.isConnected() === isConnected) ? true : undefined));
}

async function send(content: string): Promise<void> {
  expect((await ann.post("/messages/", { receiverId: bob.id, content })).status).toBe(201);
}

const contents = (socket: TestSocket) => socket.of("message:new").map((frame) => frame.data.content);

async function arrived(socket: TestSocket, count: number): Promise<void> {
  await waitFor(() => (contents(socket).length >= count ? true : undefined));
}

test("what was sent while Redis was dead arrives as soon as it is back", async () => {
  const socket = await bob.connect();
  await redis.kill();
  await connected([first, second], false);
  await send("unheard");
  await socket.settled();
  expect(contents(socket)).toEqual([]);
  await redis.start();
  await arrived(socket, 1);
  expect(contents(socket)).toEqual(["unheard"]);
});

test("what was sent by a node that had lost Redis arrives at one that was connected all the while", async () => {
  const socket = await bob.connect();
  line.cut();
  await connected([first], false);
  await send("unheard");
  await socket.settled();
  expect([contents(socket), second.app.broker.isConnected()]).toEqual([[], true]);
  line.mend();
  await arrived(socket, 1);
  expect(contents(socket)).toEqual(["unheard"]);
});

test("when Redis is back, the channels of users who stayed are subscribed as before", async () => {
  const socket = await bob.connect();
  await redis.kill();
  await connected([first, second], false);
  await redis.start();
  await connected([first, second], true);
  // More than there are looks into the logs because Redis is back: the last ones come over Redis, or not at all.
  const wanted = Array.from({ length: 12 }, (_, n) => `m${n}`);
  for (const [n, content] of wanted.entries()) {
    await send(content);
    await arrived(socket, n + 1);
  }
  expect(contents(socket)).toEqual(wanted);
});
