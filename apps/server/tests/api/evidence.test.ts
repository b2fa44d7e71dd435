import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Video } from "@reelay/contract";
import {
  accepted,
  mp4,
  type Person,
  PICTURES,
  peopleOf,
  promote,
  startTestServer,
  storedFiles,
  type TestServer,
  waitFor,
} from "@reelay/testkit";
import { purgeKeptAvatars } from "../../src/features/accounts/avatar.ts";
import { purgeVideos } from "../../src/features/videos/purge.ts";

/* What staff can look at while a report is pending, and for how long. */

let server: TestServer;
let moderator: Person;
let owner: Person;
let reporter: Person;

beforeEach(async () => {
  server = await startTestServer({ env: { RETENTION_DAYS: "0" } });
  [moderator, owner, reporter] = await peopleOf(server, "moderator", "owner", "reporter");
  await promote(server, moderator, "moderator");
});

afterEach(() => server.stop());

async function upload(): Promise<{ video: Video; files: string[] }> {
  const video = await accepted(
    server,
    [
      ["title", "mine"],
      ["file", mp4()],
      ["thumb", PICTURES.png],
    ],
    owner,
  );
  return { video, files: [video.url, video.thumbUrl!] };
}

async function setAvatar(person: Person): Promise<string> {
  const form = new FormData();
  form.set("file", new File([PICTURES.png as Uint8Array<ArrayBuffer>], "me.png"));
  const headers = { authorization: `Bearer ${person.token}` };
  return (await (
    await fetch(`${server.url}/api/v1/users/me/avatar`, { method: "POST", headers, body: form })
  ).json()) as string;
}

async function report(targetType: string, targetId: number): Promise<number> {
  const { status, body } = await reporter.post("/reports/", { targetType, targetId, reason: "spam" });
  expect(status).toBe(201);
  return body.id;
}

async function shownTo(person: Person, reportId: number): Promise<Record<string, string>> {
  return (await person.get(`/reports/${reportId}`)).body.snapshot;
}

const statusOf = async (url: string, headers = {}) => (await fetch(server.url + url, { headers })).status;
const statusesOf = (urls: string[]) => Promise.all(urls.map((url) => statusOf(url)));

async function left(urls: string[]): Promise<number> {
  const files = await storedFiles(server);
  return urls.filter((url) => files.includes(url.replace("/api/v1/media/", ""))).length;
}

async function purge(): Promise<void> {
  await purgeVideos(server.app);
  await purgeKeptAvatars(server.app);
}

for (const [how, hide] of [
  ["made private", ({ id }: Video) => owner.put(`/videos/${id}`, { visibility: "private" })],
  ["deleted", ({ id }: Video) => owner.delete(`/videos/${id}`)],
  ["deleted with its owner's account", () => owner.delete("/users/me", { password: owner.password })],
] as const) {
  test(`a reported video that is ${how} stays for staff, file and thumbnail, until the report is decided`, async () => {
    const { video, files } = await upload();
    const id = await report("video", video.id);
    expect((await hide(video)).status).toBe(200);
    await purge();
    expect(await left(files)).toBe(2);
    expect(await statusesOf(files)).toEqual([404, 404]);
    const { url, thumbUrl } = await shownTo(moderator, id);
    const signed = [url!, thumbUrl!];
    expect(signed.map((each) => each.split("?")[0]!)).toEqual(files);
    expect(await statusesOf(signed)).toEqual([200, 200]);
    expect(await statusOf(url!, { range: "bytes=0-9" })).toBe(206);

    await moderator.post(`/admin/reports/${id}/reject`);
    expect(await statusesOf(signed)).toEqual([404, 404]);
    await purge();
    expect(await left(files)).toBe(how === "made private" ? 2 : 0);
  });
}

test("a file is kept while one of several reports on it is pending", async () => {
  const { video, files } = await upload();
  const first = await report("video", video.id);
  const { body } = await moderator.post("/reports/", { targetType: "video", targetId: video.id, reason: "too" });
  await owner.delete(`/videos/${video.id}`);
  await moderator.post(`/admin/reports/${first}/reject`);
  await purge();
  expect([await left(files), await statusOf((await shownTo(moderator, first)).url!)]).toEqual([2, 200]);
  await moderator.post(`/admin/reports/${body.id}/reject`);
  await purge();
  expect(await left(files)).toBe(0);
});

test("a purge at the moment in which a report is made leaves the files to it", async () => {
  const { video, files } = await upload();
  await owner.delete(`/videos/${video.id}`);
  const tx = await server.app.sql.reserve();
  await tx`begin`;
  await tx`lock table reports in share mode`;
  const reporting = report("video", video.id);
  await waitFor(async () => {
    const [row] = await server.app.sql`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into reports%'`;
    return row.count === 1 || undefined;
  });
  await purge();
  await tx`commit`;
  tx.release();
  const id = await reporting;
  await purge();
  expect([await left(files), await statusOf((await shownTo(moderator, id)).url!)]).toEqual([2, 200]);
});

test("what staff was given opens nothing for a moderator who is one no more, is banned, or is the owner", async () => {
  const [admin] = await peopleOf(server, "admin");
  await promote(server, admin, "admin");
  const { video } = await upload();
  const id = await report("video", video.id);
  await owner.delete(`/videos/${video.id}`);
  const { url } = await shownTo(moderator, id);
  expect(await statusOf(url!)).toBe(200);

  await server.app.sql`update accounts set role = 'user' where id = ${moderator.id}`;
  expect(await statusOf(url!)).toBe(404);
  await server.app.sql`update accounts set role = 'moderator' where id = ${moderator.id}`;
  expect(await statusOf(url!)).toBe(200);
  await admin.post(`/admin/users/${moderator.id}/ban`, { reason: "spam" });
  expect(await statusOf(url!)).toBe(404);

  await promote(server, owner, "moderator");
  for (const { id: userId } of [owner, reporter]) {
    expect(await statusOf(server.app.signedUrls.sign(video.url, userId))).toBe(404);
  }
  server.clock.advance(3_600_000);
  expect(await statusOf((await shownTo(admin, id)).url!)).toBe(200);
});

test("a private video that nobody reported is closed to staff", async () => {
  const { video } = await upload();
  const other = await upload();
  await report("video", other.video.id);
  await owner.put(`/videos/${video.id}`, { visibility: "private" });
  expect(await statusOf(server.app.signedUrls.sign(video.url, moderator.id))).toBe(404);
});

test("a reported person's picture stays for staff when it is replaced, or the account deleted, until the decision", async () => {
  const before = await setAvatar(owner);
  const first = await report("user", owner.id);
  const after = await setAvatar(owner);
  await purge();
  expect([await left([before, after]), ...(await statusesOf([before, after]))]).toEqual([2, 404, 200]);
  const { avatarUrl } = await shownTo(moderator, first);
  expect([avatarUrl!.split("?")[0], await statusOf(avatarUrl!)]).toEqual([before, 200]);
  await moderator.post(`/admin/reports/${first}/reject`);
  expect(await statusOf(avatarUrl!)).toBe(404);
  await purge();
  expect(await left([before, after])).toBe(1);

  const second = await report("user", owner.id);
  await owner.delete("/users/me", { password: owner.password });
  await purge();
  expect([await left([after]), await statusOf(after)]).toEqual([1, 404]);
  expect(await statusOf((await shownTo(moderator, second)).avatarUrl!)).toBe(200);
  await moderator.post(`/admin/reports/${second}/reject`);
  await purge();
  expect(await left([after])).toBe(0);
});

test("a banned person's picture is closed with their profile, also to who has a copy; staff sees it; unbanned, it is back", async () => {
  const url = await setAvatar(owner);
  const id = await report("user", owner.id);
  const first = await fetch(server.url + url);
  expect([first.status, first.headers.get("cache-control")]).toEqual([200, "public, no-cache"]);
  await moderator.post(`/admin/users/${owner.id}/ban`, { reason: "spam" });
  expect(await statusOf(url)).toBe(404);
  expect(await statusOf(url, { "if-none-match": first.headers.get("etag")! })).toBe(404);
  const { avatarUrl } = await shownTo(moderator, id);
  const shown = await fetch(server.url + avatarUrl);
  expect([shown.status, shown.headers.get("cache-control")]).toEqual([200, "private, no-cache"]);
  expect(await statusOf(server.app.signedUrls.sign(url, reporter.id))).toBe(404);
  await moderator.post(`/admin/users/${owner.id}/unban`);
  expect(await statusOf(url)).toBe(200);
});
