import { beforeEach, expect, test } from "bun:test";
import { addVideo, crowd, cursorAt, type Person, serverForFile, waitFor } from "@reelay/testkit";
import type { Position } from "../../src/delivery/cursor.ts";
import { retentionStart, trimLogs } from "../../src/delivery/retention.ts";

const LONG_AGO = new Date(0);

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let ann: Person;
let bob: Person;

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
});

async function send(count: number): Promise<void> {
  const work = Array.from({ length: count }, () => ann.post("/messages/", { receiverId: bob.id, content: "x" }));
  await Promise.all(work);
}

/** The numbers left in a log, and its floor. */
async function log(person: Person): Promise<{ seqs: number[]; floor: number }> {
  const [row] = await server.app.sql`
    select floor_seq::int as floor,
      coalesce((select json_agg(e.seq order by e.seq) from user_events e where e.user_id = s.user_id), '[]') as seqs
    from user_streams s where user_id = ${person.id}`;
  return row;
}

async function placeOf(seq: number): Promise<Position> {
  const [row] = await server.app.sql`select mark from user_events where user_id = ${bob.id} and seq = ${seq}`;
  return { seq, mark: row.mark };
}

const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

test("the newest so many events stay, and the floor follows", async () => {
  await send(30);
  await trimLogs(server.app.sql, { before: LONG_AGO, eventsPerUser: 30 });
  expect(await log(bob)).toEqual({ seqs: upTo(1, 30), floor: 0 });
  await trimLogs(server.app.sql, { before: LONG_AGO, eventsPerUser: 12 });
  expect(await log(bob)).toEqual({ seqs: upTo(19, 30), floor: 18 });
});

test("what is older than thirty days goes, also where the newest are older", async () => {
  await send(5);
  await server.app.sql`
    update user_events set created_at = now() - interval '31 days' where user_id = ${bob.id} and seq <= 3`;
  const before = retentionStart(server.clock.now());
  await trimLogs(server.app.sql, { before, eventsPerUser: 1000 });
  expect(await log(bob)).toEqual({ seqs: [4, 5], floor: 3 });
  await server.app.sql`update user_events set created_at = now() - interval '31 days' where user_id = ${bob.id}`;
  await trimLogs(server.app.sql, { before, eventsPerUser: 1000 });
  expect(await log(bob)).toEqual({ seqs: [], floor: 5 });
});

test("of likes and follows the newest two hundred stay; nothing else goes with them", async () => {
  await send(3);
  const fans = await crowd(server, 130);
  const videos = [await addVideo(server, bob), await addVideo(server, bob)];
  for (const video of videos) await Promise.all(fans.slice(0, 99).map((fan) => fan.post(`/videos/${video}/like`)));
  await Promise.all(fans.slice(0, 50).map((fan) => fan.post(`/users/${bob.id}/follow`)));
  // The server's own turn may hold the log at the moment, and is not waited for.
  const { seqs, floor } = await waitFor(async () => {
    await trimLogs(server.app.sql, { before: LONG_AGO, eventsPerUser: 1000 });
    const found = await log(bob);
    return found.floor === 51 ? found : undefined;
  });
  expect(seqs.slice(0, 3)).toEqual([1, 2, 3]);
  expect(seqs.slice(3)).toEqual(upTo(52, 251));
  expect(floor).toBe(51);
  // A plain client gets what is left above where it stands; a resumable one that is below the floor loads again.
  const plain = await bob.connect();
  await plain.settled();
  expect(plain.of("message:new")).toHaveLength(3);
  expect(plain.of("notification:new")).toHaveLength(200);
  const cursor = await cursorAt(server.app, bob.id, 3);
  const socket = await bob.resume(cursor);
  expect(socket.of("sync:reset").map((frame) => frame.data.reason)).toEqual(["too_old"]);
});

test("trimmed by two nodes at once, beside senders: nothing that should stay is gone", async () => {
  const rule = { before: LONG_AGO, eventsPerUser: 50 };
  const trims = Array.from({ length: 6 }, () => trimLogs(server.app.sql, rule));
  await Promise.all([send(200), ...trims]);
  await trimLogs(server.app.sql, rule);
  expect(await log(bob)).toEqual({ seqs: upTo(151, 200), floor: 150 });
});

test("a session that stands below the floor gets what is left, whatever another device has confirmed", async () => {
  await send(5);
  const [session] = await server.app.sql`select id::float8 as id from sessions where user_id = ${bob.id}`;
  server.app.confirmations.note(bob.id, session.id, await placeOf(1));
  server.app.confirmations.note(bob.id, session.id + 1_000_000, await placeOf(5));
  await server.app.confirmations.flush();
  await trimLogs(server.app.sql, { before: LONG_AGO, eventsPerUser: 3 });
  const plain = await bob.connect();
  await plain.settled();
  expect(plain.of("message:new")).toHaveLength(3);
});
