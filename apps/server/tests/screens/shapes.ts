import { expect } from "bun:test";

/* The exact keys the front end counts on, as the contract writes them. */

const PERSON = "id username fullName avatarUrl";
const USER = `${PERSON} bio isVerified createdAt followerCount followingCount videoCount isFollowing followsMe isBlocked`;
const MESSAGE = "id senderId receiverId content createdAt seen";

export const SHAPES = {
  user: USER,
  ownUser: `${USER} email role status unseenNotifications unreadMessages`,
  person: PERSON,
  login: "accessToken refreshToken expiresIn user access_token token_type",
  video:
    "id ownerId title description url thumbUrl visibility duration viewsCount likesCount commentsCount sharesCount " +
    "isLiked isBookmarked createdAt owner username fullName avatarUrl",
  videoOwner: `${PERSON} isFollowing`,
  comment: "id videoId parentId userId content createdAt updatedAt user",
  message: MESSAGE,
  messageInList: `${MESSAGE} sender receiver`,
  conversation: "userId username fullName avatarUrl lastMessage unreadCount",
  messagesSeen: "updated updatedCount upToId seenAt unreadCount",
  notification: "id userId type refId createdAt seen actor target",
  notificationActor: "id username avatarUrl",
  notificationTarget: "type id title thumbUrl",
  report: "id reporterId targetType targetId reason description status result createdAt resolvedAt",
  overview: "users videos reports engagement generated_at timezone",
  charts: "users_chart videos_chart reports_chart engagement_chart",
  recentActivity: "recent_users recent_videos recent_reports",
  adminAnswer: "success changed message",
} as const;

export type Shape = keyof typeof SHAPES;

/** An object, or each of a list that is not empty, has exactly these keys. */
export function expectShape(found: object, shape: Shape | (string & {})): void {
  const keys = shape in SHAPES ? SHAPES[shape as Shape] : shape;
  const all = Array.isArray(found) ? found : [found];
  expect(all.length).toBeGreaterThan(0);
  for (const each of all) expect(Object.keys(each).sort()).toEqual(keys.split(" ").sort());
}
