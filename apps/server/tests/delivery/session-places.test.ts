import { beforeEach, expect, test } from "bun:test";
import { call, cursorAt, type Person, RawSocket, serverForFile, waitFor } from "@reelay/testkit";

/* Places in a log that clients name: what is not a place of theirs, in this log, counts for nothing. */

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let ann: Person;
let bob: Person;

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
});

async function send(...contents: string[]): Promise<void> {
  for (const content of contents) await ann.post("/messages/", { receiverId: bob.id, content });
}

/** What Bob's only session has confirmed, by the database. */
async function confirmedSeq(): Promise<number> {
  await server.app.confirmations.flush();
  const [row] = await server.app.sql`
    select confirmed_seq::int as seq from session_cursors where user_id = ${bob.id}`;
  return row.seq;
}

test("a socket that goes on as another session takes its place with it, before anything was confirmed", async () => {
  const [carl] = await people("carl");
  const login = await call(server.url, "POST", "/auth/login", {
    body: { email: carl.email, password: carl.password },
  });
  const socket = await carl.connect();
  socket.send({ type: "auth:refresh", data: { token: login.body.accessToken } });
  await socket.settled();
  const rows = await server.app.sql`
    select session_id::float8 as id from session_cursors where user_id = ${carl.id} order by session_id`;
  expect(rows).toHaveLength(2);
  // What is noted for others meanwhile is written all the same.
  await server.app.confirmations.flush();
});

test("a place whose event was trimmed has no mark, and is one all the same for a session that has none", async () => {
  await send("1", "2", "3");
  const { confirmations, sql } = server.app;
  const session = (sessionId: number, seq: number, mark: number | null) =>
    confirmations.place({ userId: bob.id, sessionId, at: { seq, mark } });
  // As one statement: without a mark, beyond the end, with the mark of another log, at the beginning.
  await Promise.all([session(-1, 2, null), session(-2, 9, null), session(-3, 2, 7), session(-4, 0, 0)]);
  // What cannot be verified takes the place of nothing that can.
  const [first] = await sql`select mark from user_events where user_id = ${bob.id} and seq = 1`;
  confirmations.note(bob.id, -4, { seq: 1, mark: first.mark });
  confirmations.note(bob.id, -4, { seq: 3, mark: null });
  await confirmations.flush();
  const rows = await sql`
    select confirmed_seq::int as seq from session_cursors where user_id = ${bob.id} order by session_id desc`;
  expect(rows.map(({ seq }: { seq: number }) => seq)).toEqual([2, 3, 0, 1]);
});

test("cursors without a mark, with another's, of another user, beyond, and none at all are reset", async () => {
  await send("1", "2", "3");
  const { epoch } = server.app;
  const text = (place: string) => Buffer.from(place).toString("base64url");
  const reasons = {
    [text(`${epoch}-${bob.id}.2`)]: "epoch",
    [text(`${epoch}-${bob.id}.2.`)]: "invalid",
    [text(`${epoch}-${bob.id}.2.0`)]: "epoch",
    [text(`${epoch}-${bob.id}.0.5`)]: "epoch",
    [text(`${epoch}-${bob.id}.2.99999999999`)]: "invalid",
    [text(`${epoch}-${bob.id}.9999999999999999.9999999999`)]: "future",
    [await cursorAt(server.app, bob.id, 2, { mark: 9_999_999_999 })]: "epoch",
    [await cursorAt(server.app, ann.id, 2)]: "invalid",
    [await cursorAt(server.app, bob.id, 4)]: "future",
  };
  for (const [cursor, reason] of Object.entries(reasons)) {
    const { body } = await bob.get(`/events?cursor=${cursor}`);
    expect([cursor, body.reset?.reason, body.events]).toEqual([cursor, reason, []]);
    const socket = await bob.resume(cursor);
    expect([cursor, socket.of("sync:reset")[0]?.data.reason, socket.of("message:new")]).toEqual([cursor, reason, []]);
    expect((await bob.post("/events/ack", { cursor })).body).toEqual({ success: true, changed: false });
    await bob.leave();
  }
  expect((await bob.get(`/events?cursor=${await cursorAt(server.app, bob.id, 2)}`)).body.events).toHaveLength(1);
});

test("a pong that was forged, or is of another socket, confirms nothing that was not received", async () => {
  await send("1", "2");
  const [raw, foreign] = [await RawSocket.open(server.url, bob.token), await RawSocket.open(server.url, ann.token)];
  const payload = await raw.until(() => raw.pings().find((each) => each.startsWith("2.")));
  const [, mark] = payload.split(".");
  expect(await confirmedSeq()).toBe(0);
  for (const forged of [
    "2.1",
    "2.0",
    "2",
    "3.7",
    `2.${Number(mark) + 1}`,
    "99999999999999999.1",
    "2.-1",
    "1e0.1",
    "",
  ]) {
    raw.pong(forged);
  }
  foreign.pong(payload);
  await settled(raw);
  await settled(foreign);
  expect(await confirmedSeq()).toBe(0);
  // And what is true confirms, whatever was said before.
  raw.pong(payload);
  await waitFor(async () => ((await confirmedSeq()) === 2 ? true : undefined));
  raw.cut();
  foreign.cut();
});

/** What the server had to say to everything before has arrived. */
async function settled(raw: RawSocket): Promise<void> {
  raw.text("no frame");
  await raw.until(() => raw.texts().find(({ type }) => type === "error"));
}
