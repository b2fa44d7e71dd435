import { expect, test } from "bun:test";
import {
  type Person,
  peopleOf,
  RawSocket,
  startTestServer,
  type TestServer,
  type TestServerOptions,
  waitFor,
} from "@reelay/testkit";
import { trimLogs } from "../../src/delivery/retention.ts";

/* Clients that do not read. */

const EVENTS = 100_000;
const MB = 1024 * 1024;
/** Messages that are sent while it does not read: 15 MB. */
const PUBLISHED = 3000;
const PUBLISHED_LENGTH = 5000;

async function onServer(options: TestServerOptions, run: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startTestServer({ ...options, env: { RATE_MESSAGES_PER_MINUTE: "0", ...options.env } });
  try {
    await run(server);
  } finally {
    await server.stop();
  }
}

/** So many messages from one to the other, as `sendMessages` writes them, without their counters being asked for. */
async function write({ app }: TestServer, from: Person, to: Person, count: number, size = 2000): Promise<void> {
  await app.sql.begin(async (tx) => {
    await tx`set local statement_timeout = 0`;
    await tx`
      insert into messages (sender_id, receiver_id, content)
      select ${from.id}, ${to.id}, repeat('x', ${size}) from generate_series(1, ${count}) n`;
    await tx`
      insert into conversations (user_id, peer_id, unread, last_message_id)
      select side.u, side.p, side.n, (select max(id) from messages where receiver_id = ${to.id})
      from (values (${to.id}::bigint, ${from.id}::bigint, ${count}::int), (${from.id}, ${to.id}, 0)) as side(u, p, n)
      on conflict (user_id, peer_id) do update set unread = conversations.unread + excluded.unread,
        last_message_id = excluded.last_message_id`;
    await tx`
      select count(*) from append_events(array(
        select row(${to.id}::bigint, 'message:new', id, null, 1, 0, 0)::event_draft
        from messages where receiver_id = ${to.id} and seen_at is null order by id desc limit ${count}))`;
  });
}

async function connectRaw(server: TestServer, person: Person, query = ""): Promise<RawSocket> {
  const raw = await RawSocket.open(server.url, person.token + query);
  await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
  return raw;
}

async function untilStalled(server: TestServer, person: Person) {
  const [connection] = server.running.sockets.hub.of(person.id);
  await waitFor(() => (connection!.outboxState.kind === "stalled" ? true : undefined));
  return connection!;
}

/** What lives in this process, server and test alike, without what the collector has not got to yet. */
function liveBytes(): number {
  Bun.gc(true);
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("a stalled reader with 100 000 events waiting has less than 1 MB buffered, and what is published meanwhile is not held; then it gets them all", async () => {
  await onServer({ env: { EVENTS_PER_USER: "200000", STALL_SECONDS: "0" } }, async (server) => {
    const [ann, bob, cleo] = await peopleOf(server, "ann", "bob", "cleo");
    // Cleo's socket is idle: what is sent to her is read.
    const idleSocket = await RawSocket.open(server.url, cleo.token, { answersPings: true, onText: () => {} });
    await connectRaw(server, bob, "&cursor=").then((raw) => raw.cut());
    const cursor = Buffer.from(`${server.app.epoch}-${bob.id}.0.0`).toString("base64url");
    await write(server, ann, bob, EVENTS, 100);
    const raw = await RawSocket.open(server.url, `${bob.token}&cursor=${cursor}`);
    raw.pause();
    const connection = await untilStalled(server, bob);
    const buffered = connection.bufferedBytes();
    expect(buffered).toBeLessThan(MB);
    const growth = async (receiver: Person) => {
      const before = liveBytes();
      for (let n = 0; n < PUBLISHED / 100; n++) {
        const body = { receiverId: receiver.id, content: "x".repeat(PUBLISHED_LENGTH) };
        const answers = await Promise.all(Array.from({ length: 100 }, () => ann.post("/messages/", body)));
        expect(answers.every(({ status }) => status === 201)).toBe(true);
      }
      return liveBytes() - before;
    };
    // The first time everything grows; then what is idle tells what the traffic itself costs.
    await growth(cleo);
    const [idle, stalled] = [await growth(cleo), await growth(bob)];
    console.log(`a stalled reader: ${buffered} bytes buffered, ${stalled - idle} bytes more than an idle one`);
    expect(connection.outboxState.kind).toBe("stalled");
    expect(stalled - idle).toBeLessThan((PUBLISHED * PUBLISHED_LENGTH) / 2);
    // Pings are what still comes.
    expect(connection.bufferedBytes()).toBeLessThan(buffered + 100);
    raw.resume();
    idleSocket.cut();
    const total = EVENTS + PUBLISHED;
    await raw.until(() => (raw.frames.length >= total ? true : undefined), 60_000);
    await raw.until(() => (raw.texts().some(({ type }) => type === "sync:synced") ? true : undefined));
    const seqs = raw.texts().flatMap((frame: any) => (frame.seq === undefined ? [] : [frame.seq]));
    expect(seqs).toEqual(Array.from({ length: total }, (_, n) => n + 1));
    raw.cut();
  });
}, 120_000);

test("with the defaults it is closed with 4008, and goes on from its cursor; or is told that it is too old", async () => {
  await onServer({}, async (server) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    const raw = await connectRaw(server, bob, "&cursor=");
    raw.pause();
    await write(server, ann, bob, 9000);
    await server.running.repair();
    await untilStalled(server, bob);
    server.clock.advance(29_000);
    server.running.sockets.sweep.tick();
    const [connection] = server.running.sockets.hub.of(bob.id);
    expect(connection!.isClosed()).toBe(false);
    server.clock.advance(1_001);
    server.running.sockets.sweep.tick();
    expect(connection!.isClosed()).toBe(true);
    raw.resume();
    await raw.until(() => (raw.isGone ? true : undefined));
    const last = raw.texts().findLast((frame: any) => frame.cursor !== undefined) as any;
    expect(last.seq).toBeLessThan(9000);
    const again = await bob.resume(last.cursor);
    expect(again.of("sync:hello")[0]!.data.resume).toBe("ok");
    const seqs = again.frames.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
    expect(seqs).toEqual(Array.from({ length: 9000 - last.seq }, (_, n) => last.seq + n + 1));
    await bob.leave();
    await trimLogs(server.app.sql, { before: new Date(0), eventsPerUser: 100 });
    const late = await bob.resume(last.cursor);
    expect(late.of("sync:reset").map((frame) => frame.data.reason)).toEqual(["too_old"]);
  });
});

test("a reader under pressure gets only the newest of each counter, once it has read", async () => {
  await onServer({}, async (server) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    const raw = await connectRaw(server, bob);
    await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
    raw.pause();
    await write(server, ann, bob, 9000);
    await server.running.repair();
    await untilStalled(server, bob);
    for (let n = 0; n < 20; n++) await ann.post("/messages/", { receiverId: bob.id, content: "x" });
    raw.resume();
    await raw.until(() => (raw.frames.length >= 9020 ? true : undefined), 60_000);
    await raw.until(() =>
      raw.texts().filter(({ type }) => type === "message:new").length === 9020 ? true : undefined,
    );
    await raw.until(() => raw.texts().find((frame) => frame.data?.count === 9020));
    expect(raw.texts().filter(({ type }) => type === "message:unread_count").length).toBeLessThanOrEqual(2);
    raw.cut();
  });
});

test("whoever connects again and again is refused with 4008, and others are not", async () => {
  await onServer({}, async (server) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    const codes: (number | undefined)[] = [];
    for (let n = 0; n < 150; n++) {
      const raw = await RawSocket.open(server.url, ann.token);
      await raw.until(() => raw.closeCode() ?? raw.texts().find((frame) => frame.type === "connected"));
      codes.push(raw.closeCode());
      raw.cut();
    }
    expect(codes.slice(0, 100)).toEqual(Array(100).fill(undefined));
    expect(codes.at(-1)).toBe(4008);
    await (await bob.connect()).settled();
  });
});
