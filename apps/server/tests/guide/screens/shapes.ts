import { expect } from "bun:test";

/*
 * What the front end reads of each answer, page by page, with the type that it needs. Taken from its own code, not from our
 * schemas: what it never reads is not here. `?`: null will do. `a|b`: whichever of the two is there.
 */

const PERSON = "id:number username:string fullName:string? avatarUrl:string?";
const USER = `${PERSON} bio:string? createdAt:time followers_count|followersCount:number followingCount:number videos_count|videosCount:number`;
const OWN = `${USER} email:string role:string status:string`;
const MESSAGE = "id:number senderId:number receiverId:number content:string createdAt:time seen:boolean";
const VIDEO = `id:number ownerId:number title:string description:string? url:string thumbUrl:string? createdAt:time
  visibility:string privacy:string is_private:boolean likeCount|likes_count:number commentsCount:number viewCount:number
  commentCount:number sharesCount:number isLiked:boolean? isBookmarked:boolean? is_following|isFollowing:boolean?
  owner:object username:string fullName:string? avatarUrl:string?`;
const REPORT = `id:number reporterId:number targetType:string targetId:number reason:string description:string?
  status:string createdAt:time`;

export const SHAPES = {
  user: `${USER} isFollowing:boolean? followsMe:boolean? isBlocked:boolean?`,
  ownUser: `${OWN} unseenNotifications:number unreadMessages:number`,
  follower: `${USER} followerId:number`,
  followee: `${USER} followeeId:number`,
  person: PERSON,
  login: "access_token:string token_type:string accessToken:string refreshToken:string expiresIn:number user:object",
  video: VIDEO,
  videoOwner: `${PERSON} isFollowing:boolean?`,
  comment: "id:number videoId:number parentId:number? userId:number content:string createdAt:time user:object",
  message: MESSAGE,
  messageInList: `${MESSAGE} sender:object receiver:object`,
  conversation: `${MESSAGE} userId:number username:string fullName:string? avatarUrl:string? lastMessage:object unreadCount:number`,
  messagesSeen: "updated:list updatedCount:number unreadCount:number",
  notification:
    "id:number userId:number type:string refId:number createdAt:time seen:boolean actor:object target:object?",
  notificationActor: "id:number username:string avatarUrl:string?",
  notificationTarget: "type:string id:number title:string thumbUrl:string?",
  report: `${REPORT} result:string? resolvedAt:time?`,
  reportForStaff: `${REPORT} reporter:object decision:string?`,
  reporter: "id:number username:string",
  userForStaff: `${OWN} isBanned:boolean`,
  videoForStaff: `${VIDEO} deletedAt:time?`,
  overview: "users:object videos:object reports:object",
  charts: "users_chart:list videos_chart:list reports_chart:list",
  usersChart: "date:string count:number value:number users:number",
  videosChart: "date:string count:number value:number videos:number",
  reportsChart: "date:string pending:number resolved:number value:number reports:number",
  recentActivity: "recent_users:list recent_videos:list recent_reports:list",
  adminAnswer: "success:boolean changed:boolean message:string",
  bulkAnswer: "success:boolean message:string results:list",
} as const;

export type Shape = keyof typeof SHAPES;

/** An object, or each of a list that is not empty, has all that is read of it. */
export function expectShape(found: object, shape: Shape | (string & {}), what: string = shape): void {
  const reads = (shape in SHAPES ? SHAPES[shape as Shape] : shape).split(/\s+/);
  const all = Array.isArray(found) ? found : [found];
  expect([what, all.length > 0]).toEqual([what, true]);
  for (const row of all) {
    const missing = reads.filter((read) => !has(row, read));
    if (missing.length > 0) throw new Error(`${what}: ${missing.join(", ")} not in ${JSON.stringify(row)}`);
  }
}

function has(row: Record<string, unknown>, read: string): boolean {
  const [names = "", type = ""] = read.split(":");
  const value = names
    .split("|")
    .map((name) => row[name])
    .find((found) => found !== undefined);
  return value === null ? type.endsWith("?") : TYPES[type.replace("?", "")]?.(value) === true;
}

const TYPES: Record<string, (value: unknown) => boolean> = {
  number: (value) => typeof value === "number",
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  time: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  object: (value) => typeof value === "object" && !Array.isArray(value),
  list: Array.isArray,
};
