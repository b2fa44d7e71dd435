import { expect, test } from "bun:test";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { ErrorBody } from "@reelay/contract";
import { call, type Person, serverForFile, settleJobs } from "@reelay/testkit";

const SIGNATURES = {
  png: Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
  jpg: Buffer.from("\xff\xd8\xff\xe0", "latin1"),
  webp: Buffer.from("RIFF\x20\x00\x00\x00WEBP", "latin1"),
};
const TYPES = { png: "image/png", jpg: "image/jpeg", webp: "image/webp" };
const MAX_BYTES = 2 * 1024 * 1024;

const { server, people } = serverForFile();

async function somebody(): Promise<Person> {
  const [person] = await people("person");
  return person!;
}

/** The beginning of such a file and bytes that are all different enough to tell any range from another. */
function picture(kind: keyof typeof SIGNATURES, size = 1000): Buffer {
  const filling = Buffer.from(Array.from({ length: Math.min(size, 5000) }, (_, n) => (n * 7 + (n >> 8)) % 256));
  return Buffer.concat([SIGNATURES[kind], Buffer.alloc(size - SIGNATURES[kind].length, filling)]);
}

function formOf(content: Uint8Array, { type = "image/png", name = "me.png", part = "file" } = {}): FormData {
  const form = new FormData();
  form.set(part, new File([content as Uint8Array<ArrayBuffer>], name, { type }));
  return form;
}

async function send(person: Person | null, body: FormData | URLSearchParams | string, headers = {}) {
  const response = await fetch(`${server.url}/api/v1/users/me/avatar`, {
    method: "POST",
    headers: { ...(person && { authorization: `Bearer ${person.token}` }), ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as any };
}

const upload = (person: Person, content: Uint8Array, file = {}) => send(person, formOf(content, file));

async function uploaded(content: Uint8Array): Promise<string> {
  const { status, body } = await upload(await somebody(), content);
  expect(status).toBe(200);
  return body;
}

const get = (url: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(server.url + url, { method, headers });

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

function outcome({ status, body }: { status: number; body: any }) {
  return [status, body.error?.code];
}

test("a PNG, JPEG or WebP becomes the avatar: the answer is its URL, everybody gets the same bytes", async () => {
  for (const kind of ["png", "jpg", "webp"] as const) {
    const ann = await somebody();
    const { status, body: url } = await upload(ann, picture(kind), { type: TYPES[kind], name: `me.${kind}` });
    expect(status).toBe(200);
    expect(url).toMatch(new RegExp(`^/api/v1/media/avatars/[0-9a-z-]+\\.${kind}$`));
    expect((await call(server.url, "GET", `/users/${ann.id}`)).body.avatarUrl).toBe(url);
    const response = await get(url);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, TYPES[kind]]);
    expect(await bytesOf(response)).toEqual(picture(kind));
  }
});

test("what a file is, its first bytes tell: name and content type may say what they like", async () => {
  const ann = await somebody();
  const url = (await upload(ann, picture("webp"), { type: "text/html", name: "../../x.html" })).body;
  expect(url).toEndWith(".webp");
  expect((await get(url)).headers.get("content-type")).toBe("image/webp");
  const liars = [
    "<script>alert(1)</script>",
    "GIF89a......",
    "<svg xmlns='x'/>",
    "RIFF....WAVEfmt ",
    " \x89PNG\r\n\x1a\n",
    "\x89PNG",
  ];
  for (const liar of liars) {
    expect([liar, ...outcome(await upload(ann, Buffer.from(liar, "latin1")))]).toEqual([liar, 422, "UNSUPPORTED_FILE"]);
  }
  expect(outcome(await upload(ann, Buffer.alloc(0)))).toEqual([422, "UNSUPPORTED_FILE"]);
  expect((await ann.get("/users/me")).body.avatarUrl).toBe(url);
});

test("two megabytes are the most", async () => {
  const ann = await somebody();
  expect((await upload(ann, picture("png", MAX_BYTES))).status).toBe(200);
  const { body: before } = await ann.get("/users/me");
  for (const size of [MAX_BYTES + 1, 3_500_000, 5_000_000]) {
    expect([size, ...outcome(await upload(ann, picture("png", size)))]).toEqual([size, 413, "PAYLOAD_TOO_LARGE"]);
  }
  expect((await ann.get("/users/me")).body).toEqual(before);
});

test("without the part, with text in its place, or as no form at all: refused, naming what is missing", async () => {
  const ann = await somebody();
  const text = new FormData();
  text.set("file", "not a file");
  const notChosen = formOf(Buffer.alloc(0), { name: "" });
  for (const form of [formOf(picture("png"), { part: "avatar" }), text, notChosen]) {
    const answer = await send(ann, form);
    expect(outcome(answer)).toEqual([422, "VALIDATION_ERROR"]);
    expect(answer.body.error.details.map(({ path }: { path: string }) => path)).toEqual(["file"]);
  }
  expect((await send(ann, "{}", { "content-type": "application/json" })).status).toBe(415);
  expect((await send(ann, new URLSearchParams({ file: "x" }))).status).toBe(415);
  expect((await send(ann, "x", { "content-type": "multipart/form-data; boundary=b" })).status).toBe(400);
  expect((await send(ann, "x", { "content-type": "multipart/form-data" })).status).toBe(400);
  expect((await send(null, formOf(picture("png")))).status).toBe(401);
  expect((await ann.get("/users/me")).body.avatarUrl).toBeNull();
});

test("other parts of the form are ignored", async () => {
  const ann = await somebody();
  const form = formOf(picture("jpg"));
  form.set("fullName", "Not Changed");
  form.set("thumb", new File([picture("png") as Buffer<ArrayBuffer>], "other.png"));
  const { status, body } = await send(ann, form);
  expect([status, body]).toEqual([200, expect.stringMatching(/\.jpg$/)]);
  expect((await ann.get("/users/me")).body).toMatchObject({ avatarUrl: body, fullName: null });
});

test("a new avatar has a new URL, and the one before is gone; so is that of a deleted account", async () => {
  const [ann] = await people("ann");
  const first = (await upload(ann, picture("png"))).body;
  const second = (await upload(ann, picture("png"))).body;
  expect(second).not.toBe(first);
  expect([(await get(first)).status, (await get(second)).status]).toEqual([404, 200]);
  await ann.delete("/users/me", { password: ann.password });
  await settleJobs(server);
  expect((await get(second)).status).toBe(404);
});

test("of avatars sent at once one stands, and no other file is left", async () => {
  const ann = await somebody();
  const answers = await Promise.all(Array.from({ length: 8 }, () => upload(ann, picture("png"))));
  const { avatarUrl } = (await ann.get("/users/me")).body;
  const urls = answers.map(({ body }) => body);
  expect(urls).toContain(avatarUrl);
  const statuses = await Promise.all(urls.map(async (url) => (await get(url)).status));
  expect(statuses).toEqual(urls.map((url) => (url === avatarUrl ? 200 : 404)));
});

test("a range is answered with 206 and just those bytes", async () => {
  const content = picture("png", 1000);
  const url = await uploaded(content);
  const ranges: [string, number, number][] = [
    ["bytes=0-99", 0, 99],
    ["bytes=100-100", 100, 100],
    ["bytes=990-", 990, 999],
    ["bytes=0-", 0, 999],
    ["bytes=900-5000", 900, 999],
    ["bytes=0-9223372036854775807", 0, 999],
    ["bytes=-10", 990, 999],
    ["bytes=-5000", 0, 999],
    ["bytes=-99999999999999999999", 0, 999],
    ["Bytes=5-6", 5, 6],
  ];
  for (const [range, start, end] of ranges) {
    const response = await get(url, { range });
    const { status, headers } = response;
    expect([range, status, headers.get("content-range")]).toEqual([range, 206, `bytes ${start}-${end}/1000`]);
    expect(headers.get("content-length")).toBe(String(end - start + 1));
    expect(await bytesOf(response)).toEqual(content.subarray(start, end + 1));
  }
});

test("a range beyond the end, or that is none: 416 with the size, in the shape of every error", async () => {
  const url = await uploaded(picture("png", 1000));
  const ranges = [
    "bytes=1000-",
    "bytes=1000-1001",
    "bytes=99999999999999999999-",
    "bytes=-0",
    "bytes=5-4",
    "bytes=-",
    "bytes=x-y",
  ];
  for (const range of ranges) {
    const response = await get(url, { range });
    expect([range, response.status, response.headers.get("content-range")]).toEqual([range, 416, "bytes */1000"]);
    const body = ErrorBody.parse(await response.json());
    expect(body.error.code).toBe("RANGE_NOT_SATISFIABLE");
  }
});

test("several ranges, another unit, or a range of another version: the whole file", async () => {
  const content = picture("jpg", 1000);
  const url = await uploaded(content);
  const etag = (await get(url)).headers.get("etag")!;
  const requests: Record<string, string>[] = [
    { range: "bytes=0-1,5-6" },
    { range: "lines=0-1" },
    { range: "0-1" },
    { range: "bytes=0-1", "if-range": '"another"' },
  ];
  for (const headers of requests) {
    const response = await get(url, headers);
    expect([response.status, response.headers.get("content-range")]).toEqual([200, null]);
    expect(await bytesOf(response)).toEqual(content);
  }
  expect((await get(url, { range: "bytes=0-1", "if-range": etag })).status).toBe(206);
});

test("a copy the client has is not sent again", async () => {
  const [url, other] = [await uploaded(picture("png")), await uploaded(picture("png"))];
  const etag = (await get(url)).headers.get("etag")!;
  expect(etag).toMatch(/^"[^"]+"$/);
  expect((await get(other)).headers.get("etag")).not.toBe(etag);
  for (const tags of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
    const response = await get(url, { "if-none-match": tags });
    expect([tags, response.status, response.headers.get("etag")]).toEqual([tags, 304, etag]);
    expect(await response.text()).toBe("");
  }
  for (const tags of ['"x"', etag.slice(1, -1), ""]) {
    expect((await get(url, { "if-none-match": tags })).status).toBe(200);
  }
});

test("HEAD tells what GET would, without the bytes", async () => {
  const url = await uploaded(picture("webp", 1234));
  const [head, whole] = [await get(url, {}, "HEAD"), await get(url)];
  expect([head.status, (await bytesOf(head)).length]).toEqual([200, 0]);
  for (const name of ["content-length", "content-type", "etag", "accept-ranges", "cache-control"]) {
    expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
  }
  expect(head.headers.get("content-length")).toBe("1234");
  expect((await get(`${url.slice(0, -5)}x.webp`, {}, "HEAD")).status).toBe(404);
});

test("pictures need no token, are asked for again each time, and are never taken for anything but pictures", async () => {
  const url = await uploaded(picture("png"));
  for (const headers of [{}, { authorization: "Bearer rubbish" }, { range: "bytes=0-1" }] as Record<string, string>[]) {
    const response = await get(url, headers);
    expect(response.ok).toBe(true);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("accept-ranges")).toBe("bytes");
    expect(response.headers.get("cache-control")).toBe("public, no-cache");
  }
  expect((await get(`${url}/`)).status).toBe(200);
  expect((await get(url, {}, "POST")).status).toBe(405);
});

/** One request whose path no client library has tidied up, and all that came back. */
function raw(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  });
}

test("no path leads out of the public folders", async () => {
  const url = await uploaded(picture("png", 100));
  const probe = await server.app.storage.begin();
  await probe.discard();
  const dataDir = dirname(dirname(dirname(probe.file.name!)));
  const secret = "the secret of this instance";
  for (const file of [
    "media/.incoming/a.png",
    "jwt-secret",
    "secret.png",
    "media/secret.png",
    "media/avatars/.hidden.png",
    "media/private/a.png",
  ]) {
    await Bun.write(join(dataDir, file), secret);
  }
  expect(await raw(url)).toStartWith("HTTP/1.1 200");
  const name = url.slice("/api/v1/media/avatars/".length);
  const paths = [
    "avatars/..%2f..%2fjwt-secret",
    "avatars/..%2F..%2Fsecret.png",
    "avatars/..%2fsecret.png",
    "avatars/..%5c..%5csecret.png",
    "avatars/%2e%2e%2f%2e%2e%2fsecret.png",
    "avatars/..%252f..%252fsecret.png",
    "avatars/%c0%ae%c0%ae%c0%afsecret.png",
    "avatars/../../jwt-secret",
    "avatars/../secret.png",
    "avatars/%2e%2e/secret.png",
    "..%2fsecret.png/x.png",
    "..%2f/secret.png",
    "../secret.png",
    "%2e%2e/secret.png",
    "./secret.png",
    "%2e/secret.png",
    "/secret.png",
    "avatars/..",
    "avatars/.hidden.png",
    "private/a.png",
    ".incoming/a.png",
    "videos/..%2fsecret.png",
    "thumbs/..%2f.incoming%2fa.png",
    "avatars%2f..%2fprivate/a.png",
    `avatars/${encodeURIComponent(join(dataDir, "secret.png"))}`,
    `avatars/${name}%00`,
    `avatars/${name}%00.png`,
    `avatars/..%2fsecret.png%00${name}`,
    "avatars/..%2fsecret.png%0a.png",
    `avatars/${name}%20`,
    `avatars/${name.toUpperCase()}`,
    `avatars/${name}.part`,
    "avatars/%zz.png",
    "avatars",
    "",
  ];
  for (const path of paths) {
    const answer = await raw(`/api/v1/media/${path}`);
    expect([path, answer.split("\r\n")[0]]).toEqual([path, "HTTP/1.1 404 Not Found"]);
    expect(answer).not.toContain(secret);
    expect(answer).not.toContain(dataDir);
  }
});
