import { expect, test } from "bun:test";
import {
  Barrier,
  peopleOf,
  RawSocket,
  type StepName,
  serverForFile,
  startTestServer,
  stepNamed,
  TestSocket,
  waitFor,
  withStep,
} from "@reelay/testkit";

import type { Handshake } from "../../src/realtime/handshake.ts";

/* Sockets and servers that end at an awkward moment. */

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });

/** The handshake, held at a barrier before one of its steps. */
function held(name: StepName, barrier: Barrier): Handshake {
  return withStep(name, async (...args) => {
    await barrier.pass();
    return await stepNamed(name)(...args);
  });
}

test("a server that stops lets nobody in who is still shaking hands", async () => {
  const barrier = new Barrier();
  const stopping = await startTestServer({ handshake: held("register", barrier) });
  const [ann] = await peopleOf(stopping, "ann");
  const socket = TestSocket.open(stopping.url, ann.token);
  await barrier.reached;
  const stopped = stopping.stop();
  expect((await socket.closed).code).toBe(1012);
  barrier.open();
  await stopped;
  expect(socket.frames).toEqual([]);
});

test("a server stops although a client does not finish its request and the database is away", async () => {
  const stopping = await startTestServer();
  const [ann] = await peopleOf(stopping, "ann");
  const socket = await ann.connect();
  await stopping.app.sql.close();
  // So there is a confirmation that cannot be written any more.
  stopping.app.confirmations.note(ann.id, 1, { seq: 1, mark: 1 });
  await stopping.running.stop();
  expect((await socket.closed).code).toBe(1012);
  await expect(fetch(`${stopping.url}/healthz`)).rejects.toThrow();
});

test("`connected` comes before any ping, however long the handshake takes", async () => {
  const barrier = new Barrier();
  const slow = await startTestServer({ handshake: held("recheck", barrier) });
  const [ann] = await peopleOf(slow, "ann");
  const raw = await RawSocket.open(slow.url, ann.token);
  await barrier.reached;
  slow.clock.advance(45_000);
  slow.running.sockets.sweep.tick();
  barrier.open();
  await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
  expect(raw.texts()[0]!.type).toBe("connected");
  raw.cut();
  await slow.stop();
});

test("closed sockets do not count against the ten, even while their confirmations cannot be written", async () => {
  const [ann, bob] = await people("ann", "bob");
  await bob.post("/messages/", { receiverId: ann.id, content: "x" });
  const raw = await RawSocket.open(server.url, ann.token);
  const ping = await raw.until(() => raw.pings().find((payload) => payload.startsWith("1.")));
  await server.app.sql.begin(async (tx) => {
    await tx`select 1 from user_streams where user_id = ${ann.id} for update`;
    raw.pong(ping);
    raw.cut();
    for (let n = 0; n < 15; n++) {
      const socket = await bob.connect();
      await socket.close();
    }
  });
});

test("a socket that closes while its place in the log is looked up stays closed", async () => {
  const barrier = new Barrier();
  let pages = 0;
  const watched = await startTestServer({
    replay: (replay) => ({
      ...replay,
      head: async (...args) => {
        const head = await replay.head(...args);
        await barrier.pass();
        return head;
      },
      page: (...args) => {
        pages++;
        return replay.page(...args);
      },
    }),
  });
  const [ann] = await peopleOf(watched, "ann");
  const socket = TestSocket.open(watched.url, ann.token);
  await barrier.reached;
  const [connection] = watched.running.sockets.hub.of(ann.id);
  await socket.close();
  await waitFor(() => ([...watched.running.sockets.hub.of(ann.id)].length === 0 ? true : undefined));
  barrier.open();
  await ann.get("/users/me");
  expect(connection!.outboxState.kind).toBe("closed");
  expect(pages).toBe(0);
  await watched.stop();
});

test("a socket that closes while its connect is counted is not kept", async () => {
  const counting = await startTestServer();
  const barrier = new Barrier();
  const spend = counting.app.limits.connects.spend.bind(counting.app.limits.connects);
  counting.app.limits.connects.spend = async (key) => {
    await barrier.pass();
    return await spend(key);
  };
  const [ann] = await peopleOf(counting, "ann");
  const raw = await RawSocket.open(counting.url, ann.token);
  await barrier.reached;
  raw.cut();
  const { metrics } = counting.app;
  const closed = /reelay_websocket_connections_closed_total\{code="\w+"\} 1/;
  await waitFor(async () => (closed.test(await metrics.text()) ? true : undefined));
  barrier.open();
  await ann.get("/users/me");
  expect([...counting.running.sockets.hub.of(ann.id)]).toEqual([]);
  expect(counting.app.channels.users()).toEqual([]);
  await counting.stop();
});

test("a heartbeat sends no count that did not change", async () => {
  const [ann, bob] = await people("ann", "bob");
  const socket = await ann.connect();
  await socket.settled();
  await bob.post("/messages/", { receiverId: ann.id, content: "x" });
  await socket.next("message:unread_count");
  await server.running.repair();
  await socket.settled();
  expect(socket.of("notification:unseen_count")).toEqual([]);
  expect(socket.of("message:unread_count")).toHaveLength(1);
});

test("variants of a good token are not tokens", async () => {
  const [ann] = await people("ann");
  const [header, payload, signature] = ann.token.split(".") as [string, string, string];
  const variants = [
    `${ann.token}=`,
    `${header}.${payload}.${signature.slice(0, 5)} ${signature.slice(5)}`,
    `${header}.${payload}.${" ".repeat(500)}${signature}`,
    `${header}.${payload}\t.${signature}`,
  ];
  for (const variant of variants) expect(await server.app.tokens.verify(variant)).toBeNull();
  expect(await server.app.tokens.verify(ann.token)).not.toBeNull();
});
