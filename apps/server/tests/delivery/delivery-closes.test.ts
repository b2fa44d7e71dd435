import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  createTestDatabase,
  Person,
  peopleOf,
  RawSocket,
  startTestServer,
  type TestDatabase,
  type TestServer,
  waitFor,
} from "@reelay/testkit";

/*
 * A client behind a line that swallows everything: it is sent to and answers no ping. Whichever way the server ends its
 * socket, what was written to it proves nothing, and comes again on the next connect.
 */

let database: TestDatabase;
let server: TestServer;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

beforeEach(async () => {
  server = await start();
  [ann, bob] = await peopleOf(server, "ann", "bob");
});

async function start(): Promise<TestServer> {
  return await startTestServer({ database, env: { RATE_MESSAGES_PER_MINUTE: "0", DRAIN_SECONDS: "0" } });
}

async function send(content: string): Promise<void> {
  expect((await ann.post("/messages/", { receiverId: bob.id, content })).status).toBe(201);
}

function contents(frames: readonly { type: string; data?: any }[]): string[] {
  return frames.filter(({ type }) => type === "message:new").map(({ data }) => data.content);
}

async function connectRaw(): Promise<RawSocket> {
  const raw = await RawSocket.open(server.url, bob.token);
  await raw.until(() => raw.texts().find(({ type }) => type === "connected"));
  return raw;
}

/** A socket that has got three messages and proven one. */
async function provenOneOfThree(): Promise<RawSocket> {
  const raw = await connectRaw();
  await send("proven");
  raw.pong(await raw.until(() => raw.pings().find((payload) => payload.startsWith("1."))));
  await send("1");
  await send("2");
  await raw.until(() => (contents(raw.texts()).length === 3 ? true : undefined));
  // What it sent before has been read as well.
  raw.text("anything");
  await raw.until(() => raw.texts().find(({ type }) => type === "error"));
  return raw;
}

/** The code of its end, when the server has taken note of it and written whatever it holds for proven. */
async function endOf(raw: RawSocket): Promise<number | undefined> {
  await raw.until(() => raw.closeCode() ?? (raw.isGone ? true : undefined));
  raw.cut();
  await waitFor(() => ([...server.running.sockets.hub.of(bob.id)].length === 0 ? true : undefined));
  await server.app.confirmations.flushAll();
  return raw.closeCode();
}

/** What comes on the next connect, to a process that remembers nothing. */
async function whatComesAgain(): Promise<string[]> {
  await server.stop();
  const next = await start();
  const socket = await new Person(next.url, bob).connect();
  await socket.settled();
  await next.stop();
  return contents(socket.frames);
}

test("closed by the sweep, because nothing is heard of it", async () => {
  const raw = await provenOneOfThree();
  server.clock.advance(61_000);
  server.running.sockets.sweep.tick();
  expect(await endOf(raw)).toBe(4010);
  expect(await whatComesAgain()).toEqual(["1", "2"]);
});

test("closed by a server that stops", async () => {
  const raw = await provenOneOfThree();
  await server.running.sockets.stop(0);
  expect(await endOf(raw)).toBe(1012);
  expect(await whatComesAgain()).toEqual(["1", "2"]);
});

test("sent away to another node", async () => {
  const raw = await provenOneOfThree();
  server.running.sockets.sendAway();
  expect(await endOf(raw)).toBe(1012);
  expect(await whatComesAgain()).toEqual(["1", "2"]);
});

test("closed because it does not read", async () => {
  const raw = await connectRaw();
  raw.pause();
  const [connection] = server.running.sockets.hub.of(bob.id);
  let sent = 0;
  while (connection!.outboxState.kind !== "stalled") {
    await Promise.all(Array.from({ length: 50 }, () => send("x".repeat(5000))));
    sent += 50;
  }
  expect(connection!.position.seq).toBeGreaterThan(0);
  server.clock.advance(31_000);
  server.running.sockets.sweep.tick();
  expect(connection!.isClosed()).toBe(true);
  raw.resume();
  expect(await endOf(raw)).toBe(4008);
  expect(await whatComesAgain()).toHaveLength(sent);
});
