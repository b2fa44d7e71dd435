import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import {
  FaultyNetwork,
  openBrowser,
  type Person,
  peopleOf,
  startTestServer,
  type TestServer,
  waitFor,
} from "@reelay/testkit";
import type { Server } from "bun";

/* A page in a real browser that knows nothing but `new WebSocket`, behind a network that fails. */

const PAGE = `<!doctype html><script>
  const [api, token] = location.hash.slice(1).split(",");
  let told = Promise.resolve();
  const tell = (what) => { told = told.then(() => fetch("/heard", { method: "POST", body: what })); };
  function open() {
    const socket = new WebSocket(api.replace("http", "ws") + "/api/v1/ws?token=" + token);
    socket.onopen = () => tell("open");
    socket.onmessage = ({ data }) => {
      const { type, data: message } = JSON.parse(data);
      if (type === "message:new") tell(message.content);
    };
    socket.onclose = () => setTimeout(open, 100);
  }
  open();
</script>`;

let server: TestServer;
let network: FaultyNetwork;
let site: Server<undefined>;
let browser: { close(): Promise<void> };
let ann: Person;
let bob: Person;
let heard: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  network = await FaultyNetwork.before(server.url);
  [ann, bob] = await peopleOf(server, "ann", "bob");
  site = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      if (request.method !== "POST") return new Response(PAGE, { headers: { "content-type": "text/html" } });
      heard.push(await request.text());
      return new Response();
    },
  });
  browser = await openBrowser(`${site.url}#${network.url},${bob.token}`);
  await until("open", 1);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await site.stop(true);
  network.close();
  await server.stop();
});

beforeEach(() => {
  heard = [];
});

async function until(what: string, count: number): Promise<void> {
  await waitFor(() => (heard.filter((each) => each === what).length >= count ? true : undefined));
}

async function send(...contents: string[]): Promise<void> {
  for (const content of contents) await ann.post("/messages/", { receiverId: bob.id, content });
}

const messages = () => heard.filter((each) => each !== "open");

/** Waits until the browser has answered the ping after the last event: what it got is known to be there. */
async function confirmed(): Promise<void> {
  await waitFor(async () => {
    await server.app.confirmations.flush();
    const [row] = await server.app
      .sql`select seq = confirmed_seq as "isAll" from user_streams where user_id = ${bob.id}`;
    return row.isAll ? true : undefined;
  });
}

test("cut off while five messages come: all five, once, in order, when the network is back", async () => {
  await send("before");
  await until("before", 1);
  await confirmed();
  network.cut();
  await waitFor(() => (server.running.sockets.hub.countOf(bob.id) === 0 ? true : undefined));
  await send("1", "2", "3", "4", "5");
  network.mend();
  await until("5", 1);
  await send("after");
  await until("after", 1);
  expect(messages()).toEqual(["before", "1", "2", "3", "4", "5", "after"]);
  await confirmed();
});

test("the network goes silent while five messages come: the server gives up on the line, and all five arrive once", async () => {
  await send("before");
  await until("before", 1);
  await confirmed();
  network.silence();
  await send("1", "2", "3", "4", "5");
  expect(messages()).toEqual(["before"]);
  server.clock.advance(61_000);
  await waitFor(() => (server.running.sockets.hub.countOf(bob.id) === 0 ? true : undefined));
  expect(heard).not.toContain("open");
  network.mend();
  await until("5", 1);
  await send("after");
  await until("after", 1);
  expect(messages()).toEqual(["before", "1", "2", "3", "4", "5", "after"]);
});
