import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Video } from "@reelay/contract";
import {
  accepted,
  addVideo,
  mp4,
  type Person,
  PICTURES,
  peopleOf,
  promote,
  settleJobs,
  startTestServer,
  storedFiles,
  type TestServer,
} from "@reelay/testkit";
import { purgeVideos } from "../../src/features/videos/purge.ts";

const DAY_MS = 86_400_000;

let server: TestServer;
let moderator: Person;
let owner: Person;

beforeEach(async () => {
  server = await startTestServer({ env: { RETENTION_DAYS: "3" } });
  [moderator] = await peopleOf(server, "moderator");
  [owner] = await peopleOf(server, "owner");
  await promote(server, moderator, "moderator");
});

afterEach(() => server.stop());

function upload(): Promise<Video> {
  return accepted(
    server,
    [
      ["title", "mine"],
      ["file", mp4()],
      ["thumb", PICTURES.png],
    ],
    owner,
  );
}

function filesOf({ url, thumbUrl }: Video): string[] {
  return [url, thumbUrl!].map((address) => address.replace("/api/v1/media/", ""));
}

async function left(video: Video): Promise<string[]> {
  const files = await storedFiles(server);
  return filesOf(video).filter((file) => files.includes(file));
}

async function statusOf({ url }: Video): Promise<number> {
  return (await fetch(server.url + url)).status;
}

async function restore({ id }: Video) {
  const { status, body } = await moderator.post(`/admin/videos/${id}/restore`);
  return [status, body.changed ?? body.error.code];
}

test("the files of a video that its owner deleted are removed soon, and no others", async () => {
  const [deleted, kept] = [await upload(), await upload()];
  await owner.delete(`/videos/${deleted.id}`);
  expect(await left(deleted)).toEqual(filesOf(deleted));
  await purgeVideos(server.app);
  expect(await left(deleted)).toEqual([]);
  expect(await left(kept)).toEqual(filesOf(kept));
  expect(await statusOf(kept)).toBe(200);
  await purgeVideos(server.app);
  expect((await owner.delete(`/videos/${deleted.id}`)).body.changed).toBe(false);
});

test("what a moderator took down can be restored, files and all, until RETENTION_DAYS are over; then not", async () => {
  const video = await upload();
  await moderator.delete(`/admin/videos/${video.id}`);
  await purgeVideos(server.app);
  expect(await restore(video)).toEqual([200, true]);
  expect(await statusOf(video)).toBe(200);
  await moderator.delete(`/admin/videos/${video.id}`);
  server.clock.advance(3 * DAY_MS - 60_000);
  await purgeVideos(server.app);
  expect(await left(video)).toEqual(filesOf(video));
  server.clock.advance(120_000);
  await purgeVideos(server.app);
  expect(await left(video)).toEqual([]);
  expect(await restore(video)).toEqual([409, "VIDEO_PURGED"]);
  expect((await moderator.delete(`/admin/videos/${video.id}`)).body.changed).toBe(false);
});

test("a link has no files: it can be restored at any time", async () => {
  const id = await addVideo(server, owner);
  await moderator.delete(`/admin/videos/${id}`);
  server.clock.advance(4 * DAY_MS);
  await purgeVideos(server.app);
  expect((await moderator.post(`/admin/videos/${id}/restore`)).body.changed).toBe(true);
  expect((await owner.get(`/videos/${id}`)).status).toBe(200);
});

test("the files of a deleted account go too, those taken down before after their time, and none of it comes back", async () => {
  const [own, takenDown] = [await upload(), await upload()];
  await moderator.delete(`/admin/videos/${takenDown.id}`);
  await owner.delete("/users/me", { password: owner.password });
  await settleJobs(server);
  await purgeVideos(server.app);
  expect([await left(own), await left(takenDown)]).toEqual([[], filesOf(takenDown)]);
  expect(await restore(takenDown)).toEqual([404, "VIDEO_NOT_FOUND"]);
  server.clock.advance(4 * DAY_MS);
  await purgeVideos(server.app);
  expect(await left(takenDown)).toEqual([]);
});

test("a report on what was purged, once it was decided, shows what it froze", async () => {
  const video = await upload();
  const { body: report } = await moderator.post("/reports/", {
    targetType: "video",
    targetId: video.id,
    reason: "bad",
  });
  const snapshot = async () => {
    const { url, thumbUrl, ...rest } = (await moderator.get(`/reports/${report.id}`)).body.snapshot;
    return { ...rest, files: [url, thumbUrl].map((address) => address.split("?")[0]) };
  };
  const before = await snapshot();
  await owner.delete(`/videos/${video.id}`);
  await moderator.post(`/admin/reports/${report.id}/reject`);
  await purgeVideos(server.app);
  expect(await left(video)).toEqual([]);
  expect(await snapshot()).toEqual(before);
  expect(before).toMatchObject({ title: "mine", authorId: owner.id, files: [video.url, video.thumbUrl] });
  const again = await owner.post("/reports/", { targetType: "video", targetId: video.id, reason: "late" });
  expect([again.status, again.body.status]).toEqual([201, "pending"]);
});

test("killed between giving a video up and removing its files, the next time removes them, and meanwhile it stays away", async () => {
  const video = await upload();
  await moderator.delete(`/admin/videos/${video.id}`);
  await server.app.sql`update videos set purged_at = now() where id = ${video.id}`;
  expect(await restore(video)).toEqual([409, "VIDEO_PURGED"]);
  await purgeVideos(server.app);
  expect(await left(video)).toEqual([]);
});

test("a file that cannot be removed keeps no other, and is removed when it can be", async () => {
  const [stuck, other] = [await upload(), await upload()];
  const probe = await server.app.storage.begin();
  await probe.discard();
  const path = join(dirname(dirname(probe.file.name!)), filesOf(stuck)[0]!);
  await rm(path);
  await mkdir(path);
  for (const { id } of [stuck, other]) await owner.delete(`/videos/${id}`);
  await purgeVideos(server.app);
  expect(await left(other)).toEqual([]);
  await rm(path, { recursive: true });
  await Bun.write(path, "back");
  expect(await left(stuck)).toEqual(filesOf(stuck).slice(0, 1));
  await purgeVideos(server.app);
  expect(await left(stuck)).toEqual([]);
});

test("several nodes purge hundreds at once, each file is gone and each video given up", async () => {
  const kept = await upload();
  await server.app.sql`
    insert into videos (owner_id, title, file_key, thumb_key, visibility, deleted_at, deleted_by)
    select ${owner.id}, 'old', n || '.mp4', n || '.png', 'public', now(), 'owner' from generate_series(1, 450) n`;
  const keys = Array.from({ length: 450 }, (_, n) => [`videos/${n + 1}.mp4`, `thumbs/${n + 1}.png`]).flat();
  for (const key of keys) await server.app.storage.write(key, new Uint8Array(1));
  await Promise.all(Array.from({ length: 4 }, () => purgeVideos(server.app)));
  expect((await storedFiles(server)).sort()).toEqual(filesOf(kept).sort());
  const [row] = await server.app.sql`
    select count(*)::int as count from videos where deleted_by = 'owner' and (purged_at is null or file_key is not null)`;
  expect(row.count).toBe(0);
});
