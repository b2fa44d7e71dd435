import { beforeEach, expect, test } from "bun:test";
import { Events } from "@reelay/contract";
import { cursorAt, type Person, peopleOf, promote, serverForFile, startTestServer } from "@reelay/testkit";
import type { Replay } from "../../src/delivery/replay.ts";
import { trimLogs } from "../../src/delivery/retention.ts";
import { readEvents } from "../../src/features/events/events.ts";

/* The log over REST: the fallback of who has no socket. */

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let ann: Person;
let bob: Person;

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
});

async function send(...contents: string[]): Promise<void> {
  for (const content of contents) {
    expect((await ann.post("/messages/", { receiverId: bob.id, content })).status).toBe(201);
  }
}

async function poll(query: Record<string, string | number> = {}, person = bob): Promise<Events> {
  const { status, body } = await person.get(`/events?${new URLSearchParams(query as Record<string, string>)}`);
  expect(status).toBe(200);
  return Events.parse(body);
}

const contents = ({ events }: Events) =>
  events.map((event) => (event.type === "message:new" ? event.data.content : event.type));
const at = (seq: number, epoch = server.app.epoch, person = bob) => cursorAt(server.app, person.id, seq, { epoch });

/** Waits until somebody polls for the user. */
async function listening(person: Person): Promise<void> {
  while (!server.app.channels.users().includes(person.id)) await new Promise(setImmediate);
}

test("page by page from a cursor: every event once, in order, with its cursor", async () => {
  await send("old");
  const { cursor, events, hasMore } = await poll();
  expect([events, hasMore]).toEqual([[], false]);
  await send("1", "2", "3", "4", "5");
  const first = await poll({ cursor, limit: 2 });
  expect([contents(first), first.hasMore]).toEqual([["1", "2"], true]);
  const second = await poll({ cursor: first.cursor, limit: 2 });
  const third = await poll({ cursor: second.cursor, limit: 2 });
  expect([contents(second), contents(third), third.hasMore]).toEqual([["3", "4"], ["5"], false]);
  expect(third.cursor).toBe(third.events[0]!.cursor);
  expect(await poll({ cursor: third.cursor })).toEqual({ events: [], cursor: third.cursor, hasMore: false });
  expect((await bob.get("/events?limit=0")).status).toBe(422);
  expect((await bob.get("/events?wait=26")).status).toBe(422);
});

test("the same events, cursors and order as a resumable socket, and either goes on where the other was", async () => {
  const socket = await bob.resume();
  await send("1", "2");
  const [first] = await socket.all("message:new", 2);
  const { cursor } = (await poll({ cursor: first!.cursor })).events[0]!;
  expect(cursor).toBe(socket.of("message:new")[1]!.cursor);
  await socket.close();
  await send("3", "4");
  const polled = await poll({ cursor, limit: 1 });
  expect(contents(polled)).toEqual(["3"]);
  const again = await bob.resume(polled.cursor);
  expect(again.of("message:new").map((frame) => frame.data.content)).toEqual(["4"]);
  const { createdAt: _, ...event } = (await poll({ cursor: polled.cursor })).events[0]!;
  expect(again.of("message:new")[0]!).toEqual(event);
});

test("a cursor of a list's header: what happened since the list was read", async () => {
  await send("in the list");
  const { body, headers } = await bob.get("/messages/inbox");
  expect(body).toHaveLength(1);
  await send("after it");
  expect(contents(await poll({ cursor: headers.get("x-event-cursor")! }))).toEqual(["after it"]);
});

test("its cursor counts as received, and so does an ack", async () => {
  await send("1", "2", "3");
  await poll({ cursor: await at(2) });
  const plain = await bob.connect();
  await plain.settled();
  expect(plain.of("message:new").map((frame) => frame.data.content)).toEqual(["3"]);
  await bob.leave();
  await send("4", "5");
  expect((await bob.post("/events/ack", { cursor: await at(4) })).body).toEqual({ success: true, changed: true });
  for (const cursor of [
    await at(1),
    await at(9),
    await at(5, server.app.epoch, ann),
    await at(5, "0".repeat(12)),
    "x",
  ]) {
    expect((await bob.post("/events/ack", { cursor })).body).toEqual({ success: true, changed: false });
  }
  expect((await bob.post("/events/ack", { cursor: "" })).status).toBe(422);
  const again = await bob.connect();
  await again.settled();
  expect(again.of("message:new").map((frame) => frame.data.content)).toEqual(["5"]);
});

test("a poll that waits is answered by the next event", async () => {
  const { cursor } = await poll();
  const waiting = poll({ cursor, wait: 25 });
  await listening(bob);
  await send("now");
  expect(contents(await waiting)).toEqual(["now"]);
  expect(server.app.channels.users()).not.toContain(bob.id);
});

test("a poll that waits hears nothing of others' events, and ends with its client", async () => {
  const { cursor } = await poll();
  const gone = new AbortController();
  const headers = { authorization: `Bearer ${bob.token}` };
  const url = `${server.url}/api/v1/events?cursor=${cursor}&wait=25`;
  const waiting = fetch(url, { headers, signal: gone.signal });
  await listening(bob);
  await bob.post("/messages/", { receiverId: ann.id, content: "his own is one of his events" });
  expect(((await (await waiting).json()) as Events).events.map(({ type }) => type)).toEqual(["message:sent"]);
  const cut = fetch(`${server.url}/api/v1/events?wait=25`, { headers, signal: gone.signal }).catch(() => "cut");
  await listening(bob);
  gone.abort();
  expect(await cut).toBe("cut");
  while (server.app.channels.users().includes(bob.id)) await new Promise(setImmediate);
});

test("a poll that waits ends with its session, and with the account", async () => {
  const waiting = bob.get("/events?wait=25");
  await listening(bob);
  await bob.post("/auth/logout");
  expect((await waiting).status).toBe(401);
  const [chief] = await people("chief");
  await promote(server, chief, "admin");
  const another = ann.get("/events?wait=25");
  await listening(ann);
  await chief.post(`/admin/users/${ann.id}/ban`, { reason: "spam" });
  expect((await another).body.error).toMatchObject({ code: "ACCOUNT_BANNED", details: { reason: "spam" } });
});

test("ten polls of one user may wait at once; another is told to come back", async () => {
  const { cursor } = await poll();
  const waiting = Array.from({ length: 10 }, () => poll({ cursor, wait: 25 }));
  while (server.app.longPolls.countOf(bob.id) < 10) await new Promise(setImmediate);
  const refused = await bob.get(`/events?cursor=${cursor}&wait=25`);
  expect([refused.status, refused.body.error.code, refused.headers.get("retry-after")]).toEqual([
    429,
    "RATE_LIMIT",
    "5",
  ]);
  expect((await poll({ cursor })).events).toEqual([]);
  await send("for all");
  expect((await Promise.all(waiting)).map(contents)).toEqual(Array(10).fill(["for all"]));
});

/** A poll of Bob's, with the reading of a page as the test says. */
async function pollWith(page: (replay: Replay) => Replay["page"], wanted: { cursor: string; waitMs: number }) {
  const { replay } = server.app;
  const app = { ...server.app, replay: { ...replay, page: page(replay) } };
  const [session] = await server.app.sql`select id::float8 as id from sessions where user_id = ${bob.id}`;
  const actor = { userId: bob.id, sessionId: session.id, role: "user" as const, expiresAtMs: 0, tokenVersion: 0 };
  return await readEvents(app, actor, { ...wanted, limit: 100 }, new AbortController().signal);
}

test("an event that comes between the reading and the listening is not waited for", async () => {
  const { cursor } = await poll();
  let isFirst = true;
  const polled = await pollWith(
    (replay) =>
      async (...args) => {
        const page = await replay.page(...args);
        if (isFirst) await send("in between");
        isFirst = false;
        return page;
      },
    { cursor, waitMs: 20_000 },
  );
  expect(contents(polled)).toEqual(["in between"]);
});

test("a log that is trimmed between the look at its head and the reading of it is never handed out in part", async () => {
  const { cursor } = await poll();
  await send("1", "2", "3");
  const trimmedFirst = (eventsPerUser: number) => (replay: Replay) => {
    return async (...args: Parameters<Replay["page"]>) => {
      await trimLogs(server.app.sql, { before: new Date(0), eventsPerUser });
      return await replay.page(...args);
    };
  };
  // From the beginning of the log, and from an event of it.
  for (const [from, eventsPerUser] of [
    [cursor, 2],
    [await at(2), 0],
  ] as const) {
    const { reset, events, cursor: after } = await pollWith(trimmedFirst(eventsPerUser), { cursor: from, waitMs: 0 });
    expect([reset?.reason, events, after]).toEqual(["too_old", [], await at(3)]);
  }
});

test("a cursor that cannot be gone on from: a reset with its reason, and the place to go on from", async () => {
  await send("1", "2", "3");
  await server.app.sql`update user_streams set floor_seq = 2 where user_id = ${bob.id}`;
  const reasons = {
    garbage: "invalid",
    [await at(1, server.app.epoch, ann)]: "invalid",
    [await at(2, "0123456789ab")]: "epoch",
    [await at(4)]: "future",
    [await at(1)]: "too_old",
  };
  for (const [cursor, reason] of Object.entries(reasons)) {
    const answer = await poll({ cursor, wait: 25 });
    expect([cursor, answer.reset?.reason, answer.events, answer.cursor]).toEqual([cursor, reason, [], await at(3)]);
  }
});

test("a server that stops answers those who wait", async () => {
  const stopping = await startTestServer();
  const [cleo] = await peopleOf(stopping, "cleo");
  const waiting = cleo.get("/events?wait=25");
  while (!stopping.app.channels.users().includes(cleo.id)) await new Promise(setImmediate);
  await stopping.stop();
  expect((await waiting).status).toBe(200);
});
