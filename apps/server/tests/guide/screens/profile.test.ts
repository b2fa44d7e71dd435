import { beforeAll, expect, test } from "bun:test";
import { formOf, PICTURES, serverForFile } from "@reelay/testkit";
import { FrontEnd, refusal } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

const { server } = serverForFile();
let app: FrontEnd;
let other: FrontEnd;

beforeAll(async () => {
  [app, other] = [await FrontEnd.join(server, "mai"), await FrontEnd.join(server, "linh.dances")];
});

test("one's own profile: edited in snake_case, with a picture whose address is the whole answer", async () => {
  const changed = await app.put("/users/me/", { full_name: "Nguyễn Thị Mỹ", bio: "Xin chào!" });
  expectShape(changed, "ownUser");
  expect(changed).toMatchObject({ fullName: "Nguyễn Thị Mỹ", bio: "Xin chào!", email: "mai@example.com" });
  const avatarUrl = await app.post("/users/me/avatar", formOf([["file", PICTURES.png, "mai.png"]]));
  expect(avatarUrl).toBeString();
  expect((await fetch(app.mediaUrl(avatarUrl))).headers.get("content-type")).toBe("image/png");
  expect(await app.get("/users/me")).toEqual({ ...changed, avatarUrl });
  expect((await refusal(app.put("/users/me", { username: "linh.dances" })))[0]).toBe(409);

  const video = await app.post("/videos/", { title: "private", url: "https://example.com/v", visibility: "hidden" });
  expect((await app.get(`/videos/user/${app.user.id}`)).map(({ id }: any) => id)).toEqual([video.id]);
  expect(await other.get(`/videos/user/${app.user.id}/`)).toEqual([]);
});

test("the tab of private videos, and the edit dialog: what is saved as it was shown stays private", async () => {
  const { id } = await app.post("/videos/", { title: "mine", url: "https://example.com/v", visibility: "hidden" });
  const isPrivate = ({ privacy, is_private }: any) => privacy === "private" || is_private;
  const shown = (await app.get(`/videos/user/${app.user.id}`)).find((video: any) => video.id === id);
  expect(isPrivate(shown)).toBe(true);
  // The dialog knows two choices, and preselects one of them.
  const visibility = isPrivate(shown) ? "hidden" : "public";
  const saved = await app.put(`/videos/${id}`, { title: shown.title, description: shown.description, visibility });
  expect(isPrivate(saved)).toBe(true);
  expect((await refusal(other.get(`/videos/${id}`)))[0]).toBe(404);
});

test("somebody else's: found by search, followed, with lists of who follows whom, never an e-mail address", async () => {
  const found = await app.get("/users/search?q=LINH");
  expectShape(found, "user");
  expect(found).toMatchObject([{ username: "linh.dances", isFollowing: false, followsMe: false, isBlocked: false }]);
  const { id } = found[0];
  await other.connect();
  const told = other.next("notification:new");
  expect(await app.post(`/users/${id}/follow`)).toEqual({ changed: true, followerCount: 1 });
  expect(await told).toMatchObject({ type: "follow", refId: app.user.id, target: null, actor: { id: app.user.id } });
  await other.goOffline();
  const profile = await app.get(`/users/${id}/`);
  expectShape(profile, "user");
  expect(profile).toMatchObject({ followerCount: 1, isFollowing: true });
  expect(await new FrontEnd(server).get(`/users/${id}`)).toMatchObject({ isFollowing: null, followsMe: null });

  const followers = await app.get(`/social/followers/${id}`);
  expectShape(followers.followers, "follower");
  expect(followers).toMatchObject({ followers: [{ followerId: app.user.id, followsMe: false }], total: 1 });
  const following = await app.get(`/social/following/${app.user.id}/?skip=0&limit=10`);
  expect(following).toEqual({ following: [{ ...profile, followeeId: id }], total: 1 });
  expect((await app.get("/users/")).map(({ username }: any) => username)).toEqual(["linh.dances", "mai"]);
});

test("blocking somebody ends the following and what he could send", async () => {
  expect(await app.post(`/users/${other.user.id}/block`)).toEqual({ success: true, changed: true });
  const blocked = await app.get("/users/me/blocks");
  expectShape(blocked, "user");
  expect(blocked).toMatchObject([{ id: other.user.id, isFollowing: false, isBlocked: true }]);
  expect(await refusal(other.post("/messages/", { receiver_id: app.user.id, content: "why?" }))).toEqual([
    403,
    "You cannot message this person.",
  ]);
  expect(await app.delete(`/users/${other.user.id}/block/`)).toEqual({ success: true, changed: true });
});
