import { beforeAll, beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, promote, serverForFile, settleJobs } from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";

/* All that somebody published, taken down at once: by a job, between any two batches of which every counter is exact. */

const MANY = 700;

const { server, people } = serverForFile({
  beforeBatch: async () => {
    if (--batchesLeft < 0) throw new Error("The test allows no further batch.");
  },
});
let moderator: Person;
let spammer: Person;
let bob: Person;
let videoId: number;
let batchesLeft = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  [moderator] = await people("moderator");
  await promote(server, moderator, "moderator");
});

beforeEach(async () => {
  batchesLeft = Number.POSITIVE_INFINITY;
  [spammer, bob] = await people("spammer", "bob");
  videoId = await addVideo(server, bob);
});

const outcomeOf = ({ status, body }: { status: number; body: any }) => body.error?.code ?? [status, body.changed];
const removeAll = async (by = moderator, reason?: string) =>
  outcomeOf(await by.post(`/admin/users/${spammer.id}/delete-all-content`, { reason }));
const drift = async () => (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
const auditOf = async () =>
  await server.app.sql`
  select action, actor_id::float8 as actor, details from audit_log where target_id = ${spammer.id} and target_type = 'user'`;

async function comment(content: string, by = spammer): Promise<number> {
  return (await by.post("/comments/", { videoId, content })).body.id;
}

/** Videos of the spammer, and comments on Bob's, with all that counts them. */
async function flood(): Promise<void> {
  const { sql } = server.app;
  await sql`
    insert into videos (owner_id, title, external_url, visibility)
    select ${spammer.id}, 'spam', 'https://example.com/v.mp4', 'public' from generate_series(1, ${MANY})`;
  await sql`update accounts set video_count = video_count + ${MANY} where id = ${spammer.id}`;
  await sql`
    insert into comments (video_id, user_id, content)
    select ${videoId}, ${spammer.id}, 'spam ' || n from generate_series(1, ${MANY}) n`;
  await sql`update videos set comments_count = comments_count + ${MANY} where id = ${videoId}`;
}

async function standing() {
  const [row] = await server.app.sql`
    select (select count(*)::int from videos where owner_id = ${spammer.id} and deleted_at is null) as videos,
      (select count(*)::int from comments where user_id = ${spammer.id} and deleted_at is null) as comments`;
  return row;
}

test("videos and comments are gone with all that follows from it, and each can be brought back", async () => {
  const [first, second] = [await addVideo(server, spammer), await addVideo(server, spammer)];
  await spammer.delete(`/videos/${second}`);
  const id = await comment("buy this");
  await comment("nice", bob);
  const reports = [
    await moderator.post("/reports/", { targetType: "video", targetId: first, reason: "spam" }),
    await moderator.post("/reports/", { targetType: "comment", targetId: id, reason: "spam" }),
  ];
  const sockets = { owner: await spammer.resume(), bob: await bob.resume(), reporter: await moderator.connect() };

  expect(await removeAll(moderator, "Spam everywhere")).toEqual([200, true]);
  await settleJobs(server);

  expect((await spammer.get(`/videos/user/${spammer.id}`)).body).toEqual([]);
  expect((await spammer.get("/users/me")).body.videoCount).toBe(0);
  expect((await bob.get(`/comments/video/${videoId}`)).body).toMatchObject([{ content: "nice" }]);
  expect((await bob.get(`/videos/${videoId}`)).body.commentsCount).toBe(1);
  await sockets.bob.next("notification:revoked");
  const closed = await sockets.reporter.all("admin:report_resolved", 2);
  expect(closed.map(({ data }) => data.reportId).sort()).toEqual(reports.map(({ body }) => body.id).sort());
  await sockets.owner.settled();
  const refetch = ["/users/me", `/videos/user/${spammer.id}`];
  expect(sockets.owner.of("sync:stale").map(({ data }) => data)).toEqual([{ refetch }]);
  expect(sockets.owner.of("admin:video_deleted")).toEqual([]);
  expect(await auditOf()).toEqual([
    {
      action: "content_delete_all",
      actor: moderator.id,
      details: {
        decisionId: expect.any(Number),
        reason: "Spam everywhere",
        before: { videos: 1, comments: 1 },
        after: { videos: 0, comments: 0 },
      },
    },
  ]);

  expect(await removeAll()).toEqual([200, false]);
  expect(outcomeOf(await moderator.post(`/admin/videos/${first}/restore`))).toEqual([200, true]);
  expect(outcomeOf(await moderator.post(`/admin/videos/${second}/restore`))).toEqual([200, false]);
  expect(outcomeOf(await moderator.post(`/admin/comments/${id}/restore`))).toEqual([200, true]);
  expect(await standing()).toEqual({ videos: 1, comments: 1 });
});

test("however many there are: every counter is exact between any two batches, and asking again adds nothing", async () => {
  await flood();
  batchesLeft = 1;
  expect(await removeAll()).toEqual([200, true]);
  expect(await standing()).toEqual({ videos: MANY - 100, comments: MANY });
  expect(await drift()).toEqual([]);
  expect(await removeAll()).toEqual([200, false]);
  const later = await addVideo(server, spammer);
  for (let rounds = 0; rounds < 100; rounds++) {
    batchesLeft = 1;
    await server.app.sql`update durable_jobs set run_after = now(), batch_size = 100`;
    await server.app.durableJobs.work(server.app);
    expect(await drift()).toEqual([]);
    if ((await server.app.sql`select id from durable_jobs`).length === 0) break;
  }
  expect(await standing()).toEqual({ videos: 1, comments: 0 });
  expect((await bob.get(`/videos/${later}`)).status).toBe(200);
  expect((await bob.get(`/videos/${videoId}`)).body.commentsCount).toBe(0);
  expect(await auditOf()).toHaveLength(1);
});

test("an account that is deleted meanwhile is left to its erasure", async () => {
  await flood();
  batchesLeft = 1;
  await removeAll();
  await spammer.delete("/users/me", { password: spammer.password });
  batchesLeft = Number.POSITIVE_INFINITY;
  await server.app.sql`update durable_jobs set run_after = now()`;
  await settleJobs(server);
  expect(await standing()).toEqual({ videos: 0, comments: 0 });
  const [left] = await server.app.sql`
    select (select count(*)::int from videos where owner_id = ${spammer.id} and deleted_by = 'moderator') as videos,
      (select count(*)::int from comment_takedowns where user_id = ${spammer.id}) as comments,
      (select count(*)::int from durable_jobs) as jobs`;
  expect(left).toEqual({ videos: 100, comments: 0, jobs: 0 });
  expect(await drift()).toEqual([]);
});

test("published, deleted and restored while it goes on: every counter is exact", async () => {
  const videos = await Promise.all(Array.from({ length: 10 }, () => addVideo(server, spammer)));
  const comments = await Promise.all(Array.from({ length: 10 }, (_, n) => comment(`spam ${n}`)));
  const answers = await Promise.all([
    ...[1, 2].map(() => moderator.post(`/admin/users/${spammer.id}/delete-all-content`)),
    ...Array.from({ length: 10 }, (_, n) => spammer.post("/comments/", { videoId, content: `more ${n}` })),
    ...videos.map((id) => spammer.delete(`/videos/${id}`)),
    ...comments.map((id) => bob.delete(`/comments/${id}`)),
    ...videos.map((id) => moderator.post(`/admin/videos/${id}/restore`)),
    ...comments.map((id) => moderator.post(`/admin/comments/${id}/restore`)),
  ]);
  expect(answers.filter(({ status }) => status >= 400)).toEqual([]);
  await settleJobs(server);
  expect(await drift()).toEqual([]);
});

test("of staff only by a higher role; nobody else, and of nobody who is not there", async () => {
  const [admin] = await people("admin");
  await promote(server, admin, "admin");
  await promote(server, spammer, "moderator");
  await addVideo(server, spammer);
  expect(await removeAll(bob)).toBe("FORBIDDEN");
  expect(await removeAll(moderator)).toBe("FORBIDDEN");
  expect(await removeAll(spammer)).toBe("FORBIDDEN");
  expect(outcomeOf(await moderator.post("/admin/users/999999999/delete-all-content"))).toBe("USER_NOT_FOUND");
  expect(await standing()).toEqual({ videos: 1, comments: 0 });
  expect(await removeAll(admin)).toEqual([200, true]);
  await settleJobs(server);
  expect(await standing()).toEqual({ videos: 0, comments: 0 });
});
