import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import {
  createTestDatabase,
  FaultyNetwork,
  type Person,
  peopleOf,
  promote,
  startTestServer,
  type TestDatabase,
  TestRedis,
  type TestServer,
  TestSocket,
  waitFor,
} from "@reelay/testkit";
import { DatabaseWatch } from "../../src/platform/database-watch.ts";
import { openLog } from "../../src/platform/log.ts";
import type { Connection } from "../../src/platform/postgres.ts";

/* A node whose way to the database is gone without a word, while others have theirs. */

let database: TestDatabase;
let redis: TestRedis;
let network: FaultyNetwork;
let cutOff: TestServer;
let other: TestServer | undefined;
beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), TestRedis.start()]);
  network = await FaultyNetwork.before(socketOf(database.connection).path);
  cutOff = await startTestServer({ env: env(), database: { ...database, connection: connectionThrough(network) } });
});

afterEach(async () => {
  await other?.stop();
  other = undefined;
});

afterAll(async () => {
  await cutOff.stop();
  network.close();
  await redis.kill();
  await database.drop();
});

function socketOf(connection: Connection) {
  if (!("path" in connection)) throw new Error("the database of the tests listens on a socket of its own");
  return connection;
}

function connectionThrough({ url }: FaultyNetwork): Connection {
  const { username, password, database: name } = socketOf(database.connection);
  return { url: `${url.replace("http://", `postgres://${username}:${password}@`)}/${name}` };
}

const env = () => ({ REDIS_URL: redis.url, DRAIN_SECONDS: "0" });

async function person(): Promise<Person> {
  const [somebody] = await peopleOf(cutOff, "somebody");
  return somebody!;
}

/** What half a minute is to the watch. */
async function halfAMinute(): Promise<void> {
  for (let tick = 0; tick < 30; tick++) await cutOff.app.database.tick();
}

async function health(): Promise<number> {
  return (await fetch(`${cutOff.url}/healthz`)).status;
}

test("connections that are half open are replaced as soon as new ones are answered; what hung is 503", async () => {
  const ann = await person();
  const socket = await ann.connect();
  await socket.settled();
  network.silence();
  const hanging = [ann.get("/videos"), ann.post("/messages/", { receiverId: ann.id + 1, content: "hello" })];
  await halfAMinute();
  expect([cutOff.app.database.isCutOff(), await health()]).toEqual([true, 200]);
  expect((await fetch(`${cutOff.url}/readyz`)).status).toBe(503);
  network.mendForNew();
  await halfAMinute();
  expect((await Promise.all(hanging)).map(({ status }) => status)).toEqual([503, 503]);
  await waitFor(() => (cutOff.app.database.isCutOff() ? undefined : true));
  expect((await ann.get("/users/me")).status).toBe(200);
  expect((await fetch(`${cutOff.url}/readyz`)).status).toBe(200);
  await socket.settled();
  expect(socket.isOpen).toBe(true);
  const chief = await person();
  await promote(cutOff, chief, "admin");
  await chief.post(`/admin/users/${ann.id}/ban`, { reason: "spam" });
  expect((await socket.closed).code).toBe(4003);
});

test("one half-open connection of two is found as well: its queries hang while the other's are answered", async () => {
  const its = await FaultyNetwork.before(socketOf(database.connection).path);
  let isReplaced = false;
  const write = (line: string) => {
    isReplaced ||= line.includes("they are replaced");
  };
  const log = openLog("error", { isTerminal: false, destination: { write } });
  const watch = new DatabaseWatch(connectionThrough(its), 2, log);
  // Both are open, and the pool's.
  const reserved = [await watch.sql.reserve(), await watch.sql.reserve()];
  for (const connection of reserved) connection.release();
  its.silenceNewest();
  // Which connection a query gets is the pool's affair: some hang, or only the watch's own do.
  const queries: Promise<boolean>[] = [];
  await waitFor(async () => {
    queries.push(
      watch.sql`select 1`.then(
        () => true,
        () => false,
      ),
    );
    await watch.tick();
    return isReplaced ? true : undefined;
  });
  expect(await Promise.all(queries)).toContain(true);
  expect(await watch.sql`select 1 as one`).toHaveLength(1);
  await watch.sql.close();
  its.close();
});

test("a process that the database never answers, while it answers others, asks to be restarted", async () => {
  const watch = new DatabaseWatch(database.connection, 1, openLog("silent"));
  // Taken before any probe comes, from each pool that takes the place of the one before.
  const take = () => watch.sql.reserve().catch(() => {});
  await take();
  for (let tick = 0; tick < 89; tick++) {
    await watch.tick();
    void take();
  }
  expect([watch.isCutOff(), watch.isStuck()]).toEqual([true, false]);
  for (let tick = 0; tick < 2; tick++) {
    await watch.tick();
    void take();
  }
  expect(watch.isStuck()).toBe(true);
  await watch.sql.close({ timeout: 0 });
});

test("sockets of a node that is cut off stay while no other has a database, and are sent there when one has", async () => {
  const ann = await person();
  const socket = await ann.connect();
  await socket.settled();
  network.silence();
  await halfAMinute();
  await waitFor(async () => ((await cutOff.app.socketCounts.isDatabaseAnswering()) ? undefined : true));
  await socket.settled();
  expect(socket.isOpen).toBe(true);
  other = await startTestServer({ env: env(), database });
  expect((await socket.closed).code).toBe(1012);
  expect(await (await fetch(`${cutOff.url}/api/v1/ws`)).json()).toMatchObject({ error: { code: "UNAVAILABLE" } });
  const there = TestSocket.open(other.url, ann.token);
  await there.next("connected");
  await there.close();
  network.mendForNew();
  await halfAMinute();
  await waitFor(() => (cutOff.app.database.isAnswering() ? true : undefined));
  await waitFor(async () => ((await fetch(`${cutOff.url}/readyz`)).status === 200 ? true : undefined));
  await ann.connect();
  await ann.leave();
});
