import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Events } from "@reelay/contract";
import {
  Barrier,
  call,
  createTestDatabase,
  crowd,
  cursorAt,
  keepCopy,
  type Person,
  peopleOf,
  promote,
  RawSocket,
  startTestServer,
  type TestDatabase,
  type TestServer,
  TestSocket,
  waitFor,
  withStepBefore,
} from "@reelay/testkit";
import { changeEpoch, encodeCursor } from "../../src/delivery/cursor.ts";
import { readEvents } from "../../src/features/events/events.ts";
import type { Step } from "../../src/realtime/handshake.ts";

/*
 * A database that goes back to an earlier state under running nodes: a standby that lagged was promoted, or a copy took its
 * place. Events that sockets have shown are gone, and others get their numbers.
 */

let database: TestDatabase;
let server: TestServer;
/** Another node, that has only the database in common with the first. */
let other: TestServer;
let repair: () => Promise<void>;
let beforeConnected: Step = async () => undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { RATE_MESSAGES_PER_MINUTE: "0", DRAIN_SECONDS: "0" };
  const handshake = withStepBefore("connected", (...args) => beforeConnected(...args));
  server = await startTestServer({ env, database, handshake });
  other = await startTestServer({ env, database });
  repair = onlyWhenAsked(server);
});

/** Leaves the looks into the logs to the test: what an event tells by itself is not to wait for one. */
function onlyWhenAsked({ app: { replay }, running }: TestServer): () => Promise<void> {
  const { heads } = replay;
  const none: typeof heads = async () => [];
  replay.heads = none;
  return async () => {
    replay.heads = heads;
    const done = running.repair();
    replay.heads = none;
    await done;
  };
}

afterAll(async () => {
  await server.stop();
  await other.stop();
  await database.drop();
});

let ann: Person;
let bob: Person;

beforeEach(async () => {
  beforeConnected = async () => undefined;
  [ann, bob] = await peopleOf(server, "ann", "bob");
});

async function send(...contents: string[]): Promise<void> {
  for (const content of contents) await sendOver(server, content);
}

async function sendOver({ url }: TestServer, content: string): Promise<void> {
  const body = { receiverId: bob.id, content };
  expect((await call(url, "POST", "/messages/", { token: ann.token, body })).status).toBe(201);
}

const contentsOf = (socket: TestSocket) => socket.of("message:new").map((frame) => frame.data.content);

/** Bob's session has confirmed everything up to there, by the database. */
async function confirmed(seq: number): Promise<void> {
  await waitFor(async () => {
    await server.app.confirmations.flush();
    return (await confirmedSeqs()).session === seq ? true : undefined;
  });
}

async function confirmedSeqs(): Promise<{ user: number; session: number | null }> {
  const [row] = await server.app.sql`
    select s.confirmed_seq::float8 as user, max(c.confirmed_seq)::float8 as session from user_streams s
    left join session_cursors c using (user_id) where user_id = ${bob.id} group by s.user_id`;
  return row;
}

/** Bob has seen three messages, of which a copy is kept, and five more. */
async function fiveToLose(): Promise<{ goBack: () => Promise<void>; lastCursor: string }> {
  await send("1", "2", "3");
  const socket = await bob.connect();
  await socket.all("message:new", 3);
  await confirmed(3);
  const goBack = await keepCopy(server.app.sql);
  await send("lost 1", "lost 2", "lost 3", "lost 4", "lost 5");
  await socket.all("message:new", 8);
  await confirmed(8);
  await bob.leave();
  return { goBack, lastCursor: await cursorAt(server.app, bob.id, 8) };
}

/** Longer than any test: what answers it is no timer. */
async function pollForHours(cursor: string): Promise<Events> {
  const [session] = await server.app.sql`select id::float8 as id from sessions where user_id = ${bob.id}`;
  const actor = { userId: bob.id, sessionId: session.id, role: "user" as const, expiresAtMs: 0, tokenVersion: 0 };
  const wanted = { cursor, limit: 100, waitMs: 10 * 3_600_000 };
  return await readEvents(server.app, actor, wanted, new AbortController().signal);
}

const HEADS = { "does not reach as far": 2, "reaches as far": 5, "reaches further": 7 };
const upTo = (count: number) => Array.from({ length: count }, (_, n) => `new ${n + 1}`);

for (const [name, count] of Object.entries(HEADS)) {
  test(`a plain socket gets all that is new when the log ${name}`, async () => {
    const { goBack } = await fiveToLose();
    const socket = await bob.connect();
    await socket.settled();
    await goBack();
    await send(...upTo(count));
    if (count < 5) await repair();
    await socket.all("message:new", count);
    await send("and on");
    await waitFor(() => (contentsOf(socket).includes("and on") ? true : undefined));
    expect(contentsOf(socket)).toEqual([...upTo(count), "and on"]);
    expect(socket.of("message:unread_count").at(-1)!.data.count).toBe(3 + count + 1);
  });

  test(`a resumable socket is reset when the log ${name}, and goes on`, async () => {
    const { goBack, lastCursor } = await fiveToLose();
    const socket = await bob.resume(lastCursor);
    await goBack();
    await send(...upTo(count));
    if (count < 5) await repair();
    const reset = await socket.next("sync:reset");
    expect(reset.data).toMatchObject({ reason: "epoch", refetch: expect.arrayContaining(["/messages/inbox"]) });
    await send("and on");
    await waitFor(() => (contentsOf(socket).includes("and on") ? true : undefined));
    const sinceReset = (await bob.get(`/events?cursor=${reset.data.cursor}`)).body.events;
    expect(contentsOf(socket)).toEqual(sinceReset.map((event: any) => event.data.content));
    expect(socket.of("sync:reset")).toHaveLength(1);
    const again = await bob.resume(socket.of("message:new").at(-1)!.cursor);
    expect(again.of("sync:hello")[0]!.data.resume).toBe("ok");
  });

  test(`a cursor of the log that is gone is reset when the log ${name}, on a socket, a poll and one that waits`, async () => {
    const { goBack, lastCursor } = await fiveToLose();
    const waiting = pollForHours(lastCursor);
    await waitFor(() => (server.app.longPolls.countOf(bob.id) > 0 ? true : undefined));
    await goBack();
    await send(...upTo(count));
    if (count <= 5) await repair();
    const isBeyond = count < 5;
    expect(await waiting).toMatchObject({ events: [], reset: { reason: "epoch" } });
    expect((await bob.get(`/events?cursor=${lastCursor}`)).body).toMatchObject({
      events: [],
      reset: { reason: isBeyond ? "future" : "epoch" },
      cursor: await cursorAt(server.app, bob.id, 3 + count),
    });
    expect((await bob.post("/events/ack", { cursor: lastCursor })).body.changed).toBe(false);
    const socket = await bob.resume(lastCursor);
    expect(socket.of("sync:hello")[0]!.data.resume).toBe("reset");
    expect(socket.of("sync:reset").map(({ data }) => data.reason)).toEqual([isBeyond ? "future" : "epoch"]);
    expect(contentsOf(socket)).toEqual([]);
  });
}

test("the first event that is heard of is the next in line, and follows another than the one that was shown", async () => {
  const { goBack, lastCursor } = await fiveToLose();
  const [plain, resumable] = [await bob.connect(), await bob.resume(lastCursor)];
  await plain.settled();
  await goBack();
  for (const content of upTo(5)) await sendOver(other, content);
  await sendOver(server, "new 6");
  await plain.all("message:new", 6);
  expect(contentsOf(plain)).toEqual(upTo(6));
  await resumable.next("sync:reset");
  await resumable.settled();
  expect(contentsOf(resumable)).toEqual([]);
});

test("a list's header names the very event it was read after", async () => {
  const { goBack } = await fiveToLose();
  const { headers } = await bob.get("/messages/inbox");
  const cursor = headers.get("x-event-cursor")!;
  expect(cursor).toBe(await cursorAt(server.app, bob.id, 8));
  await goBack();
  await send(...upTo(6));
  expect((await bob.get(`/events?cursor=${cursor}`)).body.reset.reason).toBe("epoch");
});

test("a plain client gets again what its session has not confirmed by the copy", async () => {
  const { goBack } = await fiveToLose();
  const socket = await bob.connect();
  await socket.settled();
  await goBack();
  await server.app.sql`update session_cursors set confirmed_seq = 2 where user_id = ${bob.id}`;
  await send("new 1");
  await repair();
  await socket.all("message:new", 2);
  expect(contentsOf(socket)).toEqual(["3", "new 1"]);
});

test("it goes back twice, under the same sockets", async () => {
  const { goBack, lastCursor } = await fiveToLose();
  const [plain, resumable] = [await bob.connect(), await bob.resume(lastCursor)];
  await plain.settled();
  for (const name of ["a", "b"]) {
    await goBack();
    await send(...upTo(6).map((content) => `${name} ${content}`));
    await waitFor(() => (contentsOf(plain).includes(`${name} new 6`) ? true : undefined));
    await resumable.all("sync:reset", name === "a" ? 1 : 2);
  }
  expect(contentsOf(plain)).toEqual([...upTo(6).map((each) => `a ${each}`), ...upTo(6).map((each) => `b ${each}`)]);
  expect(resumable.of("sync:reset").map(({ data }) => data.reason)).toEqual(["epoch", "epoch"]);
});

test("a log that went back to nothing", async () => {
  const goBack = await keepCopy(server.app.sql);
  const [plain, resumable] = [await bob.connect(), await bob.resume()];
  await send("lost 1", "lost 2");
  await plain.all("message:new", 2);
  await resumable.all("message:new", 2);
  await goBack();
  await repair();
  const { data } = await resumable.next("sync:reset");
  expect(data.cursor).toBe(encodeCursor({ epoch: server.app.epoch, userId: bob.id }, { seq: 0, mark: 0 }));
  await send("new");
  for (const socket of [plain, resumable]) await socket.all("message:new", 3);
  expect(contentsOf(plain)).toEqual(["lost 1", "lost 2", "new"]);
});

test("a client that connects while the database goes back gets all that is new", async () => {
  const { goBack } = await fiveToLose();
  const barrier = new Barrier();
  beforeConnected = async () => void (await barrier.pass());
  const socket = TestSocket.open(server.url, bob.token);
  await barrier.reached;
  await goBack();
  await send(...upTo(7));
  barrier.open();
  await socket.all("message:new", 7);
  expect(contentsOf(socket)).toEqual(upTo(7));
  await socket.close();
});

test("a session of which the copy knows no place gets one", async () => {
  const goBack = await keepCopy(server.app.sql);
  const socket = await bob.connect();
  await send("lost");
  await socket.next("message:new");
  await goBack();
  await send("new");
  await socket.all("message:new", 2);
  expect((await confirmedSeqs()).session).not.toBeNull();
});

test("counters are told anew when only they went back", async () => {
  const [socket] = [await bob.connect()];
  await send("1");
  await socket.all("message:unread_count", 1);
  const goBack = await keepCopy(server.app.sql);
  const { sql } = server.app;
  for (let n = 0; n < 3; n++) {
    await sql`select append_events(array[row(${bob.id}, null, null, null, 1, 0, null)::event_draft])`;
  }
  await repair();
  expect((await socket.all("message:unread_count", 2))[1]!.data.count).toBe(4);
  await goBack();
  await repair();
  expect((await socket.all("message:unread_count", 3))[2]!.data.count).toBe(1);
  await send("2");
  expect((await socket.all("message:unread_count", 4))[3]!.data.count).toBe(2);
});

test("what a client confirms of the log that is gone confirms nothing of the one that is there", async () => {
  await send("1", "2", "3");
  const raw = await RawSocket.open(server.url, bob.token);
  await raw.until(() => (raw.texts().filter(({ type }) => type === "message:new").length === 3 ? true : undefined));
  const goBack = await keepCopy(server.app.sql);
  await send("lost 1", "lost 2");
  const old = await raw.until(() => raw.pings().find((payload) => payload.startsWith("5.")));
  // It is kept while the database is away, and the database that comes back is another one.
  raw.pong(old);
  await waitFor(() => (server.app.confirmations.unwritten(bob.id, 0).user?.seq === 5 ? true : undefined));
  const [seq, mark] = old.split(".").map(Number);
  await goBack();
  const [session] = await server.app.sql`select id::float8 as id from sessions where user_id = ${bob.id}`;
  server.app.confirmations.note(bob.id, session.id, { seq: seq!, mark: mark! });
  await server.app.confirmations.flush();
  expect(await confirmedSeqs()).toEqual({ user: 0, session: 0 });
  await send("new 1", "new 2", "new 3");
  server.app.confirmations.note(bob.id, session.id, { seq: seq!, mark: mark! });
  raw.pong(old);
  await server.app.confirmations.flush();
  expect(await confirmedSeqs()).toEqual({ user: 0, session: 0 });
  raw.cut();
  const plain = await bob.connect();
  await plain.settled();
  expect(contentsOf(plain)).toEqual(["1", "2", "3", "new 1", "new 2", "new 3"]);
});

test("`db restored` takes back what was confirmed beyond the end of a log", async () => {
  await send("1");
  const socket = await bob.connect();
  await socket.next("message:new");
  await confirmed(1);
  const { sql } = server.app;
  await sql`update user_streams set confirmed_seq = 9 where user_id = ${bob.id}`;
  await sql`update session_cursors set confirmed_seq = 9 where user_id = ${bob.id}`;
  await changeEpoch(sql);
  expect(await confirmedSeqs()).toEqual({ user: 1, session: 1 });
});

test("bans are enforced on every node after the access changes went back", async () => {
  const [chief, ...spammers] = await crowd(other, 3);
  await promote(other, chief, "admin");
  const goBack = await keepCopy(server.app.sql);
  for (const spammer of spammers) {
    const socket = TestSocket.open(server.url, spammer.token);
    await socket.next("connected");
    await chief.post(`/admin/users/${spammer.id}/ban`, { reason: "spam" });
    expect((await socket.closed).code).toBe(4003);
  }
  const socket = await bob.connect();
  expect((await bob.get("/users/me")).status).toBe(200);
  await goBack();
  await chief.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
  expect((await socket.closed).code).toBe(4003);
  expect((await bob.get("/users/me")).status).toBe(403);
  // Who is not banned any more is served again.
  expect((await call(server.url, "GET", "/users/me", { token: spammers[0]!.token })).status).toBe(200);
});
