import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  createTestDatabase,
  FaultyNetwork,
  Person,
  peopleOf,
  startTestServer,
  type TestDatabase,
  TestRedis,
  type TestServer,
  waitFor,
} from "@reelay/testkit";

/* One node's way to Redis is gone, the other's is not: what the first commits is heard of by nobody. */

let database: TestDatabase;
let redis: TestRedis;
let network: FaultyNetwork;
let cutOff: TestServer;
let healthy: TestServer;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), TestRedis.start()]);
  network = await FaultyNetwork.before(redis.url);
  const env = { RATE_MESSAGES_PER_MINUTE: "0", DRAIN_SECONDS: "0" };
  const throughNetwork = network.url.replace("http", "redis");
  cutOff = await startTestServer({ env: { ...env, REDIS_URL: throughNetwork }, database });
  healthy = await startTestServer({ env: { ...env, REDIS_URL: redis.url }, database });
});

afterAll(async () => {
  await cutOff.stop();
  await healthy.stop();
  network.close();
  await redis.kill();
  await database.drop();
});

/** Counts how often a node looks into the logs of its users. */
function countLooks({ app }: TestServer): () => number {
  const { replay } = app;
  const original = replay.heads;
  let looks = 0;
  replay.heads = (userIds) => {
    looks++;
    return original(userIds);
  };
  return () => looks;
}

for (const [fault, strike] of [
  ["ended", () => network.cut()],
  ["silent", () => network.silence()],
] as const) {
  test(`a node whose line to Redis is ${fault} says so, and the others look into the logs until it is back`, async () => {
    const [ann, bobOnFirst] = await peopleOf(cutOff, "ann", "bobOnFirst");
    const bob = new Person(healthy.url, bobOnFirst);
    const socket = await bob.connect();
    await socket.settled();
    const looks = countLooks(healthy);
    strike();
    await waitFor(() => (cutOff.app.broker.isConnected() ? undefined : true));
    expect((await ann.post("/messages/", { receiverId: bob.id, content: "unheard of" })).status).toBe(201);
    expect((await socket.next("message:new")).data.content).toBe("unheard of");
    // Six looks within half a minute: those that every node takes anyway are three at most.
    const before = looks();
    await waitFor(() => (looks() >= before + 6 ? true : undefined));
    expect(healthy.app.broker.isConnected()).toBe(true);
    network.mend();
    await waitFor(() => (cutOff.app.broker.isConnected() ? true : undefined));
    await ann.post("/messages/", { receiverId: bob.id, content: "heard of" });
    expect((await socket.next("message:new")).data.content).toBe("heard of");
    // It has nothing more to say, and what it said is not true for long.
    await waitFor(async () => {
      const [row] = await healthy.app.sql`select count(*)::int as count from silent_nodes where until > now()`;
      return row.count === 0 ? true : undefined;
    });
    await bob.leave();
  });
}

test("what nodes that have ended once said is forgotten", async () => {
  const { sql } = healthy.app;
  await sql`insert into silent_nodes (node_id, until) values ('ended', now() - interval '2 hours')`;
  network.cut();
  await waitFor(async () => {
    const rows = await sql`select node_id from silent_nodes where node_id = 'ended'`;
    return rows.length === 0 ? true : undefined;
  });
  network.mend();
  await waitFor(() => (cutOff.app.broker.isConnected() ? true : undefined));
});
