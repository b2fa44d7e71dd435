import { afterAll, beforeAll, expect, test } from "bun:test";
import { createTestDatabase, type TestDatabase } from "@reelay/testkit";
import type { SQL } from "bun";
import type { App } from "../../app.ts";
import { openLocalBroker } from "../../delivery/broker-local.ts";
import { openLog } from "../../platform/log.ts";
import { openPostgres } from "../../platform/postgres.ts";
import { type MessageDraft, sendMessage, sendMessages } from "./send.ts";

let database: TestDatabase;
let sql: SQL;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = openPostgres(database.connection);
});

afterAll(async () => {
  await sql.close();
  await database.drop();
});

async function accounts(count: number, status = "active"): Promise<number[]> {
  const prefix = crypto.randomUUID().slice(0, 8);
  const rows = await sql`
    insert into accounts (username, status) select ${prefix} || n, ${status} from generate_series(1, ${count}) n
    returning id::float8 as id`;
  return rows.map((row: { id: number }) => row.id);
}

test("255 good drafts and one of each kind of bad: each is judged on its own", async () => {
  const [ann, bob, cleo] = (await accounts(3)) as [number, number, number];
  const [banned] = (await accounts(1, "banned")) as [number];
  const [deleted] = (await accounts(1, "deleted")) as [number];
  await sql`insert into blocks (blocker_id, blocked_id) values (${cleo}, ${ann})`;
  await sendMessages(sql, [{ senderId: ann, receiverId: bob, content: "first", clientId: "used" }]);
  const good: MessageDraft[] = Array.from({ length: 255 }, (_, n) => ({
    senderId: ann,
    receiverId: bob,
    content: `good ${n}`,
    clientId: `c${n}`,
  }));
  const bad: [Omit<MessageDraft, "content">, string][] = [
    [{ senderId: ann, receiverId: 9_999_999 }, "USER_NOT_FOUND"],
    [{ senderId: ann, receiverId: deleted }, "USER_NOT_FOUND"],
    [{ senderId: ann, receiverId: banned }, "CANNOT_MESSAGE"],
    [{ senderId: ann, receiverId: cleo }, "CANNOT_MESSAGE"],
    [{ senderId: cleo, receiverId: ann }, "CANNOT_MESSAGE"],
    [{ senderId: banned, receiverId: bob }, "ACCOUNT_BANNED"],
    [{ senderId: deleted, receiverId: bob }, "UNAUTHORIZED"],
    [{ senderId: 9_999_998, receiverId: bob }, "UNAUTHORIZED"],
    [{ senderId: ann, receiverId: ann }, "SELF_MESSAGE"],
    [{ senderId: ann, receiverId: bob, clientId: "used" }, "used"],
  ];
  const drafts = [...good.slice(0, 100), ...bad.map(([draft]) => ({ ...draft, content: "bad" })), ...good.slice(100)];

  const results = await sendMessages(sql, drafts);

  expect(results).toHaveLength(265);
  const refused = results.filter((result) => result.outcome !== "sent");
  const codes = refused.map((result): string => (result.outcome === "refused" ? result.code : result.outcome));
  expect(codes).toEqual(bad.map(([, code]) => code));
  const sent = results.flatMap((result) => (result.outcome === "sent" ? [result] : []));
  expect(sent.map((result) => result.message.content)).toEqual(good.map((draft) => draft.content));
  expect(sent.map((result) => result.received.seq)).toEqual(good.map((_, n) => n + 2));
  expect(sent.map((result) => result.message.id)).toEqual(
    sent.map((result) => result.message.id).sort((a, b) => a - b),
  );
  const [bobsStream] = await sql`select seq::int as seq, unread_messages from user_streams where user_id = ${bob}`;
  expect(bobsStream).toEqual({ seq: 256, unread_messages: 256 });
  const [talk] = await sql`select unread from conversations where user_id = ${bob} and peer_id = ${ann}`;
  expect(talk.unread).toBe(256);
});

test("a draft that makes the statement throw is found by halving, and it alone is rejected", async () => {
  const [ann, bob] = (await accounts(2)) as [number, number];
  const app = { sql, broker: openLocalBroker() } as unknown as App;
  const outcomes = await Promise.allSettled(
    Array.from({ length: 256 }, (_, n) =>
      sendMessage(app, { senderId: ann, receiverId: bob, content: n === 77 ? "a\0b" : `m${n}` }),
    ),
  );
  expect(outcomes.flatMap((outcome, n) => (outcome.status === "rejected" ? [n] : []))).toEqual([77]);
  const [{ count }] = await sql`select count(*)::int as count from messages where receiver_id = ${bob}`;
  expect(count).toBe(255);
});

test("messages whose publishing fails are sent once, and answered", async () => {
  const [ann, bob] = (await accounts(2)) as [number, number];
  const broker = openLocalBroker();
  broker.onReceive(() => {
    throw new Error("a receiver is broken");
  });
  const app = { sql, broker, log: openLog("silent") } as unknown as App;
  const draft = { senderId: ann, receiverId: bob };
  const sent = await Promise.all(Array.from({ length: 8 }, (_, n) => sendMessage(app, { ...draft, content: `m${n}` })));
  expect(sent.map(({ isNew }) => isNew)).toEqual(Array(8).fill(true));
  const rows = await sql`select content from messages where receiver_id = ${bob} order by id`;
  expect(rows.map((row: { content: string }) => row.content)).toEqual(sent.map(({ message }) => message.content));
});

test("the same clientId twice in one batch, and again later, is one message", async () => {
  const [ann, bob] = (await accounts(2)) as [number, number];
  const draft = { senderId: ann, receiverId: bob, content: "once", clientId: "x" };
  const together = await sendMessages(sql, [draft, draft]);
  const later = await sendMessages(sql, [draft]);
  expect(together.map((result) => result.outcome)).toEqual(["sent", "used"]);
  expect(later.map((result) => result.outcome)).toEqual(["used"]);
  const [{ count }] = await sql`select count(*)::int as count from messages where sender_id = ${ann}`;
  expect(count).toBe(1);
});

test("two nodes with colliding clientIds, in opposite orders: no deadlock surfaces, each clientId makes one message", async () => {
  const [ann, bob, cleo] = (await accounts(3)) as [number, number, number];
  const other = openPostgres(database.connection);
  const wave = (clientIds: string[], to: number) =>
    clientIds.map((clientId) => ({ senderId: ann, receiverId: to, content: "same", clientId }));
  const ids = Array.from({ length: 100 }, (_, n) => `id${n}`);
  for (let round = 0; round < 20; round++) {
    const names = ids.map((id) => `${round}-${id}`);
    const both = await Promise.all([
      sendMessages(sql, [
        ...wave(names, bob),
        ...wave(
          names.map((n) => `c${n}`),
          cleo,
        ),
      ]),
      sendMessages(other, [...wave(names.toReversed(), bob), ...wave(names.map((n) => `c${n}`).toReversed(), cleo)]),
    ]);
    const outcomes = both.flat().map((result) => result.outcome);
    expect(outcomes.filter((outcome) => outcome === "sent")).toHaveLength(200);
    expect(outcomes.filter((outcome) => outcome === "used")).toHaveLength(200);
  }
  await other.close();
  const [{ count }] = await sql`select count(*)::int as count from messages where sender_id = ${ann}`;
  expect(count).toBe(20 * 200);
  const gaps = await sql`
    select s.user_id from user_streams s where s.seq <> (select count(*) from user_events e where e.user_id = s.user_id)`;
  expect([...gaps]).toEqual([]);
});

test("when the look-up of a used clientId fails, what the same batch sent is neither lost nor doubled", async () => {
  const [ann, bob] = (await accounts(2)) as [number, number];
  const app = { sql, broker: openLocalBroker() } as unknown as App;
  const published: unknown[] = [];
  app.broker.onReceive((publication) => published.push(publication));
  const used = { senderId: ann, receiverId: bob, content: "first", clientId: "u" };
  await sendMessage(app, used);
  let hasFailed = false;
  const failing = new Proxy(sql, {
    apply(target, self, args: [TemplateStringsArray]) {
      const isLookUp = Array.isArray(args[0]) && args[0].join("").includes("join messages m on m.sender_id");
      if (!isLookUp || hasFailed) return Reflect.apply(target, self, args);
      hasFailed = true;
      return Promise.reject(Object.assign(new Error("canceling statement"), { errno: "57014" }));
    },
  });
  const failingApp = { ...app, sql: failing };
  const outcomes = await Promise.allSettled([
    sendMessage(failingApp, used),
    sendMessage(failingApp, { senderId: ann, receiverId: bob, content: "plain" }),
    sendMessage(failingApp, { senderId: ann, receiverId: bob, content: "plain too" }),
  ]);
  expect(hasFailed).toBe(true);
  expect(outcomes.slice(1).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  const rows = await sql`select content from messages where receiver_id = ${bob} order by id`;
  expect(rows.map((row: { content: string }) => row.content)).toEqual(["first", "plain", "plain too"]);
});
