import { expect, test } from "bun:test";
import { utimes } from "node:fs/promises";
import { connect } from "node:net";
import type { Video } from "@reelay/contract";
import {
  accepted,
  call,
  formOf,
  mp4,
  type Person,
  promote,
  refused,
  ServerProcess,
  sendBody,
  serverForFile,
  somebody,
  storedFiles,
  temporaryFolder,
  waitFor,
} from "@reelay/testkit";

const MB = 1024 * 1024;

const { server } = serverForFile({ env: { MAX_UPLOAD_MB: "3" } });

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

test("an upload that says it has 10 GB is refused before any of it has come", async () => {
  const ann = await somebody(server);
  const before = await storedFiles(server);
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  const answered = new Promise<string>((resolve, reject) => {
    socket.on("data", (data) => resolve(data.toString()));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("closed without an answer")));
  });
  socket.write(
    `POST /api/v1/videos/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann.token}\r\nContent-Length: ${10 * 1024 * MB}\r\n` +
      "Content-Type: multipart/form-data; boundary=x\r\n\r\n",
  );
  expect(await answered).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"PAYLOAD_TOO_LARGE"/);
  socket.destroy();
  expect(await storedFiles(server)).toEqual(before);
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
  expect(await refused(server, (p) => sendBody(p, "", multipart))).toEqual([400, "BAD_REQUEST", []]);
  expect(await refused(server, (p) => sendBody(p, "--x--\r\n", multipart))).toEqual([
    422,
    "VALIDATION_ERROR",
    ["title"],
  ]);
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

/** By how many MB a process grew, at the most, while something went on. */
async function growthDuring(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = residentBytes(pid);
  let peak = before;
  const look = () => {
    peak = Math.max(peak, residentBytes(pid));
  };
  const looking = setInterval(look, 20);
  await work().finally(() => clearInterval(looking));
  look();
  return (peak - before) / MB;
}

/** A form whose file has that many MB, made as it is sent. */
function largeForm(sizeMb: number): ReadableStream<Uint8Array> {
  const start = `--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nlarge\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`;
  const beginning = Buffer.concat([mp4(), Buffer.alloc(MB - mp4().length)]);
  const piece = Buffer.concat(Array(16).fill(crypto.getRandomValues(new Uint8Array(64 * 1024))));
  let sentMb = 1;
  return new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.concat([Buffer.from(start), beginning])),
    pull(controller) {
      if (sentMb++ < sizeMb) return controller.enqueue(Buffer.from(piece));
      controller.enqueue(Buffer.from("\r\n--x--\r\n"));
      controller.close();
    },
  });
}

test("an upload of 200 MB and the download of a part pass by the memory", async () => {
  const folder = await temporaryFolder();
  const process = ServerProcess.spawn(folder.path, { JWT_SECRET: "a secret of the tests, long enough" });
  const url = await process.url();
  const account = { email: "ann@example.com", username: "ann", password: "correct horse" };
  const { body: user } = await call(url, "POST", "/auth/register", { body: account });
  const { body: login } = await call(url, "POST", "/auth/login", { body: account });
  const upload = async (sizeMb: number): Promise<Video> => {
    const headers = { authorization: `Bearer ${login.accessToken}`, "content-type": "multipart/form-data; boundary=x" };
    const response = await fetch(`${url}/api/v1/videos`, { method: "POST", headers, body: largeForm(sizeMb) });
    expect(response.status).toBe(201);
    return (await response.json()) as Video;
  };
  const download = async (video: Video, from: number): Promise<number> => {
    const response = await fetch(url + video.url, { headers: { range: `bytes=${from}-` } });
    expect(response.status).toBe(206);
    let received = 0;
    for await (const chunk of response.body!) received += chunk.length;
    return received;
  };
  expect(await download(await upload(1), 1000)).toBe(MB - 1000);
  const grown = await growthDuring(process.pid, async () => {
    const video = await upload(200);
    expect(video).toMatchObject({ ownerId: user.id, duration: 12.5 });
    expect(await download(video, MB)).toBe(199 * MB);
  });
  console.log(`200 MB uploaded, 199 of them downloaded: the process grew by ${grown.toFixed(1)} MB at most`);
  expect(grown).toBeLessThan(32);
  process.kill("SIGTERM");
  expect((await process.exited).code).toBe(0);
  await folder.remove();
});
