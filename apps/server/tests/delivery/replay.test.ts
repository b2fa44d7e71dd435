import { expect, test } from "bun:test";
import { Events } from "@reelay/contract";
import {
  createTestDatabase,
  crowd,
  type Frame,
  type Person,
  peopleOf,
  startTestServer,
  type TestServer,
  type TestSocket,
} from "@reelay/testkit";
import type { Renderer } from "../../src/delivery/render.ts";
import { openReplay, type Replay } from "../../src/delivery/replay.ts";
import { openPostgres } from "../../src/platform/postgres.ts";
import { RENDERERS } from "../../src/renderers.ts";

/* What is read of logs at once, and what becomes of an event that cannot be read. */

const LONG = "漢".repeat(5000);

type Seam = { server: TestServer; read(replay: Replay): void };

/** A server whose sockets read their log as the test says. */
async function onServer(run: (seam: Seam) => Promise<void>): Promise<void> {
  let chosen: Replay | undefined;
  const server = await startTestServer({
    env: { RATE_MESSAGES_PER_MINUTE: "0" },
    replay: (replay) => ({ ...replay, page: (...args) => (chosen ?? replay).page(...args) }),
  });
  try {
    await run({
      server,
      read(replay) {
        chosen = replay;
      },
    });
  } finally {
    await server.stop();
  }
}

async function send(from: Person, to: Person, ...contents: string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const content of contents) {
    const { status, body } = await from.post("/messages/", { receiverId: to.id, content });
    expect(status).toBe(201);
    ids.push(body.id);
  }
  return ids;
}

async function sendMany(from: Person, to: Person, count: number, content: string): Promise<void> {
  const body = { receiverId: to.id, content };
  for (const { status } of await Promise.all(Array.from({ length: count }, () => from.post("/messages/", body)))) {
    expect(status).toBe(201);
  }
}

/** An event of a server that is newer than this one. */
async function appendUnknown({ app }: TestServer, person: Person): Promise<void> {
  await app.sql`
    select count(*) from append_events(array[
      row(${person.id}::bigint, 'story:new', 1, null, 0, 0, 0)::event_draft])`;
}

function replayWith({ app }: TestServer, renderMessages: Renderer<"message:new">): Replay {
  return openReplay(app.sql, { ...RENDERERS, "message:new": renderMessages }, app.log);
}

/** The cursor of somebody who has nothing yet. */
async function resumeFromStart(server: TestServer, person: Person): Promise<TestSocket> {
  return await person.resume(Buffer.from(`${server.app.epoch}-${person.id}.0.0`).toString("base64url"));
}

const seqs = (frames: Frame[]) => frames.flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
const contents = (frames: Frame[]) =>
  frames.flatMap(({ type, data }) => (type === "message:new" ? [data.content] : []));

test("a page of long messages ends early, and the next goes on behind it: each event once, in order", async () => {
  await onServer(async ({ server }) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    let { cursor } = (await bob.get<Events>("/events")).body;
    await sendMany(ann, bob, 30, LONG);
    const pages: Events[] = [];
    do {
      pages.push(Events.parse((await bob.get(`/events?limit=100&cursor=${cursor}`)).body));
      cursor = pages.at(-1)!.cursor;
    } while (pages.at(-1)!.hasMore);
    expect(pages.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual(upTo(30));
    for (const { events } of pages) {
      expect(events.length).toBeGreaterThan(0);
      expect(Buffer.byteLength(JSON.stringify(events))).toBeLessThan(256 * 1024);
    }
  });
});

test("ten sockets that resume among long messages, while more come: each gets everything once, in order", async () => {
  await onServer(async ({ server }) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    await sendMany(ann, bob, 60, LONG);
    const resuming = Array.from({ length: 10 }, () => resumeFromStart(server, bob));
    await sendMany(ann, bob, 20, LONG);
    for (const socket of await Promise.all(resuming)) {
      await socket.all("message:new", 80);
      expect(seqs(socket.frames)).toEqual(upTo(80));
    }
  });
});

test("however many read at once, one statement renders no more than 256 events, and each page once", async () => {
  await onServer(async ({ server }) => {
    const [ann, ...readers] = await crowd(server, 31);
    await Promise.all(readers.map((reader) => sendMany(ann!, reader, 20, LONG)));
    const rendered: number[] = [];
    const replay = replayWith(server, (sql, events) => {
      rendered.push(events.length);
      return RENDERERS["message:new"](sql, events);
    });
    const asked = readers.flatMap(({ id }) => Array.from({ length: 10 }, () => replay.page(id, 0)));
    const pages = await Promise.all(asked);
    for (const { events, isFull } of pages) {
      expect(events.map(({ seq }) => seq)).toEqual(upTo(events.length));
      expect([events.length > 0, isFull]).toEqual([true, true]);
    }
    expect(new Set(pages).size).toBe(30);
    expect(Math.max(...rendered)).toBeLessThanOrEqual(256);
    expect(rendered.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(30 * 20);
  });
});

test("a read that has begun is shared with nobody who asks later: it may lack what they know of", async () => {
  await onServer(async ({ server }) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    await send(ann, bob, "1");
    const { promise: isRead, resolve: read } = Promise.withResolvers<void>();
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const replay = replayWith(server, async (sql, events) => {
      read();
      await mayGoOn;
      return await RENDERERS["message:new"](sql, events);
    });
    const early = replay.page(bob.id, 0);
    await isRead;
    await send(ann, bob, "2");
    const late = replay.page(bob.id, 0);
    goOn();
    expect((await early).top.seq).toBe(1);
    expect((await late).top.seq).toBe(2);
    expect((await late).events).toHaveLength(2);
  });
});

test("an event of an unknown type between two messages stops neither; who keeps a cursor loads anew", async () => {
  await onServer(async ({ server }) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    const { cursor } = (await bob.get<Events>("/events")).body;
    await send(ann, bob, "before");
    await appendUnknown(server, bob);
    await appendUnknown(server, bob);
    await send(ann, bob, "after");
    const plain = await bob.connect();
    await plain.all("message:new", 2);
    expect(contents(plain.frames)).toEqual(["before", "after"]);
    expect(plain.of("sync:stale")).toEqual([]);
    const resumable = await resumeFromStart(server, bob);
    expect(seqs(resumable.frames)).toEqual([1, 3, 4]);
    const [stale] = resumable.of("sync:stale");
    expect(stale!.data.refetch).toContain("/messages/inbox");
    const polled = Events.parse((await bob.get(`/events?cursor=${cursor}`)).body);
    expect(polled.events.map(({ type, seq }) => [type, seq])).toEqual([
      ["message:new", 1],
      ["sync:stale", 3],
      ["message:new", 4],
    ]);
    expect(polled.hasMore).toBe(false);
  });
});

test("an event of an unknown type that is published is passed over as well", async () => {
  await onServer(async ({ server }) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    const [plain, resumable] = [await bob.connect(), await bob.resume()];
    await appendUnknown(server, bob);
    const frame = JSON.stringify({ type: "story:new", data: {} });
    const [{ mark }] = await server.app.sql`select head_mark as mark from user_streams where user_id = ${bob.id}`;
    const type = "story:new" as never;
    server.app.broker.publish([{ kind: "durable", userId: bob.id, seq: 1, mark, afterMark: 0, type, frame }]);
    await send(ann, bob, "after");
    for (const socket of [plain, resumable]) expect((await socket.next("message:new")).data.content).toBe("after");
    expect(plain.frames.map(({ type }) => type)).not.toContain("story:new");
    expect(seqs(resumable.frames)).toEqual([1, 2]);
    expect(resumable.of("sync:stale")).toHaveLength(1);
  });
});

test("one event that throws whenever it is rendered is passed over alone", async () => {
  await onServer(async ({ server, read }) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    const ids = await send(ann, bob, "1", "2", "3", "4", "5");
    const faulty: Renderer<"message:new"> = async (sql, events) => {
      const isThere = events.some(({ subjectId }) => subjectId === ids[2]);
      await sql`select 1 / ${isThere ? 0 : 1}::int`;
      return await RENDERERS["message:new"](sql, events);
    };
    read(replayWith(server, faulty));
    const plain = await bob.connect();
    await plain.all("message:new", 4);
    expect(contents(plain.frames)).toEqual(["1", "2", "4", "5"]);
    const resumable = await resumeFromStart(server, bob);
    expect(resumable.frames.flatMap(({ type, seq }) => (seq ? [[type, seq]] : []))).toEqual([
      ["message:new", 1],
      ["message:new", 2],
      ["sync:stale", 3],
      ["message:new", 4],
      ["message:new", 5],
    ]);
  });
});

test("a render that waits in vain for a lock, or is cancelled, loses nothing: the page is read again", async () => {
  const database = await createTestDatabase();
  for (const setting of ["lock_timeout", "statement_timeout"]) {
    const server = await startTestServer({ database, env: { RATE_MESSAGES_PER_MINUTE: "0" } });
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    await send(ann, bob, "1", "2");
    const impatient = openPostgres(database.connection, 1);
    await impatient.unsafe(`set ${setting} = 20`);
    const failures: unknown[] = [];
    const replay = openReplay(impatient, RENDERERS, server.app.log);
    const { promise: hasFailed, resolve: fail } = Promise.withResolvers<void>();
    await server.app.sql.begin(async (tx) => {
      await tx`lock table messages in access exclusive mode`;
      await replay.page(bob.id, 0).catch((error) => {
        failures.push(error);
        fail();
      });
      await hasFailed;
    });
    expect(failures.map((error) => (error as { errno: string }).errno)).toEqual([
      setting === "lock_timeout" ? "55P03" : "57014",
    ]);
    expect((await replay.page(bob.id, 0)).events.map(({ frame }) => frame !== null)).toEqual([true, true]);
    await impatient.close();
    await server.stop();
  }
  await database.drop();
});

test("a socket whose pages time out gets everything when they no longer do", async () => {
  await onServer(async ({ server, read }) => {
    const [ann, bob] = await peopleOf(server, "ann", "bob");
    await send(ann, bob, "1", "2");
    let failures = 0;
    const cancelled: Renderer<"message:new"> = async (sql, events) => {
      if (failures++ < 2) {
        await sql.begin(async (tx) => {
          await tx`set local statement_timeout = 1`;
          await tx`select pg_sleep(5)`;
        });
      }
      return await RENDERERS["message:new"](sql, events);
    };
    read(replayWith(server, cancelled));
    const plain = await bob.connect();
    await plain.all("message:new", 2);
    expect(contents(plain.frames)).toEqual(["1", "2"]);
    expect(failures).toBe(3);
  });
});
