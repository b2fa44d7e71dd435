import { beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, promote, serverForFile } from "@reelay/testkit";

/* What staff does to the visibility of somebody's video. */

const { server, people } = serverForFile();
let moderator: Person;
let owner: Person;
let viewer: Person;
let videoId: number;

beforeEach(async () => {
  [moderator, owner, viewer] = await people("moderator", "owner", "viewer");
  await promote(server, moderator, "moderator");
  videoId = await addVideo(server, owner);
});

const outcomeOf = ({ status, body }: { status: number; body: any }) => body.error?.code ?? [status, body.changed];
const change = (visibility: unknown, id = videoId, by = moderator) =>
  by.put(`/admin/videos/${id}/visibility`, { visibility });

async function overview() {
  const { body } = await moderator.get("/admin/stats/overview");
  return [body.videos.public, body.videos.private];
}

async function audited() {
  return await server.app.sql`
    select action, actor_id::float8 as actor, details from audit_log
    where target_type = 'video' and target_id = ${videoId} order by id`;
}

test("private and public again: lists, statistics and direct links as when its owner does it, each once", async () => {
  const before = await overview();
  const socket = await owner.resume();
  expect(outcomeOf(await change("private"))).toEqual([200, true]);
  expect(outcomeOf(await change("hidden"))).toEqual([200, false]);
  expect((await viewer.get(`/videos/${videoId}`)).status).toBe(404);
  expect((await viewer.get(`/videos/user/${owner.id}`)).body).toEqual([]);
  expect((await owner.get(`/videos/${videoId}`)).body.visibility).toBe("private");
  expect((await owner.get("/users/me")).body.videoCount).toBe(1);
  expect(await overview()).toEqual([before[0] - 1, before[1] + 1]);
  expect(outcomeOf(await change("public"))).toEqual([200, true]);
  expect((await viewer.get(`/videos/${videoId}`)).status).toBe(200);
  expect(await overview()).toEqual(before);
  await socket.settled();
  const stale = { refetch: [`/videos/${videoId}`, `/videos/user/${owner.id}`] };
  expect(socket.of("sync:stale").map(({ data }) => data)).toEqual([stale, stale]);
  expect((await owner.get("/notifications")).body).toEqual([]);
  const row = (from: string, to: string) => ({
    action: "video_visibility",
    actor: moderator.id,
    details: { before: { visibility: from }, after: { visibility: to } },
  });
  expect(await audited()).toEqual([row("public", "private"), row("private", "public")]);
});

test("many at once: one of them changes it", async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => change("hidden")));
  expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
  expect(await audited()).toHaveLength(1);
});

test("what is not one of them, not there, deleted, or one's own is refused", async () => {
  for (const visibility of ["secret", "", null, undefined, 1]) expect((await change(visibility)).status).toBe(422);
  const own = await addVideo(server, moderator);
  const [deleted, takenDown] = [await addVideo(server, owner), await addVideo(server, owner)];
  await owner.delete(`/videos/${deleted}`);
  await moderator.delete(`/admin/videos/${takenDown}`);
  expect(outcomeOf(await change("private", own))).toBe("OWN_CASE");
  for (const id of [deleted, takenDown, 999_999_999])
    expect(outcomeOf(await change("private", id))).toBe("VIDEO_NOT_FOUND");
  for (const by of [owner, viewer]) expect(outcomeOf(await change("private", videoId, by))).toBe("FORBIDDEN");
  await owner.delete("/users/me", { password: owner.password });
  expect(outcomeOf(await change("private"))).toBe("VIDEO_NOT_FOUND");
  expect(await audited()).toEqual([]);
});
