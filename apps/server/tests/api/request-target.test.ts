import { beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { ErrorBody, type ErrorCode } from "@reelay/contract";
import { type Person, serverForFile } from "@reelay/testkit";

const { server, people } = serverForFile();
let ann: Person;

beforeAll(async () => {
  [ann] = await people("ann");
});

type RawAnswer = { status: number; text: string };

/** One request as it stands, and what came back until the server closed or was upgraded. */
function send(line: string, ...headers: string[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    let text = "";
    const done = () => {
      socket.destroy();
      resolve({ status: Number(text.split(" ")[1]), text });
    };
    socket.on("data", (chunk) => {
      text += chunk;
      const [head = "", body] = text.split("\r\n\r\n");
      const length = Number(head.match(/content-length: (\d+)/i)?.[1] ?? 0);
      if (body !== undefined && Buffer.byteLength(body) >= length) done();
    });
    socket.on("close", done);
    socket.on("error", reject);
    socket.write(`${[line, ...headers].join("\r\n")}\r\n\r\n`);
  });
}

const get = (path: string) => send(`GET ${path} HTTP/1.1`, "Host: x");

async function refusal(answer: Promise<RawAnswer>): Promise<[number, ErrorCode]> {
  const { status, text } = await answer;
  const { error } = ErrorBody.parse(JSON.parse(text.slice(text.indexOf("\r\n\r\n"))));
  return [status, error.code];
}

const UPGRADE = [
  "Host: x",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
];
const upgrade = (path: string, ...changed: string[]) => {
  const name = (header: string) => header.split(":")[0]!;
  const kept = UPGRADE.filter((header) => !changed.some((other) => name(other) === name(header)));
  return send(`GET ${path} HTTP/1.1`, ...kept, ...changed.filter((header) => !header.endsWith(":")));
};

test("a path that is not written as it is meant leads nowhere", async () => {
  const paths = [
    "/x/../healthz",
    "/x/%2e%2e/healthz",
    "/x/.%2E/healthz",
    "/./healthz",
    "/%2e/healthz",
    "/x\\..\\healthz",
    "\\healthz",
    "/healthz/x/..",
    "/healthz//..",
    "//..//healthz",
    `/healthz${"/x".repeat(12)}${"/..".repeat(12)}`,
    "/x/../api/v1/videos",
    "/..",
    "//..",
  ].filter((path) => path.startsWith("/"));
  expect((await get("/healthz")).status).toBe(200);
  expect((await get("/api/v1/videos?q=/../x\\y")).status).toBe(200);
  for (const path of paths) expect([path, ...(await refusal(get(path)))]).toEqual([path, 404, "NOT_FOUND"]);
  expect((await upgrade(`/x/../api/v1/ws?token=${ann.token}`)).status).toBe(404);
  expect((await upgrade(`/x\\..\\api\\v1\\ws?token=${ann.token}`)).status).toBe(404);
});

test("one host, and one that can be: else 400, and no socket", async () => {
  for (const host of ["x", "x:80", "my_service:3000", "127.0.0.1:3000", "[::1]:3000", "xn--h-eua.example."]) {
    expect([host, (await send("GET /healthz HTTP/1.1", `Host: ${host}`)).status]).toEqual([host, 200]);
  }
  for (const hosts of [["a", "b"], ["a", "a"], ["a,b"], ["bad host:::"], ["[::"], ["a/b"], ["a#b"], ["u@h"], ["x:"]]) {
    const headers = hosts.map((host) => `Host: ${host}`);
    const answer = refusal(send("GET /healthz HTTP/1.1", ...headers));
    expect([hosts, ...(await answer)]).toEqual([hosts, 400, "BAD_REQUEST"]);
    const path = `/api/v1/ws?token=${ann.token}`;
    expect([hosts, (await upgrade(path, ...headers)).status]).toEqual([hosts, 400]);
  }
});

test("the health checks of load balancers that speak HTTP/1.0 are answered", async () => {
  for (const path of ["/healthz", "/readyz", "/healthz/", "/healthz?from=lb"]) {
    expect([path, (await send(`GET ${path} HTTP/1.0`)).status]).toEqual([path, 200]);
    expect([path, (await send(`GET ${path} HTTP/1.1`, "Host:")).status]).toEqual([path, 200]);
  }
  expect(await refusal(send("GET /x/../healthz HTTP/1.0"))).toEqual([404, "NOT_FOUND"]);
  expect(await refusal(send("GET /nothing HTTP/1.0"))).toEqual([404, "NOT_FOUND"]);
});

test("a socket is opened at its path alone", async () => {
  const query = `?token=${ann.token}`;
  for (const path of [`/api/v1/ws${query}`, `/api/v1/ws/${query}`, `/api/v1/ws/${ann.token}`, "/api/v1/ws"]) {
    expect([path, (await upgrade(path)).status]).toEqual([path, 101]);
  }
  const others = [
    `/foo://x/api/v1/ws${query}`,
    `//x/api/v1/ws${query}`,
    `/api/v1//ws${query}`,
    `/api/v1/ws//${query}`,
    `/api/v1/ws/${ann.token}/x`,
    `/api/v1/wsx${query}`,
    `/api/v1/WS${query}`,
    `/api/v1/ws%3Ftoken=x`,
    `/healthz?/api/v1/ws`,
  ];
  for (const path of others) expect([path, (await upgrade(path)).status]).not.toEqual([path, 101]);
});

test("a socket is opened by a request that asks for one alone", async () => {
  const path = `/api/v1/ws?token=${ann.token}`;
  for (const connection of ["Connection: keep-alive, Upgrade", "Connection: upgrade"]) {
    expect([connection, (await upgrade(path, connection)).status]).toEqual([connection, 101]);
  }
  for (const other of ["Connection:", "Connection: close", "Connection: x-upgrade", "Upgrade: h2c", "Upgrade:"]) {
    expect([other, ...(await refusal(upgrade(path, other)))]).toEqual([other, 426, "UPGRADE_REQUIRED"]);
  }
});

test("answers with a token are kept by no cache, and no JSON is taken for anything else", async () => {
  const headersOf = async (method: string, path: string, body?: object) => {
    const { headers } = await ann.call(method, path, body);
    return [headers.get("cache-control"), headers.get("x-content-type-options")];
  };
  const { email, password, refreshToken } = ann;
  expect(await headersOf("POST", "/auth/login", { email, password })).toEqual(["no-store", "nosniff"]);
  expect(await headersOf("POST", "/auth/login", { email, password: "wrong" })).toEqual(["no-store", "nosniff"]);
  expect(await headersOf("POST", "/auth/refresh", { refreshToken })).toEqual(["no-store", "nosniff"]);
  expect(await headersOf("POST", "/ws/ticket")).toEqual(["no-store", "nosniff"]);
  for (const path of ["/users/me", "/videos", "/no/such/path", "/openapi.json", "/ws"]) {
    expect([path, (await headersOf("GET", path))[1]]).toEqual([path, "nosniff"]);
  }
  expect((await headersOf("PATCH", "/videos"))[1]).toBe("nosniff");
});
