import { beforeAll, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import type { Video } from "@reelay/contract";
import {
  accepted,
  call,
  mp4,
  type Parts,
  type Person,
  PICTURES,
  promote,
  serverForFile,
  somebody,
} from "@reelay/testkit";

const HOUR_MS = 3_600_000;
const file = mp4({ size: 10_000 });

const { server } = serverForFile();
let chief: Person;

beforeAll(async () => {
  chief = await somebody(server);
  await promote(server, chief, "admin");
});

const get = (url: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(server.url + url, { method, headers });
const statusOf = async (url: string, headers = {}) => (await get(url, headers)).status;
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

async function upload(visibility = "public"): Promise<{ owner: Person; video: Video; files: string[] }> {
  const owner = await somebody(server);
  const parts: Parts = [
    ["title", "x"],
    ["visibility", visibility],
    ["file", file],
    ["thumb", PICTURES.png],
  ];
  const video = await accepted(server, parts, owner);
  return { owner, video, files: [video.url, video.thumbUrl!] };
}

/** The files' addresses as their owner is given them now. */
async function freshOf(owner: Person, { id }: Video): Promise<string[]> {
  const { url, thumbUrl } = (await owner.get(`/videos/${id}`)).body;
  return [url, thumbUrl];
}

test("a public video's files are there for everybody, in parts too, but never without asking", async () => {
  const { video, files } = await upload();
  expect(files.every((url) => !url.includes("?"))).toBe(true);
  for (const url of files) {
    const whole = await get(url);
    expect(whole.headers.get("cache-control")).toBe("private, no-cache");
    expect(whole.headers.get("accept-ranges")).toBe("bytes");
    const etag = whole.headers.get("etag")!;
    expect((await get(url, { "if-none-match": etag })).status).toBe(304);
    expect((await get(url, { "if-none-match": '"another"' })).status).toBe(200);
  }
  const ranges: Record<string, [number, number, number]> = {
    "bytes=0-0": [206, 0, 0],
    "bytes=100-199": [206, 100, 199],
    "bytes=100-": [206, 100, file.length - 1],
    "bytes=-50": [206, file.length - 50, file.length - 1],
    "bytes=5-999999": [206, 5, file.length - 1],
  };
  for (const [range, [status, start, end]] of Object.entries(ranges)) {
    const part = await get(video.url, { range });
    expect([range, part.status]).toEqual([range, status]);
    expect(part.headers.get("content-range")).toBe(`bytes ${start}-${end}/${file.length}`);
    expect((await bytesOf(part)).equals(file.subarray(start, end + 1))).toBe(true);
  }
  const several = await get(video.url, { range: "bytes=0-1,5-6" });
  expect([several.status, (await bytesOf(several)).equals(file)]).toEqual([200, true]);
  const beyond = await get(video.url, { range: `bytes=${file.length}-` });
  expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${file.length}`]);
  const head = await get(video.url, {}, "HEAD");
  expect([head.status, head.headers.get("content-length")]).toEqual([200, String(file.length)]);
});

test("a private video's files are there for its owner only, by an address that is signed for him and an hour", async () => {
  const { owner, files } = await upload("private");
  for (const url of files) {
    expect(url).toMatch(/^\/api\/v1\/media\/(videos|thumbs)\/[\w-]+\.(mp4|png)\?exp=\d+&user=\d+&sig=[\w-]{43}$/);
    const response = await get(url);
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "private, no-cache"]);
    expect((await bytesOf(response)).equals(url.includes("/videos/") ? file : PICTURES.png)).toBe(true);
    expect(await statusOf(url, { range: "bytes=0-9" })).toBe(206);
    expect(await statusOf(url.split("?")[0]!)).toBe(404);
    expect(await statusOf(url.split("?")[0]!, { authorization: `Bearer ${chief.token}` })).toBe(404);
  }
  expect(new URL(files[0]!, server.url).searchParams.get("user")).toBe(String(owner.id));
});

test("an address that was changed, made by somebody else, or is for another file, opens nothing", async () => {
  const { owner, files } = await upload("private");
  const other = await upload("private");
  const url = new URL(files[0]!, server.url);
  const changed = (change: (query: URLSearchParams) => void, path = url.pathname) => {
    const copy = new URL(path + url.search, server.url);
    change(copy.searchParams);
    return copy.pathname + copy.search;
  };
  const { exp, sig } = Object.fromEntries(url.searchParams) as { exp: string; sig: string };
  const forged = createHmac("sha256", "a secret of the tests, long enough").update(
    `${url.pathname}\n${exp}\n${owner.id}`,
  );
  const attempts = [
    changed((query) => query.set("exp", String(Number(exp) + 1))),
    changed((query) => query.set("exp", "9".repeat(400))),
    changed((query) => query.set("user", String(chief.id))),
    changed((query) => query.set("user", `${owner.id}.0`)),
    changed((query) => query.set("sig", (sig[0] === "A" ? "B" : "A") + sig.slice(1))),
    changed((query) => query.set("sig", sig.slice(0, -1))),
    changed((query) => query.set("sig", forged.digest("base64url"))),
    changed((query) => query.set("sig", "%00")),
    ...["exp", "user", "sig"].map((name) => changed((query) => query.delete(name))),
    changed(() => {}, new URL(other.files[0]!, server.url).pathname),
    changed(() => {}, new URL(files[1]!, server.url).pathname),
    // Good for whom it was signed, who is not the owner.
    server.app.signedUrls.sign(url.pathname, chief.id),
    server.app.signedUrls.sign(url.pathname, other.owner.id),
  ];
  for (const attempt of attempts) expect([attempt, await statusOf(attempt)]).toEqual([attempt, 404]);
  expect(await statusOf(changed((query) => query.append("sig", "another")))).toBe(422);
  expect(await statusOf(files[0]!)).toBe(200);
});

test("after an hour an address opens nothing; the owner's next one does", async () => {
  const { owner, video, files } = await upload("private");
  server.clock.advance(HOUR_MS - 60_000);
  expect(await statusOf(files[0]!)).toBe(200);
  server.clock.advance(60_000);
  for (const url of files) expect(await statusOf(url)).toBe(404);
  for (const url of await freshOf(owner, video)) expect(await statusOf(url)).toBe(200);
});

test("hidden later, its plain addresses open nothing any more, not even a good copy's 304; shown again, they do", async () => {
  const { owner, video, files } = await upload();
  const etag = (await get(video.url)).headers.get("etag")!;
  await owner.put(`/videos/${video.id}`, { visibility: "private" });
  for (const url of files) expect(await statusOf(url)).toBe(404);
  expect(await statusOf(video.url, { "if-none-match": etag })).toBe(404);
  const signed = await freshOf(owner, video);
  for (const url of signed) expect(await statusOf(url)).toBe(200);
  await owner.put(`/videos/${video.id}`, { visibility: "public" });
  for (const url of [...files, ...signed]) expect(await statusOf(url)).toBe(200);
  expect(await freshOf(owner, video)).toEqual(files);
});

test("a banned owner's files are refused, signed or not, and come back with him", async () => {
  for (const visibility of ["public", "private"]) {
    const { owner, files } = await upload(visibility);
    await chief.post(`/admin/users/${owner.id}/ban`, { reason: "spam" });
    for (const url of files) expect([visibility, await statusOf(url)]).toEqual([visibility, 404]);
    await chief.post(`/admin/users/${owner.id}/unban`);
    for (const url of files) expect([visibility, await statusOf(url)]).toEqual([visibility, 200]);
  }
});

test("a deleted video's files are refused at once, and so is what was never there", async () => {
  for (const visibility of ["public", "private"]) {
    const { owner, video, files } = await upload(visibility);
    expect((await owner.delete(`/videos/${video.id}`)).body.changed).toBe(true);
    for (const url of files) expect([visibility, await statusOf(url)]).toEqual([visibility, 404]);
  }
  const { video } = await upload();
  const name = video.url.split("/").at(-1);
  for (const path of [
    `thumbs/${name}`,
    `avatars/${name}`,
    "videos/1-x.mp4",
    `videos/${name}.part`,
    `.incoming/${name}`,
  ]) {
    expect([path, (await call(server.url, "GET", `/media/${path}`)).status]).toEqual([path, 404]);
  }
});
