import { beforeAll, beforeEach, expect, test } from "bun:test";
import {
  addVideo,
  call,
  crowd,
  type Person,
  promote,
  ServerProcess,
  serverForFile,
  settleJobs,
  temporaryFolder,
  waitFor,
} from "@reelay/testkit";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { openPostgres } from "../../src/platform/postgres.ts";

/* A deleted account is closed at once; what it left elsewhere is erased by a job, in whole, whatever crashes meanwhile. */

const MANY = 300;

const { server, people } = serverForFile({
  env: { RATE_MESSAGES_PER_MINUTE: "0" },
  beforeBatch: async () => {
    if (--batchesLeft < 0) throw new Error("The test allows no further batch.");
  },
});
let leaver: Person;
let bob: Person;
let admin: Person;
let batchesLeft = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  [admin] = await people("admin");
  await promote(server, admin, "admin");
});

beforeEach(async () => {
  batchesLeft = Number.POSITIVE_INFINITY;
  [leaver] = await people("leaver");
  [bob] = await people("bob");
});

async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

async function close(): Promise<void> {
  expect((await leaver.delete("/users/me", { password: leaver.password })).status).toBe(200);
}

async function batches(count: number): Promise<void> {
  batchesLeft = count;
  await server.app.sql`update durable_jobs set run_after = now(), batch_size = 100`;
  await (Number.isFinite(count) ? server.app.durableJobs.work(server.app) : settleJobs(server));
}

/** Follows, likes and comments of the account, with all that counts them. */
async function fillAccount(): Promise<void> {
  const others = await crowd(server, MANY);
  const { sql } = server.app;
  const ids = sql.array(
    others.map(({ id }) => id),
    "BIGINT",
  );
  await sql`insert into follows (follower_id, followee_id) select id, ${leaver.id} from unnest(${ids}) id`;
  await sql`update accounts set follower_count = follower_count + ${MANY} where id = ${leaver.id}`;
  await sql`
    with made as (
      insert into videos (owner_id, title, external_url, visibility, likes_count, comments_count)
      select id, 'title', 'https://example.com/v.mp4', 'public', 1, 1 from unnest(${ids}) id returning id, owner_id
    ),
    liked as (insert into likes (user_id, video_id) select ${leaver.id}, id from made),
    commented as (
      insert into comments (user_id, video_id, content) select ${leaver.id}, id, 'spam' from made
    ),
    notified as (
      insert into notifications (user_id, type, ref_id, actor_id) select owner_id, 'like', id, ${leaver.id} from made
    ),
    counted as (insert into user_streams (user_id, unseen_notifications) select owner_id, 1 from made)
    update accounts set video_count = 1, following_count = 1 where id = any(${ids})`;
}

test("at once nobody is it or sees it; its rows follow, and every counter is exact between any two batches", async () => {
  const videoId = await addVideo(server, leaver);
  await bob.post(`/users/${leaver.id}/follow`);
  await leaver.post(`/videos/${await addVideo(server, bob)}/like`);
  await fillAccount();
  batchesLeft = 0;
  await close();
  expect((await leaver.get("/users/me")).status).toBe(401);
  for (const path of [`/users/${leaver.id}`, `/videos/${videoId}`]) expect((await bob.get(path)).status).toBe(404);
  expect((await bob.get(`/social/following/${bob.id}`)).body).toMatchObject({ following: [], total: 1 });
  expect(await drift()).toEqual([]);
  const seen = new Set<string>();
  for (;;) {
    await batches(1);
    expect(await drift()).toEqual([]);
    const [job] = await server.app.sql`select data from durable_jobs`;
    if (!job) break;
    seen.add(job.data.stage);
  }
  expect([...seen]).toEqual(expect.arrayContaining(["videos", "comments", "likes", "follows", "notified"]));
  const [row] = await server.app.sql`
    select (select count(*)::int from likes where user_id = ${leaver.id} and deleted_at is null) as likes,
      (select count(*)::int from comments where user_id = ${leaver.id} and deleted_at is null) as comments,
      (select count(*)::int from follows
        where ${leaver.id}::bigint in (follower_id, followee_id) and deleted_at is null) as follows,
      (select count(*)::int from notifications where actor_id = ${leaver.id} and revoked_at is null) as notifications`;
  expect(row).toEqual({ likes: 0, comments: 0, follows: 0, notifications: 0 });
  expect((await bob.get(`/users/${bob.id}`)).body.followingCount).toBe(0);
});

test("nothing that it wrote, kept or was notified of is left", async () => {
  const video = await addVideo(server, leaver);
  const takenDown = await addVideo(server, leaver);
  await leaver.put(`/videos/${video}`, { title: "my face", description: "and my street" });
  await admin.delete(`/admin/videos/${takenDown}`, { reason: "private things of the owner" });
  const bobs = await addVideo(server, bob);
  await leaver.post(`/social/bookmarks/${bobs}`);
  await bob.post(`/social/bookmarks/${video}`);
  await bob.post(`/videos/${video}/like`);
  await leaver.post(`/users/${admin.id}/block`);
  const about = { targetType: "video", targetId: bobs, reason: "I know him", description: "from school" };
  const { body: report } = await leaver.post("/reports/", about);
  await admin.post(`/admin/reports/${report.id}/reject`, { reason: "no" });
  await close();
  await settleJobs(server);
  const { sql } = server.app;
  const videos = await sql`
    select title, description, external_url, external_thumb_url, delete_reason, deleted_by from videos
    where owner_id = ${leaver.id} order by id`;
  const empty = { title: "", description: null, external_url: null, external_thumb_url: null, delete_reason: null };
  expect([...videos]).toEqual([
    { ...empty, deleted_by: "owner" },
    { ...empty, deleted_by: "moderator" },
  ]);
  const [left] = await sql`
    select (select count(*)::int from bookmarks where user_id = ${leaver.id} or video_id = ${video}) as bookmarks,
      (select count(*)::int from notifications where user_id = ${leaver.id}) as notifications,
      (select unseen_notifications from user_streams where user_id = ${leaver.id}) as unseen,
      (select count(*)::int from blocks where blocker_id = ${leaver.id}) as blocks,
      (select count(*)::int from sessions where user_id = ${leaver.id}
        and (revoked_at is null or user_agent is not null or address is not null)) as sessions,
      (select reason || coalesce(description, '') from reports where id = ${report.id}) as report`;
  expect(left).toEqual({ bookmarks: 0, notifications: 0, unseen: 0, blocks: 0, sessions: 0, report: "" });
  expect((await admin.get(`/reports/${report.id}`)).body).toMatchObject({ reason: "", status: "rejected" });
});

test("what a pending report needs stays until it is decided, and goes then", async () => {
  const [video, bobs] = [await addVideo(server, leaver), await addVideo(server, bob)];
  const { body: against } = await bob.post("/reports/", { targetType: "video", targetId: video, reason: "rude" });
  const { body: own } = await leaver.post("/reports/", { targetType: "video", targetId: bobs, reason: "I know him" });
  await close();
  await settleJobs(server);
  const { sql } = server.app;
  const kept = async () => {
    const [row] = await sql`
      select (select title from videos where id = ${video}) as title,
        (select external_url is not null from videos where id = ${video}) as "hasAddress",
        (select reason from reports where id = ${own.id}) as reason,
        (select count(*)::int from durable_jobs) as jobs`;
    return row;
  };
  expect(await kept()).toEqual({ title: "", hasAddress: true, reason: "I know him", jobs: 1 });
  for (const { id } of [against, own]) await admin.post(`/admin/reports/${id}/reject`, { reason: "no" });
  await batches(Number.POSITIVE_INFINITY);
  expect(await kept()).toEqual({ title: "", hasAddress: false, reason: "", jobs: 0 });
});

test("killed half-way with -9, it is finished by the next start; every counter is exact before and after", async () => {
  const folders = await Promise.all([temporaryFolder(), temporaryFolder()]);
  const postgres: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir: folders[1].path, log: () => {} });
  const env = { DATABASE_URL: postgres.url, JWT_SECRET: "x".repeat(32) };
  const sql = openPostgres(postgres.connection, 2);
  try {
    const first = ServerProcess.spawn(folders[0].path, env);
    const url = await first.url();
    const account = { email: "leaver@example.com", username: "leaver", password: "correct horse" };
    await call(url, "POST", "/auth/register", { body: account });
    const { body } = await call(url, "POST", "/auth/login", { body: account });
    await sql`
      with made as (
        insert into accounts (username, following_count) select 'fan' || n, 1 from generate_series(1, 12000) n returning id
      ),
      followed as (insert into follows (follower_id, followee_id) select id, ${body.user.id} from made)
      update accounts set follower_count = 12000 where id = ${body.user.id}`;
    const closing = call(url, "DELETE", "/users/me", {
      token: body.accessToken,
      body: { password: account.password },
    }).catch(() => "cut off");
    const standing = async () => {
      const [row] = await sql`select count(*)::int as count from follows where deleted_at is null`;
      return row.count as number;
    };
    await waitFor(async () => ((await standing()) < 12_000 ? true : undefined));
    first.kill("SIGKILL");
    await Promise.all([first.exited, closing]);
    const left = await standing();
    expect(left).toBeGreaterThan(0);
    const recount = async () =>
      (await ServerProcess.spawn(folders[0].path, env, ["cli.ts", "reconcile", "--dry-run"]).exited).code;
    expect(await recount()).toBe(0);
    const second = ServerProcess.spawn(folders[0].path, env);
    await second.url();
    await waitFor(async () => ((await sql`select id from durable_jobs`).length === 0 ? true : undefined));
    second.kill("SIGTERM");
    await second.exited;
    expect(await standing()).toBe(0);
    expect(await recount()).toBe(0);
    const wrong = await sql`select id from accounts where following_count <> 0 or follower_count <> 0`;
    expect(wrong).toHaveLength(0);
  } finally {
    await sql.close();
    await postgres.stop();
    await Promise.all(folders.map((folder) => folder.remove()));
  }
}, 120_000);
