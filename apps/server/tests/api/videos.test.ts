import { beforeAll, describe, expect, test } from "bun:test";
import { Video } from "@reelay/contract";
import { addVideo, call, type Person, promote, serverForFile, settleJobs } from "@reelay/testkit";

const HOUR_MS = 3_600_000;

const { server, people } = serverForFile();
let chief: Person;

beforeAll(async () => {
  [chief] = await people("chief");
  await promote(server, chief, "admin");
});

const anonymously = (path: string) => call(server.url, "GET", path);
const idsOf = ({ body }: { body: Video[] }) => body.map(({ id }) => id);
const codeOf = ({ status, body }: { status: number; body: any }) => [status, body?.error?.code];
const videoCountOf = async (person: Person) => (await chief.get(`/users/${person.id}`)).body.videoCount;

async function makeVideo(owner: Person, fields: object = {}): Promise<Video> {
  const { status, body } = await owner.post("/videos", {
    title: "a title",
    url: "https://example.com/v.mp4",
    ...fields,
  });
  expect(status).toBe(201);
  return Video.parse(body);
}

/** Everywhere that somebody could meet a video, and whether he does. */
async function placesOf(video: Video, viewer: Person | null): Promise<string[]> {
  const get = (path: string) => (viewer ? viewer.get(path) : anonymously(path));
  const lists = {
    feed: "/videos?limit=100",
    user: `/videos/user/${video.ownerId}`,
    search: `/videos/search?q=${video.title}`,
  };
  const found = await Promise.all(
    Object.entries({ ...lists, ...(viewer && { following: "/videos/following/feed" }) }).map(async ([name, path]) => {
      const { status, body } = await get(path);
      expect([200, 404]).toContain(status);
      return status === 200 && idsOf({ body }).includes(video.id) ? [name] : [];
    }),
  );
  const { status } = await get(`/videos/${video.id}`);
  return [...found.flat(), ...(status === 200 ? ["itself"] : [])].sort();
}

const EVERYWHERE = ["feed", "following", "itself", "search", "user"];

describe("who sees a video", () => {
  test("a public one: everybody, with and without a token; what is the viewer's own is null without one", async () => {
    const [ann, bob] = await people("ann", "bob");
    await bob!.post(`/users/${ann!.id}/follow`);
    const video = await makeVideo(ann!, { title: crypto.randomUUID() });
    expect(await placesOf(video, bob!)).toEqual(EVERYWHERE);
    expect(await placesOf(video, null)).toEqual(["feed", "itself", "search", "user"]);
    const seenBy = async (viewer: Person | null) =>
      Video.parse((viewer ? await viewer.get(`/videos/${video.id}`) : await anonymously(`/videos/${video.id}`)).body);
    const { isLiked, isBookmarked, owner } = await seenBy(null);
    expect([isLiked, isBookmarked, owner.isFollowing]).toEqual([null, null, null]);
    await bob!.post(`/videos/${video.id}/like`);
    await bob!.post(`/social/bookmarks/${video.id}`);
    expect(await seenBy(bob!)).toMatchObject({
      isLiked: true,
      isBookmarked: true,
      likesCount: 1,
      owner: { isFollowing: true },
    });
    expect(await seenBy(chief)).toMatchObject({ isLiked: false, isBookmarked: false, owner: { isFollowing: false } });
    expect((await anonymously("/videos/following/feed")).status).toBe(401);
  });

  test("a private one: its owner, who finds it among his own; for others it is not there", async () => {
    const [ann, bob] = await people("ann", "bob");
    await bob!.post(`/users/${ann!.id}/follow`);
    const video = await makeVideo(ann!, { title: crypto.randomUUID(), visibility: "hidden" });
    expect(video.visibility).toBe("private");
    expect(await placesOf(video, ann!)).toEqual(["itself", "user"]);
    for (const viewer of [bob!, null]) expect(await placesOf(video, viewer)).toEqual([]);
    // Staff's own list of everybody's videos: what their pages show.
    expect(await placesOf(video, chief)).toEqual(["feed"]);
    for (const act of ["view", "share", "like"]) {
      expect(codeOf(await bob!.post(`/videos/${video.id}/${act}`))).toEqual([404, "VIDEO_NOT_FOUND"]);
    }
    expect(codeOf(await bob!.put(`/videos/${video.id}`, { title: "mine" }))).toEqual([404, "VIDEO_NOT_FOUND"]);
    expect(codeOf(await bob!.delete(`/videos/${video.id}`))).toEqual([404, "VIDEO_NOT_FOUND"]);
    expect(await videoCountOf(ann!)).toBe(1);
    await ann!.put(`/videos/${video.id}`, { visibility: "public" });
    expect(await placesOf(video, bob!)).toEqual(EVERYWHERE);
  });

  test("a banned owner's: nobody, until the ban ends; then as it was, with nothing counted differently", async () => {
    const [ann, bob] = await people("ann", "bob");
    await bob!.post(`/users/${ann!.id}/follow`);
    const video = await makeVideo(ann!, { title: crypto.randomUUID() });
    expect((await chief.post(`/admin/users/${ann!.id}/ban`, { reason: "spam" })).status).toBe(200);
    for (const viewer of [bob!, chief, null]) expect(await placesOf(video, viewer)).toEqual([]);
    expect(codeOf(await anonymously(`/videos/user/${ann!.id}`))).toEqual([404, "USER_NOT_FOUND"]);
    expect(codeOf(await bob!.post(`/videos/${video.id}/view`))).toEqual([404, "VIDEO_NOT_FOUND"]);
    await chief.post(`/admin/users/${ann!.id}/unban`);
    expect(await placesOf(video, bob!)).toEqual(EVERYWHERE);
    expect(await videoCountOf(ann!)).toBe(1);
  });

  test("a deleted account's: nobody, and its count is none", async () => {
    const [ann] = await people("ann");
    const video = await makeVideo(ann!, { title: crypto.randomUUID() });
    await addVideo(server, ann!, "private");
    const hash = await Bun.password.hash("correct horse", { algorithm: "argon2id", memoryCost: 64, timeCost: 1 });
    await server.app.sql`update accounts set password_hash = ${hash} where id = ${ann!.id}`;
    expect((await ann!.delete("/users/me", { password: "correct horse" })).status).toBe(200);
    await settleJobs(server);
    expect(await placesOf(video, chief)).toEqual([]);
    const rows = await server.app.sql`
      select deleted_by as "deletedBy", a.video_count as "videoCount" from videos v join accounts a on a.id = v.owner_id
      where v.owner_id = ${ann!.id}`;
    expect([...rows]).toEqual([
      { deletedBy: "owner", videoCount: 0 },
      { deletedBy: "owner", videoCount: 0 },
    ]);
  });
});

describe("its owner, and only he", () => {
  test("changes what he names; the rest stays", async () => {
    const [ann, bob] = await people("ann", "bob");
    const video = await makeVideo(ann!, { description: "old" });
    const edited = await ann!.put(`/videos/${video.id}/`, { title: " new ", ownerId: bob!.id, views_count: 9 });
    expect(edited.status).toBe(200);
    expect(Video.parse(edited.body)).toEqual({ ...video, title: "new" });
    expect((await ann!.put(`/videos/${video.id}`, { description: "" })).body.description).toBeNull();
    expect((await ann!.put(`/videos/${video.id}`, { visibility: "hidden" })).body.visibility).toBe("private");
    expect((await ann!.put(`/videos/${video.id}`, {})).body).toMatchObject({ title: "new", visibility: "private" });
    for (const wrong of [{ title: "" }, { title: null }, { visibility: "x" }, { description: "x".repeat(5001) }]) {
      expect(codeOf(await ann!.put(`/videos/${video.id}`, wrong))).toEqual([422, "VALIDATION_ERROR"]);
    }
    await ann!.put(`/videos/${video.id}`, { visibility: "public" });
    expect(codeOf(await bob!.put(`/videos/${video.id}`, { title: "mine" }))).toEqual([403, "FORBIDDEN"]);
    expect(codeOf(await chief.put(`/videos/${video.id}`, { title: "mine" }))).toEqual([403, "FORBIDDEN"]);
    expect((await anonymously(`/videos/${video.id}`)).body.title).toBe("new");
  });

  test("takes it away, once however often he does; then it is nowhere, for him as well", async () => {
    const [ann, bob] = await people("ann", "bob");
    const [video] = [await makeVideo(ann!, { title: crypto.randomUUID() }), await makeVideo(ann!)];
    expect(codeOf(await bob!.delete(`/videos/${video.id}`))).toEqual([403, "FORBIDDEN"]);
    expect(await videoCountOf(ann!)).toBe(2);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ann!.delete(`/videos/${video.id}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
    expect(await videoCountOf(ann!)).toBe(1);
    for (const viewer of [ann!, bob!, null]) expect(await placesOf(video, viewer)).toEqual([]);
    expect(codeOf(await ann!.put(`/videos/${video.id}`, { title: "x" }))).toEqual([404, "VIDEO_NOT_FOUND"]);
    expect(codeOf(await bob!.delete(`/videos/${video.id}`))).toEqual([404, "VIDEO_NOT_FOUND"]);
    expect(codeOf(await ann!.delete("/videos/9007199254740991"))).toEqual([404, "VIDEO_NOT_FOUND"]);
    expect((await call(server.url, "DELETE", `/videos/${video.id}`)).status).toBe(401);
  });

  test("makes many at once, and the count is that of the rows", async () => {
    const [ann] = await people("ann");
    const made = await Promise.all(Array.from({ length: 20 }, () => makeVideo(ann!)));
    await Promise.all(made.slice(0, 7).map(({ id }) => ann!.delete(`/videos/${id}`)));
    expect(await videoCountOf(ann!)).toBe(13);
  });
});

describe("lists", () => {
  test("have the newest first, with skip, limit and before_id", async () => {
    const [ann, bob] = await people("ann", "bob");
    await bob!.post(`/users/${ann!.id}/follow`);
    const title = crypto.randomUUID();
    const ids: number[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await makeVideo(ann!, { title })).id);
    for (const path of [
      `/videos/user/${ann!.id}?`,
      "/videos/following/feed?",
      `/videos/search?q=${title}&`,
      "/videos?",
    ]) {
      const list = async (query: string) => idsOf(await bob!.get(path + query));
      expect([path, await list("limit=2")]).toEqual([path, ids.slice(0, 2)]);
      expect([path, await list("limit=2&skip=2")]).toEqual([path, ids.slice(2, 4)]);
      expect([path, await list(`before_id=${ids[2]}&limit=2`)]).toEqual([path, ids.slice(3)]);
      expect((await list("limit=500")).slice(0, ids.length)).toEqual(ids);
      expect((await bob!.get(path)).headers.get("x-event-cursor")).not.toBeNull();
    }
    expect(codeOf(await anonymously("/videos/user/9007199254740991"))).toEqual([404, "USER_NOT_FOUND"]);
  });

  test("of those one follows hold nobody else's, and not what follows are over", async () => {
    const [ann, bob, eve] = await people("ann", "bob", "eve");
    const video = await makeVideo(ann!);
    await makeVideo(eve!);
    expect(idsOf(await bob!.get("/videos/following/feed"))).toEqual([]);
    await bob!.post(`/users/${ann!.id}/follow`);
    expect(idsOf(await bob!.get("/videos/following/feed"))).toEqual([video.id]);
    await bob!.delete(`/users/${ann!.id}/follow`);
    expect(idsOf(await bob!.get("/videos/following/feed"))).toEqual([]);
  });

  test("of a search: any part of title and description, without regard to case and accents; what like means is text", async () => {
    const [ann] = await people("ann");
    const { id } = await makeVideo(ann!, { title: "Nguyễn's 100%_sure \\ trip", description: "to Đà Lạt" });
    await makeVideo(ann!, { title: "100 percent unsure" });
    const search = async (q: string) => idsOf(await anonymously(`/videos/search?q=${encodeURIComponent(q)}`));
    for (const q of ["nguyen", "NGUYỄN'S", "100%_sure", "%_s", "\\ trip", "da lat", "ng"]) {
      expect([q, await search(q)]).toEqual([q, [id]]);
    }
    expect(await search("n")).toContain(id);
    for (const q of ["%%%", "___", "100_percent", "gu", "%", "_", "\\", "", "  "])
      expect([q, await search(q)]).toEqual([q, []]);
    expect((await anonymously(`/videos/search?q=${"x".repeat(101)}`)).status).toBe(422);
  });
});

describe("views and shares", () => {
  test("count once a viewer and hour, however often and at once", async () => {
    const [ann, bob] = await people("ann", "bob");
    const { id } = await makeVideo(ann!);
    const results = await Promise.all(Array.from({ length: 20 }, () => bob!.post(`/videos/${id}/view`)));
    expect(results.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect((await bob!.post(`/videos/${id}/view/`)).body).toEqual({ viewsCount: 1 });
    expect((await ann!.post(`/videos/${id}/view`)).body).toEqual({ viewsCount: 2 });
    expect((await bob!.post(`/videos/${id}/share`)).body).toEqual({ sharesCount: 1 });
    expect((await bob!.post(`/videos/${id}/share`)).body).toEqual({ sharesCount: 1 });
    server.clock.advance(HOUR_MS);
    expect((await bob!.post(`/videos/${id}/view`)).body).toEqual({ viewsCount: 3 });
    expect((await anonymously(`/videos/${id}`)).body).toMatchObject({ viewsCount: 3, sharesCount: 1 });
    expect((await call(server.url, "POST", `/videos/${id}/view`)).status).toBe(401);
    expect(codeOf(await bob!.post("/videos/9007199254740991/share"))).toEqual([404, "VIDEO_NOT_FOUND"]);
  });
});
