import { beforeAll, beforeEach, expect, test } from "bun:test";
import { promote, serverForFile } from "@reelay/testkit";
import { FrontEnd, refusal } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

const { server } = serverForFile();
let admin: FrontEnd;
let maker: FrontEnd;
let videoId: number;

beforeAll(async () => {
  admin = await FrontEnd.join(server, "chief");
  await promote(server, admin.user, "admin");
});

let makers = 0;
beforeEach(async () => {
  maker = await FrontEnd.join(server, `maker${++makers}`);
  videoId = (await maker.post("/videos/", { title: "free phones!!!", url: "https://example.com/v.mp4" })).id;
  await maker.connect();
});

const idsOf = (videos: any[]) => videos.map(({ id }) => id);

test("banning somebody: his app is told why, closed, and does not come back until the ban is lifted", async () => {
  const [told, closed] = [maker.next("admin:user_banned"), maker.next("closed")];
  const answer = await admin.post(`/admin/users/${maker.user.id}/ban/`, { reason: "Spam" });
  expectShape(answer, "adminAnswer");
  expect(answer).toEqual({ success: true, changed: true, message: "The account is banned." });
  expect(await told).toEqual({ userId: maker.user.id, reason: "Spam", bannedAt: expect.any(String) });
  expect(await closed).toEqual({ code: 4003, mayRetry: false });
  expect(await refusal(maker.get("/users/me"))).toEqual([403, "This account is banned: Spam"]);
  expect(await refusal(maker.login(`${maker.user.username}@example.com`, "correct horse"))).toEqual([
    403,
    "This account is banned: Spam",
  ]);
  expect(idsOf(await admin.get("/videos/"))).not.toContain(videoId);
  expect((await admin.post(`/admin/users/${maker.user.id}/ban`, { reason: "Again" })).changed).toBe(false);

  expect(await admin.post(`/admin/users/${maker.user.id}/unban`)).toMatchObject({ success: true, changed: true });
  await maker.login(maker.user.username, "correct horse");
  expect(await maker.connect()).toEqual({ type: "connected", userId: maker.user.id });
  expect(idsOf(await admin.get("/videos/"))).toContain(videoId);
  await maker.goOffline();
});

test("deleting a video: gone from the feed, its owner is told twice over; restoring brings it back", async () => {
  const [told, rung] = [maker.next("admin:video_deleted"), maker.next("notification:new")];
  const answer = await admin.delete(`/admin/videos/${videoId}`, { reason: "Vi phạm" });
  expect(answer).toEqual({ success: true, changed: true, message: "The video is deleted." });
  expect(await told).toEqual({ videoId, reason: "Vi phạm", deletedAt: expect.any(String) });
  expect(await rung).toMatchObject({ type: "admin_delete", refId: videoId, target: { id: videoId } });
  expect(idsOf(await admin.get("/videos/"))).not.toContain(videoId);
  expect(await maker.poll()).toMatchObject({ unseen: 1, notifications: [{ type: "admin_delete" }] });
  expect(await admin.delete(`/admin/videos/${videoId}/?reason=again`)).toMatchObject({ success: true, changed: false });
  expect(await admin.post(`/admin/videos/${videoId}/restore/`)).toMatchObject({ success: true, changed: true });
  expect(idsOf(await admin.get("/videos/"))).toContain(videoId);
  await maker.goOffline();
});

test("deciding a report: the first verdict stands, and its reporter hears of it", async () => {
  const rude = await FrontEnd.join(server, "rude");
  const report = await maker.post("/reports/", { target_type: "user", target_id: rude.user.id, reason: "rude" });
  const decided = maker.next("admin:report_resolved");
  expect(
    await admin.post(`/admin/reports/${report.id}/resolve/`, { status: "approved", result: "Cảm ơn" }),
  ).toMatchObject({ success: true, changed: true });
  expect(await decided).toMatchObject({ reportId: report.id, status: "resolved", result: "Cảm ơn" });
  expect((await admin.post(`/admin/reports/${report.id}/resolve`, { status: "resolved" })).changed).toBe(false);
  expect(await refusal(admin.post(`/admin/reports/${report.id}/reject`, { reason: "No" }))).toEqual([
    409,
    "That report has been resolved already.",
  ]);
  expect((await refusal(maker.post(`/admin/reports/${report.id}/reject`, { reason: "No" })))[0]).toBe(403);
  await maker.goOffline();
});

test("the admin's pages: everybody with the button that fits, every video with its numbers, done by bulk actions", async () => {
  const rowOf = async (list: string, id: number) => (await admin.get(list)).find((row: any) => row.id === id);
  const user = () => rowOf("/users/?limit=100", maker.user.id);
  expectShape(await user(), "userForStaff");
  expect(await user()).toMatchObject({ status: "active", isBanned: false, email: maker.user.email, videosCount: 1 });
  const banned = await admin.post("/admin/users/bulk-action", {
    user_ids: [maker.user.id],
    action: "ban",
    reason: "Spam",
  });
  expectShape(banned, "bulkAnswer");
  expect(await user()).toMatchObject({ status: "banned", isBanned: true });
  await admin.post("/admin/users/bulk-action", { user_ids: [maker.user.id], action: "unban" });

  const video = () => rowOf("/videos/?limit=100", videoId);
  expectShape(await video(), "videoForStaff");
  expect(await video()).toMatchObject({ viewCount: 0, likeCount: 0, commentCount: 0, username: maker.user.username });
  await admin.post("/admin/videos/bulk-action", { video_ids: [videoId], action: "delete", reason: "Vi phạm" });
  expect(await video()).toBeUndefined();
  expect(await rowOf("/videos/?limit=100&status=all", videoId)).toMatchObject({ deletedAt: expect.any(String) });
});
