import { afterAll, beforeAll, expect, test } from "bun:test";
import { call, ServerProcess, temporaryFolder } from "@reelay/testkit";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { openPostgres } from "../../src/platform/postgres.ts";

/* Two servers, each a process of its own, on one database. */

let folders: Awaited<ReturnType<typeof temporaryFolder>>[];
let postgres: EmbeddedPostgres;
let servers: ServerProcess[];
let urls: string[];

beforeAll(async () => {
  folders = await Promise.all([temporaryFolder(), temporaryFolder(), temporaryFolder()]);
  postgres = await startEmbeddedPostgres({ dataDir: folders[2]!.path, log: () => {} });
  const env = { DATABASE_URL: postgres.url, JWT_SECRET: "x".repeat(32), RATE_MESSAGES_PER_MINUTE: "0" };
  servers = folders.slice(0, 2).map((folder) => ServerProcess.spawn(folder.path, env));
  urls = await Promise.all(servers.map((server) => server.url()));
});

afterAll(async () => {
  for (const server of servers) server.kill("SIGTERM");
  await Promise.all(servers.map((server) => server.exited));
  await postgres.stop();
  await Promise.all(folders.map((folder) => folder.remove()));
});

async function signUp(username: string): Promise<{ id: number; token: string }> {
  const account = { email: `${username}@example.com`, username, password: "correct horse" };
  await call(urls[0]!, "POST", "/auth/register", { body: account });
  const { body } = await call(urls[1]!, "POST", "/auth/login", { body: account });
  return { id: body.user.id, token: body.accessToken };
}

test("both migrate the empty database at once, and what one makes the other knows", async () => {
  const ann = await signUp("ann");
  for (const url of urls) expect((await call(url, "GET", "/users/me", { token: ann.token })).body.id).toBe(ann.id);
});

test("colliding clientIds sent to both, in opposite orders: one message each, and no deadlock surfaces", async () => {
  const [bob, cleo, dora] = [await signUp("bob"), await signUp("cleo"), await signUp("dora")];
  const drafts = Array.from({ length: 300 }, (_, n) => ({
    receiverId: n % 2 ? cleo.id : dora.id,
    content: `m${n}`,
    clientId: `c${n}`,
  }));
  const post = (url: string) => (body: object) => call(url, "POST", "/messages/", { token: bob.token, body });
  const answers = await Promise.all([...drafts.map(post(urls[0]!)), ...drafts.toReversed().map(post(urls[1]!))]);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(300);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(300);
  const idsFrom = (half: typeof answers) => half.map(({ body }) => [body.clientId, body.id]);
  expect(idsFrom(answers.slice(0, 300))).toEqual(idsFrom(answers.slice(300).reverse()));
  const sql = openPostgres(postgres.connection, 1);
  const logs = await sql`
    select s.seq::int as seq, (select count(*)::int from user_events e where e.user_id = s.user_id) as events
    from user_streams s where s.user_id in (${cleo.id}, ${dora.id})`;
  await sql.close();
  expect([...logs]).toEqual([
    { seq: 150, events: 150 },
    { seq: 150, events: 150 },
  ]);
});
