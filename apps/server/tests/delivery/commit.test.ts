import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { createTestDatabase, crowd, startTestServer, type TestDatabase, type TestServer } from "@reelay/testkit";
import { accessChanged } from "../../src/access/changes.ts";
import { append, event } from "../../src/delivery/append.ts";
import { commit, type PublishingTx } from "../../src/delivery/commit.ts";
import type { Publication } from "../../src/delivery/publication.ts";
import { notify } from "../../src/features/notifications/notify.ts";
import { openPostgres } from "../../src/platform/postgres.ts";

let database: TestDatabase;
let server: TestServer;
let ann: number;
let bob: number;
let published: Publication[];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startTestServer({ database });
  [ann, bob] = (await crowd(server, 2)).map(({ id }) => id) as [number, number];
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});
beforeEach(() => {
  published = [];
});

const stale = (userId: number) => event("sync:stale", userId, { refetch: ["/notifications"] });
const kinds = () => published.map((each) => [each.kind, each.userId]);

/** `commit` on the server's database, with a broker that keeps what is published. */
function committing<T>(work: (tx: PublishingTx) => Promise<T>, sql = server.app.sql): Promise<T> {
  return commit({ sql, broker: { ...server.app.broker, publish: (each) => published.push(...each) } }, work);
}

async function readLog(userId: number): Promise<number[]> {
  const rows: { seq: number }[] = await server.app.sql`
    select seq::float8 as seq from user_events where user_id = ${userId} order by seq`;
  return rows.map(({ seq }) => seq);
}

test("events, notifications and changes of access are published after the commit, in their order", async () => {
  const before = (await readLog(bob)).length;
  let seenInside = -1;
  const answer = await committing(async (tx) => {
    await append(tx, [stale(ann), event("message:read", bob, readOf(ann), { unreadMessages: 0 }), stale(bob)]);
    await notify(tx, [{ userId: bob, type: "admin_resolve", refId: 1, actorId: null }]);
    await accessChanged(tx, ann);
    seenInside = published.length;
    return "done";
  });
  expect([answer, seenInside]).toEqual(["done", 0]);
  expect(kinds()).toEqual([
    ["durable", ann],
    ["durable", bob],
    ["durable", bob],
    ["latest", bob],
    ["durable", bob],
    ["latest", bob],
    ["access", ann],
  ]);
  const seqs = published.flatMap((each) => (each.kind === "durable" && each.userId === bob ? [each.seq] : []));
  expect(seqs).toEqual((await readLog(bob)).slice(before));
});

test("what throws has published nothing and left nothing in the log", async () => {
  const before = await readLog(ann);
  const failing = committing(async (tx) => {
    await append(tx, [stale(ann)]);
    throw new Error("refused");
  });
  expect(failing).rejects.toThrow("refused");
  await failing.catch(() => {});
  expect([published, await readLog(ann)]).toEqual([[], before]);
});

test("contention repeats the transaction, and what the failed attempt noted is dropped", async () => {
  let attempts = 0;
  await committing(async (tx) => {
    await append(tx, [stale(ann)]);
    if (++attempts < 3) await tx`do $$ begin raise exception using errcode = '40001'; end $$`;
  });
  expect([attempts, kinds()]).toEqual([3, [["durable", ann]]]);
});

test("a connection that breaks before the commit is answered publishes nothing", async () => {
  const sql = openPostgres(database.connection, 1);
  const broken = committing(async (tx) => {
    await append(tx, [stale(ann)]);
    const [{ pid }] = await tx`select pg_backend_pid() as pid`;
    await server.app.sql`select pg_terminate_backend(${pid}, 5000)`;
  }, sql);
  expect(broken).rejects.toThrow();
  await broken.catch(() => {});
  expect(published).toEqual([]);
  await sql.close();
});

function readOf(conversationWith: number) {
  return { conversationWith, messageIds: [1], seenAt: "2026-01-01T00:00:00.000Z" };
}
