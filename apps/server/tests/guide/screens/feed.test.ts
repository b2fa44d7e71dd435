import { beforeAll, expect, test } from "bun:test";
import { formOf, mp4, PICTURES, serverForFile } from "@reelay/testkit";
import { FrontEnd, refusal } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

const { server } = serverForFile();
let maker: FrontEnd;

beforeAll(async () => {
  maker = await FrontEnd.join(server, "maker");
});

async function upload(title: string, visibility = "public"): Promise<any> {
  return await maker.post(
    "/videos/",
    formOf([
      ["title", title],
      ["description", `about ${title}`],
      ["visibility", visibility],
      ["file", mp4(), "clip.mp4"],
      ["thumb", PICTURES.jpg, "thumb.jpg"],
    ]),
  );
}

test("the feed: videos newest first, page by page, with and without an account; they play", async () => {
  const visitor = new FrontEnd(server);
  expect(await visitor.get("/videos/")).toEqual([]);
  const videos = [await upload("Phở Hà Nội"), await upload("Đà Lạt mùa thu"), await upload("street dance")];
  await upload("not yet", "hidden");
  const feed = await visitor.get("/videos/?skip=0&limit=10");
  expectShape(feed, "video");
  expectShape(feed[0].owner, "videoOwner");
  expect(feed.map(({ title }: any) => title)).toEqual(["street dance", "Đà Lạt mùa thu", "Phở Hà Nội"]);
  expect(feed[0]).toMatchObject({
    ownerId: maker.user.id,
    ...{ username: "maker", fullName: "maker Nguyễn", avatarUrl: null },
    ...{ viewsCount: 0, likesCount: 0, commentsCount: 0, sharesCount: 0, duration: 12.5 },
    ...{ isLiked: null, isBookmarked: null },
  });
  expect(feed[0].owner.isFollowing).toBeNull();
  expect((await visitor.get("/videos?skip=1&limit=1")).map(({ id }: any) => id)).toEqual([videos[1].id]);
  expect((await visitor.get("/videos/search?q=da lat")).map(({ id }: any) => id)).toEqual([videos[1].id]);

  const first = await fetch(visitor.mediaUrl(feed[0].url), { headers: { Range: "bytes=0-1023" } });
  expect([first.status, first.headers.get("content-type")]).toEqual([206, "video/mp4"]);
  expect((await first.bytes()).length).toBe(1024);
  expect((await fetch(visitor.mediaUrl(feed[0].thumbUrl))).headers.get("content-type")).toBe("image/jpeg");
  expect((await refusal(visitor.post(`/videos/${videos[0].id}/like`)))[0]).toBe(401);
});

test("the buttons beside a video: heart, bookmark, share, follow, and the view that is counted", async () => {
  const app = await FrontEnd.join(server, "viewer");
  const { id } = await upload("pho");
  expect((await app.get("/videos/"))[0]).toMatchObject({ id, isLiked: false, isBookmarked: false });
  expect(await app.post(`/videos/${id}/view`)).toEqual({ viewsCount: 1 });
  expect(await app.post(`/videos/${id}/view/`)).toEqual({ viewsCount: 1 });
  expect(await app.post(`/videos/${id}/like`)).toEqual({ changed: true, likesCount: 1 });
  expect(await app.post(`/social/likes/${id}/`)).toEqual({ changed: false, likesCount: 1 });
  expect(await app.post(`/videos/${id}/share`)).toEqual({ sharesCount: 1 });
  expect(await app.post(`/social/bookmarks/${id}`)).toEqual({ success: true, changed: true });
  expect(await app.post(`/social/follow/${maker.user.id}`)).toEqual({ changed: true, followerCount: 1 });
  const [video] = await app.get("/videos/");
  expect(video).toMatchObject({ viewsCount: 1, likesCount: 1, sharesCount: 1, isLiked: true, isBookmarked: true });
  expect(video.owner.isFollowing).toBe(true);
  expect(await app.get("/videos/following/feed/?limit=1")).toEqual([video]);
  const bookmarks = await app.get("/social/bookmarks/my");
  expect(bookmarks).toEqual({ videos: [video], total: 1 });

  expect(await app.delete(`/social/likes/${id}`)).toEqual({ changed: true, likesCount: 0 });
  expect(await app.delete(`/social/bookmarks/${id}/`)).toEqual({ success: true, changed: true });
  expect(await app.delete(`/social/unfollow/${maker.user.id}`)).toEqual({ changed: true, followerCount: 0 });
  expect(await app.get("/videos/following/feed")).toEqual([]);
});
