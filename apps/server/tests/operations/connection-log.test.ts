import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { type Person, peopleOf, startTestServer, type TestServer, waitFor } from "@reelay/testkit";
import { openLog } from "../../src/platform/log.ts";

/* The log has a line for each socket that is opened, and one for each that is closed. */

let server: TestServer;
let ann: Person;
let bob: Person;
let text = "";

/** The lines about sockets since the test began. */
function lines(): any[] {
  const parsed = text.split("\n").flatMap((line) => (line ? [JSON.parse(line)] : []));
  return parsed.filter(({ msg }) => msg.startsWith("websocket"));
}

beforeAll(async () => {
  const write = (line: string) => {
    text += line;
  };
  const log = openLog("info", { isTerminal: false, destination: { write } });
  server = await startTestServer({ log, env: { TRUSTED_PROXIES: "1" } });
});

afterAll(() => server.stop());

beforeEach(async () => {
  [ann, bob] = await peopleOf(server, "ann", "bob");
  text = "";
});

/** Opens a socket as a browser behind a proxy does. */
function open(query: string): WebSocket {
  const url = `${server.url.replace("http", "ws")}/api/v1/ws${query}`;
  return new WebSocket(url, { headers: { "x-forwarded-for": "192.0.2.1, 198.51.100.7" } } as never);
}

async function closed(): Promise<any> {
  return await waitFor(() => lines().find(({ msg }) => msg === "websocket closed"));
}

async function sessionOf({ id }: Person): Promise<number> {
  const [row] = await server.app.sql`select id::float8 as id from sessions where user_id = ${id}`;
  return row.id;
}

for (const [name, query, resumable] of [
  ["plain", "", false],
  ["resumable", "&cursor=", true],
] as const) {
  test(`a ${name} socket: who opened it and from where, how it ended, how long it lasted and what it was sent`, async () => {
    const socket = open(`?token=${ann.token}${query}`);
    let messages = 0;
    socket.onmessage = ({ data }) => {
      if (JSON.parse(data).type === "message:new") messages++;
    };
    const opened = await waitFor(() => lines().find(({ msg }) => msg === "websocket opened"));
    const who = { userId: ann.id, sessionId: await sessionOf(ann), resumable, address: "198.51.100.7" };
    expect(opened).toMatchObject({ level: 30, ...who });
    for (const content of ["1", "2"]) await bob.post("/messages/", { receiverId: ann.id, content });
    await waitFor(() => (messages === 2 ? true : undefined));
    server.clock.advance(5000);
    socket.close(4321);
    const line = await closed();
    expect(line).toMatchObject({ level: 30, ...who, code: 4321, events: 2 });
    expect(line.durationMs).toBeGreaterThanOrEqual(5000);
    expect(Number.isInteger(line.durationMs)).toBe(true);
    expect(lines()).toHaveLength(2);
  });
}

test("a socket that is refused has only the line of its end", async () => {
  open("?token=rubbish-that-is-no-token");
  const { level, time, ...line } = await closed();
  expect(line).toEqual({
    ...{ resumable: false, address: "198.51.100.7", code: 4001, durationMs: expect.any(Number), events: 0 },
    msg: "websocket closed",
  });
  expect(lines()).toHaveLength(1);
});

test("none of the lines holds a credential, whichever way it came", async () => {
  const { ticket } = (await ann.post("/ws/ticket")).body;
  const credentials = [ann.token, ticket, "made-up-credential"];
  const ways = credentials.flatMap((each) => [`?token=${each}`, `/${each}?cursor=secret-cursor`]);
  for (const [index, way] of ways.entries()) {
    open(way).onopen = ({ target }) => (target as WebSocket).close();
    await waitFor(() => (lines().filter(({ msg }) => msg === "websocket closed").length > index ? true : undefined));
  }
  const [, payload, signature] = ann.token.split(".");
  for (const secret of [payload, signature, ticket, "made-up", "secret-cursor"]) expect(text).not.toContain(secret);
});
