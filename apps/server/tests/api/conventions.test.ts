import { beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { ErrorBody } from "@reelay/contract";
import { call, type Person, serverForFile, signUp, startTestServer } from "@reelay/testkit";

const { server } = serverForFile();
let ann: Person;

const NEW = { email: "new@example.com", username: "new", password: "correct horse" };

beforeAll(async () => {
  ann = await signUp(server, "ann");
});

test("unknown path 404, known path with another method 405 with Allow, both in the error shape", async () => {
  const unknown = await call(server.url, "GET", "/no/such/path");
  expect(unknown.status).toBe(404);
  ErrorBody.parse(unknown.body);
  expect(unknown.body.error.code).toBe("NOT_FOUND");
  for (const path of ["/messages", "/messages/"]) {
    const other = await call(server.url, "PATCH", path);
    expect(other.status).toBe(405);
    expect(other.body.error.code).toBe("METHOD_NOT_ALLOWED");
    expect(other.headers.get("allow")).toContain("POST");
    ErrorBody.parse(other.body);
  }
  const root = await fetch(`${server.url}/nothing-here`);
  expect(root.status).toBe(404);
  ErrorBody.parse(await root.json());
});

test("every path works with and without the trailing slash", async () => {
  for (const path of [
    "/users/me",
    "/messages/inbox",
    "/messages/unread/count",
    "/users/me/sessions",
    `/users/${ann.id}`,
  ]) {
    expect((await ann.get(path)).status).toBe(200);
    expect((await ann.get(`${path}/`)).status).toBe(200);
  }
});

test("HEAD answers as GET, without a body", async () => {
  const headers = { authorization: `Bearer ${ann.token}` };
  const response = await fetch(`${server.url}/api/v1/users/me`, { method: "HEAD", headers });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe("");
});

test("an error has one shape, repeats its message as detail, and carries the request's id", async () => {
  const answer = await call(server.url, "GET", "/users/me", { headers: { "x-request-id": "my-id.7" } });
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual({
    error: { code: "UNAUTHORIZED", message: answer.body.detail, requestId: "my-id.7" },
    detail: answer.body.detail,
  });
  expect(answer.headers.get("x-request-id")).toBe("my-id.7");
  const own = await call(server.url, "GET", "/users/me", { headers: { "x-request-id": "<script>" } });
  expect(own.body.error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(own.headers.get("x-request-id")).toBe(own.body.error.requestId);
});

test("validation: 422, one detail a field, and the submitted value is never echoed", async () => {
  const { status, body } = await ann.post("/messages/", {
    receiverId: "s3cret-value",
    content: "bad\u0007s3cret-value",
  });
  expect(status).toBe(422);
  expect(body.error.code).toBe("VALIDATION_ERROR");
  expect(body.error.details.map((detail: any) => detail.path).sort()).toEqual(["content", "receiverId"]);
  expect(JSON.stringify(body)).not.toContain("s3cret");
});

test("of a request that is not valid, message and detail name the first field and its fault", async () => {
  const faults: [path: string, body: object, detail: string][] = [
    ["/auth/register", { ...NEW, password: "sevenby" }, "password: at least 8 characters"],
    ["/auth/register", { ...NEW, password: "s".repeat(129) }, "password: at most 128 characters"],
    ["/auth/register", { ...NEW, username: "no spaces" }, "username: 3 to 30 of letters, digits, dot and underscore"],
    ["/auth/register", { ...NEW, email: "nobody" }, "email: must be an e-mail address"],
    ["/auth/register", { username: "new" }, "email: is required"],
    ["/auth/login", { password: "x" }, "username: is required"],
    ["/messages/", { receiver_id: "s3cret", content: "x" }, "receiverId: must be a number"],
    ["/messages/mark-seen", { messageIds: [1, -5] }, "messageIds.1: more than 0"],
    [
      "/reports/",
      { targetType: "s3cret", targetId: 1, reason: "x" },
      "targetType: must be one of video, user, comment, message",
    ],
    ["/videos/", { title: "x", url: "ftp://s3cret" }, "url: must be an http or https address"],
    ["/messages/", [], "The request must be an object"],
  ];
  for (const [path, sent, detail] of faults) {
    const { status, body } = await ann.post(path, sent);
    expect([path, status, body.error.code, body.detail, body.error.message]).toEqual([
      ...[path, 422, "VALIDATION_ERROR"],
      ...[detail, detail],
    ]);
    expect(JSON.stringify(body)).not.toContain("s3cret");
  }
});

test("NUL, other control characters and lone surrogates are refused; newline and tab are not", async () => {
  const bob = await signUp(server, "bob");
  const send = async (content: string) => (await ann.post("/messages/", { receiverId: bob.id, content })).status;
  for (const code of [0, 1, 7, 8, 11, 12, 13, 27, 31, 127, 128, 159]) {
    expect(await send(`a${String.fromCharCode(code)}b`)).toBe(422);
  }
  expect(await send("a\nb\tc")).toBe(201);
  const raw = await fetch(`${server.url}/api/v1/messages/`, {
    method: "POST",
    headers: { authorization: `Bearer ${ann.token}`, "content-type": "application/json" },
    body: `{"receiverId":${bob.id},"content":"lone \\ud800 surrogate"}`,
  });
  expect(raw.status).toBe(422);
});

test("skip, limit and before_id have bounds, in either spelling", async () => {
  const statuses = async (path: string, queries: string[]) =>
    await Promise.all(queries.map(async (query) => (await ann.get(`${path}?${query}`)).status));
  expect(await statuses("/messages/inbox", ["limit=1", "limit=101", "skip=10000", "limit=5&limit=6", "x=y"])).toEqual([
    200, 200, 200, 422, 200,
  ]);
  const bad = ["limit=0", "limit=-1", "limit=1.5", "limit=ten", "limit=", "skip=10001", "skip=-1", "limit=1e2"];
  expect(new Set(await statuses("/messages/inbox", bad))).toEqual(new Set([422]));
  await Promise.all(
    Array.from(
      { length: 101 },
      (_, n) => server.app.sql`
    insert into accounts (email, username) values (${`row${n}@example.com`}, ${`row${n}`})`,
    ),
  );
  for (const wanted of [101, 500]) expect((await ann.get(`/users/?limit=${wanted}`)).body).toHaveLength(100);
  const bob = await signUp(server, "bob");
  const conversation = `/messages/conversation/${bob.id}`;
  expect(
    await statuses(conversation, ["before_id=5", "beforeId=5", "before_id=0", "before_id=9007199254740992"]),
  ).toEqual([200, 200, 422, 422]);
});

test("path ids that are none: 422, never 500", async () => {
  for (const id of [
    "abc",
    "0",
    "-1",
    "1.5",
    "9007199254740992",
    "99999999999999999999",
    "1e3",
    "%00",
    "1%20",
    "null",
  ]) {
    const { status, body } = await ann.get(`/users/${id}`);
    expect([status, body.error.code]).toEqual([422, "VALIDATION_ERROR"]);
  }
  expect((await ann.get("/users/9007199254740991")).status).toBe(404);
});

test("bodies: malformed 400, wrong content type 415, over 64 KB 413, deep nesting 400 or 422", async () => {
  const send = async (body: string, type = "application/json", headers = {}) => {
    const response = await fetch(`${server.url}/api/v1/messages/`, {
      method: "POST",
      headers: { authorization: `Bearer ${ann.token}`, "content-type": type, ...headers },
      body,
    });
    const answer: any = await response.json();
    ErrorBody.parse(answer);
    return [response.status, answer.error.code];
  };
  expect(await send("{bad")).toEqual([400, "INVALID_JSON"]);
  expect(await send("")).toEqual([400, "INVALID_JSON"]);
  expect(await send('{"receiverId":1}', "text/plain")).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  expect(await send("[".repeat(30_000))).toEqual([400, "INVALID_JSON"]);
  expect(await send(`${"[".repeat(30_000)}${"]".repeat(30_000)}`)).toEqual([422, "VALIDATION_ERROR"]);
  expect(await send(`{"content":"${"x".repeat(65 * 1024)}"}`)).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  expect(await send(`{"content":"${"x".repeat(10 * 1024 * 1024)}"}`)).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  for (const body of ["null", "[]", '"x"', "5", "true"]) expect((await send(body))[0]).toBe(422);
});

test("a body of undeclared length is counted as it comes", async () => {
  const chunk = new TextEncoder().encode("x".repeat(8192));
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += chunk.length;
      if (sent > 1024 * 1024) controller.close();
      else controller.enqueue(chunk);
    },
  });
  const response = await fetch(`${server.url}/api/v1/messages/`, {
    method: "POST",
    headers: { authorization: `Bearer ${ann.token}`, "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(413);
});

test("a chunked request has the address of its connection like any other", async () => {
  const bob = await signUp(server, "bob");
  const text = JSON.stringify({ username: bob.username, password: bob.password });
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
  const headers = { "content-type": "application/json" };
  const login = await fetch(`${server.url}/api/v1/auth/login`, { method: "POST", headers, body });
  expect(login.status).toBe(200);
  const addresses = (await bob.get("/users/me/sessions")).body.map((session: any) => session.address);
  expect(addresses).toEqual(["127.0.0.1", "127.0.0.1"]);
});

test("CORS: any localhost origin by default, a preflight needs no token, our headers are exposed", async () => {
  const preflight = await fetch(`${server.url}/api/v1/messages/`, {
    method: "OPTIONS",
    headers: {
      origin: "http://localhost:5173",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
  expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
  const actual = await fetch(`${server.url}/api/v1/users/me`, { headers: { origin: "http://127.0.0.1:8080" } });
  expect(actual.status).toBe(401);
  expect(actual.headers.get("access-control-allow-origin")).toBe("http://127.0.0.1:8080");
  const exposed = actual.headers.get("access-control-expose-headers")!;
  for (const name of ["X-Event-Cursor", "Retry-After", "X-Request-Id"]) expect(exposed).toContain(name);
  for (const origin of [
    "http://evil.example",
    "http://localhost.evil.example",
    "http://evil.example/?http://localhost",
  ]) {
    const foreign = await fetch(`${server.url}/api/v1/users/me`, { headers: { origin } });
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  }
});

test("CORS: listed origins only; * allows any, never with credentials", async () => {
  const allowed = async (corsOrigins: string, origin: string) => {
    const other = await startTestServer({ env: { CORS_ORIGINS: corsOrigins } });
    const { headers } = await fetch(`${other.url}/healthz`, { headers: { origin } });
    await other.stop();
    return [headers.get("access-control-allow-origin"), headers.get("access-control-allow-credentials")];
  };
  expect(await allowed("https://app.example, https://b.example", "https://b.example")).toEqual([
    "https://b.example",
    "true",
  ]);
  expect((await allowed("https://app.example", "http://localhost:3000"))[0]).toBeNull();
  expect(await allowed("*", "https://anything.example")).toEqual(["*", null]);
});

/** One request, byte by byte, and the status line it got (empty when the line was just closed). */
function raw(request: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\r\n\r\n")) socket.end();
    });
    socket.on("close", () => resolve(text.split("\r\n")[0]!));
    socket.on("error", () => resolve(text.split("\r\n")[0]!));
    socket.write(request);
  });
}

test("a bad Host, odd paths and broken requests: never a 500, and the server lives", async () => {
  const requests = [
    "GET /api/v1/users/me HTTP/1.1\r\nHost: bad host:::\r\n\r\n",
    "GET /api/v1/users/me HTTP/1.1\r\nHost: [::\r\n\r\n",
    "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET /api/v1/ws?token=x HTTP/1.1\r\nHost: [::\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    "GET /api/v1/ws HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    "GET http://[::/api/v1/users/me HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /api/v1/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /api/v1/media/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /api/v1/users/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /api/v1/users/%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /api/v1/users/search?q=%ff%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n",
    `GET /${"a".repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    "POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    "BREW /api/v1/users/me HTTP/1.1\r\nHost: x\r\n\r\n",
    "\r\n\r\n\0\0\0",
  ];
  for (const request of requests) {
    const status = await raw(request);
    expect([request.slice(0, 60), /^$|^HTTP\/1\.1 [24]\d\d/.test(status)]).toEqual([request.slice(0, 60), true]);
  }
  expect((await ann.get("/users/me")).status).toBe(200);
});
