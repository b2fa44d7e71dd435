import { beforeEach, expect, test } from "bun:test";
import { Comment } from "@reelay/contract";
import { addVideo, crowd, type Person, serverForFile } from "@reelay/testkit";

const { server, people } = serverForFile();
let ann: Person;
let bob: Person;
let videoId: number;

beforeEach(async () => {
  [ann, bob] = await people("ann", "bob");
  videoId = await addVideo(server, bob);
});

async function comment(by: Person, content: string, more: object = {}): Promise<Comment> {
  const { status, body } = await by.post("/comments/", { videoId, content, ...more });
  expect(status).toBe(201);
  return Comment.parse(body);
}

const countOf = async (id: number) => (await ann.get(`/videos/${id}`)).body.commentsCount;

async function typesOf(person: Person): Promise<string[]> {
  return (await person.get("/notifications/")).body.map(({ type }: { type: string }) => type);
}

test("an answer belongs to a comment on the same video that stands; to any other it is 404 and nothing is written", async () => {
  const elsewhere = await addVideo(server, bob);
  const { id: onThis } = await comment(bob, "here");
  const { id: onAnother } = await comment(bob, "there", { videoId: elsewhere });
  const { id: deleted } = await comment(bob, "gone");
  await bob.delete(`/comments/${deleted}`);
  for (const parentId of [onAnother, deleted, 999_999_999]) {
    const { status, body } = await ann.post("/comments/", { videoId, content: "yes!", parentId });
    expect([parentId, status, body.error?.code]).toEqual([parentId, 404, "COMMENT_NOT_FOUND"]);
  }
  for (const parentId of [0, -1, 1.5, "x"]) {
    expect((await ann.post("/comments/", { videoId, content: "yes!", parentId })).status).toBe(422);
  }
  expect([await countOf(videoId), await countOf(elsewhere), await typesOf(bob)]).toEqual([1, 1, []]);
  expect((await comment(ann, "yes!", { parentId: onThis })).parentId).toBe(onThis);
});

test("of fifty people who are named the first twenty are notified, each once, and the text is kept whole", async () => {
  const fifty = await crowd(server, 50);
  const names = fifty.map(({ username }) => `@${username}`).join(" ");
  const { id, content } = await comment(ann, `${names}! ${names}, @nobody.at.all`);
  expect(content).toBe(`${names}! ${names}, @nobody.at.all`);
  expect((await ann.get(`/comments/video/${videoId}`)).body).toMatchObject([{ id, content }]);
  const notified = await Promise.all(fifty.map(typesOf));
  expect(notified).toEqual(fifty.map((_, n) => (n < 20 ? ["mention"] : [])));
  expect(await typesOf(bob)).toEqual(["comment"]);
  await ann.delete(`/comments/${id}`);
  expect((await Promise.all(fifty.map(typesOf))).flat()).toEqual([]);
});
