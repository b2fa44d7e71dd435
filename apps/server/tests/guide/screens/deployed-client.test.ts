import { beforeAll, expect, test } from "bun:test";
import { formOf, mp4, PICTURES, promote, serverForFile } from "@reelay/testkit";
import { FrontEnd } from "./front-end.ts";
import { expectShape } from "./shapes.ts";

/*
 * Every call of the deployed front end, with the method, path and body as it sends them, and every field that one of its
 * pages reads of the answer, with the type that it needs. Taken from its own code: nothing here comes from our schemas.
 */

/** `reads`: a shape, of the answer or of each row; `rows`: the key under which the rows stand. "" is a bare value. */
type Call = {
  does: string;
  as?: "user" | "admin" | "visitor";
  method?: "POST" | "PUT" | "DELETE";
  path: string;
  body?: object | (() => object);
  reads: string;
  rows?: string;
  keep?: string;
};

const { server } = serverForFile();
let people: Record<"user" | "admin" | "friend" | "visitor", FrontEnd>;
/** What stands in paths and bodies as `{name}`. */
const ids: Record<string, number | string> = {};

beforeAll(async () => {
  const [user, friend, admin] = [
    await FrontEnd.join(server, "user"),
    await FrontEnd.join(server, "friend"),
    await FrontEnd.join(server, "chief"),
  ];
  people = { user, friend, admin, visitor: new FrontEnd(server) };
  await promote(server, admin.user, "admin");
  Object.assign(ids, { me: user.user.id, friend: friend.user.id });
  // What the pages find when they are opened.
  const theirs = await friend.post("/videos/", { title: "Sài Gòn", url: "https://example.com/v.mp4" });
  ids.theirs = theirs.id;
  await friend.post(`/users/${ids.me}/follow`);
  ids.message = (await friend.post("/messages/", { receiver_id: ids.me, content: "Chào!" })).id;
});

const upload = (visibility: string) => () =>
  formOf([
    ["title", "Đà Lạt"],
    ["description", "mùa thu"],
    ["visibility", visibility],
    ["file", mp4(), "clip.mp4"],
    ["thumb", PICTURES.jpg, "thumb.jpg"],
  ]);
const loginForm = () => new URLSearchParams({ username: "user@example.com", password: "correct horse" });
const REACTION = "changed:boolean";

const CALLS: Call[] = [
  {
    does: "register",
    as: "visitor",
    method: "POST",
    path: "/auth/register",
    body: { username: "newcomer", email: "newcomer@example.com", password: "correct horse", fullName: "Mới" },
    reads: "ownUser",
    keep: "newcomer",
  },
  { does: "login", as: "visitor", method: "POST", path: "/auth/login", body: loginForm, reads: "login" },
  { does: "testToken", path: "/auth/test-token", reads: "ownUser" },
  {
    does: "verifyPassword",
    method: "POST",
    path: "/auth/verify-password",
    body: { email: "user@example.com", password: "correct horse" },
    reads: "valid:boolean",
  },
  { does: "getMe", path: "/users/me", reads: "ownUser" },
  {
    does: "updateMe",
    method: "PUT",
    path: "/users/me",
    body: { username: "user", fullName: "An", bio: "" },
    reads: "ownUser",
  },
  {
    does: "uploadAvatar",
    method: "POST",
    path: "/users/me/avatar",
    body: () => formOf([["file", PICTURES.png, "me.png"]]),
    reads: "",
  },
  { does: "listUsers", path: "/users/?skip=0&limit=100", reads: "user" },
  { does: "getUser", path: "/users/{friend}", reads: "user" },
  { does: "searchUsers", path: "/users/search?q=friend&limit=200", reads: "user" },
  { does: "uploadVideo", method: "POST", path: "/videos/", body: upload("public"), reads: "video", keep: "video" },
  {
    does: "uploadVideo, private",
    method: "POST",
    path: "/videos/",
    body: upload("hidden"),
    reads: "video",
    keep: "private",
  },
  { does: "getVideos", path: "/videos/?skip=0&limit=10", reads: "video" },
  { does: "getVideos, without an account", as: "visitor", path: "/videos/?skip=0&limit=10", reads: "video" },
  { does: "getUserVideos", path: "/videos/user/{me}", reads: "video" },
  { does: "searchVideos", path: "/videos/search?q=lat&limit=500", reads: "video" },
  { does: "getVideo", path: "/videos/{video}", reads: "video" },
  {
    does: "updateVideo",
    method: "PUT",
    path: "/videos/{video}",
    body: { title: "Huế", description: "" },
    reads: "video",
  },
  { does: "recordView", method: "POST", path: "/videos/{theirs}/view", reads: "viewsCount:number" },
  { does: "likeVideo", method: "POST", path: "/social/likes/{theirs}", reads: `${REACTION} likesCount:number` },
  { does: "getVideoLikes", path: "/social/likes/video/{theirs}", rows: "likes", reads: "user" },
  { does: "unlikeVideo", method: "DELETE", path: "/social/likes/{theirs}", reads: `${REACTION} likesCount:number` },
  { does: "followUser", method: "POST", path: "/social/follow/{friend}", reads: REACTION },
  { does: "getFollowingFeed", path: "/videos/following/feed", reads: "video" },
  { does: "getFollowers", path: "/social/followers/{me}", rows: "followers", reads: "follower" },
  { does: "getFollowing", path: "/social/following/{me}", rows: "following", reads: "followee" },
  { does: "getMyFollowers", path: "/follows/followers?limit=200", rows: "followers", reads: "follower" },
  { does: "getMyFollowing", path: "/follows/following?limit=200", rows: "following", reads: "followee" },
  { does: "unfollowUser", method: "DELETE", path: "/social/unfollow/{friend}", reads: REACTION },
  { does: "addBookmark", method: "POST", path: "/social/bookmarks/{theirs}", reads: REACTION },
  { does: "getMyBookmarks", path: "/social/bookmarks/my", rows: "videos", reads: "video" },
  { does: "removeBookmark", method: "DELETE", path: "/social/bookmarks/{theirs}", reads: REACTION },
  {
    does: "createComment",
    method: "POST",
    path: "/comments/",
    body: { video_id: "{theirs}", content: "Đẹp quá" },
    reads: "comment",
    keep: "comment",
  },
  { does: "getVideoComments", path: "/comments/video/{theirs}", reads: "comment" },
  { does: "updateComment", method: "PUT", path: "/comments/{comment}", body: { content: "Đẹp" }, reads: "comment" },
  { does: "deleteComment", method: "DELETE", path: "/comments/{comment}", reads: REACTION },
  {
    does: "sendMessage",
    method: "POST",
    path: "/messages/",
    body: { receiver_id: "{friend}", content: "Chào bạn" },
    reads: "message",
    keep: "sent",
  },
  { does: "getInbox", path: "/messages/inbox", reads: "conversation" },
  { does: "getConversation", path: "/messages/conversation/{friend}?skip=0&limit=100", reads: "messageInList" },
  { does: "getSuggestedUsers", path: "/messages/suggested-users?limit=10", reads: "person" },
  { does: "getUnreadMessages", path: "/messages/unread/count", reads: "" },
  { does: "markAsRead", method: "PUT", path: "/messages/{friend}/read", reads: "messagesSeen" },
  { does: "deleteMessage", method: "DELETE", path: "/messages/{sent}", reads: "" },
  { does: "getNotifications", path: "/notifications/?skip=0&limit=50", reads: "notification", keep: "notification" },
  { does: "getUnseenCount", path: "/notifications/unseen/count", reads: "" },
  {
    does: "markNotificationSeen",
    method: "POST",
    path: "/notifications/mark-seen",
    body: { notification_id: "{notification}" },
    reads: "updated:list unseenCount:number",
  },
  { does: "markAllSeen", method: "POST", path: "/notifications/mark-all-seen", reads: "unseenCount:number" },
  { does: "deleteNotification", method: "DELETE", path: "/notifications/{notification}", reads: REACTION },
  {
    does: "createReport",
    method: "POST",
    path: "/reports/",
    body: { target_type: "video", target_id: "{theirs}", reason: "spam" },
    reads: "report",
    keep: "report",
  },
  { does: "getMyReports", path: "/reports/my", reads: "report" },
  { does: "getReports", as: "admin", path: "/reports/?skip=0&limit=500", reads: "reportForStaff" },
  { does: "getReport", as: "admin", path: "/reports/{report}", reads: "reportForStaff" },
  {
    does: "updateReport",
    as: "admin",
    method: "PUT",
    path: "/reports/{report}",
    body: { status: "approved", decision: "Đã gỡ" },
    reads: "reportForStaff",
  },
  { does: "getOverview", as: "admin", path: "/admin/stats/overview", reads: "overview" },
  { does: "getCharts: users", as: "admin", path: "/admin/stats/charts", rows: "users_chart", reads: "usersChart" },
  { does: "getCharts: videos", as: "admin", path: "/admin/stats/charts", rows: "videos_chart", reads: "videosChart" },
  {
    does: "getCharts: reports",
    as: "admin",
    path: "/admin/stats/charts",
    rows: "reports_chart",
    reads: "reportsChart",
  },
  { does: "getRecent", as: "admin", path: "/admin/stats/recent-activity?limit=10", reads: "recentActivity" },
  { does: "admin's users", as: "admin", path: "/users/?limit=100", reads: "userForStaff" },
  { does: "admin's videos", as: "admin", path: "/videos/?limit=100&status=all", reads: "videoForStaff" },
  {
    does: "banUsers",
    as: "admin",
    method: "POST",
    path: "/admin/users/bulk-action",
    body: { user_ids: ["{newcomer}"], action: "ban", reason: "Spam" },
    reads: "bulkAnswer",
  },
  {
    does: "unbanUsers",
    as: "admin",
    method: "POST",
    path: "/admin/users/bulk-action",
    body: { user_ids: ["{newcomer}"], action: "unban" },
    reads: "bulkAnswer",
  },
  {
    does: "deleteVideos",
    as: "admin",
    method: "POST",
    path: "/admin/videos/bulk-action",
    body: { video_ids: ["{video}"], action: "delete", reason: "Vi phạm" },
    reads: "bulkAnswer",
  },
  {
    does: "restoreVideos",
    as: "admin",
    method: "POST",
    path: "/admin/videos/bulk-action",
    body: { video_ids: ["{video}"], action: "restore" },
    reads: "bulkAnswer",
  },
  {
    does: "banUser",
    as: "admin",
    method: "POST",
    path: "/admin/users/{newcomer}/ban",
    body: { reason: "Spam" },
    reads: "adminAnswer",
  },
  { does: "unbanUser", as: "admin", method: "POST", path: "/admin/users/{newcomer}/unban", reads: "adminAnswer" },
  {
    does: "deleteVideo by an admin",
    as: "admin",
    method: "DELETE",
    path: "/admin/videos/{private}",
    reads: "adminAnswer",
  },
  { does: "getNotifications of a moderator's act", path: "/notifications/?type=admin_delete", reads: "notification" },
  { does: "deleteVideo", method: "DELETE", path: "/videos/{video}", reads: REACTION },
  {
    does: "changePassword",
    method: "POST",
    path: "/auth/change-password",
    body: { current_password: "correct horse", new_password: "battery staple" },
    reads: REACTION,
  },
];

test("every call of the deployed front end is answered with every field that its pages read", async () => {
  for (const { does, as = "user", method = "GET", path, body, reads, rows, keep } of CALLS) {
    const sent = typeof body === "function" ? body() : filled(body);
    const answer = await people[as].request(method, filled(path), sent).catch((error) => {
      throw new Error(`${does}: ${error.status} ${error.message}`);
    });
    if (keep) ids[keep] = Array.isArray(answer) ? answer[0].id : answer.id;
    const found = rows ? answer[rows] : answer;
    if (reads === "") expect([does, ["number", "string"]]).toEqual([does, expect.arrayContaining([typeof found])]);
    else expectShape(found, reads, does);
  }
});

test("what stands inside a row is read as well", async () => {
  const { user, admin } = people;
  const [video] = await user.get("/videos/");
  expectShape(video.owner, "videoOwner");
  const talk = await user.get(`/messages/conversation/${ids.friend}`);
  for (const side of ["sender", "receiver"])
    expectShape(
      talk.map((row: any) => row[side]),
      "person",
    );
  expectShape((await user.get("/messages/inbox"))[0].lastMessage, "message");
  const bell = await user.get("/notifications/?limit=500");
  expect(bell.map(({ type }: any) => type)).toContain("admin_delete");
  expectShape(
    bell.map(({ actor }: any) => actor),
    "notificationActor",
  );
  expectShape((await admin.get("/reports/"))[0].reporter, "reporter");
});

test("a field that is missing, or of another type, is found", () => {
  const whole = { id: 7, username: "an", avatarUrl: null };
  expectShape(whole, "notificationActor");
  const { username: _, ...without } = whole;
  for (const wrong of [without, { ...whole, id: "7" }, { ...whole, username: null }, {}]) {
    expect(() => expectShape(wrong, "notificationActor")).toThrow();
  }
});

/** The same with the ids that it names. */
function filled<T>(value: T): T {
  if (value === undefined) return value;
  const text = JSON.stringify(value).replace(/"\{(\w+)\}"|\{(\w+)\}/g, (_, whole, part) => String(ids[whole ?? part]));
  return JSON.parse(text);
}
