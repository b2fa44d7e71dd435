import { afterAll, beforeAll, expect, test } from "bun:test";
import { utimes } from "node:fs/promises";
import { connect } from "node:net";
import type { Video } from "@reelay/contract";
import { call, type Person, promote } from "./support/person.ts";
import { ServerProcess, temporaryFolder, waitFor } from "./support/process.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { accepted, formOf, mp4, refused, sendBody, somebody, storedFiles } from "./support/upload.ts";

const MB = 1024 * 1024;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ env: { MAX_UPLOAD_MB: "3" } });
});

afterAll(() => server.stop());

test("more than MAX_UPLOAD_MB is refused: by its declared length at once, by its bytes as soon as they are too many", async () => {
  const file = mp4({ moov: "none", size: 3 * MB - 32 });
  expect(file.length).toBe(3 * MB);
  expect(
    (
      await accepted(server, [
        ["title", "x"],
        ["file", file],
      ])
    ).url,
  ).toEndWith(".mp4");
  const larger = Buffer.concat([file, Buffer.alloc(1)]);
  expect(
    await refused(server, [
      ["title", "x"],
      ["file", larger],
    ]),
  ).toEqual([413, "PAYLOAD_TOO_LARGE", []]);
  expect(
    await refused(server, [
      ["title", "x"],
      ["file", mp4()],
      ["other", Buffer.alloc(8 * MB)],
    ]),
  ).toEqual([413, "PAYLOAD_TOO_LARGE", []]);
  let sent = 0;
  const endless = (person: Person) => {
    const head = `--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.concat([Buffer.from(head), mp4()])),
      pull: (controller) => {
        sent += 64 * 1024;
        if (sent > 300 * MB) controller.close();
        else controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    return sendBody(person, body, { "content-type": "multipart/form-data; boundary=x" });
  };
  expect(await refused(server, endless)).toEqual([413, "PAYLOAD_TOO_LARGE", []]);
  expect(sent).toBeLessThan(100 * MB);
});

test("what is no form, or none that ends, is refused with a reason", async () => {
  const multipart = { "content-type": "multipart/form-data; boundary=x" };
  const whole = Buffer.concat([
    Buffer.from(
      '--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n',
    ),
    mp4(),
    Buffer.from("\r\n--x--\r\n"),
  ]);
  const person = await somebody(server);
  expect((await sendBody(person, whole, multipart)).status).toBe(201);
  for (const length of [whole.length - 4, whole.length - 1000, 300, 10]) {
    expect(await refused(server, (p) => sendBody(p, whole.subarray(0, length), multipart))).toEqual([
      400,
      "UPLOAD_INCOMPLETE",
      [],
    ]);
  }
  expect(await refused(server, (p) => sendBody(p, Buffer.alloc(50_000, "x"), multipart))).toEqual([
    400,
    "BAD_REQUEST",
    [],
  ]);
  expect(await refused(server, (p) => sendBody(p, whole, { "content-type": "multipart/form-data" }))).toEqual([
    400,
    "BAD_REQUEST",
    [],
  ]);
  expect(await refused(server, (p) => sendBody(p, "x", { "content-type": "video/mp4" }))).toEqual([
    415,
    "UNSUPPORTED_MEDIA_TYPE",
    [],
  ]);
});

test("a connection that is cut while it uploads leaves nothing", async () => {
  const ann = await somebody(server);
  const before = await storedFiles(server);
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const head = `--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`;
  socket.write(
    `POST /api/v1/videos HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann.token}\r\nContent-Length: 2000000\r\n` +
      `Content-Type: multipart/form-data; boundary=x\r\n\r\n${head}`,
  );
  socket.write(mp4({ size: 500_000 }));
  await waitFor(async () => ((await storedFiles(server)).length > before.length ? true : undefined));
  socket.destroy();
  await waitFor(async () => ((await storedFiles(server)).length === before.length ? true : undefined));
  expect((await ann.get(`/videos/user/${ann.id}`)).body).toEqual([]);
});

test("whoever is banned while he uploads has uploaded nothing", async () => {
  const [ann, chief] = [await somebody(server), await somebody(server)];
  await promote(server, chief, "admin");
  const before = await storedFiles(server);
  const encoded = new Response(
    formOf([
      ["title", "x"],
      ["file", mp4()],
    ]),
  );
  const type = encoded.headers.get("content-type")!;
  const bytes = await encoded.bytes();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(bytes.subarray(0, 1000));
      await waitFor(async () => ((await storedFiles(server)).length > before.length ? true : undefined));
      expect((await chief.post(`/admin/users/${ann.id}/ban`, { reason: "spam" })).status).toBe(200);
      controller.enqueue(bytes.subarray(1000));
      controller.close();
    },
  });
  const answer = await sendBody(ann, body, { "content-type": type });
  expect([answer.status, answer.body.error.code]).toEqual([403, "ACCOUNT_BANNED"]);
  expect(await storedFiles(server)).toHaveLength(before.length);
});

test("uploads that were left behind by a dead process are removed after a day", async () => {
  const { storage } = server.app;
  const [left, current] = [await storage.begin(), await storage.begin()];
  await left.append(mp4());
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await utimes(left.file.name!, yesterday, yesterday);
  await storage.sweep();
  expect([await left.file.exists(), await current.file.exists()]).toEqual([false, true]);
  await Promise.all([left.discard(), current.discard()]);
});

function residentBytes(pid: number): number {
  const { stdout } = Bun.spawnSync(["ps", "-o", "rss=", "-p", String(pid)]);
  return Number(stdout.toString()) * 1024;
}

test("an upload of 64 MB goes to the disk without passing through the memory", async () => {
  const folder = await temporaryFolder();
  const process = ServerProcess.spawn(folder.path, { JWT_SECRET: "a secret of the tests, long enough" });
  const url = await process.url();
  const account = { email: "ann@example.com", username: "ann", password: "correct horse" };
  const { body: user } = await call(url, "POST", "/auth/register", { body: account });
  const { body: login } = await call(url, "POST", "/auth/login", { body: account });
  const upload = async (sizeMb: number): Promise<{ peak: number; video: Video }> => {
    let peak = residentBytes(process.pid);
    let sentMb = 0;
    const head = `--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nlarge\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`;
    const chunk = crypto.getRandomValues(new Uint8Array(64 * 1024));
    const pieces = Array.from({ length: MB / chunk.length }, () => chunk);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.concat([Buffer.from(head), mp4()])),
      pull(controller) {
        peak = Math.max(peak, residentBytes(process.pid));
        if (sentMb++ === sizeMb) {
          controller.enqueue(Buffer.from("\r\n--x--\r\n"));
          controller.close();
        } else controller.enqueue(Buffer.concat(pieces));
      },
    });
    const headers = { authorization: `Bearer ${login.accessToken}`, "content-type": "multipart/form-data; boundary=x" };
    const response = await fetch(`${url}/api/v1/videos`, { method: "POST", headers, body });
    expect(response.status).toBe(201);
    return { peak: Math.max(peak, residentBytes(process.pid)), video: (await response.json()) as Video };
  };
  await upload(1);
  const before = residentBytes(process.pid);
  const { peak, video } = await upload(64);
  const grown = (peak - before) / MB;
  console.log(`64 MB uploaded: the process grew from ${(before / MB).toFixed(1)} MB by at most ${grown.toFixed(1)} MB`);
  expect(video).toMatchObject({ ownerId: user.id, duration: 12.5 });
  expect((await fetch(url + video.url, { method: "HEAD" })).headers.get("content-length")).toBe(
    String(64 * MB + mp4().length),
  );
  expect(grown).toBeLessThan(32);
  process.kill("SIGTERM");
  expect((await process.exited).code).toBe(0);
  await folder.remove();
});
