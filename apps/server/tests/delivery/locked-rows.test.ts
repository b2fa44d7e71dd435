import { afterEach, expect, test } from "bun:test";
import { addVideo, crowd, HeldRows, type Person, serverForFile, waitFor } from "@reelay/testkit";
import { likeVideo } from "../../src/features/likes/likes.ts";
import { sendMessage } from "../../src/features/messages/send.ts";
import type { Tx } from "../../src/platform/postgres.ts";

/* One row that somebody keeps locked holds up only those who need that row. */

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let held: HeldRows | undefined;

afterEach(async () => {
  await held?.release();
  held = undefined;
});

async function hold(lock: (tx: Tx) => Promise<unknown>): Promise<void> {
  held = await HeldRows.hold(server.database, lock);
}

async function release(): Promise<void> {
  await held!.release();
  held = undefined;
}

const stream = (userId: number) => (tx: Tx) => tx`select from user_streams where user_id = ${userId} for update`;

/** Whether a promise has been settled, without waiting for it. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  return await Promise.race([
    promise.then(
      () => false,
      () => false,
    ),
    new Promise<true>((resolve) => setImmediate(() => resolve(true))),
  ]);
}

async function send(by: Person, to: Person, content = "hello"): Promise<void> {
  await sendMessage(server.app, { senderId: by.id, receiverId: to.id, content });
}

async function contentsBetween(by: Person, to: Person): Promise<string[]> {
  const rows: { content: string }[] = await server.app.sql`
    select content from messages where sender_id = ${by.id} and receiver_id = ${to.id} order by id`;
  return rows.map(({ content }) => content);
}

test("a held stream: everybody else's messages go on, its own come in order when it is released", async () => {
  const [ann, bob] = await people("ann", "bob");
  const others = await crowd(server, 40);
  await send(ann, bob, "m0");
  await hold(stream(bob.id));
  const answered: string[] = [];
  const toBob = (content: string) => send(ann, bob, content).then(() => answered.push(content));
  const waiting: Promise<unknown>[] = [];
  for (let round = 0; round < 5; round++) {
    waiting.push(toBob(`m${2 * round + 1}`));
    await Promise.all([
      ...others.map((other, n) => send(other, others[(n + 1) % others.length]!)),
      // Who waits for one is not kept from writing to another.
      send(ann, others[round]!),
    ]);
    waiting.push(toBob(`m${2 * round + 2}`));
  }
  for (const each of waiting) expect(await isPending(each)).toBe(true);
  await release();
  waiting.push(toBob("m11"));
  await Promise.all(waiting);
  const expected = Array.from({ length: 11 }, (_, n) => `m${n + 1}`);
  expect(answered).toEqual(expected);
  expect(await contentsBetween(ann, bob)).toEqual(["m0", ...expected]);
});

test("a held conversation: the pair waits, the others go on", async () => {
  const [ann, bob, cleo] = await people("ann", "bob", "cleo");
  await send(ann, bob);
  await hold((tx) => tx`select from conversations where user_id = ${bob.id} and peer_id = ${ann.id} for update`);
  const back = send(bob, ann, "back");
  await Promise.all([send(cleo, ann), send(cleo, bob), send(ann, cleo), send(bob, cleo)]);
  expect(await isPending(back)).toBe(true);
  await release();
  await back;
});

test("a stream that is only being made cannot be looked at, and holds up nobody else", async () => {
  const [ann, bob] = await people("ann", "bob");
  const others = await crowd(server, 8);
  await hold((tx) => tx`insert into user_streams (user_id) values (${bob.id}) returning user_id`);
  const waiting = [send(ann, bob, "m1"), send(ann, bob, "m2")];
  await Promise.all(others.map((other) => send(other, ann)));
  await Promise.all(others.map((other) => send(other, ann)));
  for (const each of waiting) expect(await isPending(each)).toBe(true);
  await release();
  await Promise.all(waiting);
  expect(await contentsBetween(ann, bob)).toEqual(["m1", "m2"]);
});

test("a table that is locked stops the writes and loses none", async () => {
  const [ann, bob] = await people("ann", "bob");
  await hold(async (tx) => {
    await tx`lock table conversations in exclusive mode`;
    return await tx`select 1`;
  });
  const waiting = [send(ann, bob, "m1"), send(ann, bob, "m2")];
  await waitFor(async () => {
    const { sql } = server.app;
    const [row] = await sql`select count(*)::int as count from pg_locks where not granted and locktype = 'relation'`;
    return row.count > 0 ? true : undefined;
  });
  for (const each of waiting) expect(await isPending(each)).toBe(true);
  await release();
  await Promise.all(waiting);
  expect(await contentsBetween(ann, bob)).toEqual(["m1", "m2"]);
});

test("as many as fit wait; more are refused with 503, and nobody for longer than ten seconds", async () => {
  const [ann, bob, cleo] = await people("ann", "bob", "cleo");
  await send(ann, bob);
  await hold(stream(bob.id));
  const first = cleo.post("/messages/", { receiverId: bob.id, content: "first" });
  const crowded = Promise.allSettled(Array.from({ length: 1200 }, (_, n) => send(ann, bob, `m${n}`)));
  await Promise.all([send(ann, cleo), send(cleo, ann)]);
  const refusals = (await crowded).map((outcome) =>
    outcome.status === "rejected" ? (outcome.reason as Error).message : "sent",
  );
  const count = (message: string) => refusals.filter((each) => each === message).length;
  // The one that came over HTTP has taken a place or not.
  expect(count("too many wait for locked rows")).toBeWithin(176, 178);
  expect(count("rows stayed locked for too long")).toBeWithin(1023, 1025);
  const { status, body, headers } = await first;
  expect([status, body.error.code, headers.get("retry-after")]).toEqual([503, "SERVER_BUSY", "5"]);
  await release();
  await send(ann, bob, "again");
  expect(await contentsBetween(ann, bob)).toEqual(["hello", "again"]);
});

test("a held video: other videos are liked and commented on, and this one when it is released", async () => {
  const [owner, ...fans] = await crowd(server, 20);
  const [video, other] = [await addVideo(server, owner), await addVideo(server, owner)];
  await hold((tx) => tx`select from videos where id = ${video} for update`);
  const react = (fan: Person, id: number) => [
    likeVideo(server.app, fan.id, id),
    fan.post("/comments", { videoId: id, content: "well done" }),
  ];
  const waiting = fans.slice(0, 3).flatMap((fan) => react(fan, video));
  await Promise.all(fans.flatMap((fan) => react(fan, other)));
  for (const each of waiting) expect(await isPending(each)).toBe(true);
  await release();
  await Promise.all(waiting);
  const { body } = await owner.get(`/videos/${video}`);
  expect([body.likesCount, body.commentsCount]).toEqual([3, 3]);
});

test("a held stream of a video's owner, of who is answered, of who is named: only comments that reach them wait", async () => {
  const [owner, answered, named, cleo] = await people("owner", "answered", "named", "cleo");
  const video = await addVideo(server, owner);
  const comment = (by: Person, content: string, parentId?: number) =>
    by.post("/comments", { videoId: video, content, ...(parentId && { parentId }) });
  const parent = await comment(answered, `@${named.username}`);
  // So that each has a stream.
  await Promise.all([send(cleo, answered), send(cleo, named)]);
  await hold(
    (tx) => tx`select from user_streams where user_id in (${answered.id}, ${named.id}) order by user_id for update`,
  );
  const waiting = [comment(cleo, "an answer", parent.body.id), comment(owner, `look, @${named.username}`)];
  await Promise.all(Array.from({ length: 5 }, () => comment(answered, "and on")));
  for (const each of waiting) expect(await isPending(each)).toBe(true);
  await release();
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([201, 201]);
});

test("a held account: others are followed, and this one when it is released", async () => {
  const [star, other] = await people("star", "other");
  const fans = await crowd(server, 18);
  await hold((tx) => tx`select from accounts where id = ${star.id} for no key update`);
  const waiting = fans.slice(0, 3).map((fan) => fan.post(`/users/${star.id}/follow`));
  // Their accounts are not held, but those who wait for the star have not locked them either.
  await Promise.all(fans.map((fan) => fan.post(`/users/${other.id}/follow`)));
  for (const each of waiting) expect(await isPending(each)).toBe(true);
  await release();
  await Promise.all(waiting);
  expect((await star.get(`/users/${star.id}`)).body.followerCount).toBe(3);
});

test("a held stream or cursor: what others confirm is written, its own is kept for later", async () => {
  const [ann, bob, cleo, dan] = await people("ann", "bob", "cleo", "dan");
  const { confirmations, sql } = server.app;
  await Promise.all([send(ann, bob), send(bob, cleo), send(cleo, ann)]);
  const readPlaces = async (seq: number) => {
    const rows: { id: number; mark: number }[] = await sql`
      select user_id::float8 as id, mark from user_events where seq = ${seq}`;
    return new Map([...rows.map(({ id, mark }) => [id, { seq, mark }] as const), [dan.id, { seq: 0, mark: 0 }]]);
  };
  confirmations.note(cleo.id, 1, (await readPlaces(1)).get(cleo.id)!);
  await confirmations.flush();
  await hold(async (tx) => {
    await tx`select from session_cursors where user_id = ${cleo.id} for update`;
    return await stream(bob.id)(tx);
  });
  const places = await readPlaces(2);
  for (const { id } of [ann, bob, cleo, dan]) confirmations.note(id, 1, places.get(id)!);
  await confirmations.flush();
  const written = async () => {
    const rows: { id: number }[] = await sql`
      select user_id::float8 as id from session_cursors where session_id = 1 and confirmed_seq <> 1`;
    return new Set(rows.map(({ id }) => id));
  };
  expect(await written()).toEqual(new Set([ann.id, dan.id]));
  expect(confirmations.unwritten(bob.id, 1)?.session).toEqual(places.get(bob.id)!);
  expect(confirmations.unwritten(cleo.id, 1)?.session).toEqual(places.get(cleo.id)!);
  await release();
  await confirmations.flush();
  expect(await written()).toEqual(new Set([ann.id, bob.id, cleo.id, dan.id]));
});

test("held activity: that of others is written, its own is kept for later", async () => {
  const [ann, bob] = await people("ann", "bob");
  const { activity, sql } = server.app;
  await hold((tx) => tx`select from activity where user_id = ${bob.id} for update`);
  for (const { id } of [ann, bob]) activity.note(id);
  await activity.flush();
  const written = async () => {
    const rows: { id: number }[] = await sql`
      select user_id::float8 as id from activity where user_id in (${ann.id}, ${bob.id}) and last_quarter is not null`;
    return rows.map(({ id }) => id).sort((a, b) => a - b);
  };
  expect(await written()).toEqual([ann.id]);
  await release();
  await activity.flush();
  expect(await written()).toEqual([ann.id, bob.id]);
});
