import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Video } from "@reelay/contract";
import {
  accepted,
  formOf,
  mp4,
  type Person,
  PICTURES,
  peopleOf,
  refused,
  sendBody,
  startTestServer,
  storedFiles,
  TestBucket,
  type TestServer,
} from "@reelay/testkit";
import { readConfig } from "../../src/config.ts";
import { purgeVideos } from "../../src/features/videos/purge.ts";
import { bucketStore } from "../../src/platform/object-store-s3.ts";

/* Files in an S3 bucket instead of on the disk. */

const MB = 1024 * 1024;

let bucket: TestBucket;
let server: TestServer;
let ann: Person;

beforeAll(async () => {
  bucket = new TestBucket();
  server = await startTestServer({ env: bucket.env });
});

afterAll(async () => {
  await server.stop();
  await bucket.stop();
});

beforeEach(async () => {
  bucket.isBroken = false;
  bucket.objects.clear();
  [ann] = await peopleOf(server, "ann");
});

async function upload(file: Uint8Array, visibility = "public"): Promise<Video> {
  const parts: [string, string | Uint8Array][] = [
    ["title", "x"],
    ["visibility", visibility],
    ["file", file],
    ["thumb", PICTURES.png],
  ];
  return await accepted(server, parts, ann);
}

const get = (url: string, headers = {}) => fetch(new URL(url, server.url), { headers });

test("a video goes into the bucket in parts, and none of it stays on the disk", async () => {
  const file = mp4({ size: 12 * MB });
  const video = await upload(file);
  expect(video.duration).toBe(12.5);
  expect([...bucket.objects.keys()].map((key) => key.replace(/\/.*\./, "/*.")).sort()).toEqual([
    "thumbs/*.png",
    "videos/*.mp4",
  ]);
  expect(Buffer.compare(bucket.objects.get(`videos/${video.url.split("/").at(-1)}`)!, file)).toBe(0);
  expect(bucket.largestBody).toBeLessThan(6 * MB);
  expect(await storedFiles(server)).toEqual([]);
});

test("it is sent through us: whole, in parts, as a head, and not at all beyond its end", async () => {
  const file = mp4({ size: 300_000 });
  const { url } = await upload(file);
  const whole = await get(url);
  expect([whole.status, whole.headers.get("content-type")]).toEqual([200, "video/mp4"]);
  expect(Buffer.compare(Buffer.from(await whole.arrayBuffer()), file)).toBe(0);
  const part = await get(url, { range: "bytes=1000-1999" });
  expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 1000-1999/${file.length}`]);
  expect(Buffer.compare(Buffer.from(await part.arrayBuffer()), file.subarray(1000, 2000))).toBe(0);
  const last = await get(url, { range: "bytes=-5" });
  expect(Buffer.compare(Buffer.from(await last.arrayBuffer()), file.subarray(-5))).toBe(0);
  const head = await fetch(new URL(url, server.url), { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, String(file.length)]);
  expect((await get(url, { range: `bytes=${file.length}-` })).status).toBe(416);
});

test("a player that asks for little is told how much it gets; one that asks for the length alone moves no bytes", async () => {
  const file = mp4({ size: 3 * MB });
  const { url, thumbUrl } = await upload(file);
  const first = await get(url, { range: "bytes=0-1" });
  expect([first.status, first.headers.get("content-length")]).toEqual([206, "2"]);
  expect((await get(thumbUrl!)).headers.get("content-length")).toBe(String(PICTURES.png.length));
  bucket.requests.length = 0;
  const head = await fetch(new URL(url, server.url), { method: "HEAD" });
  expect(head.headers.get("content-length")).toBe(String(file.length));
  // What HEAD would have asked the bucket for comes before what is asked after it.
  await get(url, { range: "bytes=7-8" });
  expect(bucket.requests).toEqual(["HEAD", "HEAD", "GET bytes=7-8"]);
});

test("a file that cannot be read to its end leaves nothing in the bucket", async () => {
  const { bucket: config } = readConfig(bucket.env);
  await expect(bucketStore(config!).put("videos/a.mp4", "/no/such/file")).rejects.toThrow();
  expect([...bucket.objects.keys()]).toEqual([]);
});

test("who may see a file is looked at here as well; what is deleted is refused at once and leaves the bucket", async () => {
  const hidden = await upload(mp4(), "private");
  const [path] = hidden.url.split("?");
  expect((await get(path!)).status).toBe(404);
  expect((await get(hidden.url)).status).toBe(200);
  await ann.delete(`/videos/${hidden.id}`);
  expect((await get(hidden.url)).status).toBe(404);
  await purgeVideos(server.app);
  expect([...bucket.objects.keys()]).toEqual([]);
});

test("an avatar is kept there too, and the one before goes", async () => {
  const send = async (bytes: Uint8Array) => {
    const response = await fetch(`${server.url}/api/v1/users/me/avatar`, {
      method: "POST",
      headers: { authorization: `Bearer ${ann.token}` },
      body: formOf([["file", bytes]]),
    });
    return (await response.json()) as string;
  };
  const first = await send(PICTURES.png);
  const second = await send(PICTURES.webp);
  expect(Buffer.from(await (await get(second)).arrayBuffer())).toEqual(PICTURES.webp);
  expect((await get(first)).status).toBe(404);
  expect(bucket.objects.size).toBe(1);
});

test("while the bucket does not work: 503, nothing half-done, and afterwards all is well", async () => {
  const { url } = await upload(mp4());
  bucket.isBroken = true;
  expect((await get(url)).status).toBe(503);
  const form = () =>
    formOf([
      ["title", "x"],
      ["file", mp4({ size: 6 * MB })],
    ]);
  expect(await refused(server, (person) => sendBody(person, form()))).toEqual([503, "UNAVAILABLE", []]);
  bucket.isBroken = false;
  expect((await get(url)).status).toBe(200);
  expect(bucket.objects.size).toBe(2);
});

test("the variables of a bucket go together", () => {
  const { S3_SECRET_ACCESS_KEY: _, ...others } = bucket.env;
  expect(() => readConfig(others)).toThrow("S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY");
  expect(readConfig({}).bucket).toBeUndefined();
  expect(() => readConfig({ ...bucket.env, MAX_UPLOAD_MB: "50001" })).toThrow("MAX_UPLOAD_MB: at most 50000");
  expect(readConfig({ MAX_UPLOAD_MB: "50001" }).maxUploadBytes).toBe(50_001 * MB);
});
