import { beforeAll, beforeEach, expect, test } from "bun:test";
import { addVideo, crowd, type Person, promote, serverForFile } from "@reelay/testkit";

/* What staff does to many at once: each by itself, with a result of its own. */

const { server, people } = serverForFile();
let moderator: Person;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [moderator] = await people("moderator");
  await promote(server, moderator, "moderator");
});

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
});

const NOBODY = 999_999_999;

async function auditOf(type: string, id: number): Promise<string[]> {
  const rows: { action: string }[] = await server.app.sql`
    select action from audit_log where target_type = ${type} and target_id = ${id} order by id`;
  return rows.map(({ action }) => action);
}

async function reportOf(by: Person, targetId: number): Promise<number> {
  return (await by.post("/reports/", { targetType: "video", targetId, reason: "spam" })).body.id;
}

test("bulk-ban: until a time, doubled ids once, what is refused beside what is done", async () => {
  const socket = await ann.connect();
  const until = new Date(server.clock.now() + 3_600_000).toISOString();
  const userIds = [ann.id, NOBODY, moderator.id, ann.id, bob.id];
  const ban = () => moderator.post("/admin/users/bulk-ban", { user_ids: userIds, reason: "Spam", until });
  expect((await ban()).body).toEqual({
    success: true,
    changed: true,
    message: "ban: 2 of 4 changed.",
    results: [
      { id: ann.id, ok: true },
      { id: NOBODY, ok: false, code: "USER_NOT_FOUND" },
      { id: moderator.id, ok: false, code: "SELF_BAN" },
      { id: bob.id, ok: true },
    ],
  });
  expect(await socket.closed).toMatchObject({ code: 4003 });
  expect((await bob.get("/users/me")).body.error.details).toEqual({ reason: "Spam", until });
  expect((await ban()).body).toMatchObject({ changed: false, results: [{ ok: true }, {}, {}, { ok: true }] });
  expect(await auditOf("user", ann.id)).toEqual(["user_ban"]);
});

test("bulk-delete: gone with a notice to each owner, and each report on them is resolved", async () => {
  const [one, two] = [await addVideo(server, ann), await addVideo(server, bob)];
  await reportOf(bob, one);
  const socket = await bob.connect();
  const answer = await moderator.post("/admin/videos/bulk-delete", { videoIds: [one, NOBODY, two], reason: "Stolen" });
  expect(answer.body.results).toEqual([
    { id: one, ok: true },
    { id: NOBODY, ok: false, code: "VIDEO_NOT_FOUND" },
    { id: two, ok: true },
  ]);
  expect((await socket.next("admin:video_deleted")).data).toMatchObject({ videoId: two, reason: "Stolen" });
  expect((await bob.get("/reports/my")).body).toMatchObject([{ status: "resolved" }]);
  for (const id of [one, two]) expect((await ann.get(`/videos/${id}`)).status).toBe(404);
});

test("bulk-resolve: one verdict for many; what was decided otherwise, or is about oneself, keeps what it has", async () => {
  const own = await reportOf(ann, await addVideo(server, moderator));
  const [first, second] = [
    await reportOf(ann, await addVideo(server, bob)),
    await reportOf(ann, await addVideo(server, bob)),
  ];
  const decided = await reportOf(bob, await addVideo(server, ann));
  await moderator.post(`/admin/reports/${decided}/resolve`);
  const socket = await ann.connect();
  const reportIds = [first, own, decided, second, first];
  const asked = { report_ids: reportIds, status: "rejected", result: "We found nothing." };
  const resolve = () => moderator.post("/admin/reports/bulk-resolve", asked);
  const refused = [
    { id: own, ok: false, code: "OWN_CASE" },
    { id: decided, ok: false, code: "REPORT_ALREADY_DECIDED" },
  ];
  expect((await resolve()).body).toMatchObject({
    message: "rejected: 2 of 4 changed.",
    results: [{ id: first, ok: true }, ...refused, { id: second, ok: true }],
  });
  const events = await socket.all("admin:report_resolved", 2);
  expect(events.map(({ data }) => [data.reportId, data.status, data.result])).toEqual([
    [first, "rejected", "We found nothing."],
    [second, "rejected", "We found nothing."],
  ]);
  expect((await resolve()).body.changed).toBe(false);
  const again = await moderator.post("/admin/reports/bulk-resolve", { reportIds: [first] });
  expect(again.body.results).toEqual([{ id: first, ok: false, code: "REPORT_ALREADY_DECIDED" }]);
});

test("two moderators banning the same hundred at once: each is banned once", async () => {
  const [second] = await people("second");
  await promote(server, second, "moderator");
  const userIds = (await crowd(server, 100)).map(({ id }) => id);
  const answers = await Promise.all(
    [userIds, userIds.toReversed()].map((ids, n) =>
      [moderator, second][n]!.post("/admin/users/bulk-ban", { userIds: ids }),
    ),
  );
  const counts = answers.map(({ body }) => Number(body.message.match(/\d+/)[0]));
  expect(counts[0]! + counts[1]!).toBe(100);
  expect(answers.flatMap(({ body }) => body.results.filter(({ ok }: any) => !ok))).toEqual([]);
});

test("too many, none, a time that is over, a verdict that there is not: refused whole", async () => {
  const many = Array.from({ length: 101 }, (_, n) => n + 1);
  const refusals: [path: string, body: object][] = [
    ["users/bulk-ban", { userIds: many }],
    ["users/bulk-ban", { userIds: [] }],
    ["users/bulk-ban", { reason: "whom?" }],
    ["users/bulk-ban", { userIds: [ann.id], until: "2020-01-01T00:00:00Z" }],
    ["videos/bulk-delete", { videoIds: many }],
    ["videos/bulk-delete", { ids: [1] }],
    ["reports/bulk-resolve", { reportIds: many }],
    ["reports/bulk-resolve", { reportIds: [1], status: "pending" }],
  ];
  for (const [path, body] of refusals) {
    expect([path, body, (await moderator.post(`/admin/${path}`, body)).status]).toEqual([path, body, 422]);
    expect((await bob.post(`/admin/${path}`, body)).status).toBe(403);
  }
  expect(await auditOf("user", ann.id)).toEqual([]);
});
