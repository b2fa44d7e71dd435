import { beforeAll, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { type Person, PICTURES, serverForFile, storedFiles } from "@reelay/testkit";

const MB = 1024 * 1024;
const MULTIPART = "multipart/form-data; boundary=x";

const { server, people } = serverForFile();
let ann: Person;

beforeAll(async () => {
  [ann] = await people("ann");
});

type Head = { path: string; type: string; length?: number; token?: string; body?: Uint8Array | string };

/** Sends a request and the beginning of its body, whatever length it said; resolves with the head of the answer. */
function begin({ path, type, length, token, body = "" }: Head): { answer: Promise<string>; socket: Socket } {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const answer = new Promise<string>((resolve) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\r\n\r\n")) resolve(text.split("\r\n")[0]!);
    });
    socket.on("error", () => resolve(text));
    socket.on("close", () => resolve(text));
  });
  const size = length === undefined ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  const bearer = token ? `Authorization: Bearer ${token}\r\n` : "";
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${bearer}${size}\r\nContent-Type: ${type}\r\n\r\n`);
  socket.write(body);
  return { answer, socket };
}

async function statusOf(head: Head): Promise<number> {
  const { answer, socket } = begin(head);
  const status = Number((await answer).split(" ")[1]);
  socket.destroy();
  return status;
}

test("no public route takes more than 64 KB, of whatever type, or a form that may hold files", async () => {
  for (const path of ["login", "register", "refresh", "verify-password"].map((name) => `/api/v1/auth/${name}`)) {
    for (const type of ["application/json", "application/x-www-form-urlencoded", MULTIPART]) {
      expect([path, type, await statusOf({ path, type, length: 64 * 1024 + 1 })]).toEqual([path, type, 413]);
    }
    const form = '--x\r\nContent-Disposition: form-data; name="username"\r\n\r\nann\r\n--x--\r\n';
    const whole = { path, type: MULTIPART, length: form.length, body: form };
    expect([path, await statusOf(whole)]).toEqual([path, 415]);
  }
  const fields = `username=${ann.username}&password=${encodeURIComponent(ann.password)}&more=`;
  const body = fields + "x".repeat(64 * 1024 - fields.length);
  const type = "application/x-www-form-urlencoded; charset=UTF-8";
  expect(await statusOf({ path: "/api/v1/auth/login", type, length: body.length, body })).toBe(200);
});

test("a form of undeclared length at a public route is refused when 64 KB of it have come", async () => {
  const chunk = `${(32 * 1024).toString(16)}\r\n${"x".repeat(32 * 1024)}\r\n`;
  const body = chunk.repeat(3);
  for (const type of ["application/x-www-form-urlencoded", MULTIPART]) {
    expect([type, await statusOf({ path: "/api/v1/auth/login", type, body })]).toEqual([type, 413]);
  }
});

test("who has no token, or sends too much, is refused before any of the picture has come", async () => {
  const path = "/api/v1/users/me/avatar";
  const outcomes = [
    await statusOf({ path, type: MULTIPART, length: 2 * MB }),
    await statusOf({ path, type: MULTIPART }),
    await statusOf({ path, type: MULTIPART, length: 2 * MB, token: "rubbish" }),
    await statusOf({ path, type: MULTIPART, length: 3 * MB, token: ann.token }),
    await statusOf({ path, type: "application/json", length: 65 * 1024, token: ann.token }),
  ];
  expect(outcomes).toEqual([401, 401, 401, 413, 413]);
});

test("a picture is refused by its first bytes, before the rest has come", async () => {
  const body = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n<script>alert(1)</script>';
  const padded = body + " ".repeat(1000);
  const head = { path: "/api/v1/users/me/avatar", type: MULTIPART, length: 2 * MB, token: ann.token, body: padded };
  expect(await statusOf(head)).toBe(422);
});

test("of a picture that is cut off nothing is kept, and the one before stands", async () => {
  const before = await storedFiles(server);
  const { avatarUrl } = (await ann.get("/users/me")).body;
  const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n';
  const form = Buffer.concat([Buffer.from(head), PICTURES.png, Buffer.alloc(100_000)]);
  const response = await fetch(`${server.url}/api/v1/users/me/avatar`, {
    method: "POST",
    headers: { authorization: `Bearer ${ann.token}`, "content-type": MULTIPART },
    body: form,
  });
  expect([response.status, ((await response.json()) as any).error.code]).toEqual([400, "UPLOAD_INCOMPLETE"]);
  expect(await storedFiles(server)).toEqual(before);
  expect((await ann.get("/users/me")).body.avatarUrl).toBe(avatarUrl);
});
