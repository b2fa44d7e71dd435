import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type Answer,
  addVideo,
  call,
  createTestDatabase,
  crowd,
  formOf,
  Person,
  PICTURES,
  peopleOf,
  ServerProcess,
  startTestServer,
  type TestDatabase,
  TestRedis,
  type TestServer,
  TestSocket,
  temporaryFolder,
} from "@reelay/testkit";

/* Two nodes with small budgets, which they spend together. */

const LIMIT = 3;

let database: TestDatabase;
let redis: TestRedis;
let nodes: [TestServer, TestServer];

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), TestRedis.start()]);
  const rates = [
    ...["COMMENTS_PER_MINUTE", "REACTIONS_PER_MINUTE", "REPORTS_PER_HOUR", "UPLOADS_PER_HOUR", "PROFILE_PER_HOUR"],
    ...["TICKETS_PER_MINUTE", "SIGNUPS_PER_HOUR", "SEARCHES_PER_MINUTE", "CONNECTS_PER_MINUTE"],
  ];
  const env = {
    ...Object.fromEntries(rates.map((rate) => [`RATE_${rate}`, String(LIMIT)])),
    ...{ REDIS_URL: redis.url, TRUSTED_PROXIES: "1", DRAIN_SECONDS: "0" },
  };
  nodes = [await startTestServer({ env, database }), await startTestServer({ env, database })];
});

afterAll(async () => {
  for (const node of nodes) await node.stop();
  await redis.kill();
  await database.drop();
});

let crowds = 0;

/** The same person at each of the nodes. */
async function somebody(): Promise<[Person, Person]> {
  const [person] = await peopleOf(nodes[0], "person");
  return [person!, new Person(nodes[1].url, person!)];
}

/** Sends it at the nodes in turn: so many must be answered, the next is not. */
async function expectLimit(count: number, send: (node: 0 | 1, n: number) => Promise<Answer>): Promise<void> {
  for (let n = 0; n < count; n++) {
    const { status, body } = await send((n % 2) as 0 | 1, n);
    expect([n, status < 300, body?.error?.code]).toEqual([n, true, undefined]);
  }
  for (const node of [0, 1] as const) expectTooMany(await send(node, count + node));
}

function expectTooMany({ status, body, headers }: Answer): void {
  expect([status, body.error.code]).toEqual([429, "RATE_LIMIT"]);
  const wait = Number(headers.get("retry-after"));
  expect(Number.isInteger(wait) && wait >= 1 && wait <= 3600).toBe(true);
}

let addresses = 0;
const newAddress = () => `198.51.100.${++addresses}`;

const register = (node: 0 | 1, n: number, from: string) => {
  const username = `new.${addresses}.${crowds}.${n}`;
  const body = { username, email: `${username}@example.com`, password: "correct horse" };
  return call(nodes[node].url, "POST", "/auth/register", { body, headers: { "x-forwarded-for": from } });
};

test("comments: written and edited ones are counted, of one user, over the nodes", async () => {
  const [me, [other]] = [await somebody(), await somebody()];
  const videoId = await addVideo(nodes[0], me[0]);
  const { body: comment } = await me[0].post("/comments/", { videoId, content: "first" });
  await expectLimit(LIMIT - 1, (node, n) =>
    n % 2
      ? me[node].put(`/comments/${comment.id}`, { content: `${n}` })
      : me[node].post("/comments/", { videoId, content: `${n}` }),
  );
  expect((await other.post("/comments/", { videoId, content: "mine" })).status).toBe(201);
  expect((await me[0].get(`/comments/video/${videoId}`)).status).toBe(200);
  expect((await me[0].delete(`/comments/${comment.id}`)).status).toBe(200);
});

test("reactions: likes, follows and bookmarks share one budget, given and taken back, by every path", async () => {
  const [me, [other]] = [await somebody(), await somebody()];
  const videoId = await addVideo(nodes[0], other);
  const paths = ["/videos/V/like", "/social/likes/V", "/social/bookmarks/V", "/users/U/follow", "/social/follow/U"];
  const open = (path: string) => path.replace("V", `${videoId}`).replace("U", `${other.id}`);
  await expectLimit(LIMIT, (node, n) => me[node].post(open(paths[n % paths.length]!)));
  for (const path of paths) expectTooMany(await me[0].post(open(path)));
  for (const path of [...paths.slice(0, 4), "/social/unfollow/U"]) expectTooMany(await me[1].delete(open(path)));
  expect((await other.post(`/videos/${videoId}/like`)).status).toBe(200);
});

test("reports", async () => {
  const me = await somebody();
  const targets = await crowd(nodes[0], LIMIT + 2);
  await expectLimit(LIMIT, (node, n) =>
    me[node].post("/reports/", { targetType: "user", targetId: targets[n]!.id, reason: "spam" }),
  );
});

test("uploads: videos and avatars share one budget", async () => {
  const me = await somebody();
  const avatar = async (node: 0 | 1): Promise<Answer> => {
    const response = await fetch(`${nodes[node].url}/api/v1/users/me/avatar`, {
      method: "POST",
      headers: { authorization: `Bearer ${me[node].token}` },
      body: formOf([["file", PICTURES.png]]),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  };
  const link = (node: 0 | 1) => me[node].post("/videos/", { title: "x", url: "https://example.com/v.mp4" });
  await expectLimit(LIMIT, (node, n) => (n === 1 ? avatar(node) : link(node)));
  expectTooMany(await avatar(0));
});

test("tickets", async () => {
  const me = await somebody();
  await expectLimit(LIMIT, (node) => me[node].post("/ws/ticket"));
});

test("changes of a profile; what stays as it was costs nothing", async () => {
  const me = await somebody();
  const { username, email } = me[0];
  const same = async (node: 0 | 1) =>
    expect((await me[node].put("/users/me", { username, email, fullName: "", bio: null })).status).toBe(200);
  for (let n = 0; n < LIMIT + 2; n++) await same((n % 2) as 0 | 1);
  await expectLimit(LIMIT, (node, n) => me[node].put("/users/me", { username, email, bio: `bio ${n}` }));
  expect((await me[0].put("/users/me", { username, email, bio: `bio ${LIMIT - 1}` })).status).toBe(200);
});

test("sign-ups, by address; of IPv6, by its /64", async () => {
  const [here, there] = [newAddress(), newAddress()];
  await expectLimit(LIMIT, (node, n) => register(node, n, here));
  expect((await register(0, 100, there)).status).toBe(201);
  await expectLimit(LIMIT, (node, n) => register(node, 200 + n, `2001:db8:0:7::${n}`));
  expect((await register(0, 300, "2001:db8:0:8::1")).status).toBe(201);
});

test("searches without a token, by address; with one they are not counted", async () => {
  const from = { headers: { "x-forwarded-for": newAddress() } };
  const paths = ["/users/search?q=ann", "/videos/search?q=ann"];
  await expectLimit(LIMIT, (node, n) => call(nodes[node].url, "GET", paths[n % 2]!, from));
  const [me] = await somebody();
  for (const path of paths) {
    expectTooMany(await call(nodes[0].url, "GET", path, from));
    expect((await call(nodes[0].url, "GET", path, { ...from, token: me.token })).status).toBe(200);
    expect((await call(nodes[0].url, "GET", path, { headers: { "x-forwarded-for": newAddress() } })).status).toBe(200);
  }
});

test("a token that is good for nothing opens nothing at its owner's expense", async () => {
  const email = `owner${++crowds}@example.com`;
  const from = { headers: { "x-forwarded-for": newAddress() } };
  const body = { email, username: `owner${crowds}`, password: "correct horse" };
  expect((await call(nodes[0].url, "POST", "/auth/register", { body, ...from })).status).toBe(201);
  const login = async () => (await call(nodes[0].url, "POST", "/auth/login", { body, ...from })).body.accessToken;
  const [dead, alive] = [await login(), await login()];
  expect((await call(nodes[0].url, "POST", "/auth/logout", { token: dead })).status).toBe(200);
  const codes = [];
  for (let n = 0; n < 2 * LIMIT; n++) codes.push((await TestSocket.open(nodes[n % 2]!.url, dead).closed).code);
  expect(codes).toEqual(Array(2 * LIMIT).fill(4001));
  for (let n = 0; n < LIMIT; n++) {
    const socket = TestSocket.open(nodes[n % 2]!.url, alive);
    await socket.next("connected");
    await socket.close();
  }
  expect((await TestSocket.open(nodes[0].url, alive).closed).code).toBe(4008);
});

test("0 is no limit", async () => {
  const env = { RATE_SIGNUPS_PER_HOUR: "0", RATE_CONNECTS_PER_MINUTE: "0" };
  const server = await startTestServer({ env });
  const people = await crowd(server, 70);
  expect(new Set(people.map(({ id }) => id)).size).toBe(70);
  await server.stop();
});

test("behind a proxy that is not accounted for, budgets by address are off, and one line warns of it", async () => {
  const folder = await temporaryFolder();
  const server = ServerProcess.spawn(folder.path, { RATE_SIGNUPS_PER_HOUR: "1" });
  const url = await server.url();
  const signUpFrom = async (name: string, headers: Record<string, string>) => {
    const body = { username: name, email: `${name}@example.com`, password: "correct horse" };
    return (await call(url, "POST", "/auth/register", { body, headers })).status;
  };
  const warnings = () =>
    server
      .output()
      .split("\n")
      .filter((line) => line.includes("TRUSTED_PROXIES"));
  expect(await signUpFrom("direct1", {})).toBe(201);
  expect(await signUpFrom("direct2", {})).toBe(429);
  expect(warnings()).toHaveLength(0);
  expect(await signUpFrom("forwarded1", { "x-forwarded-for": "192.0.2.1" })).toBe(201);
  expect(await signUpFrom("forwarded2", { forwarded: "for=192.0.2.1" })).toBe(201);
  expect(await signUpFrom("direct3", {})).toBe(429);
  server.kill("SIGTERM");
  await server.exited;
  expect(warnings()).toHaveLength(1);
  await folder.remove();
});
