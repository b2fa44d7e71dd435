import { beforeEach, expect, test } from "bun:test";
import { PlainFrame, ResumableFrame } from "@reelay/contract";
import {
  addVideo,
  cursorAt,
  type Frame,
  type Person,
  peopleOf,
  RawSocket,
  serverForFile,
  startTestServer,
  type TestSocket,
} from "@reelay/testkit";
import { trimLogs } from "../../src/delivery/retention.ts";

/* Sockets that were opened with `?cursor=`. */

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let ann: Person;
let bob: Person;

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
});

async function send(content: string, from = ann, to = bob): Promise<number> {
  const { status, body } = await from.post("/messages/", { receiverId: to.id, content });
  expect(status).toBe(201);
  return body.id;
}

const durable = (socket: TestSocket) => socket.frames.filter((frame) => frame.seq !== undefined);
const contents = (socket: TestSocket) => socket.of("message:new").map((frame) => frame.data.content);
const types = (frames: Frame[]) => frames.map(({ type }) => type);

const cursor = (seq: number, { epoch = server.app.epoch, person = bob } = {}) =>
  cursorAt(server.app, person.id, seq, { epoch });
const written = (place: string) => Buffer.from(`${server.app.epoch}-${bob.id}.${place}`).toString("base64url");

async function confirmed(person: Person): Promise<number> {
  await server.app.confirmations.flush();
  const [row] = await server.app.sql`select confirmed_seq::int as seq from user_streams where user_id = ${person.id}`;
  return row?.seq ?? 0;
}

test("an empty cursor means from now: hello, synced, the two counters, then events with their place in the log", async () => {
  await send("before");
  const socket = await bob.resume();
  await send("after");
  await socket.next("message:new");
  await socket.settled();
  expect(types(socket.frames)).toEqual([
    ...["connected", "sync:hello", "sync:synced", "message:unread_count", "notification:unseen_count"],
    ...["message:new", "message:unread_count", "error"],
  ]);
  const [, hello, synced, , , event] = socket.frames;
  expect(hello!.data).toEqual({ protocol: 1, cursor: await cursor(1), heartbeatMs: 30_000, resume: "fresh" });
  expect(synced!.data).toEqual({ cursor: await cursor(1) });
  expect(event).toMatchObject({ data: { content: "after" }, seq: 2, cursor: await cursor(2) });
  for (const frame of socket.frames) expect(ResumableFrame.safeParse(frame).error).toBeUndefined();
});

test("from a cursor: everything since, once, in order, then synced, then what happens live", async () => {
  const first = await bob.resume();
  for (let n = 1; n <= 3; n++) await send(`m${n}`);
  const [second] = (await first.all("message:new", 3)).slice(1);
  await first.close();
  for (let n = 4; n <= 450; n++) await send(`m${n}`);
  const again = await bob.resume(second!.cursor);
  await send("live");
  await again.all("message:new", 449);
  expect(contents(again)).toEqual([...Array.from({ length: 448 }, (_, n) => `m${n + 3}`), "live"]);
  expect(durable(again).map(({ seq }) => seq)).toEqual(Array.from({ length: 449 }, (_, n) => n + 3));
  const [hello, synced] = [again.of("sync:hello")[0]!, again.of("sync:synced")[0]!];
  expect(hello.data).toMatchObject({ resume: "ok", cursor: second!.cursor });
  expect(again.frames.indexOf(synced)).toBeGreaterThan(again.frames.findLastIndex(({ seq }) => seq === 450));
});

test("whatever was confirmed, a resumable client gets what it asks for", async () => {
  const plain = await bob.connect();
  await send("1");
  await plain.next("message:new");
  const socket = await bob.resume(await cursor(0));
  expect(contents(socket)).toEqual(["1"]);
});

test("a cursor that cannot be gone on from: the reason, what to load, and events from here", async () => {
  for (let n = 0; n < 5; n++) await send(`m${n}`);
  await server.app.sql`update user_streams set floor_seq = 3 where user_id = ${bob.id}`;
  const unusable = {
    garbage: "invalid",
    "%00": "invalid",
    [written("x.0")]: "invalid",
    [written("-1.0")]: "invalid",
    [written("2")]: "epoch",
    [written("5.1")]: "epoch",
    [written(`${"9".repeat(40)}.0`)]: "invalid",
    [await cursor(2, { person: ann })]: "invalid",
    [await cursor(4, { epoch: "0123456789ab" })]: "epoch",
    [await cursor(6)]: "future",
    [await cursor(2)]: "too_old",
  };
  for (const [given, reason] of Object.entries(unusable)) {
    const socket = await bob.resume(given);
    expect(types(socket.frames.slice(0, 4))).toEqual(["connected", "sync:hello", "sync:reset", "sync:synced"]);
    const [, hello, reset] = socket.frames;
    expect([given, hello!.data.resume, reset!.data.reason]).toEqual([given, "reset", reason]);
    expect(reset!.data.cursor).toBe(await cursor(5));
    for (const path of reset!.data.refetch) expect((await bob.get(path)).status).toBe(200);
    await bob.leave();
  }
  const socket = await bob.resume(await cursor(3));
  expect(contents(socket)).toEqual(["m3", "m4"]);
});

test("plain sockets beside it see nothing of it, and no key more", async () => {
  const [plain, resumable] = [await ann.connect(), await ann.resume()];
  const id = await send("a", ann, bob);
  const back = await send("b", bob, ann);
  await ann.post("/messages/mark-seen", { messageIds: [back] });
  await bob.post(`/users/${ann.id}/follow`);
  await bob.delete(`/users/${ann.id}/follow`);
  await ann.delete(`/messages/${id}`);
  await Promise.all([plain.settled(), resumable.settled()]);
  for (const frame of plain.frames) expect(PlainFrame.safeParse(frame).error).toBeUndefined();
  expect(types(durable(resumable))).toEqual([
    ...["message:sent", "message:new", "message:read", "notification:new", "notification:revoked", "message:deleted"],
  ]);
  expect(durable(resumable).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(types(plain.frames).filter((type) => !type.endsWith("count"))).toEqual([
    ...["connected", "message:new", "notification:new", "message:deleted", "error"],
  ]);
});

test("an ack confirms up to its cursor; backwards, beyond, another's and garbage confirm nothing, and none costs anything", async () => {
  // It answers no ping: acks alone confirm.
  const socket = await RawSocket.open(server.url, `${bob.token}&cursor=`);
  const all = (type: string, count: number) =>
    socket.until(() => (socket.texts().filter((frame) => frame.type === type).length === count ? true : undefined));
  const sendFrame = (frame: unknown) => socket.text(JSON.stringify(frame));
  await all("sync:synced", 1);
  for (let n = 0; n < 4; n++) await send(`m${n}`);
  await all("message:new", 4);
  expect(await confirmed(bob)).toBe(0);
  for (const wrong of [
    await cursor(5),
    await cursor(2, { person: ann }),
    await cursor(2, { epoch: "ffffffffffff" }),
    "",
    "x",
  ]) {
    sendFrame({ type: "ack", data: { cursor: wrong } });
  }
  sendFrame({ type: "no such type" });
  await all("error", 1);
  expect(await confirmed(bob)).toBe(0);
  for (const seq of [3, 1]) sendFrame({ type: "ack", data: { cursor: await cursor(seq) } });
  sendFrame({ type: "no such type" });
  await all("error", 2);
  expect(await confirmed(bob)).toBe(3);
  sendFrame({ type: "ack", data: {} });
  await all("error", 3);
  socket.cut();
});

test("acks are not limited", async () => {
  const strict = await startTestServer({ env: { RATE_MESSAGES_PER_MINUTE: "3" } });
  const [cleo] = await peopleOf(strict, "cleo");
  const socket = await cleo.resume();
  for (let n = 0; n < 60; n++) socket.send({ type: "ack", data: { cursor: "x" } });
  await socket.settled();
  expect(socket.of("error").map((frame) => frame.error.code)).toEqual(["INVALID_MESSAGE"]);
  await strict.stop();
});

test("what one device does, the user's other devices hear: sent, with its clientId, and read", async () => {
  const other = await ann.resume();
  const { body: sent } = await ann.post("/messages/", { receiverId: bob.id, content: "x", clientId: "mine" });
  expect((await other.next("message:sent")).data).toEqual(sent);
  const id = await send("back", bob, ann);
  const { body } = await ann.put(`/messages/${bob.id}/read`);
  expect((await other.next("message:read")).data).toEqual({
    conversationWith: bob.id,
    messageIds: [id],
    seenAt: body.seenAt,
  });
  const late = await ann.resume(await cursor(0, { person: ann }));
  expect(durable(late)).toEqual(
    durable(other).map((frame) => ({
      ...frame,
      data: { ...frame.data, ...(frame.type === "message:new" && { seen: true }) },
    })),
  );
});

test("a notification that comes back silently: no push, but resumable devices load their list again, also later", async () => {
  const video = await addVideo(server, bob);
  const socket = await bob.resume();
  await ann.post(`/videos/${video}/like`);
  await ann.delete(`/videos/${video}/like`);
  await ann.post(`/videos/${video}/like`);
  await socket.settled();
  expect(types(durable(socket))).toEqual(["notification:new", "notification:revoked", "sync:stale"]);
  expect(socket.of("sync:stale")[0]!.data).toEqual({ refetch: ["/notifications"] });
  const later = await bob.resume(await cursor(2));
  expect(types(durable(later))).toEqual(["sync:stale"]);
});

test("ten sockets resume one cursor at once: each gets everything", async () => {
  for (let n = 0; n < 300; n++) await send(`m${n}`);
  const place = await cursor(100);
  const sockets = await Promise.all(Array.from({ length: 10 }, () => bob.resume(place)));
  for (const socket of sockets) {
    expect(durable(socket).map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, n) => n + 101));
  }
});

test("a log that is trimmed while it is replayed is never handed out in part", async () => {
  let trim = async () => {};
  const trimming = await startTestServer({
    env: { RATE_MESSAGES_PER_MINUTE: "0" },
    replay: (replay) => ({
      ...replay,
      page: async (...args) => {
        const page = await replay.page(...args);
        await trim();
        return page;
      },
    }),
  });
  const [cleo, dora] = await peopleOf(trimming, "cleo", "dora");
  for (let n = 0; n < 500; n++) await send(`m${n}`, cleo, dora);
  trim = () => trimLogs(trimming.app.sql, { before: new Date(0), eventsPerUser: 100 });
  const start = Buffer.from(`${trimming.app.epoch}-${dora.id}.0.0`).toString("base64url");
  const socket = await dora.resume(start);
  trim = async () => {};
  expect(durable(socket).map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  expect(socket.of("sync:reset").map((frame) => frame.data.reason)).toEqual(["too_old"]);
  await send("next", cleo, dora);
  expect((await socket.next("message:new")).seq).toBe(501);
  // A plain client of a session that has received nothing gets every row that is left.
  await dora.leave();
  await trimming.app.confirmations.flush();
  await trimming.app.sql`delete from session_cursors where user_id = ${dora.id}`;
  await trimming.app.sql`update user_streams set confirmed_seq = 0 where user_id = ${dora.id}`;
  const plain = await dora.connect();
  await plain.settled();
  expect(contents(plain)).toEqual([...Array.from({ length: 100 }, (_, n) => `m${n + 400}`), "next"]);
  await trimming.stop();
});
