import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  Barrier,
  createTestDatabase,
  crowd,
  FaultyNetwork,
  Person,
  peopleOf,
  startTestServer,
  type TestDatabase,
  type TestServer,
  type TestServerOptions,
  type TestSocket,
  waitFor,
} from "@reelay/testkit";
import type { Broker } from "../../src/delivery/broker.ts";
import { openLocalBroker } from "../../src/delivery/broker-local.ts";
import { openLog } from "../../src/platform/log.ts";

/*
 * Each way by which what was published and not heard reaches its sockets, by itself: the slower ones are switched off, so
 * that they cannot hide that a faster one does nothing.
 */

const env = { RATE_MESSAGES_PER_MINUTE: "0", DRAIN_SECONDS: "0" };

let database: TestDatabase;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

async function onServer(options: TestServerOptions, run: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startTestServer({ database, env, ...options });
  try {
    [ann, bob] = await peopleOf(server, "ann", "bob");
    await run(server);
  } finally {
    await server.stop();
  }
}

async function send(content: string, by = ann, to = bob): Promise<void> {
  expect((await by.post("/messages/", { receiverId: to.id, content })).status).toBe(201);
}

const contents = (socket: TestSocket) => socket.of("message:new").map((frame) => frame.data.content);

async function arrived(socket: TestSocket, ...wanted: string[]): Promise<void> {
  await waitFor(() => (contents(socket).length >= wanted.length ? true : undefined));
  expect(contents(socket)).toEqual(wanted);
}

/** A broker that carries nothing. */
function deaf(): Broker {
  return { ...openLocalBroker(), publish() {} };
}

test("an event of which nobody heard, and after which none comes, is found by the look into all logs", async () => {
  await onServer({ broker: deaf() }, async () => {
    const [plain, resumable] = [await bob.connect(), await bob.resume()];
    await send("unheard");
    await Promise.all([arrived(plain, "unheard"), arrived(resumable, "unheard")]);
  });
});

test("an event that is published without its frame while a page is read is in the next page", async () => {
  const barrier = new Barrier();
  const broker = openLocalBroker();
  const withoutFrames: Broker = {
    ...broker,
    // As an event travels that is too large for a frame.
    publish: (publications) =>
      broker.publish(
        publications.map((each) =>
          each.kind === "durable" ? { kind: "log_advanced" as const, userId: each.userId, seq: each.seq } : each,
        ),
      ),
  };
  const replay: TestServerOptions["replay"] = (inner) => ({
    ...inner,
    page: async (...args) => {
      const page = await inner.page(...args);
      await barrier.pass();
      return page;
    },
  });
  await onServer({ broker: withoutFrames, replay, without: ["repair streams"] }, async () => {
    const connecting = bob.connect();
    await barrier.reached;
    await send("meanwhile");
    barrier.open();
    await arrived(await connecting, "meanwhile");
  });
});

test("whoever they are, plain and resumable, all that are connected get the next event without coming back", async () => {
  await onServer({ without: ["repair streams"] }, async (server) => {
    const people = await crowd(server, 20, "all");
    const open = async (person: Person) => {
      await send("before", ann, person);
      const sockets = [await person.connect(), await person.resume()];
      await Promise.all(sockets.map((socket) => socket.settled()));
      return { person, sockets };
    };
    const opened = await Promise.all(people.map(open));
    for (const { person } of opened) await send("live", ann, person);
    for (const { sockets } of opened) {
      const [plain, resumable] = sockets as [TestSocket, TestSocket];
      await Promise.all([arrived(plain, "before", "live"), arrived(resumable, "live")]);
    }
  });
});

test("what was committed while the database could not be asked, and never published, is there when it can be", async () => {
  if (!("path" in database.connection)) throw new Error("the database of the tests listens on a socket of its own");
  const { path, username, password, database: name } = database.connection;
  const network = await FaultyNetwork.before(path);
  const connection = { url: `${network.url.replace("http://", `postgres://${username}:${password}@`)}/${name}` };
  const lines: string[] = [];
  const log = openLog("warn", { isTerminal: false, destination: { write: (line: string) => void lines.push(line) } });
  const options = { database: { ...database, connection }, log, without: ["repair streams"] } as const;
  await onServer(options, async () => {
    const socket = await bob.resume();
    // Nodes that have nothing between them: what one publishes the other does not hear.
    const other = await startTestServer({ database, env });
    await send("unheard", new Person(other.url, ann));
    await other.stop();
    await socket.settled();
    expect(contents(socket)).toEqual([]);
    network.cut();
    await waitFor(() => (lines.some((line) => line.includes("follow access changes")) ? true : undefined));
    network.mend();
    await arrived(socket, "unheard");
  });
  network.close();
});
