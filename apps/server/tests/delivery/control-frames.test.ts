import { beforeEach, expect, test } from "bun:test";
import {
  Barrier,
  type Person,
  peopleOf,
  RawSocket,
  serverForFile,
  startTestServer,
  type TestServer,
  TestSocket,
  waitFor,
} from "@reelay/testkit";

import type { Replay } from "../../src/delivery/replay.ts";
import type { Connection } from "../../src/realtime/connection.ts";

/* Frames that ask for nothing: pings, pongs, acks, signs of life. */

const MB = 1024 * 1024;

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let ann: Person;
let bob: Person;

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
});

async function connectRaw(person: Person): Promise<RawSocket> {
  const raw = await RawSocket.open(server.url, person.token);
  await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
  return raw;
}

function connectionOf(person: Person): Connection {
  const [connection] = server.running.sockets.hub.of(person.id);
  return connection!;
}

/** What the server had to say to everything before has arrived: an error is the answer to the last frame. */
async function settled(raw: RawSocket): Promise<void> {
  const answered = raw.texts().filter(({ type }) => type === "error").length;
  raw.text("no frame");
  await raw.until(() => (raw.texts().filter(({ type }) => type === "error").length > answered ? true : undefined));
}

const FLOODS: Record<string, (raw: RawSocket) => void> = {
  pings: (raw) => repeat(60, () => raw.ping("x")),
  "pongs that answer nothing": (raw) => repeat(60, () => raw.pong("0")),
  "small text pongs": (raw) => repeat(600, () => raw.text('{"type":"pong"}')),
  "large text pongs": (raw) => repeat(6, () => raw.text(JSON.stringify({ type: "pong", data: "x".repeat(16_000) }))),
  "acks that confirm nothing": (raw) => repeat(600, () => raw.text('{"type":"ack","data":{"cursor":"x"}}')),
};

function repeat(times: number, act: () => void): void {
  for (let n = 0; n < times; n++) act();
}

for (const [name, flood] of Object.entries(FLOODS)) {
  test(`a flood of ${name} is closed with 4008`, async () => {
    const raw = await connectRaw(bob);
    flood(raw);
    expect(await raw.until(() => raw.closeCode())).toBe(4008);
    raw.cut();
  });
}

test("a client that pings, pongs and shows life as often as it may stays", async () => {
  const raw = await connectRaw(bob);
  repeat(20, () => raw.ping("x"));
  repeat(20, () => raw.pong("x"));
  repeat(9, () => raw.text('{"type":"error"}'));
  raw.text(JSON.stringify({ type: "pong", data: "x".repeat(16_000) }));
  await settled(raw);
  expect(raw.closeCode()).toBeUndefined();
  raw.cut();
});

test("pongs that were asked for are never too many", async () => {
  const raw = await connectRaw(bob);
  const connection = connectionOf(bob);
  repeat(200, () => connection.ping());
  await raw.until(() => (raw.pings().length >= 200 ? true : undefined));
  for (const payload of raw.pings()) raw.pong(payload);
  await settled(raw);
  expect(raw.closeCode()).toBeUndefined();
  repeat(60, () => raw.pong("0"));
  expect(await raw.until(() => raw.closeCode())).toBe(4008);
  raw.cut();
});

test("a socket that reads nothing holds no more than a megabyte, whatever is written to it, and ends beyond", async () => {
  const raw = await connectRaw(bob);
  raw.pause();
  const connection = connectionOf(bob);
  const held: number[] = [];
  while (!connection.isClosed()) {
    connection.send("x".repeat(100_000));
    held.push(connection.bufferedBytes());
    await new Promise(setImmediate);
  }
  expect(Math.max(...held)).toBeGreaterThan(0.9 * MB);
  expect(Math.max(...held)).toBeLessThan(1.2 * MB);
  raw.cut();
});

test("a slow reader of a long log of long messages is never beyond that: it gets everything", async () => {
  const content = "漢".repeat(5000);
  const body = { receiverId: bob.id, content };
  await connectRaw(bob).then((raw) => raw.cut());
  for (let n = 0; n < 10; n++) await Promise.all(Array.from({ length: 100 }, () => ann.post("/messages/", body)));
  const raw = await connectRaw(bob);
  const connection = connectionOf(bob);
  raw.pause();
  await waitFor(() => (connection.outboxState.kind === "stalled" ? true : undefined));
  const live = Promise.all(Array.from({ length: 100 }, () => ann.post("/messages/", body)));
  raw.resume();
  await live;
  await raw.until(() => (raw.frames.length > 1100 ? true : undefined));
  await raw.until(() => (raw.texts().filter(({ type }) => type === "message:new").length === 1100 ? true : undefined));
  raw.cut();
});

/** A server whose second page of a log waits. */
async function withHeldPage(run: (held: TestServer, barrier: Barrier) => Promise<void>): Promise<void> {
  const barrier = new Barrier();
  const replay = (original: Replay): Replay => ({
    ...original,
    async page(userId, after) {
      if (after > 0) await barrier.pass();
      return await original.page(userId, after);
    },
  });
  const held = await startTestServer({ env: { RATE_MESSAGES_PER_MINUTE: "0" }, replay });
  try {
    await run(held, barrier);
  } finally {
    await held.stop();
  }
}

test("acks and signs of life during a long replay are taken at once, and are not abuse", async () => {
  await withHeldPage(async (held, barrier) => {
    const [cleo, dora] = await peopleOf(held, "cleo", "dora");
    const body = { receiverId: dora.id, content: "x" };
    for (let n = 0; n < 3; n++) await Promise.all(Array.from({ length: 100 }, () => cleo.post("/messages/", body)));
    const start = Buffer.from(`${held.app.epoch}-${dora.id}.0.0`).toString("base64url");
    const socket = TestSocket.open(held.url, dora.token, `&cursor=${start}`);
    const page = await socket.all("message:new", 200);
    await barrier.reached;
    for (const { cursor } of page) socket.send({ type: "ack", data: { cursor } });
    repeat(40, () => socket.send({ type: "error" }));
    for (const { cursor } of page) socket.send({ type: "ack", data: { cursor } });
    const [connection] = held.running.sockets.hub.of(dora.id);
    await waitFor(() => (connection!.confirmed.seq >= 200 ? true : undefined));
    expect(socket.of("sync:synced")).toEqual([]);
    barrier.open();
    await socket.all("message:new", 300);
    await socket.next("sync:synced");
    await socket.close();
  });
});
