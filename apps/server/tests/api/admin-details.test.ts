import { beforeEach, describe, expect, test } from "bun:test";
import { AdminReportDetails, AdminUserDetails, AdminVideoDetails } from "@reelay/contract";
import { accepted, addVideo, mp4, type Person, promote, serverForFile } from "@reelay/testkit";
import { readSortedAsOf } from "../../src/features/admin-lists/listing-refresh.ts";

/* What staff see of one account, one video, one report. */

const { server, people } = serverForFile();
let admin: Person;
let moderator: Person;
let ann: Person;
let bob: Person;

beforeEach(async () => {
  [admin, moderator, ann, bob] = await people("admin", "moderator", "ann", "bob");
  await promote(server, admin, "admin");
  await promote(server, moderator, "moderator");
});

const idsOf = (rows: { id: number }[]) => rows.map(({ id }) => id);
const user = async (id: number, by = moderator) => AdminUserDetails.parse((await by.get(`/admin/users/${id}`)).body);
const video = async (id: number, by = moderator) => AdminVideoDetails.parse((await by.get(`/admin/videos/${id}`)).body);
const details = async (id: number, by = moderator) =>
  AdminReportDetails.parse((await by.get(`/admin/reports/${id}`)).body);
const report = async (by: Person, targetType: string, targetId: number) =>
  (await by.post("/reports/", { targetType, targetId, reason: "spam" })).body.id as number;

test("an account: what it has, did, and what was done to it", async () => {
  const [liked, gone] = [await addVideo(server, ann), await addVideo(server, ann)];
  for (const id of [liked, gone]) {
    await bob.post(`/videos/${id}/like`);
    await bob.post(`/videos/${id}/view`);
  }
  await ann.delete(`/videos/${gone}`);
  await bob.post(`/users/${ann.id}/follow`);
  const [by, against] = [await report(ann, "user", bob.id), await report(bob, "user", ann.id)];
  await admin.post(`/admin/users/${ann.id}/ban`, { reason: "Spam" });
  const { stats, ...shown } = await user(ann.id);
  expect(stats).toEqual({
    ...{ videos: 1, followers: 1, following: 0, total_likes: 1, total_views: 1 },
    ...{ reports_by_user: 1, reports_against_user: 1 },
  });
  expect(shown.user).toMatchObject({ id: ann.id, isBanned: true, banReason: "Spam", email: ann.email });
  expect(idsOf(shown.recent_videos)).toEqual([gone, liked]);
  expect([idsOf(shown.recent_reports_by), idsOf(shown.recent_reports_against)]).toEqual([[by], [against]]);
  expect(shown.bans).toMatchObject([
    { reason: "Spam", bannedBy: admin.id, until: null, liftedAt: null, liftedBy: null },
  ]);
  expect(shown.audit).toMatchObject([{ action: "user_ban", actorId: admin.id, actorUsername: admin.username }]);
});

test("the totals of somebody with very many videos follow within a minute", async () => {
  await server.app.sql`
    insert into videos (owner_id, title, external_url, visibility, views_count, created_at)
    select ${ann.id}, 'one of many', 'https://example.com/v.mp4', 'public', 0, now() from generate_series(1, 1001)`;
  await server.app.sql`update accounts set video_count = 1001 where id = ${ann.id}`;
  const [{ id }] = await server.app.sql`
    select id::float8 as id from videos where owner_id = ${ann.id} order by videos.id limit 1`;
  const totals = async () => {
    const { total_likes, total_views } = (await user(ann.id)).stats;
    return [total_likes, total_views];
  };
  const refresh = async () => {
    await server.app.sql`update periodic_jobs set position = 0 where name = 'refresh listings'`;
    await readSortedAsOf(server.app);
    return await totals();
  };
  await bob.post(`/videos/${id}/like`);
  await bob.post(`/videos/${id}/view`);
  expect(await refresh()).toEqual([1, 1]);
  await bob.delete(`/videos/${id}/like`);
  expect(await refresh()).toEqual([0, 1]);
  await server.app.sql`
    update videos set deleted_at = now(), deleted_by = 'owner' where id = ${id}`;
  await server.app.sql`update accounts set video_count = 1000 + 1 where id = ${ann.id}`;
  expect(await refresh()).toEqual([0, 0]);
  await server.app.sql`update accounts set video_count = 1000 where id = ${ann.id}`;
});

test("a deleted account is shown, an unknown one is not", async () => {
  await ann.delete("/users/me", { password: ann.password });
  expect((await user(ann.id)).user).toMatchObject({ id: ann.id, username: `deleted_${ann.id}`, email: null });
  for (const path of ["users", "videos", "reports"]) {
    const { status, body } = await moderator.get(`/admin/${path}/999999999`);
    expect([path, status, body.error.code.split("_").at(-1)]).toEqual([path, 404, "FOUND"]);
    expect((await moderator.get(`/admin/${path}/x`)).status).toBe(422);
  }
});

describe("a moderator does not learn who reported them", () => {
  test("not from their own account, nor from the account of whoever did", async () => {
    const videoId = await addVideo(server, moderator);
    await report(ann, "user", moderator.id);
    await report(ann, "video", videoId);
    const seen = await report(ann, "user", bob.id);
    const own = (await user(moderator.id)).recent_reports_against;
    expect(own).toMatchObject([{ reporterId: null, reporterUsername: null }]);
    const { recent_reports_by, stats } = await user(ann.id);
    expect([idsOf(recent_reports_by), stats.reports_by_user]).toEqual([[seen], 1]);
    expect((await user(ann.id, admin)).recent_reports_by).toHaveLength(3);
  });

  test("nor from their video, its reports and their siblings", async () => {
    const videoId = await addVideo(server, moderator);
    const [first, second] = [await report(ann, "video", videoId), await report(bob, "video", videoId)];
    expect((await video(videoId)).reports).toMatchObject([{ reporterId: null }, { reporterId: null }]);
    const shown = await details(second);
    expect([shown.reporter, shown.report.reporterId]).toEqual([null, null]);
    expect(shown.siblings).toMatchObject([{ id: first, reporterId: null, reporterUsername: null }]);
    expect(JSON.stringify(shown)).not.toContain(bob.username);
    expect((await details(second, admin)).reporter).toEqual({ id: bob.id, username: bob.username, avatarUrl: null });
  });
});

test("a video: its owner, numbers, newest comments and reports", async () => {
  const id = await addVideo(server, ann);
  const said = [];
  for (let n = 0; n < 21; n++) said.push((await bob.post("/comments/", { videoId: id, content: `${n}` })).body.id);
  await bob.delete(`/comments/${said[20]}`);
  const reportId = await report(bob, "video", id);
  const shown = await video(id);
  expect(shown.owner).toEqual({ id: ann.id, username: ann.username, avatarUrl: null });
  expect(shown.stats).toEqual({ views: 0, likes: 0, comments: 20, shares: 0, reports: 1 });
  expect(idsOf(shown.recent_comments)).toEqual(said.slice(0, 20).reverse());
  expect(shown.recent_comments[0]).toMatchObject({ content: "19", user: { id: bob.id, username: bob.username } });
  expect(shown.reports).toMatchObject([{ id: reportId, reporterId: bob.id, status: "pending" }]);
});

test("the file of a deleted video opens for staff while a report on it is pending, and for nobody else", async () => {
  const { id } = await accepted(
    server,
    [
      ["title", "mine"],
      ["file", mp4()],
    ],
    ann,
  );
  const reportId = await report(bob, "video", id);
  await ann.delete(`/videos/${id}`);
  const { videoUrl } = (await video(id)).video;
  const open = async (url: string) => (await fetch(server.url + url)).status;
  expect(videoUrl).toContain(`user=${moderator.id}&sig=`);
  expect([await open(videoUrl!), await open(videoUrl!.replace(/\?.*/, ""))]).toEqual([200, 404]);
  await moderator.post(`/admin/reports/${reportId}/reject`, { reason: "fine" });
  expect(await open(videoUrl!)).toBe(404);
  expect((await video(id)).video.videoUrl).not.toContain("sig=");
});

test("a report: what it is about then and now, others on the same, and what was decided", async () => {
  const { body: comment } = await ann.post("/comments/", { videoId: await addVideo(server, ann), content: "rude" });
  const [first, second] = [await report(bob, "comment", comment.id), await report(admin, "comment", comment.id)];
  expect((await details(first)).target).toMatchObject({ id: comment.id, content: "rude", deletedAt: null });
  await ann.delete(`/comments/${comment.id}`);
  await moderator.post(`/admin/reports/${first}/resolve`, { result: "Thanks" });
  const shown = await details(first);
  expect(shown.report).toMatchObject({ id: first, status: "resolved", targetInfo: { content: "rude" } });
  expect(shown.reporter).toMatchObject({ id: bob.id });
  expect(shown.target).toMatchObject({ id: comment.id, content: null, deletedAt: expect.any(String) });
  expect(shown.snapshot).toMatchObject({ text: "rude", authorId: ann.id });
  expect(idsOf(shown.siblings)).toEqual([second]);
  expect(shown.history).toMatchObject([{ action: "report_resolved", targetId: first, actorId: moderator.id }]);
  const { body: message } = await ann.post("/messages/", { receiverId: bob.id, content: "psst" });
  const targets = [
    ["message", message.id],
    ["user", ann.id],
    ["video", await addVideo(server, ann)],
  ] as const;
  for (const [type, id] of targets) expect((await details(await report(bob, type, id))).target).toMatchObject({ id });
  const [gone] = await server.app.sql`
    insert into reports (reporter_id, target_type, target_id, reason, snapshot)
    values (${bob.id}, 'video', 999999999, 'spam', '{}') returning id::float8 as id`;
  expect(await details(gone.id)).toMatchObject({ target: null, snapshot: {}, siblings: [], history: [] });
});
