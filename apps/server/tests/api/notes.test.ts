import { beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, promote, serverForFile } from "@reelay/testkit";

const { server, people } = serverForFile();
let moderator: Person;
let admin: Person;
let owner: Person;

beforeEach(async () => {
  [moderator, admin, owner] = await people("moderator", "admin", "owner");
  await promote(server, moderator, "moderator");
  await promote(server, admin, "admin");
});

const write = (by: Person, targetType: string, targetId: number, text = "look at this one") =>
  by.post("/admin/notes", { targetType, targetId, text });

test("a person's page shows the notes on them, on their videos and on reports about them", async () => {
  const videoId = await addVideo(server, owner);
  const { body: report } = await admin.post("/reports/", { targetType: "video", targetId: videoId, reason: "spam" });
  const written = [
    await write(moderator, "user", owner.id),
    await write(moderator, "video", videoId),
    await write(admin, "report", report.id, "a\u202eb"),
  ];
  expect(written.map(({ status }) => status)).toEqual([201, 201, 201]);
  const list = async (query: string) => (await admin.get(`/admin/notes?${query}`)).body;
  expect(await list(`target_type=user&target_id=${owner.id}`)).toEqual(written.map(({ body }) => body).reverse());
  expect(await list(`target_type=video&target_id=${videoId}`)).toEqual([written[1]!.body]);
  expect(written[2]!.body).toMatchObject({ text: "a\u202eb", author: { id: admin.id, username: admin.username } });
});

test("a note is deleted by who wrote it, or by an admin", async () => {
  const { body: note } = await write(admin, "user", owner.id);
  expect((await moderator.delete(`/admin/notes/${note.id}`)).status).toBe(404);
  const { body: own } = await write(moderator, "user", owner.id);
  expect((await moderator.delete(`/admin/notes/${own.id}`)).status).toBe(200);
  const { body: third } = await write(moderator, "user", owner.id);
  expect((await admin.delete(`/admin/notes/${third.id}`)).status).toBe(200);
  expect((await admin.delete(`/admin/notes/${third.id}`)).status).toBe(404);
});

test("staff see no notes on themselves or their things, and users none at all", async () => {
  const videoId = await addVideo(server, moderator);
  await write(admin, "user", moderator.id);
  for (const path of [`target_type=user&target_id=${moderator.id}`, `target_type=video&target_id=${videoId}`]) {
    const { status, body } = await moderator.get(`/admin/notes?${path}`);
    expect([status, body.error.code]).toEqual([403, "OWN_CASE"]);
  }
  expect((await write(moderator, "user", moderator.id)).status).toBe(403);
  expect((await owner.get(`/admin/notes?target_type=user&target_id=${moderator.id}`)).status).toBe(403);
});

test("what a note may be, and on what", async () => {
  expect((await write(admin, "user", owner.id, "\u202e".repeat(5000))).status).toBe(201);
  for (const text of ["", "x".repeat(5001), "a\u0000b"]) {
    expect((await write(admin, "user", owner.id, text)).status).toBe(422);
  }
  expect((await write(admin, "user", 999_999_999)).status).toBe(404);
  expect((await write(admin, "comment", 1)).status).toBe(422);
});
