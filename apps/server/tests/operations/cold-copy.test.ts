import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Person,
  peopleOf,
  promote,
  startTestServer,
  type TestServer,
  type TestSocket,
  temporaryFolder,
  waitFor,
} from "@reelay/testkit";
import { AccessFeed } from "../../src/access/changes.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";

/* A Postgres that is stopped and started again from a copy of its files, under a server that goes on running. */

const TIMEOUT_MS = 180_000;
const settings = { fsync: "off", full_page_writes: "off" };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let postgres: EmbeddedPostgres;
let server: TestServer;

async function startPostgres(): Promise<void> {
  postgres = await startEmbeddedPostgres({ dataDir: folder.path, log: () => {}, settings });
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await startPostgres();
  const database = { connection: postgres.connection, drop: async () => {} };
  server = await startTestServer({ env: { RATE_MESSAGES_PER_MINUTE: "0", DRAIN_SECONDS: "0" }, database });
}, TIMEOUT_MS);

afterAll(async () => {
  await server.stop();
  await postgres.stop();
  await folder.remove();
}, TIMEOUT_MS);

/** The folder of its files. */
async function findCluster(): Promise<string> {
  const name = (await readdir(folder.path)).find((each) => /^postgres-\d+$/.test(each));
  return join(folder.path, name!);
}

/** Repeated while the database is away: what is answered 503 was not written. */
async function send(from: Person, to: Person, ...contents: string[]): Promise<void> {
  for (const content of contents) {
    const body = { receiverId: to.id, content, clientId: crypto.randomUUID() };
    await waitFor(async () => ((await from.post("/messages/", body)).status === 201 ? true : undefined));
  }
}

const contentsOf = (socket: TestSocket) => socket.of("message:new").map((frame) => frame.data.content);
const shown = (socket: TestSocket, content: string) =>
  waitFor(() => (contentsOf(socket).includes(content) ? true : undefined));

test(
  "what is new after a cold copy took the place of the database reaches everybody, and so do bans",
  async () => {
    const [ann, bob, spammer, chief] = await peopleOf(server, "ann", "bob", "spammer", "chief");
    await promote(server, chief, "admin");
    const [plain, resumable] = [await bob.connect(), await bob.resume()];
    await send(ann, bob, "1", "2", "3");
    await Promise.all([shown(plain, "3"), shown(resumable, "3")]);
    await waitFor(async () => {
      const [row] = await server.app
        .sql`select confirmed_seq::int as seq from session_cursors where user_id = ${bob.id}`;
      return row?.seq === 3 ? true : undefined;
    });
    await postgres.stop();
    const [cluster, copy] = [await findCluster(), join(folder.path, "copy")];
    expect(Bun.spawnSync(["cp", "-a", cluster, copy]).exitCode).toBe(0);
    await startPostgres();

    await send(ann, bob, "lost 1", "lost 2", "lost 3", "lost 4", "lost 5");
    await Promise.all([shown(plain, "lost 5"), shown(resumable, "lost 5")]);
    await chief.post(`/admin/users/${spammer.id}/ban`, { reason: "spam" });
    expect((await spammer.get("/users/me")).status).toBe(403);

    let changes = 0;
    const feed = new AccessFeed(server.app.sql, { changed() {}, databaseChanged: () => void changes++ });
    await feed.start();
    expect(await feed.poll()).toBe(false);

    await postgres.stop();
    await rm(cluster, { recursive: true });
    await rename(copy, cluster);
    await startPostgres();

    // It is on the same timeline as before, and has been started at another time.
    await waitFor(() => feed.poll().catch(() => undefined));
    expect([changes, await feed.poll()]).toEqual([1, false]);
    await send(ann, bob, "new 1", "new 2");
    await shown(plain, "new 2");
    const reset = await resumable.next("sync:reset");
    await send(ann, bob, "new 3");
    await Promise.all([shown(plain, "new 3"), shown(resumable, "new 3")]);
    expect(contentsOf(plain).slice(-3)).toEqual(["new 1", "new 2", "new 3"]);
    expect(reset.data.reason).toBe("epoch");
    expect(resumable.of("sync:reset")).toHaveLength(1);
    expect(plain.isOpen && resumable.isOpen).toBe(true);
    // The ban is gone with the rest, and is not believed any more.
    await waitFor(async () => ((await spammer.get("/users/me")).status === 200 ? true : undefined));
    await chief.post(`/admin/users/${bob.id}/ban`, { reason: "spam" });
    expect([(await plain.closed).code, (await resumable.closed).code]).toEqual([4003, 4003]);
  },
  TIMEOUT_MS,
);
