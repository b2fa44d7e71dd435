import { beforeEach, expect, test } from "bun:test";
import { call, crowd, type Person, RawSocket, serverForFile, waitFor } from "@reelay/testkit";
import type { Broker } from "../../src/delivery/broker.ts";
import { openLocalBroker } from "../../src/delivery/broker-local.ts";
import type { Publication } from "../../src/delivery/publication.ts";

/** Far more than a socket and the line to its client hold. */
const MOST_UNREAD = 10_000;

/** A broker that does to publications whatever a test wants done. */
class FaultyBroker {
  readonly #inner = openLocalBroker();
  tamper: (publications: readonly Publication[]) => readonly Publication[] = (publications) => publications;
  readonly broker: Broker = {
    ...this.#inner,
    publish: (publications) => this.#inner.publish(this.tamper(publications)),
  };
}

const faulty = new FaultyBroker();
const { server, people } = serverForFile({ broker: faulty.broker, env: { RATE_MESSAGES_PER_MINUTE: "0" } });
let ann: Person;
let bob: Person;

beforeEach(async () => {
  faulty.tamper = (publications) => publications;
  [ann, bob] = await people("ann", "bob");
});

async function send(content: string): Promise<number> {
  const { status, body } = await ann.post("/messages/", { receiverId: bob.id, content });
  expect(status).toBe(201);
  return body.id;
}

function contents(frames: { type: string; data?: any }[]): string[] {
  return frames.filter((frame) => frame.type === "message:new").map((frame) => frame.data.content);
}

async function rawConnect(person: Person): Promise<RawSocket> {
  const raw = await RawSocket.open(server.url, person.token);
  await raw.until(() => raw.texts().find((frame) => frame.type === "connected"));
  return raw;
}

async function confirmed(person: Person): Promise<number> {
  const [row] = await server.app.sql`select confirmed_seq::int as seq from user_streams where user_id = ${person.id}`;
  return row?.seq ?? 0;
}

/** Waits until the server has taken note that a person's sockets are gone. */
async function gone(person: Person): Promise<void> {
  await waitFor(() => ([...server.running.sockets.hub.of(person.id)].length === 0 ? true : undefined));
}

test("events nobody confirmed come again on the next connect, all of them, in order", async () => {
  const raw = await rawConnect(bob);
  for (const content of ["1", "2", "3"]) await send(content);
  await raw.until(() => (contents(raw.texts()).length === 3 ? true : undefined));
  raw.cut();
  await gone(bob);
  const again = await bob.connect();
  await again.settled();
  expect(contents(again.frames)).toEqual(["1", "2", "3"]);
});

test("an echoed ping confirms what was sent before it, and no more", async () => {
  const raw = await rawConnect(bob);
  await send("1");
  await send("2");
  const ping = await raw.until(() => raw.pings().find((payload) => payload.startsWith("2.")));
  await send("3");
  await raw.until(() => (contents(raw.texts()).length === 3 ? true : undefined));
  raw.pong(ping);
  raw.text("anything");
  await raw.until(() => raw.texts().find((frame) => frame.type === "error"));
  raw.cut();
  await gone(bob);
  await eventually(async () => (await confirmed(bob)) === 2);
  const again = await bob.connect();
  await again.settled();
  expect(contents(again.frames)).toEqual(["3"]);
});

test("forged and stale pongs confirm nothing", async () => {
  const raw = await rawConnect(bob);
  await send("1");
  await raw.until(() => raw.pings().find((payload) => payload.startsWith("1.")));
  for (const payload of ["2", "99999999999999999999", "-1", "1.0", "1", "2.1", "0x1", " 1", "", "x"]) raw.pong(payload);
  raw.text("anything");
  await raw.until(() => raw.texts().find((frame) => frame.type === "error"));
  raw.cut();
  await gone(bob);
  const again = await bob.connect();
  await again.settled();
  expect(contents(again.frames)).toEqual(["1"]);
});

test("a browser's socket confirms by itself, and the next connect repeats nothing", async () => {
  const first = await bob.connect();
  await send("1");
  await first.next("message:new");
  await eventually(async () => (await confirmed(bob)) === 1);
  await first.close();
  const second = await bob.connect();
  await second.settled();
  expect(second.frames.map((frame) => frame.type)).toEqual(["connected", "error"]);
});

test("a device that was away gets what only the other device received meanwhile", async () => {
  const { email, password } = bob;
  const { body } = await call(server.url, "POST", "/auth/login", { body: { email, password } });
  const phone = await bob.connect(body.accessToken);
  await phone.close();
  const web = await bob.connect();
  await send("seen on the web only");
  await web.next("message:new");
  await eventually(async () => (await confirmed(bob)) === 1);
  const phoneAgain = await bob.connect(body.accessToken);
  await phoneAgain.settled();
  expect(contents(phoneAgain.frames)).toEqual(["seen on the web only"]);
});

test("a new device is not handed what another device of the user has received", async () => {
  const web = await bob.connect();
  await send("old");
  await web.next("message:new");
  await eventually(async () => (await confirmed(bob)) === 1);
  const login = await fetch(`${server.url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: bob.email, password: bob.password }),
  });
  const phone = await bob.connect(((await login.json()) as any).accessToken);
  await phone.settled();
  expect(contents(phone.frames)).toEqual([]);
});

test("a backlog of several pages arrives whole and in order", async () => {
  const before = await bob.connect();
  await before.close();
  const wanted = Array.from({ length: 650 }, (_, n) => `m${n}`);
  for (const content of wanted) await send(content);
  const socket = await bob.connect();
  await socket.all("message:new", 650);
  await socket.settled();
  expect(contents(socket.frames)).toEqual(wanted);
});

test("publications in the wrong order, doubled or lost: every event once, in order", async () => {
  const socket = await bob.connect();
  let held: readonly Publication[] = [];
  const faults: ((publications: readonly Publication[]) => readonly Publication[])[] = [
    (publications) => publications,
    (publications) => [...publications, ...publications],
    (publications) => publications.filter(({ kind }) => kind !== "durable"),
    (publications) => {
      held = publications;
      return [];
    },
    (publications) => [...publications, ...held],
  ];
  const wanted = Array.from({ length: 50 }, (_, n) => `m${n}`);
  for (const [n, content] of wanted.entries()) {
    faulty.tamper = faults[n % faults.length]!;
    await send(content);
  }
  faulty.tamper = (publications) => publications;
  await send("last");
  await socket.all("message:new", 51);
  await socket.settled();
  expect(contents(socket.frames)).toEqual([...wanted, "last"]);
});

test("an event whose publication was lost is fetched by the next heartbeat", async () => {
  const socket = await bob.connect();
  await socket.settled();
  faulty.tamper = () => [];
  await send("unheard");
  await socket.settled();
  expect(contents(socket.frames)).toEqual([]);
  await server.running.repair();
  expect((await socket.next("message:new")).data.content).toBe("unheard");
  expect((await socket.next("message:unread_count")).data.count).toBe(1);
});

test("a count that comes late is dropped", async () => {
  const socket = await bob.connect();
  await socket.settled();
  let late: Publication | undefined;
  faulty.tamper = (publications) => {
    late ??= publications.find(({ kind }) => kind === "latest");
    return publications.filter((publication) => publication !== late);
  };
  await send("1");
  faulty.tamper = (publications) => publications;
  await send("2");
  faulty.broker.publish([late!]);
  await socket.settled();
  expect(socket.of("message:unread_count").map((frame) => frame.data.count)).toEqual([2]);
});

test("a deleted message does not live on in the log", async () => {
  const before = await bob.connect();
  await before.close();
  const id = await send("regretted");
  await send("kept");
  await ann.delete(`/messages/${id}`);
  const socket = await bob.connect();
  await socket.settled();
  expect(contents(socket.frames)).toEqual(["kept"]);
  expect(socket.of("message:deleted").map((frame) => frame.data.messageId)).toEqual([id]);
});

test("a reader that stops reading costs no memory per event, and receives everything once it reads again", async () => {
  const raw = await rawConnect(bob);
  raw.pause();
  const body = "x".repeat(5000);
  const [connection] = server.running.sockets.hub.of(bob.id);
  let sent = 0;
  for (; connection!.outboxState.kind !== "stalled" && sent < MOST_UNREAD; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, () => send(body)));
  }
  expect(connection!.outboxState.kind).toBe("stalled");
  const buffered = connection!.bufferedBytes();
  await Promise.all(Array.from({ length: 200 }, () => send(body)));
  // Pings are what still comes.
  expect(connection!.bufferedBytes()).toBeLessThan(buffered + 100);
  raw.resume();
  await raw.until(() => (contents(raw.texts()).length === sent + 200 ? true : undefined));
  const ids = raw.texts().flatMap((frame) => (frame.type === "message:new" ? [frame.data.id] : []));
  const log: { id: number }[] = await server.app.sql`
    select subject_id::float8 as id from user_events where user_id = ${bob.id} order by seq`;
  expect(ids).toEqual(log.map((event) => event.id));
  expect(ids).toHaveLength(sent + 200);
  raw.cut();
});

test("concurrent senders: the receiver's numbers are gapless and every message arrives once", async () => {
  const socket = await bob.connect();
  const senders = await crowd(server, 8);
  await Promise.all(
    senders.flatMap((sender) =>
      Array.from({ length: 25 }, (_, n) =>
        sender.post("/messages/", { receiverId: bob.id, content: `${sender.id}:${n}` }),
      ),
    ),
  );
  await socket.all("message:new", 200);
  const seqs = await server.app.sql`
    select array_agg(seq::int order by seq) = array(select generate_series(1, 200)) as "isGapless"
    from user_events where user_id = ${bob.id}`;
  expect(seqs[0].isGapless).toBe(true);
  expect(new Set(contents(socket.frames)).size).toBe(200);
});

async function eventually(check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error("it did not come to pass");
    await new Promise(setImmediate);
  }
}
