// Written by `npm run sdk:types` from openapi.json.
// Sources: sha256 4c96687c475c06034890556fea0faa2ab270f463140dde3f6086b30da0bba5ac
// Content: sha256 e347fbe16162b3a0e7fd7e534cf576a8d2fdf77cb4133ee284ed701bbc4c021a

export const API_ROOT = "/api/v1";

/** Method and path; then `json` or `form` for its body, `bytes` for its answer, `public` if it takes no token. */
export const OPERATIONS = {
  /** Create an account. E-mail address and username are unique without regard to case. The answer holds no token. */
  register: "POST /auth/register json public",
  /** Log in. `username` may be the e-mail address. A wrong account and a wrong password are answered alike. */
  login: "POST /auth/login json public",
  /** Exchange a refresh token for new tokens. Answers new tokens. For 60 seconds after its first use the same token is answered again, with tokens that are as good as the first. One that is used later was stolen: its whole session ends. */
  refreshTokens: "POST /auth/refresh json public",
  /** Log out. The tokens of this login are worth nothing any more; its sockets close with 4004. */
  logout: "POST /auth/logout",
  /** Verify a password without logging in. For a screen that asks for the password again. Wrong ones count like failed logins. */
  verifyPassword: "POST /auth/verify-password json public",
  /** Change your password and end every other session. This session goes on; sockets of the others close with 4004. */
  changePassword: "POST /users/me/password json",
  /** List your sessions. The sessions that can still be used, with the device and address that each was begun from. */
  listSessions: "GET /users/me/sessions",
  /** Revoke one of your sessions. Its tokens are refused from now on, its sockets close with 4004. */
  revokeSession: "DELETE /users/me/sessions/{id}",
  /** Create a ticket for the URL of the socket, good once and for 30 seconds. Goes into `?token=` in place of the access token, so that no proxy logs one that lasts. */
  createTicket: "POST /ws/ticket",
  /** Get your account. With e-mail address, role, and the counts of what is unseen and unread. */
  getCurrentUser: "GET /users/me",
  /** Update your profile; fields left out stay. An empty full name or bio is none. */
  updateProfile: "PUT /users/me json",
  /** Delete your account for good. Names, address, picture, videos, comments and likes go; what was written to others stays for them. */
  deleteAccount: "DELETE /users/me json",
  /** Replace your avatar: PNG, JPEG or WebP, at most 2 MB. As a form with one `file`. Its bytes decide which kind it is, not its name. */
  replaceAvatar: "POST /users/me/avatar form",
  /** List users, newest first. Moderators and admins see banned accounts as well, and of each its e-mail address, role and status. */
  listUsers: "GET /users",
  /** Search users by username and full name, without regard to case and accents. By any part of either; two characters and fewer by the beginning of the username. */
  searchUsers: "GET /users/search",
  /** Get a user. A banned or deleted account is answered as if it did not exist. */
  getUser: "GET /users/{id}",
  /** Follow a user. They are notified, once. Again changes nothing. */
  followUser: "POST /users/{id}/follow",
  /** Unfollow a user. The notification of it is taken back. Again changes nothing. */
  unfollowUser: "DELETE /users/{id}/follow",
  /** List the followers of a user, latest first. `total` counts those whose accounts are banned, too. */
  listFollowers: "GET /social/followers/{id}",
  /** List the users whom a user follows, latest first. `total` counts those whose accounts are banned, too. */
  listFollowing: "GET /social/following/{id}",
  /** Block a user. Neither follows, likes, comments on, writes to or notifies the other any more. They get no notice of it. */
  blockUser: "POST /users/{id}/block",
  /** Unblock a user. What the block ended does not come back by itself. */
  unblockUser: "DELETE /users/{id}/block",
  /** List the users whom you have blocked. Only the caller sees that list. */
  listBlockedUsers: "GET /users/me/blocks",
  /** Send a message. `message:new` goes to the receiver's sockets. With a `clientId` sending again is safe. */
  sendMessage: "POST /messages json",
  /** Mark received messages as seen. `message:seen` goes to the sender's sockets. Ids that are not the caller's to mark are ignored. */
  markMessagesSeen: "POST /messages/mark-seen json",
  /** Mark all messages from a user as seen. The same as `POST /messages/mark-seen` with `conversationWith`. */
  markConversationSeen: "PUT /messages/{userId}/read",
  /** List conversations, newest first. One row for each person with whom messages were exchanged, with the last message and how many are unread. */
  listConversations: "GET /messages/inbox",
  /** List messages of a conversation, oldest first; the newest page unless before_id is given. To go back in time, give the lowest id of the page before as `before_id`. */
  listMessages: "GET /messages/conversation/{userId}",
  /** Count unread messages. The same number as `message:unread_count` brings over the socket. */
  countUnreadMessages: "GET /messages/unread/count",
  /** List users to write to. Those one follows or has talked with, else the most followed. */
  listSuggestedUsers: "GET /messages/suggested-users",
  /** Delete a message for both sides. Only its sender may. `message:deleted` goes to the sockets of both. */
  deleteMessage: "DELETE /messages/{id}",
  /** List notifications, newest first. Likes, comments, replies, mentions, follows, and what moderators decided about one's own things. */
  listNotifications: "GET /notifications",
  /** Count unseen notifications. The same number as `notification:unseen_count` brings over the socket. */
  countUnseenNotifications: "GET /notifications/unseen/count",
  /** Mark notifications as seen. Ids that are not the caller's are ignored. */
  markNotificationsSeen: "POST /notifications/mark-seen json",
  /** Mark all notifications as seen. `updated` names the newest 500 of those that changed. */
  markAllNotificationsSeen: "POST /notifications/mark-all-seen",
  /** Delete a notification. For good, and out of the count when it was unseen. */
  deleteNotification: "DELETE /notifications/{id}",
  /** List the events after a cursor, as a resumable socket receives them, or wait for one. In order, each once. For clients that cannot hold a socket: a long poll with `wait`. */
  listEvents: "GET /events",
  /** Acknowledge the events up to a cursor. The same as an `ack` frame: what is confirmed is not sent again to this session. */
  ackEvents: "POST /events/ack json",
  /** Create a video from a file in a form, or from an address in a form or as JSON. MP4, WebM or QuickTime by its bytes. Of an MP4 the duration is read when none is given. */
  createVideo: "POST /videos json",
  /** List public videos, newest first. Moderators and admins see private ones as well, and with `status=all` all there are. */
  listVideos: "GET /videos",
  /** List public videos of the users whom you follow, newest first. Nothing of accounts that are banned. */
  listFollowedVideos: "GET /videos/following/feed",
  /** List the videos of a user, newest first; private ones for their owner only. A banned or deleted account is answered as if it did not exist. */
  listUserVideos: "GET /videos/user/{id}",
  /** Search public videos by title and description, without regard to case and accents. By any part; two characters and fewer by the beginning of the title. */
  searchVideos: "GET /videos/search",
  /** Get a video. One that the caller may not see is answered as if it did not exist. */
  getVideo: "GET /videos/{id}",
  /** Update a video of yours; fields left out stay. Making it private hides it from everybody else at once. */
  updateVideo: "PUT /videos/{id} json",
  /** Delete a video of yours. For everybody and for good. */
  deleteVideo: "DELETE /videos/{id}",
  /** Record a view of a video, once an hour. Again within the hour changes nothing and answers the same number. */
  recordView: "POST /videos/{id}/view",
  /** Record a share of a video, once an hour. Again within the hour changes nothing and answers the same number. */
  recordShare: "POST /videos/{id}/share",
  /** Like a video. Its owner is notified, once. Again changes nothing. */
  likeVideo: "POST /videos/{id}/like",
  /** Unlike a video. The notification of it is taken back. Again changes nothing. */
  unlikeVideo: "DELETE /videos/{id}/like",
  /** List the users who like a video, latest first. Those whose accounts stand; `total` is the number shown beside the video. */
  listLikes: "GET /social/likes/video/{id}",
  /** Comment on a video, or reply to a comment. Notifies the video's owner, the author that is answered, and whom `@username` names. */
  createComment: "POST /comments json",
  /** List the comments on a video, newest first. Replies among them, with `parentId`. */
  listComments: "GET /comments/video/{id}",
  /** Edit a comment of yours. Nobody is notified again. */
  updateComment: "PUT /comments/{id} json",
  /** Delete a comment, as its author or as the video's owner. The notifications of it are taken back. */
  deleteComment: "DELETE /comments/{id}",
  /** Bookmark a video. Nobody else knows of it. Again changes nothing. */
  bookmarkVideo: "POST /social/bookmarks/{videoId}",
  /** Remove a bookmark. One that cannot be seen any more can still be taken out. */
  removeBookmark: "DELETE /social/bookmarks/{videoId}",
  /** List your bookmarks, latest first. Only what the caller can still see. */
  listBookmarks: "GET /social/bookmarks/my",
  /** Report a video, a user, a comment or a message. Freezes what it looks like now, so that deleting it is no escape. */
  createReport: "POST /reports json",
  /** List all reports, newest first. The queue of moderators, or with `status` a part of it. */
  listReports: "GET /reports",
  /** List your reports, newest first. With what became of each. */
  listOwnReports: "GET /reports/my",
  /** Get a report with its snapshot. `snapshot` holds what was reported as it was at that moment. */
  getReport: "GET /reports/{id}",
  /** Ban a user, for good or until a time; fields in the body or the query. From now on nothing it begins succeeds; its sockets get `admin:user_banned` and close with 4003. */
  banUser: "POST /admin/users/{id}/ban json",
  /** Unban a user. Everything of the account is there again as it was. */
  unbanUser: "POST /admin/users/{id}/unban",
  /** Take a video down; fields in the body or the query. Gone for everybody at once; its owner is notified. Can be restored until its file is purged. */
  takeDownVideo: "DELETE /admin/videos/{id} json",
  /** Restore a video that a moderator took down. What its owner deleted stays deleted. */
  restoreVideo: "POST /admin/videos/{id}/restore",
  /** Resolve a report; fields in the body or the query. The first verdict stands: another one is refused with it. The reporter is notified. */
  resolveReport: "POST /admin/reports/{id}/resolve json",
  /** Reject a report; fields in the body or the query. The same as resolving with `status: "rejected"`. */
  rejectReport: "POST /admin/reports/{id}/reject json",
  /** Reopen a report. The report is pending as if it had never been decided. */
  reopenReport: "POST /admin/reports/{id}/reopen",
  /** Act on many users at once. Each in a transaction of its own; `results` says what became of each. What is not known is refused. */
  actOnUsers: "POST /admin/users/bulk-action json",
  /** Act on many videos at once. Each in a transaction of its own; `results` says what became of each. What is not known is refused. */
  actOnVideos: "POST /admin/videos/bulk-action json",
  /** Act on many comments at once. Each in a transaction of its own; `results` says what became of each. What is not known is refused. */
  actOnComments: "POST /admin/comments/bulk-action json",
  /** Get the current numbers of the dashboard. Counters, not counts: the same cost however many rows there are. */
  getStatsOverview: "GET /admin/stats/overview",
  /** Get the numbers of the last seven days, today included. Days of `STATS_TIMEZONE`, ascending, without gaps. */
  getStatsCharts: "GET /admin/stats/charts",
  /** Get the newest accounts, videos and reports. What was deleted is left out. */
  getRecentActivity: "GET /admin/stats/recent-activity",
  /** Download a file, or a range of it. Take the addresses as they are answered elsewhere; they are not to be made by clients. A private video opens only by the signed address its owner is given, a reported one and a banned person's picture also by the one staff is given. */
  downloadFile: "GET /media/{kind}/{name} bytes public",
} as const;
