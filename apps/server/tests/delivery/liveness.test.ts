import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  createTestDatabase,
  type Person,
  peopleOf,
  RawSocket,
  startTestServer,
  type TestDatabase,
  TestRedis,
  type TestServer,
  waitFor,
} from "@reelay/testkit";
import { evictSilent } from "../../src/realtime/handshake.ts";

/* Who is still there: on two nodes, while clocks are set and processes stand still. */

const HOUR_MS = 3_600_000;

let database: TestDatabase;
let redis: TestRedis;
let near: TestServer;
let far: TestServer;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), TestRedis.start()]);
  const env = { REDIS_URL: redis.url, RATE_MESSAGES_PER_MINUTE: "0", DRAIN_SECONDS: "0" };
  [near, far] = await Promise.all([startTestServer({ env, database }), startTestServer({ env, database })]);
});

afterAll(async () => {
  for (const node of [near, far]) await node.stop();
  await redis.kill();
  await database.drop();
});

beforeEach(async () => {
  await waitFor(() => ([near, far].every(({ app }) => app.broker.isConnected()) ? true : undefined));
  [ann, bob] = await peopleOf(near, "ann", "bob");
});

async function connectRaw(node: TestServer, person: Person, answersPings = false): Promise<RawSocket> {
  const raw = await RawSocket.open(node.url, person.token, { answersPings });
  await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
  return raw;
}

async function connectMany(node: TestServer, person: Person, count: number, answersPings = false) {
  return await Promise.all(Array.from({ length: count }, () => connectRaw(node, person, answersPings)));
}

/** The numbers of the events that pings have followed. */
const numbers = (raw: RawSocket) => raw.pings().map((payload) => Number(payload.split(".")[0]));

const connectionsOf = (node: TestServer, person: Person) => [...node.running.sockets.hub.of(person.id)];

/** A message a second, for as long as no dead client may be taken for a living one. */
async function writeToDeadOnes(nodes: readonly TestServer[], dead: readonly RawSocket[]): Promise<void> {
  for (let n = 1; n <= 7; n++) {
    expect((await ann.post("/messages/", { receiverId: bob.id, content: "x" })).status).toBe(201);
    for (const raw of dead) await raw.until(() => (numbers(raw).includes(n) ? true : undefined));
    for (const { clock } of nodes) clock.advance(1000);
  }
}

async function codeOf(node: TestServer, person: Person): Promise<number | "connected"> {
  const raw = await RawSocket.open(node.url, person.token, { answersPings: true });
  return await raw.until(
    () => raw.closeCode() ?? (raw.texts().some(({ type }) => type === "connected") ? "connected" : undefined),
  );
}

test("a dead socket gives up its place although it is still being written to", async () => {
  const dead = await connectMany(near, bob, 10);
  await writeToDeadOnes([near, far], dead);
  expect(await codeOf(near, bob)).toBe("connected");
  expect(connectionsOf(near, bob)).toHaveLength(10);
  for (const raw of dead) raw.cut();
});

test("a dead socket gives up its place to one on another node", async () => {
  const dead = await connectMany(far, bob, 10);
  await writeToDeadOnes([near, far], dead);
  expect(await codeOf(near, bob)).toBe("connected");
  await waitFor(() => (connectionsOf(far, bob).length === 9 ? true : undefined));
  for (const raw of dead) raw.cut();
});

test("one of those here goes before those elsewhere are asked", async () => {
  const [here, there] = [await connectMany(near, bob, 5), await connectMany(far, bob, 5)];
  await writeToDeadOnes([near, far], [...here, ...there]);
  expect(await codeOf(near, bob)).toBe("connected");
  expect([connectionsOf(near, bob).length, connectionsOf(far, bob).length]).toEqual([5, 5]);
  for (const raw of [...here, ...there]) raw.cut();
});

test("living sockets keep their places: the eleventh is refused with 4009, on either node", async () => {
  const alive = [...(await connectMany(near, bob, 5, true)), ...(await connectMany(far, bob, 5, true))];
  for (const node of [near, far]) for (const connection of connectionsOf(node, bob)) connection.ping();
  for (const node of [near, far]) expect(await codeOf(node, bob)).toBe(4009);
  expect(alive.filter(({ isGone }) => isGone)).toEqual([]);
  for (const raw of alive) raw.cut();
});

test("the wall clock set an hour forward or back closes nobody, and stops neither heartbeats nor the sweep", async () => {
  const { clock, running } = near;
  for (const shiftMs of [HOUR_MS, -2 * HOUR_MS, HOUR_MS]) {
    const raw = await connectRaw(near, bob);
    const [connection] = connectionsOf(near, bob);
    clock.shiftWall(shiftMs);
    clock.advance(1000);
    running.sockets.sweep.tick();
    expect(connection!.isClosed()).toBe(false);
    clock.advance(31_000);
    running.sockets.sweep.tick();
    await raw.until(() => raw.texts().find(({ type }) => type === "ping"));
    expect(connection!.isClosed()).toBe(false);
    clock.advance(30_000);
    running.sockets.sweep.tick();
    expect(connection!.isClosed()).toBe(true);
    raw.cut();
    await waitFor(() => (connectionsOf(near, bob).length === 0 ? true : undefined));
  }
});

test("typing ends although the wall clock is set back", async () => {
  const [anns, bobs] = [await ann.connect(), await bob.connect()];
  await bobs.settled();
  anns.send({ type: "message:typing", data: { conversationWith: bob.id, isTyping: true } });
  expect((await bobs.next("message:typing")).data.isTyping).toBe(true);
  near.clock.shiftWall(-HOUR_MS);
  near.clock.advance(5001);
  expect((await bobs.next("message:typing")).data.isTyping).toBe(false);
  near.clock.shiftWall(HOUR_MS);
});

test("a process that stood still gives everybody one more interval before it closes them", async () => {
  const raw = await connectRaw(near, bob);
  const [connection] = connectionsOf(near, bob);
  const { sweep } = near.running.sockets;
  near.clock.advance(57_000);
  sweep.tick();
  expect(connection!.isClosed()).toBe(false);
  // Nothing runs meanwhile: what a client sends is read later.
  Bun.sleepSync(5500);
  sweep.tick();
  expect(connection!.isClosed()).toBe(false);
  near.clock.advance(28_000);
  sweep.tick();
  expect(connection!.isClosed()).toBe(false);
  near.clock.advance(2500);
  sweep.tick();
  expect(connection!.isClosed()).toBe(true);
  raw.cut();
});

test("behind a pause of the process nobody is evicted: answers may wait to be read", async () => {
  const raw = await connectRaw(near, bob);
  const [connection] = connectionsOf(near, bob);
  const { hub, sweep } = near.running.sockets;
  const evict = () => evictSilent(bob.id, { hub, socketCounts: near.app.socketCounts });
  connection!.ping();
  near.clock.advance(6000);
  Bun.sleepSync(2500);
  expect(evict()).toBe(false);
  sweep.tick();
  expect(evict()).toBe(false);
  near.clock.advance(6000);
  expect(evict()).toBe(true);
  expect(connection!.isClosed()).toBe(true);
  raw.cut();
});

test("the first event after a quiet second brings its ping in the same write, the next ones share a later one", async () => {
  const raw = await connectRaw(near, bob);
  const send = async () => await ann.post("/messages/", { receiverId: bob.id, content: "x" });
  /** What had come when the message came: what is written in one piece arrives in one. */
  const comesWith = async (count: number) => {
    const seen = raw.until(() =>
      raw.texts().filter(({ type }) => type === "message:new").length >= count ? numbers(raw) : undefined,
    );
    await send();
    return await seen;
  };
  expect(await comesWith(1)).toContain(1);
  near.clock.advance(500);
  expect(await comesWith(2)).not.toContain(2);
  await raw.until(() => (numbers(raw).includes(2) ? true : undefined));
  near.clock.advance(1000);
  expect(await comesWith(3)).toContain(3);
  raw.cut();
});

/** Leaves when so many messages have come, and answers pings until then, as the network stack of a browser does. */
async function readAndLeave(count: number, write: () => Promise<unknown>): Promise<string[]> {
  const raw = await connectRaw(near, bob, true);
  await write();
  const contents = () => raw.texts().flatMap(({ type, data }) => (type === "message:new" ? [data.content] : []));
  await raw.until(() => (contents().length >= count ? true : undefined));
  raw.close();
  await raw.until(() => (raw.isGone ? true : undefined));
  return contents();
}

test("who leaves as soon as an event has come does not get it again", async () => {
  for (let n = 0; n < 6; n++) {
    const content = `m${n}`;
    expect(await readAndLeave(1, () => ann.post("/messages/", { receiverId: bob.id, content }))).toEqual([content]);
  }
});

test("nor what was replayed", async () => {
  const body = { receiverId: bob.id, content: "x" };
  for (let n = 0; n < 300; n++) await ann.post("/messages/", body);
  expect(await readAndLeave(300, async () => {})).toHaveLength(300);
  const socket = await bob.connect();
  await socket.settled();
  expect(socket.of("message:new")).toEqual([]);
});
