import { expect, test } from "bun:test";
import { call, ServerProcess, startTestServer, type TestServer, temporaryFolder } from "@reelay/testkit";
import { planWorld } from "../../src/cli/seed/plan.ts";
import { populate } from "../../src/cli/seed/populate.ts";
import { videoKindOf } from "../../src/features/media/file-kinds.ts";

const SIZES = { people: 12, videos: 10, likes: 60, comments: 30, messages: 60, reports: 9, days: 3 };
const HASH = "nobody logs in with it";

test("reelay seed fills an empty database with people one can log in as, and leaves every counter right", async () => {
  const folder = await temporaryFolder();
  const cli = (...args: string[]) => ServerProcess.spawn(folder.path, {}, ["cli.ts", ...args]).exited;
  const seeded = await cli("seed", "--people", "9", "--videos", "6", "--days", "2");
  expect([seeded.code, seeded.output]).toEqual([0, expect.stringContaining("9 people, 6 videos,")]);
  const again = await cli("seed");
  expect(again).toEqual({
    code: 1,
    output: expect.stringMatching(/^There are 10 accounts in this database: .*--force/),
  });
  const server = ServerProcess.spawn(folder.path);
  const url = await server.url();
  const forced = await cli("seed", "--force", "--people", "8", "--password", "correct horse");
  expect(forced).toMatchObject({ code: 0, output: expect.stringContaining('"correct horse"') });
  expect(await cli("reconcile", "--dry-run")).toMatchObject({
    code: 0,
    output: expect.stringContaining("Every counter is exact."),
  });

  const [, password] = seeded.output.match(/password of everybody but the admin is "(.+)"/)!;
  const nameOf = (role: string) => seeded.output.match(new RegExp(`^  ${role} +(\\S+)`, "m"))![1]!;
  const logIn = async (role: string) =>
    (await call(url, "POST", "/auth/login", { body: { username: nameOf(role), password } })).body;
  expect((await logIn("moderator")).user.role).toBe("moderator");
  expect((await logIn("banned")).error.code).toBe("ACCOUNT_BANNED");
  expect((await logIn("user")).user.videoCount).toBeNumber();
  const [video] = (await call(url, "GET", "/videos?limit=1")).body;
  const bytes = Buffer.from(await (await fetch(url + video.url)).arrayBuffer());
  expect(videoKindOf(bytes)).toBe("mp4");
  server.kill("SIGTERM");
  await server.exited;
  await folder.remove();
});

/** Everything that people did, by names instead of ids. */
async function describe({ app }: TestServer): Promise<string[]> {
  const rows: { what: string }[] = await app.sql`
    select concat_ws(' ', username, full_name, bio, role, status) as what from accounts
    union all select concat_ws(' ', a.username, v.title, v.description, v.visibility)
      from videos v join accounts a on a.id = v.owner_id
    union all select concat_ws(' ', a.username, 'likes', v.title)
      from likes l join accounts a on a.id = l.user_id join videos v on v.id = l.video_id
    union all select concat_ws(' ', a.username, 'follows', b.username)
      from follows f join accounts a on a.id = f.follower_id join accounts b on b.id = f.followee_id
    union all select concat_ws(' ', a.username, v.title, c.content, p.content)
      from comments c join accounts a on a.id = c.user_id join videos v on v.id = c.video_id
      left join comments p on p.id = c.parent_id
    union all select concat_ws(' ', a.username, b.username, m.content)
      from messages m join accounts a on a.id = m.sender_id join accounts b on b.id = m.receiver_id
    union all select concat_ws(' ', a.username, r.target_type, r.reason, r.status)
      from reports r join accounts a on a.id = r.reporter_id
    order by what`;
  return rows.map(({ what }) => what);
}

test("the same seed makes the same world, another one another; each of its days has something to show", async () => {
  const worlds: string[][] = [];
  for (const seed of [7, 7, 8]) {
    const server = await startTestServer();
    await populate(server.app, planWorld(seed, SIZES), SIZES.days, HASH);
    worlds.push(await describe(server));
    const days = await server.app.sql`
      select created_at::date::text as day, count(*)::int as likes from likes group by 1 order by 1`;
    expect(days).toHaveLength(SIZES.days);
    const [counts] = await server.app.sql`
      select (select count(*)::int from accounts where status = 'banned') as banned,
        (select count(*)::int from comments where parent_id is not null) as replies,
        (select sum(unread_messages)::int from user_streams) as unread,
        (select count(*)::int from durable_jobs) as jobs`;
    expect(counts).toEqual({ banned: 1, replies: expect.any(Number), unread: expect.any(Number), jobs: 0 });
    expect(Math.min(counts.replies, counts.unread)).toBeGreaterThan(0);
    // Fails when a counter is not what a recount says.
    await server.stop();
  }
  expect(worlds[1]).toEqual(worlds[0]!);
  expect(worlds[2]).not.toEqual(worlds[0]!);
});

test("sizes are whole numbers in their bounds, and a world of the least size happens too", async () => {
  const folder = await temporaryFolder();
  const cli = (...args: string[]) => ServerProcess.spawn(folder.path, {}, ["cli.ts", "seed", ...args]).exited;
  for (const args of [
    ["--people", "7"],
    ["--videos", "many"],
    ["--days", "8"],
    ["--password", "short"],
  ]) {
    expect(await cli(...args)).toEqual({ code: 1, output: expect.stringContaining(args[0]!) });
  }
  await folder.remove();
  const server = await startTestServer();
  const least = { people: 8, videos: 0, likes: 0, comments: 5, messages: 3, reports: 2, days: 1 };
  await populate(server.app, planWorld(1, least), 1, HASH);
  const [row] = await server.app.sql`select (select count(*)::int from comments) as comments,
    (select count(*)::int from messages) as messages`;
  expect(row).toEqual({ comments: 0, messages: 3 });
  await server.stop();
});
