import { beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, serverForFile, waitFor } from "@reelay/testkit";
import { sendMessages } from "../../src/features/messages/send.ts";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

/*
 * Of one user's notifications, and of one conversation's messages, the ids are in the order of the events: each is drawn
 * under the lock that orders them. Forced by a row of somebody else that is held, for which a transaction waits that has
 * begun first.
 */

const { server, people } = serverForFile({ env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let low: Person;
let ann: Person;
let bob: Person;
let cleo: Person;

beforeEach(async () => {
  [low, ann, bob, cleo] = await people("low", "ann", "bob", "cleo");
});

/** Locks rows in a transaction of its own until what it returns is called. */
async function holding(lock: (tx: Bun.ReservedSQL) => Promise<unknown>): Promise<() => Promise<void>> {
  const tx = await server.app.sql.reserve();
  await tx`begin`;
  await lock(tx);
  return async () => {
    await tx`commit`;
    tx.release();
  };
}

async function blocked(count: number): Promise<void> {
  await waitFor(async () => {
    const rows = await server.app.sql`
      select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return rows.length === count || undefined;
  });
}

async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

/** What a user was notified of, in the order of the events. */
async function told(person: Person, type: string): Promise<number[]> {
  const rows: { id: number }[] = await server.app.sql`
    select subject_id::float8 as id from user_events where user_id = ${person.id} and type = ${type} order by seq`;
  return rows.map(({ id }) => id);
}

/** A comment of ann's that notifies bob and waits for the stream of `low`, and a like of cleo's that does not wait. */
async function overtake(): Promise<{ finish: () => Promise<void> }> {
  const [first, second] = [await addVideo(server, bob), await addVideo(server, bob)];
  await server.app.sql`insert into user_streams (user_id) values (${low.id}), (${bob.id})`;
  const release = await holding((tx) => tx`select seq from user_streams where user_id = ${low.id} for update`);
  const comment = ann.post("/comments/", { videoId: first, content: `@${low.username}` });
  await blocked(1);
  expect((await cleo.post(`/videos/${second}/like`)).body.changed).toBe(true);
  return {
    async finish() {
      await release();
      expect((await comment).status).toBe(201);
    },
  };
}

test("a notification that is written later has the higher id, whoever began first", async () => {
  const { finish } = await overtake();
  await finish();
  const ids = await told(bob, "notification:new");
  expect(ids).toHaveLength(2);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  const listed = (await bob.get("/notifications")).body;
  expect(listed.map(({ id }: any) => id)).toEqual(ids.toReversed());
  expect(listed.map(({ type }: any) => type)).toEqual(["comment", "like"]);
});

test("marking all as seen does not reach what is committed afterwards, though it had begun before", async () => {
  const { finish } = await overtake();
  expect((await bob.post("/notifications/mark-all-seen")).body).toMatchObject({ updatedCount: 1, unseenCount: 0 });
  await finish();
  expect((await bob.get("/notifications/unseen/count")).body).toBe(1);
  const listed = (await bob.get("/notifications")).body;
  expect(listed.map(({ type, seen }: any) => [type, seen])).toEqual([
    ["comment", false],
    ["like", true],
  ]);
  expect((await bob.get("/notifications?unseen=true")).body).toHaveLength(1);
  expect(await drift()).toEqual([]);
});

/** Two messages of ann's in one batch, of which the one to `low` waits, and one to bob by another batch. */
async function overtakeMessage(): Promise<{ finish: () => Promise<void> }> {
  await ann.post("/messages/", { receiverId: low.id, content: "before" });
  const release = await holding(
    (tx) => tx`select unread from conversations where user_id = ${low.id} and peer_id = ${ann.id} for update`,
  );
  const { sql } = server.app;
  const begun = sendMessages(sql, [
    { senderId: ann.id, receiverId: bob.id, content: "begun first" },
    { senderId: ann.id, receiverId: low.id, content: "waits" },
  ]);
  await blocked(1);
  const overtaking = sendMessages(sql, [{ senderId: ann.id, receiverId: bob.id, content: "begun second" }]);
  // Where the conversation is new, its row is made by the first, and the second waits for it.
  await Promise.race([overtaking, blocked(2)]);
  return {
    async finish() {
      await release();
      const results = [...(await begun), ...(await overtaking)];
      expect(results.map(({ outcome }) => outcome)).toEqual(["sent", "sent", "sent"]);
    },
  };
}

for (const isNew of [true, false]) {
  test(`a message that is written later has the higher id, in ${isNew ? "a new" : "an old"} conversation`, async () => {
    if (!isNew) await ann.post("/messages/", { receiverId: bob.id, content: "old" });
    const { finish } = await overtakeMessage();
    await finish();
    const ids = await told(bob, "message:new");
    expect(ids).toHaveLength(isNew ? 2 : 3);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const listed = (await bob.get(`/messages/conversation/${ann.id}`)).body;
    expect(listed.map(({ id }: any) => id)).toEqual(ids);
  });
}

test("reading a conversation does not reach what is committed afterwards, though it had begun before", async () => {
  await ann.post("/messages/", { receiverId: bob.id, content: "old" });
  const { finish } = await overtakeMessage();
  expect((await bob.put(`/messages/${ann.id}/read`)).body).toMatchObject({ updatedCount: 2, unreadCount: 0 });
  await finish();
  expect((await bob.get("/messages/unread/count")).body).toBe(1);
  const listed = (await bob.get(`/messages/conversation/${ann.id}`)).body;
  expect(listed.map(({ content, seen }: any) => [content, seen])).toEqual([
    ["old", true],
    ["begun second", true],
    ["begun first", false],
  ]);
  expect(await drift()).toEqual([]);
});
