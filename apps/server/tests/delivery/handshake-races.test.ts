import { expect, test } from "bun:test";
import {
  Barrier,
  call,
  createTestDatabase,
  type Person,
  peopleOf,
  promote,
  RawSocket,
  startTestServer,
  stepNamed,
  type TestServer,
  type TestServerOptions,
  TestSocket,
  waitFor,
  withStep,
  withStepLast,
} from "@reelay/testkit";
import type { Broker } from "../../src/delivery/broker.ts";
import { openLocalBroker } from "../../src/delivery/broker-local.ts";
import type { Replay } from "../../src/delivery/replay.ts";
import { HANDSHAKE, type Handshake, type Step } from "../../src/realtime/handshake.ts";

/*
 * Each race of a connect is forced by a barrier at the moment it needs, twice: as the server is, where it must do no
 * harm, and with the step that closes it taken away, where it must be seen to do harm.
 */

const nothing: Step = async () => undefined;

async function onServer(options: TestServerOptions, run: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startTestServer(options);
  try {
    await run(server);
  } finally {
    await server.stop();
  }
}

/** A replay whose pages wait at a barrier after they have been read. */
function heldAfterPage(barrier: Barrier): (replay: Replay) => Replay {
  return (replay) => ({
    ...replay,
    page: async (userId, after) => {
      const page = await replay.page(userId, after);
      await barrier.pass();
      return page;
    },
  });
}

async function send(from: Person, to: Person, content: string): Promise<void> {
  const { status } = await from.post("/messages", { receiverId: to.id, content });
  expect(status).toBe(201);
}

/** What a socket got when a message was committed after its backlog had been read and before it was live. */
async function messageAfterBacklogRead(handshake: Handshake): Promise<string[]> {
  const barrier = new Barrier();
  let contents: string[] = [];
  await onServer({ handshake, replay: heldAfterPage(barrier) }, async (server) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    await send(ann, bob, "before");
    const socket = TestSocket.open(server.url, bob.token);
    await barrier.reached;
    await send(ann, bob, "meanwhile");
    barrier.open();
    await socket.settled();
    contents = socket.of("message:new").map((frame) => frame.data.content);
  });
  return contents;
}

test("a message committed between the reading of the backlog and going live arrives once, in order", async () => {
  expect(await messageAfterBacklogRead(HANDSHAKE)).toEqual(["before", "meanwhile"]);
});

test("… and is lost when the socket is registered only after the backlog", async () => {
  expect(await messageAfterBacklogRead(withStepLast("register"))).toEqual(["before"]);
});

/** A broker like one across a network: what is published before the subscription is acknowledged is not received. */
function slowToSubscribe(barrier: Barrier): Broker {
  const broker = openLocalBroker();
  const subscribed = new Set<number>();
  return {
    ...broker,
    publish: (publications) => broker.publish(publications.filter(({ userId }) => subscribed.has(userId))),
    async subscribe(userId) {
      await barrier.pass();
      subscribed.add(userId);
    },
  };
}

/** What a socket got when a message was committed while its channel was being subscribed. */
async function messageWhileSubscribing(handshake: Handshake, awaited: (socket: TestSocket) => Promise<unknown>) {
  const barrier = new Barrier();
  let contents: string[] = [];
  await onServer({ handshake, broker: slowToSubscribe(barrier) }, async (server) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    const socket = TestSocket.open(server.url, bob.token);
    await barrier.reached;
    await awaited(socket);
    await send(ann, bob, "meanwhile");
    barrier.open();
    await socket.settled();
    contents = socket.of("message:new").map((frame) => frame.data.content);
  });
  return contents;
}

test("a message committed while the channel is being subscribed arrives", async () => {
  expect(await messageWhileSubscribing(HANDSHAKE, async () => {})).toEqual(["meanwhile"]);
});

test("… and is lost when the handshake does not wait for the subscription", async () => {
  const subscribe: Step = async (connection, { hub }) => {
    void hub.subscribed(connection.caller.userId);
    return undefined;
  };
  expect(await messageWhileSubscribing(withStep("subscribe", subscribe), (socket) => socket.settled())).toEqual([]);
});

/** Stops every handshake between its first look at the account and the moment when it is registered. */
function heldWhileRegistering(barrier: Barrier, handshake: Handshake): Handshake {
  const register: Step = (connection, services) =>
    stepNamed("register")(connection, {
      ...services,
      allowConnect: async (userId) => {
        await barrier.pass();
        return await services.allowConnect(userId);
      },
    });
  return handshake.map(([name, step]) => [name, name === "register" ? register : step]);
}

async function banDuringHandshake(handshake: Handshake): Promise<TestSocket> {
  const barrier = new Barrier();
  let socket!: TestSocket;
  await onServer({ handshake: heldWhileRegistering(barrier, handshake) }, async (server) => {
    const [admin, bob] = await peopleOf(server, "admin", "bob");
    await promote(server, admin, "admin");
    socket = TestSocket.open(server.url, bob.token);
    await barrier.reached;
    expect((await admin.post(`/admin/users/${bob.id}/ban`, { reason: "spam" })).status).toBe(200);
    barrier.open();
    await Promise.race([socket.closed, socket.next("connected")]);
  });
  return socket;
}

test("an account banned after its token was verified gets the event and 4003, and no `connected`", async () => {
  const socket = await banDuringHandshake(HANDSHAKE);
  expect(socket.frames.map((frame) => frame.type)).toEqual(["admin:user_banned"]);
  expect(await socket.closed).toEqual({ code: 4003, reason: "Account banned" });
});

test("… and is let in when the account is not looked at again", async () => {
  const socket = await banDuringHandshake(withStep("recheck", nothing));
  expect(socket.frames.map((frame) => frame.type)).toContain("connected");
});

async function logoutDuringHandshake(handshake: Handshake): Promise<TestSocket> {
  const barrier = new Barrier();
  let socket!: TestSocket;
  await onServer({ handshake: heldWhileRegistering(barrier, handshake) }, async (server) => {
    const [bob] = await peopleOf(server, "bob");
    socket = TestSocket.open(server.url, bob.token);
    await barrier.reached;
    expect((await bob.post("/auth/logout")).status).toBe(200);
    barrier.open();
    await Promise.race([socket.closed, socket.next("connected")]);
  });
  return socket;
}

test("a session ended after its token was verified is refused with 4001", async () => {
  const socket = await logoutDuringHandshake(HANDSHAKE);
  expect(socket.frames).toEqual([]);
  expect(await socket.closed).toEqual({ code: 4001, reason: "Unauthorized" });
});

test("… and is let in when the session is not looked at again", async () => {
  const socket = await logoutDuringHandshake(withStep("recheck", nothing));
  expect(socket.frames.map((frame) => frame.type)).toContain("connected");
});

/** How often the message arrived when a socket came back before its predecessor's confirmation was written. */
async function reconnectBeforeConfirmationIsWritten(place: Step): Promise<number> {
  let count = 0;
  await onServer({ handshake: withStep("place", place) }, async (server) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    // It answers no ping by itself: nothing is confirmed before the row is held.
    const first = await RawSocket.open(server.url, bob.token);
    await send(ann, bob, "once");
    await first.until(() => first.texts().find(({ type }) => type === "message:new"));
    await server.app.sql.begin(async (tx) => {
      // Whoever holds the stream's row keeps confirmations from being written.
      await tx`select 1 from user_streams where user_id = ${bob.id} for update`;
      const [connection] = server.running.sockets.hub.of(bob.id);
      connection!.ping();
      connection!.receivePong(`1.${connection!.position.mark}`);
      const second = await bob.connect();
      await second.settled();
      count = second.of("message:new").length;
    });
    first.cut();
  });
  return count;
}

test("what a socket has confirmed but nobody has written yet is not sent again", async () => {
  expect(await reconnectBeforeConfirmationIsWritten(stepNamed("place"))).toBe(0);
});

test("… and is sent again when the confirmations in memory are not asked", async () => {
  const blind: Step = (connection, services) => {
    const confirmations = Object.assign(Object.create(services.confirmations), {
      unwritten: () => ({ session: null, user: null }),
      place: (session: Parameters<typeof services.confirmations.place>[0]) => services.confirmations.place(session),
    });
    return stepNamed("place")(connection, { ...services, confirmations });
  };
  expect(await reconnectBeforeConfirmationIsWritten(blind)).toBe(1);
});

/**
 * What a tablet got that connected for the first time to a node which was killed at once, after which a phone confirmed a
 * message, over another node.
 */
async function firstConnectToNodeThatIsKilled(place: Step): Promise<string[]> {
  const database = await createTestDatabase();
  const contents: string[] = [];
  await onServer({ database, handshake: withStep("place", place) }, async (killed) => {
    await onServer({ database }, async (living) => {
      const [ann, bob] = await peopleOf(living, "ann", "bob");
      const login = { email: bob.email, password: bob.password };
      const phone = await bob.connect();
      const { body } = await call(living.url, "POST", "/auth/login", { body: login });
      const tablet = TestSocket.open(killed.url, body.accessToken);
      await tablet.next("connected");
      await tablet.close();
      // What it has in memory it will not write any more.
      killed.app.confirmations.forget(bob.id);
      await send(ann, bob, "missed?");
      await phone.next("message:new");
      await waitFor(async () => {
        await living.app.confirmations.flush();
        const [row] = await living.app
          .sql`select confirmed_seq::int as seq from user_streams where user_id = ${bob.id}`;
        return row.seq === 1 ? true : undefined;
      });
      const again = TestSocket.open(living.url, body.accessToken);
      await again.settled();
      contents.push(...again.of("message:new").map((frame) => frame.data.content));
      await Promise.all([again.close(), phone.close()]);
    });
  });
  await database.drop();
  return contents;
}

test("a session that was told it is connected has its place, though its node is killed in that moment", async () => {
  expect(await firstConnectToNodeThatIsKilled(stepNamed("place"))).toEqual(["missed?"]);
});

test("… and misses what another device confirms when its place is kept in memory only", async () => {
  const inMemory: Step = (connection, services) => {
    const confirmations = Object.assign(Object.create(services.confirmations), {
      unwritten: () => ({ session: null, user: null }),
      place: async () => {},
    });
    return stepNamed("place")(connection, { ...services, confirmations });
  };
  expect(await firstConnectToNodeThatIsKilled(inMemory)).toEqual([]);
});

test("a replay that is cut half-way goes on, on another socket, behind what was proven; what was read meanwhile is lost for nobody", async () => {
  const barrier = new Barrier();
  let pages = 0;
  const heldAfterFirst = (replay: Replay): Replay => ({
    ...replay,
    page: async (userId, after) => {
      const page = await replay.page(userId, after);
      if (pages++ === 1) await barrier.pass();
      return page;
    },
  });
  await onServer({ replay: heldAfterFirst, env: { RATE_MESSAGES_PER_MINUTE: "0" } }, async (server) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    const all = Array.from({ length: 450 }, (_, n) => `m${n + 1}`);
    for (const content of all) await send(ann, bob, content);
    const raw = await RawSocket.open(server.url, bob.token, { answersPings: true });
    await barrier.reached;
    await waitFor(async () => {
      const [row] = await server.app
        .sql`select confirmed_seq::int as seq from session_cursors where user_id = ${bob.id}`;
      return row?.seq === 200 ? true : undefined;
    });
    raw.cut();
    await waitFor(() => ([...server.running.sockets.hub.of(bob.id)].length === 0 ? true : undefined));
    barrier.open();
    const shown = raw.texts().flatMap(({ type, data }) => (type === "message:new" ? [data.content] : []));
    const again = TestSocket.open(server.url, bob.token);
    await again.all("message:new", 250);
    await again.settled();
    expect([...shown, ...again.of("message:new").map((frame) => frame.data.content)]).toEqual(all);
    await again.close();
  });
});
