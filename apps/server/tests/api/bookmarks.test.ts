import { beforeAll, expect, test } from "bun:test";
import { Bookmarks } from "@reelay/contract";
import { addVideo, call, type Person, promote, serverForFile, somebody } from "@reelay/testkit";

const { server, people } = serverForFile();
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [ann, bob] = await people("ann", "bob");
});

async function listOf(person: Person, query = ""): Promise<[number[], number]> {
  const { status, body } = await person.get(`/social/bookmarks/my${query}`);
  expect(status).toBe(200);
  const { videos, total } = Bookmarks.parse(body);
  return [videos.map(({ id }) => id), total];
}

const codeOf = ({ status, body }: { status: number; body: any }) => [status, body?.error?.code];

test("a video is put aside once, and taken out once; its owner is not told", async () => {
  const socket = await ann.connect();
  const id = await addVideo(server, ann);
  const answers = await Promise.all(Array.from({ length: 10 }, () => bob.post(`/social/bookmarks/${id}`)));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(answers.filter(({ body }) => body.changed)).toHaveLength(1);
  expect(answers[0]!.body.success).toBe(true);
  expect(await listOf(bob)).toEqual([[id], 1]);
  expect((await bob.get(`/videos/${id}`)).body.isBookmarked).toBe(true);
  expect((await ann.get(`/videos/${id}`)).body.isBookmarked).toBe(false);
  expect((await bob.delete(`/social/bookmarks/${id}/`)).body).toEqual({ success: true, changed: true });
  expect((await bob.delete(`/social/bookmarks/${id}`)).body).toEqual({ success: true, changed: false });
  expect(await listOf(bob)).toEqual([[], 0]);
  await socket.settled();
  expect(socket.frames.filter(({ type }) => !["connected", "error"].includes(type))).toEqual([]);
  await ann.leave();
});

test("the list is one's own, the latest put aside first, in pages", async () => {
  const [eve] = await people("eve");
  const ids: number[] = [];
  for (let n = 0; n < 4; n++) ids.push(await addVideo(server, ann));
  const order = [ids[2]!, ids[0]!, ids[3]!, ids[1]!];
  for (const id of order) await eve.post(`/social/bookmarks/${id}`);
  expect(await listOf(eve)).toEqual([order.toReversed(), 4]);
  expect(await listOf(eve, "?limit=2&skip=1")).toEqual([order.toReversed().slice(1, 3), 4]);
  expect(await listOf(await somebody(server))).toEqual([[], 0]);
  expect((await eve.get("/social/bookmarks/my?limit=0")).status).toBe(422);
  expect((await eve.get("/social/bookmarks/my")).headers.get("x-event-cursor")).not.toBeNull();
});

test("what cannot be seen cannot be put aside, and is absent from list and total until it can be seen again", async () => {
  const [owner, chief, eve] = await people("owner", "chief", "eve");
  await promote(server, chief, "admin");
  const [id, hidden] = [await addVideo(server, owner), await addVideo(server, owner, "private")];
  for (const unseen of [hidden, 9007199254740991]) {
    expect(codeOf(await eve.post(`/social/bookmarks/${unseen}`))).toEqual([404, "VIDEO_NOT_FOUND"]);
    expect(codeOf(await eve.delete(`/social/bookmarks/${unseen}`))).toEqual([404, "VIDEO_NOT_FOUND"]);
  }
  expect((await owner.post(`/social/bookmarks/${hidden}`)).body.changed).toBe(true);
  await eve.post(`/social/bookmarks/${id}`);
  await owner.put(`/videos/${id}`, { visibility: "private" });
  expect(await listOf(eve)).toEqual([[], 0]);
  await owner.put(`/videos/${id}`, { visibility: "public" });
  expect(await listOf(eve)).toEqual([[id], 1]);
  await chief.post(`/admin/users/${owner.id}/ban`, { reason: "spam" });
  expect(await listOf(eve)).toEqual([[], 0]);
  expect(codeOf(await chief.post(`/social/bookmarks/${id}`))).toEqual([404, "VIDEO_NOT_FOUND"]);
  await chief.post(`/admin/users/${owner.id}/unban`);
  expect(await listOf(eve)).toEqual([[id], 1]);
  await owner.put(`/videos/${id}`, { visibility: "private" });
  expect((await eve.delete(`/social/bookmarks/${id}`)).body.changed).toBe(true);
});

test("a token is needed", async () => {
  for (const [method, path] of [
    ["POST", "/social/bookmarks/1"],
    ["DELETE", "/social/bookmarks/1"],
    ["GET", "/social/bookmarks/my"],
  ]) {
    expect((await call(server.url, method!, path!)).status).toBe(401);
  }
});
