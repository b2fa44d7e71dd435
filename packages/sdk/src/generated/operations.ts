// Written by `npm run sdk:types` from openapi.json.
// Sources: sha256 0bcbc7397fa6daf6bc58f038b35bab9c21798e3f9152ae7c8fcac81214960648
// Content: sha256 19e169e422c3a550a3b808723cd64e6861f17b057bdb58b183d8144a59490458

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
  /** List public videos, newest first. Moderators and admins see private and hidden ones as well, and with `status=all` all there are. */
  listVideos: "GET /videos",
  /** List public videos of the users whom you follow, newest first. Nothing of accounts that are banned. */
  listFollowedVideos: "GET /videos/following/feed",
  /** List the videos of a user, newest first; private and hidden ones for their owner only. A banned or deleted account is answered as if it did not exist. */
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
  /** List the comments on a video, newest first. Replies among them, with `parentId`. Hidden ones are for their authors, moderators and admins. */
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
  /** Get a video with its newest comments and reports. Private and deleted ones, too. */
  getAdminVideo: "GET /admin/videos/{id}",
  /** Restore a video that a moderator took down. What its owner deleted stays deleted. */
  restoreVideo: "POST /admin/videos/{id}/restore",
  /** Reject a report; fields in the body or the query. The same as resolving with `status: "rejected"`. */
  rejectReport: "POST /admin/reports/{id}/reject json",
  /** Reopen a report. The report is pending as if it had never been decided. */
  reopenReport: "POST /admin/reports/{id}/reopen",
  /** Warn a user; fields in the body or the query. They are notified with the reason; reports on them that are pending are resolved. */
  warnUser: "POST /admin/users/{id}/warn json",
  /** Hide a video; fields in the body or the query. For everybody but its owner, who is notified with the reason; reports on it that are pending are resolved. Counts stay as they are. */
  hideVideo: "POST /admin/videos/{id}/hide json",
  /** Show a hidden video again; fields in the body or the query. Hidden by staff or by reports. Reports on it that are pending stay so, and hide it no more for a month. */
  unhideVideo: "POST /admin/videos/{id}/unhide json",
  /** Hide a comment; fields in the body or the query. For everybody but its owner, who is notified with the reason; reports on it that are pending are resolved. Counts stay as they are. */
  hideComment: "POST /admin/comments/{id}/hide json",
  /** Show a hidden comment again; fields in the body or the query. Hidden by staff or by reports. Reports on it that are pending stay so, and hide it no more for a month. */
  unhideComment: "POST /admin/comments/{id}/unhide json",
  /** List what is to be decided. One row a target, however many people reported it; the most urgent first. */
  listQueue: "GET /admin/queue",
  /** Get everything that is needed to decide about a target. Its evidence, its reports, what was decided about it and the person, and what the caller may do. */
  getSubject: "GET /admin/queue/{targetType}/{targetId}",
  /** Claim the first subject that is free. Two moderators never get the same. Nobody gets what is about them, or what they reported. */
  claimNextSubject: "POST /admin/queue/next json",
  /** Claim a subject. For a quarter of an hour; claiming it again prolongs that. Admins may take over. */
  claimSubject: "POST /admin/queue/claim json",
  /** Release a subject that you claimed. Somebody else may claim it at once. */
  releaseSubject: "POST /admin/queue/release json",
  /** Mute a reporter, or end that. Pending reports of theirs count no more, or count again; the person learns nothing of it. */
  muteReporter: "PUT /admin/users/{id}/reporter json",
  /** Decide a subject, and claim the next one if asked to. Every pending report of the target is closed and its reporter notified; the person concerned learns of what is done. The first decision stands: another one is refused with it. */
  decideSubject: "POST /admin/queue/decide json",
  /** Resolve a report; fields in the body or the query. The first verdict stands: another one is refused with it. The reporter is notified. With an `action` all reports of the target are decided, whoever has claimed it. */
  resolveReport: "POST /admin/reports/{id}/resolve json",
  /** Claim what a report is about. It is the target that is claimed, with all of its reports, for a quarter of an hour. */
  claimReport: "POST /admin/reports/{id}/claim",
  /** Release what a report is about. Somebody else may claim it at once. */
  releaseReport: "POST /admin/reports/{id}/release",
  /** Undo what an entry of the audit log did. If what it did still stands; `NOT_UNDOABLE` says what changed since. A decision's reports are pending again. Undoing is an entry of its own. */
  undoEntry: "POST /admin/audit-log/{id}/undo",
  /** Write a note for other staff. On a person, a video or a report. No user ever sees it. */
  writeNote: "POST /admin/notes json",
  /** List the notes on something, newest first. Of a person, also those on their videos and on reports about them. Notes about the caller are hidden. */
  listNotes: "GET /admin/notes",
  /** Delete a note of your own. Admins may delete any. */
  deleteNote: "DELETE /admin/notes/{id}",
  /** Create an appeal against a decision about you. Once a decision, by the person it hit. A banned person sends the `appealToken` that their login answers. */
  createAppeal: "POST /appeals json",
  /** List your appeals, newest first. With what became of each. */
  listOwnAppeals: "GET /appeals/my",
  /** List appeals, oldest first. Each with the decision it is about; appeals of the caller are left out. */
  listAppeals: "GET /admin/appeals",
  /** Get an appeal. With the decision it is about and the person's record. */
  getAppeal: "GET /admin/appeals/{id}",
  /** Undo the decision that was appealed against. By somebody else than who made the decision, where there is somebody else. */
  grantAppeal: "POST /admin/appeals/{id}/grant json",
  /** Reject an appeal. By somebody else than who made the decision, where there is somebody else. */
  refuseAppeal: "POST /admin/appeals/{id}/refuse json",
  /** Mark a user as verified; fields in the body or the query. With `verified: false` the mark is removed. Staff is verified by a higher role. */
  verifyUser: "POST /admin/users/{id}/verify json",
  /** Revoke every session of a user. Its tokens and refresh tokens are worth nothing, its sockets close with 4004. */
  revokeUserSessions: "POST /admin/users/{id}/revoke-sessions",
  /** Change the role of a user; fields in the body or the query. Its tokens are worth nothing from then on, and its sockets close with 4004. No admin changes another one's role; an admin may step down unless they are the last. */
  changeUserRole: "PUT /admin/users/{id}/role json",
  /** Delete the account of a user for good; fields in the body or the query. What deleting one's own account does; sockets close with 4003. No admin deletes another one. */
  deleteUser: "DELETE /admin/users/{id} json",
  /** Get an account with what it did and what was done to it. Banned and deleted accounts, too. Reports on the caller are not among those that the user made. */
  getAdminUser: "GET /admin/users/{id}",
  /** Delete all videos and comments of a user; fields in the body or the query. Up to some thousand are gone with the answer, the rest soon after; what is published meanwhile stays. Each video and comment can be restored by itself. */
  deleteUserContent: "POST /admin/users/{id}/delete-all-content json",
  /** Change who sees a video; fields in the body or the query. As its owner could; they can change it back. */
  changeVideoVisibility: "PUT /admin/videos/{id}/visibility json",
  /** Take a comment down; fields in the body or the query. Gone for everybody at once, with its notifications. Can be restored until its text is purged. */
  takeDownComment: "DELETE /admin/comments/{id} json",
  /** Restore a comment that a moderator took down. What its author or the video's owner deleted stays deleted. Nobody is notified again. */
  restoreComment: "POST /admin/comments/{id}/restore",
  /** Ban many users at once, for good or until a time. Each in a transaction of its own; `results` says what became of each. */
  banUsers: "POST /admin/users/bulk-ban json",
  /** Take many videos down at once. Each in a transaction of its own; `results` says what became of each. */
  takeDownVideos: "POST /admin/videos/bulk-delete json",
  /** Resolve or reject many reports at once. Each in a transaction of its own; `results` says what became of each. The first verdict on each stands. */
  resolveReports: "POST /admin/reports/bulk-resolve json",
  /** Act on many users at once. Each in a transaction of its own; `results` says what became of each. What is not known is refused. */
  actOnUsers: "POST /admin/users/bulk-action json",
  /** Act on many videos at once. Each in a transaction of its own; `results` says what became of each. What is not known is refused. */
  actOnVideos: "POST /admin/videos/bulk-action json",
  /** Act on many comments at once. Each in a transaction of its own; `results` says what became of each. What is not known is refused. */
  actOnComments: "POST /admin/comments/bulk-action json",
  /** List accounts by page, filtered and sorted. Searched by any part of username and full name, and by the whole e-mail address. */
  listAdminUsers: "GET /admin/users",
  /** List videos by page, filtered and sorted. Searched by any part of title and description, among deleted ones as well. */
  listAdminVideos: "GET /admin/videos",
  /** List reports by page, filtered. Who reported the caller, or something of theirs, is not shown. */
  listAdminReports: "GET /admin/reports",
  /** Get a report with what it is about. `snapshot` is what was reported as it was then, `target` as it is now. */
  getAdminReport: "GET /admin/reports/{id}",
  /** List what staff did, newest first, filtered. Entries are kept for `AUDIT_RETENTION_DAYS`. */
  listAuditLog: "GET /admin/audit-log",
  /** Get the current numbers of the dashboard. Counters, not counts: the same cost however many rows there are. */
  getStatsOverview: "GET /admin/stats/overview",
  /** Get the numbers of the last seven days, today included. Days of `STATS_TIMEZONE`, ascending, without gaps. */
  getStatsCharts: "GET /admin/stats/charts",
  /** Get the newest accounts, videos and reports. What was deleted is left out. */
  getRecentActivity: "GET /admin/stats/recent-activity",
  /** Download a file, or a range of it. Take the addresses as they are answered elsewhere; they are not to be made by clients. A private or hidden video opens only by the signed address its owner is given, a hidden or reported one and a banned person's picture also by the one staff is given. */
  downloadFile: "GET /media/{kind}/{name} bytes public",
} as const;
