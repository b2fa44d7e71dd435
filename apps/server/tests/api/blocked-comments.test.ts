import { beforeEach, expect, test } from "bun:test";
import { addVideo, type Person, serverForFile } from "@reelay/testkit";

/* What comments carry across a block, and to people who cannot open the video. */

const { server, people } = serverForFile();
let owner: Person;
let author: Person;
let other: Person;
let videoId: number;

beforeEach(async () => {
  [owner, author, other] = await people("owner", "author", "other");
  videoId = await addVideo(server, owner);
});

async function comment(by: Person, content: string, parentId?: number): Promise<number> {
  const { status, body } = await by.post("/comments/", { videoId, content, parentId });
  expect(status).toBe(201);
  return body.id;
}

async function edit(by: Person, id: number, content: string): Promise<[number, string?]> {
  const { status, body } = await by.put(`/comments/${id}`, { content });
  return [status, body.error?.code];
}

async function texts(): Promise<string[]> {
  return (await owner.get(`/comments/video/${videoId}`)).body.map(({ content }: { content: string }) => content);
}

async function typesOf(person: Person): Promise<string[]> {
  return (await person.get("/notifications/")).body.map(({ type }: { type: string }) => type);
}

test("who is blocked by the video's owner, or blocks them, does not edit an old comment; unblocked, they do", async () => {
  const id = await comment(author, "nice");
  for (const [by, whom] of [
    [owner, author],
    [author, owner],
  ] as const) {
    await by.post(`/users/${whom.id}/block`);
    expect(await edit(author, id, "I know where you live")).toEqual([403, "CANNOT_REACT"]);
    expect(await texts()).toEqual(["nice"]);
    await by.delete(`/users/${whom.id}/block`);
    expect(await edit(author, id, "nice")).toEqual([200, undefined]);
  }
});

test("a block between an answer's author and the one answered holds on a third person's video: no edit, no new answer", async () => {
  const parent = await comment(other, "first");
  const answer = await comment(author, "hello", parent);
  const beside = await comment(author, "to all");
  for (const [by, whom] of [
    [other, author],
    [author, other],
  ] as const) {
    await by.post(`/users/${whom.id}/block`);
    expect(await edit(author, answer, "worse")).toEqual([403, "CANNOT_REACT"]);
    const again = await author.post("/comments/", { videoId, content: "worse", parentId: parent });
    expect([again.status, again.body.error.code]).toEqual([403, "CANNOT_REACT"]);
    expect(await edit(author, beside, "to everybody")).toEqual([200, undefined]);
    await by.delete(`/users/${whom.id}/block`);
  }
  expect(await texts()).toEqual(["to everybody", "hello", "first"]);
  expect(await edit(author, answer, "hello again")).toEqual([200, undefined]);
});

test("a mention across a block, by whichever side it was made, notifies nobody", async () => {
  await other.post(`/users/${author.id}/block`);
  await comment(author, `@${other.username} look`);
  await comment(other, `@${author.username} look`);
  expect([await typesOf(other), await typesOf(author)]).toEqual([[], []]);
});

test("a mention or an answer in one's own private video notifies nobody who cannot open it; in a public one it does", async () => {
  const before = await comment(other, "while it was public");
  await owner.put(`/videos/${videoId}`, { visibility: "private" });
  await comment(owner, `@${author.username} look`);
  await comment(owner, "an answer", before);
  expect([await typesOf(author), await typesOf(other)]).toEqual([[], []]);
  await owner.put(`/videos/${videoId}`, { visibility: "public" });
  await comment(owner, `@${author.username} look`);
  await comment(owner, "an answer", before);
  expect([await typesOf(author), await typesOf(other)]).toEqual([["mention"], ["reply"]]);
});
