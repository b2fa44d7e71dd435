import { afterEach, beforeEach, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { call, PICTURES, processesOf, ServerProcess, temporaryFolder, waitFor } from "@reelay/testkit";
import { type Clip, makeClips } from "../../../../tools/demo/clips.ts";
import { videoKindOf } from "../../src/features/media/file-kinds.ts";
import { durationOf } from "../../src/features/videos/mp4-duration.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

async function expectNothingLeft(): Promise<void> {
  expect(await readdir(folder.path)).toEqual([]);
  expect(await processesOf(folder.path)).toEqual([]);
}

/** Holds the port that everybody wants, unless somebody does already. */
function occupy(port: number): { stop(): unknown } {
  try {
    return Bun.serve({ hostname: "127.0.0.1", port, fetch: () => new Response() });
  } catch {
    return { stop() {} };
  }
}

/** Where a demo must not go, whatever the environment says. */
const ELSEWHERE = { DATABASE_URL: "postgres://nowhere/x", JWT_SECRET: "x".repeat(32), DATA_DIR: "/nowhere" };

test("the demo is a world one can log in to, on a free port; Ctrl-C leaves nothing of it", async () => {
  const other = occupy(3000);
  const demo = ServerProcess.demo(folder.path, ELSEWHERE);
  const url = await demo.url();
  await waitFor(() => (demo.output().includes("Ctrl-C stops it") ? true : undefined));
  expect(demo.output()).toContain("Port 3000 on 127.0.0.1 is taken");
  expect(new URL(url).port).not.toBe("3000");
  expect(await processesOf(folder.path)).not.toEqual([]);
  const [, password] = demo.output().match(/password is "(.+)"/)!;
  const roles = Map.groupBy(
    demo.output().matchAll(/^ {2}(\S+) +(admin|moderator|creator|viewer|banned)\b/gm),
    ([, , role]) => role!,
  );
  expect([...roles].map(([role, people]) => [role, people.length])).toEqual([
    ["admin", 1],
    ["moderator", 1],
    ["creator", 5],
    ["viewer", 4],
    ["banned", 1],
  ]);
  const logIn = async (role: string) => {
    const username = roles.get(role)![0]![1];
    return await call(url, "POST", "/auth/login", { body: { username, password } });
  };

  const { accessToken: token, user } = (await logIn("viewer")).body;
  const get = async (path: string) => (await call(url, "GET", path, { token })).body;
  expect(demo.output()).toContain(`${user.unreadMessages} unread, ${user.unseenNotifications} on the bell`);
  const inbox = await get("/messages/inbox");
  const [{ userId, unreadCount, lastMessage }] = inbox;
  expect([await get("/messages/unread/count"), lastMessage.seen]).toEqual([user.unreadMessages, false]);
  expect((await get(`/messages/conversation/${userId}`)).at(-unreadCount)).toMatchObject({ seen: false });
  expect((await get("/notifications/?unseen=true")).length).toBe(user.unseenNotifications);
  const feed = await get("/videos?limit=100");
  expect(feed).toHaveLength(17);
  expect(new Set(feed.map(({ title }: { title: string }) => title)).size).toBe(17);
  const part = await fetch(url + feed[0].url, { headers: { range: "bytes=0-999" } });
  const bytes = Buffer.from(await part.arrayBuffer());
  expect([part.status, bytes.length, videoKindOf(bytes)]).toEqual([206, 1000, "mp4"]);
  expect((await fetch(url + feed[0].thumbUrl)).headers.get("content-type")).toBe("image/jpeg");
  expect((await fetch(url + user.avatarUrl)).headers.get("content-type")).toBe("image/png");

  const admin = (await logIn("admin")).body;
  const { body: overview } = await call(url, "GET", "/admin/stats/overview", { token: admin.accessToken });
  expect(overview.users).toMatchObject({ total: 12, new_today: 12, banned: 1 });
  expect(overview.videos).toMatchObject({ total: 19, public: 18, private: 1, deleted: 1 });
  expect(overview.reports).toMatchObject({ total: 8, pending: 3, rejected: 1 });
  expect((await logIn("moderator")).body.user.role).toBe("moderator");
  expect((await logIn("banned")).body.error.code).toBe("ACCOUNT_BANNED");

  demo.kill("SIGINT");
  expect((await demo.exited).code).toBe(0);
  await expectNothingLeft();
  other.stop();
});

test("Ctrl-C while it is being made leaves nothing either; a given port that is taken is a sentence", async () => {
  const demo = ServerProcess.demo(folder.path, { PORT: "0" });
  await waitFor(() => (demo.output().includes("Making a new database") ? true : undefined));
  expect(await readdir(folder.path)).toHaveLength(1);
  demo.kill("SIGINT");
  const interrupted = await demo.exited;
  expect(interrupted.code).toBe(0);
  expect(interrupted.output).not.toContain("is up on");
  await expectNothingLeft();
  const other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { code, output } = await ServerProcess.demo(folder.path, { PORT: String(other.port) }).exited;
  expect([code, output]).toEqual([
    1,
    `Port ${other.port} on 127.0.0.1 is taken by another program. Choose another PORT.\n`,
  ]);
  await other.stop();
  await expectNothingLeft();
});

test("without an ffmpeg, or with one that cannot, its clips are the bundled ones: small, different, playable", async () => {
  const videos = Array.from({ length: 4 }, () => ({ scene: ["testsrc2"] as [string], seconds: 1 }));
  const cannot = Bun.which("false")!;
  for (const ffmpeg of [null, cannot]) {
    const clips = await makeClips(videos, folder.path, { ffmpeg });
    const contents = await Promise.all(clips.map(({ video }) => (video as Clip["video"]).bytes()));
    expect(new Set(contents.map((content) => Bun.hash(content))).size).toBe(3);
    for (const { video, thumb } of clips) {
      expect(video.size).toBeLessThan(20_000);
      expect(videoKindOf(Buffer.from(await video.bytes()))).toBe("mp4");
      expect(await durationOf(video as ReturnType<typeof Bun.file>)).toBeGreaterThan(2);
      expect((await thumb.bytes()).subarray(0, 3)).toEqual(Uint8Array.from(PICTURES.jpg.subarray(0, 3)));
    }
  }
});
