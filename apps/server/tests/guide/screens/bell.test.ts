import { beforeEach, expect, test } from "bun:test";
import { serverForFile } from "@reelay/testkit";
import { FrontEnd } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

const { server } = serverForFile();
let app: FrontEnd;
let fan: FrontEnd;
let videoId: number;

let pairs = 0;
beforeEach(async () => {
  pairs++;
  [app, fan] = [await FrontEnd.join(server, `owner${pairs}`), await FrontEnd.join(server, `fan${pairs}`)];
  videoId = (await app.post("/videos/", { title: "Huế", url: "https://example.com/v.mp4" })).id;
});

const typesOf = (rows: any[]) => rows.map(({ type }) => type);

test("the bell: a number that follows, a list newest first, and marking as seen in every way the app does it", async () => {
  await app.connect();
  const pushed: any[] = [];
  app.on("notification:new", (notification) => pushed.push(notification));
  const three = app.until("notification:unseen_count", ({ count }) => count === 3);
  await fan.post(`/videos/${videoId}/like`);
  await fan.post("/comments/", { video_id: videoId, content: "Tuyệt vời" });
  await fan.post(`/users/${app.user.id}/follow`);
  await three;
  const list = await app.get("/notifications/?skip=0&limit=50");
  expectShape(list, "notification");
  expectShape(list[0].actor, "notificationActor");
  expectShape(list[2].target, "notificationTarget");
  expect(typesOf(list)).toEqual(["follow", "comment", "like"]);
  expect(list).toEqual(pushed.toReversed());
  expect(await app.get("/notifications/unseen/count")).toBe(3);
  expect(await app.get("/users/me")).toMatchObject({ unseenNotifications: 3, unreadMessages: 0 });

  const [follow, comment, like] = list;
  const two = app.until("notification:unseen_count", ({ count }) => count === 2);
  // Its habit: the name of the event it answers.
  app.send("notification:new", { notificationIds: [like.id] });
  await two;
  const one = app.until("notification:unseen_count", ({ count }) => count === 1);
  app.send("notification:mark_seen", { notification_ids: [like.id, comment.id] });
  await one;
  const answer = await app.post("/notifications/mark-seen/", { notification_id: follow.id });
  expect(answer).toEqual({ updated: [follow.id], updatedCount: 1, upToId: follow.id, unseenCount: 0 });
  expect((await app.get("/notifications")).map(({ seen }: any) => seen)).toEqual([true, true, true]);
  expect(await app.get("/notifications/?unseen=true")).toEqual([]);
  expect(typesOf(await app.get("/notifications?type=like"))).toEqual(["like"]);
  await app.goOffline();
});

test("without a socket it polls; what is taken back is gone from list and number, and deleting keeps the rest", async () => {
  await fan.post(`/users/${app.user.id}/follow`);
  await fan.post(`/videos/${videoId}/like`);
  const { id } = await fan.post("/comments/", { video_id: videoId, content: "wow" });
  const polled = await app.poll();
  expect([polled.unseen, typesOf(polled.notifications)]).toEqual([3, ["comment", "like", "follow"]]);
  await fan.delete(`/videos/${videoId}/like`);
  await fan.delete(`/comments/${id}`);
  const [follow, ...others] = (await app.poll()).notifications;
  expect([await app.get("/notifications/unseen/count"), typesOf([follow]), others]).toEqual([1, ["follow"], []]);
  await fan.post("/comments/", { video_id: videoId, content: "again" });
  expect(await app.delete(`/notifications/${follow.id}/`)).toEqual({ success: true, changed: true });
  expect(typesOf(await app.get("/notifications/"))).toEqual(["comment"]);
  expect(await app.post("/notifications/mark-all-seen/")).toMatchObject({ updatedCount: 1, unseenCount: 0 });
});
