import { expect, test } from "bun:test";
import { addVideo, promote, serverForFile } from "@reelay/testkit";

/* What the audit log says of bans and takedowns: what changed, so that one sees whether it still stands. */

const { server, people } = serverForFile();

async function detailsOf(type: string, id: number): Promise<[string, object][]> {
  const rows: { action: string; details: object }[] = await server.app.sql`
    select action, details from audit_log where target_type = ${type} and target_id = ${id} order by id`;
  return rows.map(({ action, details }) => [action, details]);
}

test("a ban and its end name the ban and the status before and after", async () => {
  const [moderator, ann] = await people("moderator", "ann");
  await promote(server, moderator, "moderator");
  const until = new Date(server.clock.now() + 3_600_000).toISOString();
  await moderator.post(`/admin/users/${ann.id}/ban`, { reason: "Spam", until });
  await moderator.post(`/admin/users/${ann.id}/unban`);
  const [ban] = await server.app.sql`select id::float8 as id from bans where user_id = ${ann.id}`;
  const [active, banned] = [{ status: "active" }, { status: "banned" }];
  expect(await detailsOf("user", ann.id)).toEqual([
    [
      "user_ban",
      { banId: ban.id, decisionId: expect.any(Number), reason: "Spam", until, before: active, after: banned },
    ],
    ["user_unban", { banId: ban.id, before: banned, after: active }],
  ]);
});

test("a takedown and its end name the time of the deletion, by which it is told from a later one", async () => {
  const [moderator, ann] = await people("moderator", "ann");
  await promote(server, moderator, "moderator");
  const videoId = await addVideo(server, ann);
  await moderator.delete(`/admin/videos/${videoId}`, { reason: "Stolen" });
  const [{ deletedAt }] = await server.app
    .sql`select wire_time(deleted_at) as "deletedAt" from videos where id = ${videoId}`;
  await moderator.post(`/admin/videos/${videoId}/restore`);
  expect(await detailsOf("video", videoId)).toEqual([
    [
      "video_delete",
      { reason: "Stolen", decisionId: expect.any(Number), before: { deletedAt: null }, after: { deletedAt } },
    ],
    ["video_restore", { before: { deletedAt, reason: "Stolen" }, after: { deletedAt: null } }],
  ]);
});
