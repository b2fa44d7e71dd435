import { expect, test } from "bun:test";
import { z } from "zod";
import { LoginResponse } from "./accounts.ts";
import { aliasing } from "./aliases.ts";
import { Bookmarks } from "./bookmarks.ts";
import { Conversation } from "./messages.ts";
import { Video } from "./videos.ts";

const video = {
  ...{ visibility: "private", likesCount: 3, commentsCount: 2, viewsCount: 1 },
  owner: { id: 7, isFollowing: true },
};
const named = {
  ...{ privacy: "private", is_private: true, likeCount: 3, commentCount: 2, viewCount: 1 },
  ...{ isFollowing: true, is_following: true },
};

test("aliases are added wherever a row stands: alone, in a list, in an answer that holds one", () => {
  expect(aliasing(Video)?.(video)).toEqual({ ...video, ...named });
  expect(aliasing(z.array(Video))?.([video, video])).toEqual([video, video].map((row) => ({ ...row, ...named })));
  expect(aliasing(Bookmarks)?.({ videos: [video], total: 1 })).toEqual({ videos: [{ ...video, ...named }], total: 1 });
  const lastMessage = { id: 4, senderId: 7, receiverId: 8, content: "hi", createdAt: "now", seen: false };
  expect(aliasing(Conversation)?.({ userId: 7, lastMessage })).toEqual({ userId: 7, lastMessage, ...lastMessage });
  const login = aliasing(LoginResponse)?.({ accessToken: "a", user: { followerCount: 5, videoCount: 6 } });
  expect(login).toMatchObject({ accessToken: "a", user: { followersCount: 5, videosCount: 6 } });
});

test("the row itself stays as it is; an answer without aliases is not touched at all", () => {
  const row = structuredClone(video);
  aliasing(Video)?.(row);
  expect(row).toEqual(video);
  for (const schema of [z.string(), z.array(z.int()), z.strictObject({ a: z.string() })])
    expect(aliasing(schema)).toBeNull();
});

test("a schema of answers has its aliases, and says that they are deprecated", () => {
  const { shape } = Video as unknown as z.ZodObject;
  for (const key of Object.keys(named)) {
    expect([key, z.globalRegistry.get(shape[key] as z.ZodType)?.deprecated]).toEqual([key, true]);
  }
});
