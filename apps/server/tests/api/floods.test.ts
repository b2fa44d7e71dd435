import { beforeAll, beforeEach, expect, test } from "bun:test";
import { addVideo, crowd, type Person, serverForFile, type TestSocket, waitFor } from "@reelay/testkit";
import { endFloods, forgetFloods } from "../../src/features/notifications/floods.ts";

const SECONDS = 1000;

const { server, people } = serverForFile();
let bob: Person;
let fans: Person[];
let videoId: number;

beforeAll(async () => {
  fans = await crowd(server, 130, "fan");
});

beforeEach(async () => {
  [bob] = await people("bob");
  videoId = await addVideo(server, bob);
});

/** Waits until the flood has ended, by our hand or by the server's own job. */
async function ended(): Promise<void> {
  server.clock.shiftWall(11 * SECONDS);
  await waitFor(async () => {
    await endFloods(server.app);
    const pending = await server.app.sql`
      select 1 from notification_floods where user_id = ${bob.id} and suppressed_id is not null`;
    return pending.length === 0 ? true : undefined;
  });
}

async function like(from: number, to: number): Promise<void> {
  const answers = await Promise.all(fans.slice(from, to).map((fan) => fan.post(`/videos/${videoId}/like`)));
  expect(answers.every(({ status, body }) => status === 200 && body.changed)).toBe(true);
}

async function unseen(): Promise<number> {
  return (await bob.get("/notifications/unseen/count")).body;
}

/** Waits for so many notifications: two batches at once may leave a gap for a moment, which is read from the log. */
async function count(socket: TestSocket, expected: number): Promise<number> {
  await socket.all("notification:new", expected);
  await socket.settled();
  return told(socket).length;
}

const told = (socket: TestSocket) => socket.of("notification:new").map((frame) => frame.data.id);

test("a hundred likes in ten seconds are told one by one; beyond, they are counted, and the newest is told at the end", async () => {
  const [plain, resumable] = [await bob.connect(), await bob.resume()];
  await like(0, 120);
  await resumable.next("sync:stale");
  expect([await count(plain, 100), await count(resumable, 100), await unseen()]).toEqual([100, 100, 120]);
  const { body: list } = await bob.get("/notifications?limit=100");
  expect(plain.of("notification:unseen_count").at(-1)!.data.count).toBe(120);
  await endFloods(server.app);
  await plain.settled();
  expect(told(plain)).toHaveLength(100);
  await ended();
  await Promise.all([plain.all("notification:new", 101), resumable.all("notification:new", 101)]);
  expect(told(plain).slice(100)).toEqual([list[0].id]);
  expect(told(resumable).slice(100)).toEqual([list[0].id]);
  await endFloods(server.app);
  await plain.settled();
  expect(told(plain)).toHaveLength(101);
  // What a stranger can cause again and again is kept in small numbers, also what ends it.
  const kinds = await server.app.sql`select distinct flood from user_events where user_id = ${bob.id}`;
  expect(kinds.map(({ flood }: { flood: number }) => flood)).toEqual([1]);
  const [{ seq }] = await server.app.sql`select seq::int as seq from user_streams where user_id = ${bob.id}`;
  // A suppressed like has no number; the mark that the list is stale has one.
  expect(seq).toBe(102);
});

test("who was away during a flood is told to load the list again", async () => {
  const before = await bob.resume();
  const { cursor } = before.of("sync:synced")[0]!.data;
  await before.close();
  await like(0, 105);
  await ended();
  const socket = await bob.resume(cursor);
  expect(socket.of("sync:stale").map((frame) => frame.data)).toEqual([{ refetch: ["/notifications"] }]);
  expect(new Set(told(socket)).size).toBe(101);
});

test("another ten seconds, another hundred; another video, its own", async () => {
  const socket = await bob.connect();
  await like(0, 60);
  server.clock.shiftWall(11 * SECONDS);
  await like(60, 130);
  expect(await count(socket, 130)).toBe(130);
  videoId = await addVideo(server, bob);
  await like(0, 50);
  expect(await count(socket, 180)).toBe(180);
});

test("follows of one person are a flood too; comments never are", async () => {
  const socket = await bob.connect();
  await Promise.all(fans.map((fan) => fan.post(`/users/${bob.id}/follow`)));
  await Promise.all(fans.slice(0, 110).map((fan) => fan.post("/comments/", { videoId, content: "wow" })));
  expect(await count(socket, 210)).toBe(210);
  const types = socket.of("notification:new").map((frame) => frame.data.type);
  expect(types.filter((type) => type === "follow")).toHaveLength(100);
  expect(types.filter((type) => type === "comment")).toHaveLength(110);
  expect(await unseen()).toBe(240);
});

test("of a flood whose newest was taken back, nothing is told but that the list is stale; nothing is left of it", async () => {
  await like(0, 110);
  const { body: list } = await bob.get("/notifications?limit=1");
  const newest = fans.find(({ id }) => id === list[0].actor.id)!;
  await newest.delete(`/videos/${videoId}/like`);
  const socket = await bob.resume();
  await ended();
  await socket.all("sync:stale", 1);
  await socket.settled();
  expect(socket.of("sync:stale")).toHaveLength(1);
  expect(told(socket)).toEqual([]);
  server.clock.shiftWall(60 * SECONDS);
  await forgetFloods(server.app);
  const left = await server.app.sql`select 1 from notification_floods where user_id = ${bob.id}`;
  expect([...left]).toEqual([]);
});
