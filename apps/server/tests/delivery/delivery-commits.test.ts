import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  type Answer,
  addVideo,
  createTestDatabase,
  HeldRows,
  type Person,
  peopleOf,
  promote,
  startTestServer,
  type TestDatabase,
  type TestServer,
  waitFor,
} from "@reelay/testkit";
import { openLocalBroker } from "../../src/delivery/broker-local.ts";
import type { Publication } from "../../src/delivery/publication.ts";

/*
 * Nobody is told of what may still be rolled back. Every transaction that wrote an event waits, as it commits, for a lock
 * which the test holds: until then nothing of it may have been published.
 */

const LOCK = 20_260_701;

let database: TestDatabase;
let server: TestServer;
const published: Publication[] = [];
let ann: Person;
let bob: Person;
let chief: Person;
let video: number;

beforeAll(async () => {
  database = await createTestDatabase();
  const broker = openLocalBroker();
  server = await startTestServer({
    database,
    broker: {
      ...broker,
      publish(publications) {
        published.push(...publications);
        broker.publish(publications);
      },
    },
  });
  await server.app.sql.unsafe(`
    create function wait_to_commit() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(${LOCK});
      return null;
    end $$;
    create constraint trigger wait_to_commit after insert on user_events deferrable initially deferred
      for each row execute function wait_to_commit()`);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

beforeEach(async () => {
  [ann, bob, chief] = await peopleOf(server, "ann", "bob", "chief");
  await promote(server, chief, "admin");
  video = await addVideo(server, bob);
});

async function someoneWaits(): Promise<void> {
  await waitFor(async () => {
    const waiting = await server.app.sql`
      select 1 from pg_locks where locktype = 'advisory' and objid = ${LOCK} and not granted
        and database = (select oid from pg_database where datname = current_database())`;
    return waiting.length > 0 ? true : undefined;
  });
}

const write = async (from: Person, to: Person): Promise<number> =>
  (await from.post("/messages/", { receiverId: to.id, content: "x" })).body.id;

/** What happens first, and then the act that is looked at. */
const ACTS: Record<string, () => Promise<() => Promise<Answer>>> = {
  "a message": async () => () => ann.post("/messages/", { receiverId: bob.id, content: "x" }),
  "a message that is deleted": async () => {
    const id = await write(ann, bob);
    return () => ann.delete(`/messages/${id}`);
  },
  "a conversation that is read": async () => {
    await write(ann, bob);
    return () => bob.put(`/messages/${ann.id}/read`);
  },
  "messages that are marked as seen": async () => {
    const id = await write(ann, bob);
    return () => bob.post("/messages/mark-seen", { messageIds: [id] });
  },
  "a like": async () => () => ann.post(`/videos/${video}/like`),
  "a follow": async () => () => ann.post(`/users/${bob.id}/follow`),
  "a comment": async () => () => ann.post("/comments/", { videoId: video, content: "x" }),
  "notifications that are marked as seen": async () => {
    await ann.post(`/videos/${video}/like`);
    return () => bob.post("/notifications/mark-all-seen");
  },
  "a like that is taken back": async () => {
    await ann.post(`/videos/${video}/like`);
    return () => ann.delete(`/videos/${video}/like`);
  },
  "a ban": async () => () => chief.post(`/admin/users/${bob.id}/ban`, { reason: "spam" }),
  "a video that is taken down": async () => () => chief.delete(`/admin/videos/${video}`, { reason: "spam" }),
  "a report that is decided": async () => {
    const { body } = await ann.post("/reports/", { targetType: "video", targetId: video, reason: "spam" });
    return () => chief.post(`/admin/reports/${body.id}/resolve`, { status: "rejected", result: "It is fine." });
  },
};

for (const [name, prepare] of Object.entries(ACTS)) {
  test(`${name}: nothing is published before it is committed`, async () => {
    const act = await prepare();
    const held = await HeldRows.hold(database, (tx) => tx`select pg_advisory_xact_lock(${LOCK})`);
    published.length = 0;
    const answering = act();
    const early = await someoneWaits()
      .then(() => published.splice(0))
      .finally(() => held.release());
    expect((await answering).status).toBeLessThan(300);
    expect(early).toEqual([]);
    expect(published).not.toEqual([]);
  });
}
