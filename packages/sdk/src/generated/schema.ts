// Written by `npm run sdk:types` from openapi.json.
// Sources: sha256 4c96687c475c06034890556fea0faa2ab270f463140dde3f6086b30da0bba5ac
// Content: sha256 bd9233db4d45871609358e4b48ce6836f74e5ff5c574d910d79e7f1f9c55ca8b

import type { FilePart } from "../file-part.ts";

export interface components {
    schemas: {
        /** @description A frame that the server sends over the socket; `type` says which. Durable events carry `seq` and `cursor` on a resumable socket. */
        ServerEvent: {
            /** @enum {string} */
            type: "connected";
            /** @example 7 */
            userId: number;
        } | {
            /** @enum {string} */
            type: "ping";
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            timestamp: string;
        } | {
            /** @enum {string} */
            type: "error";
            error: {
                /** @enum {string} */
                code: "UNAUTHORIZED" | "FORBIDDEN" | "INVALID_MESSAGE" | "RATE_LIMIT" | "INTERNAL_ERROR";
                message: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                timestamp: string;
            };
        } | {
            /** @enum {string} */
            type: "sync:hello";
            data: {
                /** @enum {number} */
                protocol: 1;
                /** @example NWY5YzJlLTcuNDI */
                cursor: string;
                heartbeatMs: number;
                /** @enum {string} */
                resume: "ok" | "fresh" | "reset";
            };
        } | {
            /** @enum {string} */
            type: "sync:synced";
            data: {
                /** @example NWY5YzJlLTcuNDI */
                cursor: string;
            };
        } | {
            /** @enum {string} */
            type: "sync:reset";
            data: {
                /** @enum {string} */
                reason: "epoch" | "future" | "too_old" | "invalid";
                /** @example NWY5YzJlLTcuNDI */
                cursor: string;
                /**
                 * @example [
                 *       "/notifications"
                 *     ]
                 */
                refetch: string[];
            };
        } | {
            /** @enum {string} */
            type: "sync:reconnect";
            data: {
                afterMs: number;
                /** @example NWY5YzJlLTcuNDI */
                cursor: string;
            };
        } | {
            /** @enum {string} */
            type: "message:new";
            data: components["schemas"]["MessageData"];
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "message:seen";
            data: {
                messageIds: number[];
                /** @example 7 */
                seenBy: number;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                seenAt: string;
            };
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "message:deleted";
            data: {
                /** @example 7 */
                messageId: number;
                /** @example 7 */
                deletedBy: number;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                deletedAt: string;
            };
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "notification:new";
            data: components["schemas"]["Notification"];
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "notification:seen";
            data: {
                notificationIds: number[];
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                seenAt: string;
            };
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "admin:user_banned";
            data: {
                /** @example 7 */
                userId: number;
                reason: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                bannedAt: string;
            };
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "admin:video_deleted";
            data: {
                /** @example 7 */
                videoId: number;
                reason: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                deletedAt: string;
            };
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "admin:report_resolved";
            data: {
                /** @example 7 */
                reportId: number;
                /** @enum {string} */
                status: "resolved" | "rejected";
                result: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                resolvedAt: string;
            };
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "message:sent";
            data: components["schemas"]["Message"];
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "message:read";
            data: {
                /** @example 7 */
                conversationWith: number;
                messageIds: number[];
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                seenAt: string;
            };
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "notification:revoked";
            data: {
                notificationIds: number[];
            };
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "sync:stale";
            data: {
                /**
                 * @example [
                 *       "/notifications"
                 *     ]
                 */
                refetch: string[];
            };
            seq?: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor?: string;
        } | {
            /** @enum {string} */
            type: "message:unread_count";
            data: {
                count: number;
            };
        } | {
            /** @enum {string} */
            type: "message:typing";
            data: {
                /** @example 7 */
                userId: number;
                /** @example 7 */
                conversationWith: number;
                isTyping: boolean;
            };
        } | {
            /** @enum {string} */
            type: "notification:unseen_count";
            data: {
                count: number;
            };
        };
        /** @description A message as `message:new` brings it. */
        MessageData: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            senderId: number;
            /** @example 7 */
            receiverId: number;
            content: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            seen: boolean;
        };
        /** @description Something that happened to a user. `refId`: the video of like, comment, reply, mention and admin_delete; the follower of follow; the report of admin_resolve. */
        Notification: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            userId: number;
            /** @enum {string} */
            type: "like" | "comment" | "follow" | "reply" | "mention" | "admin_delete" | "admin_resolve";
            /** @example 7 */
            refId: number;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            seen: boolean;
            actor: components["schemas"]["NotificationActor"];
            target: components["schemas"]["NotificationTarget"] | null;
        };
        /** @description Who caused it. Of the `admin_…` types `{"id":0,"username":"moderation","avatarUrl":null}`: never a name. */
        NotificationActor: {
            /**
             * @description 0: moderation, which is nobody's account.
             * @example 7
             */
            id: number;
            username: string;
            avatarUrl: string | null;
        };
        /** @description What it is about, to show beside it. */
        NotificationTarget: {
            /** @enum {string} */
            type: "video";
            /** @example 7 */
            id: number;
            title: string;
            thumbUrl: string | null;
        };
        /** @description A message; `clientId`, when it was sent with one, for its sender only. */
        Message: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            senderId: number;
            /** @example 7 */
            receiverId: number;
            content: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            seen: boolean;
            clientId?: string;
        };
        /** @description An account as its owner sees it. */
        OwnUser: {
            /** @example 7 */
            id: number;
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
            bio: string | null;
            isVerified: boolean;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            followerCount: number;
            followingCount: number;
            videoCount: number;
            /** @description Whether the caller follows them; null without a token. */
            isFollowing: boolean | null;
            /** @description Whether they follow the caller; null without a token. */
            followsMe: boolean | null;
            /** @description Whether the caller blocked them; null without a token. */
            isBlocked: boolean | null;
            email: string;
            /** @enum {string} */
            role: "user" | "moderator" | "admin";
            /** @enum {string} */
            status: "active" | "banned" | "deleted";
            unseenNotifications: number;
            unreadMessages: number;
        };
        /** @description The one shape of every failure. Switch on `code`; `message` is a sentence to show, and `detail` repeats it. Of a request that is not valid both name the first field and its fault. */
        Error: {
            error: {
                /** @enum {string} */
                code: "INVALID_JSON" | "BAD_REQUEST" | "UPLOAD_INCOMPLETE" | "UNAUTHORIZED" | "INVALID_CREDENTIALS" | "FORBIDDEN" | "ACCOUNT_BANNED" | "CANNOT_MESSAGE" | "CANNOT_FOLLOW" | "OWN_CASE" | "CANNOT_REACT" | "NOT_FOUND" | "USER_NOT_FOUND" | "MESSAGE_NOT_FOUND" | "VIDEO_NOT_FOUND" | "COMMENT_NOT_FOUND" | "REPORT_NOT_FOUND" | "NOTIFICATION_NOT_FOUND" | "SESSION_NOT_FOUND" | "METHOD_NOT_ALLOWED" | "EMAIL_TAKEN" | "USERNAME_TAKEN" | "MESSAGE_DELETED" | "IDEMPOTENCY_MISMATCH" | "SELF_BAN" | "REPORT_ALREADY_DECIDED" | "OTHER_REPORT_PENDING" | "VIDEO_PURGED" | "LAST_ADMIN" | "QUOTA_EXCEEDED" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "RANGE_NOT_SATISFIABLE" | "VALIDATION_ERROR" | "SELF_REPORT" | "SELF_FOLLOW" | "SELF_BLOCK" | "SELF_MESSAGE" | "UNSUPPORTED_FILE" | "UPGRADE_REQUIRED" | "RATE_LIMIT" | "INTERNAL_ERROR" | "SERVER_BUSY" | "UNAVAILABLE" | "DISK_FULL";
                message: string;
                requestId: string;
                details?: components["schemas"]["FieldError"][] | components["schemas"]["BanNotice"] | {
                    [key: string]: unknown;
                };
            };
            detail: string;
        };
        /**
         * @description A field that is not valid, and why.
         * @example {
         *       "path": "password",
         *       "message": "at least 8 characters"
         *     }
         */
        FieldError: {
            path: string;
            message: string;
        };
        /** @description Why an account is banned, and until when (null: for good). */
        BanNotice: {
            reason: string;
            /** Format: date-time */
            until: string | null;
        };
        /**
         * @description A new account. E-mail address and username are unique without regard to case.
         * @example {
         *       "email": "an@example.com",
         *       "username": "an.nguyen",
         *       "password": "correct horse",
         *       "fullName": "An Nguyễn"
         *     }
         */
        Register: {
            /** @example an@example.com */
            email: string;
            /** @example an.nguyen */
            username: string;
            password: string;
            fullName?: string | null;
        };
        /** @description The tokens of a session, and its account. */
        LoginAnswer: {
            accessToken: string;
            refreshToken: string;
            /** @description seconds */
            expiresIn: number;
            user: components["schemas"]["OwnUser"];
            /** @description The same as `accessToken`, as OAuth2 calls it. */
            access_token: string;
            /** @enum {string} */
            token_type: "bearer";
        };
        /**
         * @description The refresh token of the last login or refresh.
         * @example {
         *       "refreshToken": "qL2Jc1nq4hZ0m0sV6i8w3A"
         *     }
         */
        Refresh: {
            refreshToken: string;
        };
        /** @description It stands as asked; `changed` is false when it stood already. */
        Changed: {
            /** @enum {boolean} */
            success: true;
            changed: boolean;
        };
        /** @description The password is right; a wrong one is an error. */
        PasswordIsValid: {
            /** @enum {boolean} */
            valid: true;
        };
        /**
         * @description An e-mail address or username, and the password to try.
         * @example {
         *       "email": "an@example.com",
         *       "password": "correct horse"
         *     }
         */
        VerifyPassword: {
            email: string;
            password: string;
        };
        /**
         * @description The password so far, and the new one.
         * @example {
         *       "currentPassword": "correct horse",
         *       "newPassword": "battery staple"
         *     }
         */
        ChangePassword: {
            currentPassword: string;
            newPassword: string;
        };
        /** @description A login that can still be used. */
        Session: {
            /** @example 7 */
            id: number;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            lastUsedAt: string;
            userAgent: string | null;
            address: string | null;
            isCurrent: boolean;
        };
        /** @description What the socket accepts in place of a token, once. */
        Ticket: {
            ticket: string;
            /** @description seconds */
            expiresIn: number;
        };
        /**
         * @description The fields to change; an empty full name or bio is none.
         * @example {
         *       "fullName": "An Nguyễn",
         *       "bio": "Xin chào!"
         *     }
         */
        UpdateProfile: {
            /** @example an.nguyen */
            username?: string;
            fullName?: string | null;
            /** @example an@example.com */
            email?: string;
            bio?: string | null;
            /** @description needed to change the e-mail address */
            currentPassword?: string;
        };
        /** @description An account in the list of everybody; moderators and admins get the last four as well. */
        ListedUser: {
            /** @example 7 */
            id: number;
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
            bio: string | null;
            isVerified: boolean;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            followerCount: number;
            followingCount: number;
            videoCount: number;
            /** @description Whether the caller follows them; null without a token. */
            isFollowing: boolean | null;
            /** @description Whether they follow the caller; null without a token. */
            followsMe: boolean | null;
            /** @description Whether the caller blocked them; null without a token. */
            isBlocked: boolean | null;
            /** @description For moderators and admins only. */
            email?: string | null;
            /**
             * @description For moderators and admins only.
             * @enum {string}
             */
            role?: "user" | "moderator" | "admin";
            /**
             * @description For moderators and admins only.
             * @enum {string}
             */
            status?: "active" | "banned" | "deleted";
            /** @description For moderators and admins only. */
            isBanned?: boolean;
        };
        /** @description An account as others see it. Never anybody's e-mail address. */
        User: {
            /** @example 7 */
            id: number;
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
            bio: string | null;
            isVerified: boolean;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            followerCount: number;
            followingCount: number;
            videoCount: number;
            /** @description Whether the caller follows them; null without a token. */
            isFollowing: boolean | null;
            /** @description Whether they follow the caller; null without a token. */
            followsMe: boolean | null;
            /** @description Whether the caller blocked them; null without a token. */
            isBlocked: boolean | null;
        };
        /** @description Whether something changed, and how many follow that user now. */
        FollowAnswer: {
            changed: boolean;
            followerCount: number;
        };
        /** @description A page of those who follow a user, and how many there are. */
        Followers: {
            followers: components["schemas"]["Follower"][];
            total: number;
        };
        /** @description Somebody who follows a user. */
        Follower: {
            /** @example 7 */
            id: number;
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
            bio: string | null;
            isVerified: boolean;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            followerCount: number;
            followingCount: number;
            videoCount: number;
            /** @description Whether the caller follows them; null without a token. */
            isFollowing: boolean | null;
            /** @description Whether they follow the caller; null without a token. */
            followsMe: boolean | null;
            /** @description Whether the caller blocked them; null without a token. */
            isBlocked: boolean | null;
        };
        /** @description A page of those whom a user follows, and how many there are. */
        Following: {
            following: components["schemas"]["Followee"][];
            total: number;
        };
        /** @description Somebody whom a user follows. */
        Followee: {
            /** @example 7 */
            id: number;
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
            bio: string | null;
            isVerified: boolean;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            followerCount: number;
            followingCount: number;
            videoCount: number;
            /** @description Whether the caller follows them; null without a token. */
            isFollowing: boolean | null;
            /** @description Whether they follow the caller; null without a token. */
            followsMe: boolean | null;
            /** @description Whether the caller blocked them; null without a token. */
            isBlocked: boolean | null;
        };
        /**
         * @description With a `clientId` of your own sending is idempotent: the same again answers the first message.
         * @example {
         *       "receiverId": 7,
         *       "content": "Are you there?",
         *       "clientId": "0b9e7c52-1"
         *     }
         */
        SendMessage: {
            /** @example 7 */
            receiverId: number;
            content: string;
            clientId?: string;
        };
        /** @description What changed: the newest 500 of `updatedCount` ids, the highest of them, and what is left unread. */
        MessagesSeen: {
            updated: number[];
            updatedCount: number;
            /** @example 7 */
            upToId: number | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            seenAt: string | null;
            unreadCount: number;
        };
        /**
         * @description Everything from one person, some messages, or (both) those of them that are from that person.
         * @example {
         *       "conversationWith": 7,
         *       "messageIds": [
         *         41,
         *         42
         *       ]
         *     }
         */
        MarkMessagesSeen: {
            /** @example 7 */
            conversationWith?: number | null;
            messageIds?: number[] | null;
        };
        /** @description The other person, the last message, and how many are unread. */
        Conversation: {
            /** @example 7 */
            userId: number;
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
            lastMessage: components["schemas"]["Message"];
            unreadCount: number;
        };
        /** @description A message with the two whom it concerns. */
        MessageInList: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            senderId: number;
            /** @example 7 */
            receiverId: number;
            content: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            seen: boolean;
            clientId?: string;
            sender: components["schemas"]["Person"];
            receiver: components["schemas"]["Person"];
        };
        /** @description Somebody beside a message or a comment. */
        Person: {
            /** @example 7 */
            id: number;
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
        };
        /** @description What changed: the newest 500 of `updatedCount` ids, the highest of them, and what is left unseen. */
        NotificationsSeen: {
            updated: number[];
            updatedCount: number;
            upToId: number | null;
            unseenCount: number;
        };
        /**
         * @description The ids of notifications, or the id of one. Others' and unknown ones are ignored.
         * @example {
         *       "notificationIds": [
         *         41,
         *         42
         *       ]
         *     }
         */
        MarkNotificationsSeen: {
            notificationIds?: number[] | null;
            /** @example 7 */
            notificationId?: number | null;
        };
        /** @description Everything after the cursor, in order, once. With `reset` there is no going on from it: load what `refetch` names, then go on from the `cursor` of this answer. */
        Events: {
            events: components["schemas"]["LoggedEvent"][];
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            hasMore: boolean;
            reset?: {
                /** @enum {string} */
                reason: "epoch" | "future" | "too_old" | "invalid";
                /**
                 * @example [
                 *       "/notifications"
                 *     ]
                 */
                refetch: string[];
            };
        };
        /** @description An event of the log as it reads now. */
        LoggedEvent: components["schemas"]["LoggedMessageNew"] | components["schemas"]["LoggedMessageSeen"] | components["schemas"]["LoggedMessageDeleted"] | components["schemas"]["LoggedNotificationNew"] | components["schemas"]["LoggedNotificationSeen"] | components["schemas"]["LoggedAdminUserBanned"] | components["schemas"]["LoggedAdminVideoDeleted"] | components["schemas"]["LoggedAdminReportResolved"] | components["schemas"]["LoggedMessageSent"] | components["schemas"]["LoggedMessageRead"] | components["schemas"]["LoggedNotificationRevoked"] | components["schemas"]["LoggedSyncStale"];
        /** @description Somebody sent this user a message. */
        LoggedMessageNew: {
            /** @enum {string} */
            type: "message:new";
            data: components["schemas"]["MessageData"];
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description Somebody has seen messages of this user; the newest 500 ids. */
        LoggedMessageSeen: {
            /** @enum {string} */
            type: "message:seen";
            data: {
                messageIds: number[];
                /** @example 7 */
                seenBy: number;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                seenAt: string;
            };
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description A message was taken back; to both sides. */
        LoggedMessageDeleted: {
            /** @enum {string} */
            type: "message:deleted";
            data: {
                /** @example 7 */
                messageId: number;
                /** @example 7 */
                deletedBy: number;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                deletedAt: string;
            };
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description Something happened to this user: a like, a comment, a follow, a moderator's decision. */
        LoggedNotificationNew: {
            /** @enum {string} */
            type: "notification:new";
            data: components["schemas"]["Notification"];
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description Notifications were marked as seen; to the user's own sockets. */
        LoggedNotificationSeen: {
            /** @enum {string} */
            type: "notification:seen";
            data: {
                notificationIds: number[];
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                seenAt: string;
            };
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description This account was banned; close code 4003 follows. */
        LoggedAdminUserBanned: {
            /** @enum {string} */
            type: "admin:user_banned";
            data: {
                /** @example 7 */
                userId: number;
                reason: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                bannedAt: string;
            };
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description A moderator deleted this user's video. */
        LoggedAdminVideoDeleted: {
            /** @enum {string} */
            type: "admin:video_deleted";
            data: {
                /** @example 7 */
                videoId: number;
                reason: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                deletedAt: string;
            };
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description A moderator decided this user's report. */
        LoggedAdminReportResolved: {
            /** @enum {string} */
            type: "admin:report_resolved";
            data: {
                /** @example 7 */
                reportId: number;
                /** @enum {string} */
                status: "resolved" | "rejected";
                result: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                resolvedAt: string;
            };
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description This user sent a message, from whichever device. */
        LoggedMessageSent: {
            /** @enum {string} */
            type: "message:sent";
            data: components["schemas"]["Message"];
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description This user has seen messages, on whichever device; the newest 500 ids. */
        LoggedMessageRead: {
            /** @enum {string} */
            type: "message:read";
            data: {
                /** @example 7 */
                conversationWith: number;
                messageIds: number[];
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                seenAt: string;
            };
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description Notifications were taken back: out of the list, and out of the count where they were unseen. */
        LoggedNotificationRevoked: {
            /** @enum {string} */
            type: "notification:revoked";
            data: {
                notificationIds: number[];
            };
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /** @description What these paths answer has changed without an event for each change; load them again. */
        LoggedSyncStale: {
            /** @enum {string} */
            type: "sync:stale";
            data: {
                /**
                 * @example [
                 *       "/notifications"
                 *     ]
                 */
                refetch: string[];
            };
            seq: number;
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /**
         * @description Up to where events were processed.
         * @example {
         *       "cursor": "NWY5YzJlLTcuNDI"
         *     }
         */
        AckEvents: {
            /** @example NWY5YzJlLTcuNDI */
            cursor: string;
        };
        /** @description A video. `isLiked` and `isBookmarked` are null without a token; the last three repeat the owner's. Addresses are relative to the server unless they lead elsewhere; those of a private video are signed for its owner and good for an hour. */
        Video: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            ownerId: number;
            title: string;
            description: string | null;
            url: string;
            thumbUrl: string | null;
            /** @enum {string} */
            visibility: "public" | "private";
            /** @description seconds */
            duration: number | null;
            viewsCount: number;
            likesCount: number;
            commentsCount: number;
            sharesCount: number;
            isLiked: boolean | null;
            isBookmarked: boolean | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            owner: components["schemas"]["VideoOwner"];
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
        };
        /** @description Who made a video; `isFollowing` is null without a token. */
        VideoOwner: {
            /** @example 7 */
            id: number;
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
            isFollowing: boolean | null;
        };
        /** @description A video in the list of everybody's. */
        ListedVideo: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            ownerId: number;
            title: string;
            description: string | null;
            url: string;
            thumbUrl: string | null;
            /** @enum {string} */
            visibility: "public" | "private";
            /** @description seconds */
            duration: number | null;
            viewsCount: number;
            likesCount: number;
            commentsCount: number;
            sharesCount: number;
            isLiked: boolean | null;
            isBookmarked: boolean | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            owner: components["schemas"]["VideoOwner"];
            username: string;
            fullName: string | null;
            avatarUrl: string | null;
            /**
             * Format: date-time
             * @description For moderators and admins only; null: it stands.
             * @example 2026-01-31T09:30:00.000Z
             */
            deletedAt?: string | null;
        };
        /**
         * @description The fields to change; an empty description is none.
         * @example {
         *       "title": "Hà Nội về đêm",
         *       "visibility": "private"
         *     }
         */
        UpdateVideo: {
            title?: string;
            description?: string | null;
            /**
             * @description `hidden` is another name of `private`.
             * @example public
             * @enum {string}
             */
            visibility?: "public" | "private" | "hidden";
        };
        /** @description How often it was looked at. */
        ViewAnswer: {
            viewsCount: number;
        };
        /** @description How often it was passed on. */
        ShareAnswer: {
            sharesCount: number;
        };
        /** @description Whether something changed, and how many like the video now. */
        LikeAnswer: {
            changed: boolean;
            likesCount: number;
        };
        /** @description A page of those who like a video, and how many there are. */
        Likes: {
            likes: components["schemas"]["User"][];
            total: number;
        };
        /** @description A comment, or (with `parentId`) a reply to one. */
        Comment: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            videoId: number;
            /** @example 7 */
            parentId: number | null;
            /** @example 7 */
            userId: number;
            content: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            updatedAt: string;
            user: components["schemas"]["Person"];
        };
        /**
         * @description A comment, or (with `parentId`) a reply. With a `clientId` of your own sending is idempotent.
         * @example {
         *       "videoId": 7,
         *       "content": "Đẹp quá! @an.nguyen",
         *       "clientId": "0b9e7c52-2"
         *     }
         */
        CreateComment: {
            /** @example 7 */
            videoId: number;
            content: string;
            /** @example 7 */
            parentId?: number | null;
            clientId?: string;
        };
        /**
         * @description How it is to read now.
         * @example {
         *       "content": "Đẹp!"
         *     }
         */
        UpdateComment: {
            content: string;
        };
        /** @description A page of the caller's bookmarks, and how many of them the caller can see. */
        Bookmarks: {
            videos: components["schemas"]["Video"][];
            total: number;
        };
        /**
         * @description The password, so that nobody deletes an account by mistake or on a phone left behind.
         * @example {
         *       "password": "correct horse"
         *     }
         */
        DeleteAccount: {
            password: string;
        };
        /** @description A report as its author sees it. */
        Report: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            reporterId: number;
            /** @enum {string} */
            targetType: "video" | "user" | "comment" | "message";
            /** @example 7 */
            targetId: number;
            reason: string;
            description: string | null;
            /** @enum {string} */
            status: "pending" | "resolved" | "rejected";
            result: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            resolvedAt: string | null;
        };
        /**
         * @description What is reported, and why.
         * @example {
         *       "targetType": "video",
         *       "targetId": 7,
         *       "reason": "spam",
         *       "description": "The same link under every video"
         *     }
         */
        CreateReport: {
            /** @enum {string} */
            targetType: "video" | "user" | "comment" | "message";
            /** @example 7 */
            targetId: number;
            reason: string;
            description?: string | null;
        };
        /** @description A report as moderators and admins see it. */
        StaffReport: {
            /** @example 7 */
            id: number;
            /**
             * @description null: not shown, the report is about the caller or something of theirs
             * @example 7
             */
            reporterId: number | null;
            /** @enum {string} */
            targetType: "video" | "user" | "comment" | "message";
            /** @example 7 */
            targetId: number;
            reason: string;
            description: string | null;
            /** @enum {string} */
            status: "pending" | "resolved" | "rejected";
            result: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            resolvedAt: string | null;
            /** @description null: not shown, the report is about the caller or something of theirs */
            reporterUsername: string | null;
            /**
             * @description null with a verdict: the system
             * @example 7
             */
            resolvedBy: number | null;
        };
        /** @description A report, and in `snapshot` what was reported as it was then: its author, text, title, counts. */
        StaffReportDetails: {
            /** @example 7 */
            id: number;
            /**
             * @description null: not shown, the report is about the caller or something of theirs
             * @example 7
             */
            reporterId: number | null;
            /** @enum {string} */
            targetType: "video" | "user" | "comment" | "message";
            /** @example 7 */
            targetId: number;
            reason: string;
            description: string | null;
            /** @enum {string} */
            status: "pending" | "resolved" | "rejected";
            result: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            resolvedAt: string | null;
            /** @description null: not shown, the report is about the caller or something of theirs */
            reporterUsername: string | null;
            /**
             * @description null with a verdict: the system
             * @example 7
             */
            resolvedBy: number | null;
            snapshot: {
                [key: string]: unknown;
            };
        };
        /** @description It stands as asked, with a sentence to show. */
        AdminAnswer: {
            /** @enum {boolean} */
            success: true;
            changed: boolean;
            message: string;
        };
        /** @description What became of each, in the order in which they were named. */
        BulkAnswer: {
            /** @enum {boolean} */
            success: true;
            changed: boolean;
            message: string;
            results: components["schemas"]["BulkResult"][];
        };
        /** @description What became of one. */
        BulkResult: {
            /** @example 7 */
            id: number;
            ok: boolean;
            /**
             * @description Why not, as an error would say it.
             * @example USER_NOT_FOUND
             */
            code?: string;
        };
        /** @description The numbers of the dashboard, as they stand. */
        StatsOverview: {
            users: {
                total: number;
                active: number;
                new_today: number;
                active_7d: number;
                banned: number;
            };
            videos: {
                total: number;
                public: number;
                new_today: number;
                private: number;
                deleted: number;
            };
            reports: {
                total: number;
                pending: number;
                resolved_today: number;
                resolved: number;
                rejected: number;
            };
            engagement: {
                total_likes: number;
                total_comments: number;
                total_follows: number;
                total_views: number;
            };
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            generated_at: string;
            timezone: string;
        };
        /** @description Seven days, ascending, the last is today; days without anything are zero. */
        StatsCharts: {
            users_chart: {
                /** Format: date */
                date: string;
                count: number;
                active: number;
            }[];
            videos_chart: {
                /** Format: date */
                date: string;
                count: number;
                views: number;
            }[];
            reports_chart: {
                /** Format: date */
                date: string;
                pending: number;
                resolved: number;
                rejected: number;
            }[];
            engagement_chart: {
                /** Format: date */
                date: string;
                likes: number;
                comments: number;
                follows: number;
            }[];
        };
        /** @description The newest accounts, videos and reports. */
        RecentActivity: {
            recent_users: {
                /** @example 7 */
                id: number;
                username: string;
                email: string | null;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                createdAt: string;
                avatarUrl: string | null;
            }[];
            recent_videos: {
                /** @example 7 */
                id: number;
                title: string;
                /** @example 7 */
                ownerId: number;
                ownerName: string;
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                createdAt: string;
                views: number;
                likes: number;
                /** @enum {string} */
                visibility: "public" | "private";
            }[];
            recent_reports: {
                /** @example 7 */
                id: number;
                /** @example 7 */
                reporterId: number | null;
                reporterName: string | null;
                /** @enum {string} */
                targetType: "video" | "user" | "comment" | "message";
                /** @example 7 */
                targetId: number;
                reason: string;
                /** @enum {string} */
                status: "pending" | "resolved" | "rejected";
                /**
                 * Format: date-time
                 * @example 2026-01-31T09:30:00.000Z
                 */
                createdAt: string;
            }[];
        };
        /**
         * @description `username` may be the e-mail address. With both `email` and `username`, `email` counts.
         * @example {
         *       "username": "an.nguyen",
         *       "password": "correct horse"
         *     }
         */
        Login: {
            email?: string | null;
            username?: string | null;
            password: string;
        };
        /**
         * @description A picture as a form.
         * @example {
         *       "file": "avatar.png"
         *     }
         */
        AvatarForm: {
            /**
             * Format: binary
             * @description The picture.
             */
            file: FilePart;
        };
        /**
         * @description A video whose bytes are somewhere else. Without `visibility` it is public.
         * @example {
         *       "title": "Hà Nội",
         *       "url": "https://example.com/hanoi.mp4",
         *       "visibility": "public",
         *       "duration": 12.5
         *     }
         */
        CreateVideo: {
            title: string;
            description?: string | null;
            /**
             * @description `hidden` is another name of `private`.
             * @example public
             * @enum {string}
             */
            visibility?: "public" | "private" | "hidden";
            url: string;
            thumbUrl?: string | null;
            duration?: number | null;
        };
        /**
         * @description A video as a form: a `file`, or a `url` in its place. What is empty counts as left out.
         * @example {
         *       "title": "Hà Nội",
         *       "visibility": "private",
         *       "description": "Old Quarter"
         *     }
         */
        UploadVideo: {
            title: string;
            description?: string;
            /**
             * @description `hidden` is another name of `private`.
             * @example public
             * @enum {string}
             */
            visibility?: "public" | "private" | "hidden";
            url?: string;
            thumbUrl?: string;
            duration?: string;
            /**
             * Format: binary
             * @description The video: MP4, WebM or QuickTime.
             */
            file?: FilePart;
            /**
             * Format: binary
             * @description A picture of it: JPEG, PNG or WebP, at most 2 MB.
             */
            thumb?: FilePart;
        };
        /**
         * @description `approved` is another name of `resolved`; `pending` takes the verdict back. `decision` becomes `result`.
         * @example {
         *       "status": "approved",
         *       "decision": "Thank you, we have removed it."
         *     }
         */
        DecideReport: {
            /** @enum {string} */
            status: "pending" | "resolved" | "approved" | "rejected";
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            decision?: string | null;
        };
        /**
         * @description Why, and until when; without `until` for good.
         * @example {
         *       "reason": "Spam",
         *       "until": "2026-02-28T00:00:00Z"
         *     }
         */
        BanUser: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
            until?: string | null;
        };
        /**
         * @description What the owner reads.
         * @example {
         *       "reason": "Copyright"
         *     }
         */
        DeleteVideo: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
        };
        /**
         * @description `status` is `resolved` unless it is given. `result` is what the reporter reads.
         * @example {
         *       "status": "resolved",
         *       "result": "Thank you, we have removed it."
         *     }
         */
        ResolveReport: {
            /** @enum {string} */
            status?: "resolved" | "approved" | "rejected";
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            result?: string | null;
        };
        /**
         * @description What the reporter reads.
         * @example {
         *       "reason": "We found no violation."
         *     }
         */
        RejectReport: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
        };
        /**
         * @description One action on as many as a hundred, each by itself: what fails for one does not fail the others.
         * @example {
         *       "ids": [
         *         7,
         *         8
         *       ],
         *       "action": "ban",
         *       "reason": "Spam"
         *     }
         */
        BulkAction: {
            /** @description What to act upon; each once, however often it is named. */
            ids?: number[] | null;
            /** @description Users: `ban`, `unban`. Videos: `delete`, `restore`. */
            action: string;
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export interface operations {
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Register"];
            };
        };
        responses: {
            /** @description The account */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnUser"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
                "application/x-www-form-urlencoded": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginAnswer"];
                };
            };
        };
    };
    refreshTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description Tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginAnswer"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    verifyPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyPassword"];
            };
        };
        responses: {
            /** @description It is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordIsValid"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description Changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest first */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"][];
                };
            };
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    createTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
        };
    };
    getCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnUser"];
                };
            };
        };
    };
    updateProfile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateProfile"];
            };
        };
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnUser"];
                };
            };
        };
    };
    deleteAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteAccount"];
            };
        };
        responses: {
            /** @description Deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    replaceAvatar: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["AvatarForm"];
            };
        };
        responses: {
            /** @description Its URL */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedUser"][];
                };
            };
        };
    };
    searchUsers: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 1000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description What to look for; nothing is found for an empty text. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, the most followed first */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"][];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    followUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Followed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowAnswer"];
                };
            };
        };
    };
    unfollowUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Not followed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowAnswer"];
                };
            };
        };
    };
    listFollowers: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Followers"];
                };
            };
        };
    };
    listFollowing: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Following"];
                };
            };
        };
    };
    blockUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Blocked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    unblockUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Not blocked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    listBlockedUsers: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest first */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"][];
                };
            };
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessage"];
            };
        };
        responses: {
            /** @description The same clientId again: the message it made */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Sent */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    markMessagesSeen: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MarkMessagesSeen"];
            };
        };
        responses: {
            /** @description What changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagesSeen"];
                };
            };
        };
    };
    markConversationSeen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the other one. */
                userId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagesSeen"];
                };
            };
        };
    };
    listConversations: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One row a peer */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"][];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description Only what has a lower id: the last one of the page before. Stands still while new rows come. */
                beforeId?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id of the other one. */
                userId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageInList"][];
                };
            };
        };
    };
    countUnreadMessages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A bare number */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": number;
                };
            };
        };
    };
    listSuggestedUsers: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Followed or talked with, else popular */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"][];
                };
            };
        };
    };
    deleteMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A sentence */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only what has a lower id: the last one of the page before. Stands still while new rows come. */
                beforeId?: number;
                /** @description Only those of one type. */
                type?: "like" | "comment" | "follow" | "reply" | "mention" | "admin_delete" | "admin_resolve";
                /** @description true: only those that are unseen. */
                unseen?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"][];
                };
            };
        };
    };
    countUnseenNotifications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A bare number */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": number;
                };
            };
        };
    };
    markNotificationsSeen: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MarkNotificationsSeen"];
            };
        };
        responses: {
            /** @description What changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationsSeen"];
                };
            };
        };
    };
    markAllNotificationsSeen: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationsSeen"];
                };
            };
        };
    };
    deleteNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Where to go on from; empty: from now on. */
                cursor?: string;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Seconds to wait for an event when there is none yet; 25 at most. */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In order, once; an empty cursor means from now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                };
            };
        };
    };
    ackEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AckEvents"];
            };
        };
        responses: {
            /** @description Noted; a cursor that is not of one's own log changes nothing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    listVideos: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only what has a lower id: the last one of the page before. Stands still while new rows come. */
                beforeId?: number;
                /** @description For moderators and admins. `all`: deleted videos and those of banned accounts, too. */
                status?: "active" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedVideo"][];
                };
            };
        };
    };
    createVideo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateVideo"];
                "multipart/form-data": components["schemas"]["UploadVideo"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
        };
    };
    listFollowedVideos: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only what has a lower id: the last one of the page before. Stands still while new rows come. */
                beforeId?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"][];
                };
            };
        };
    };
    listUserVideos: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only what has a lower id: the last one of the page before. Stands still while new rows come. */
                beforeId?: number;
            };
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"][];
                };
            };
        };
    };
    searchVideos: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 1000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only what has a lower id: the last one of the page before. Stands still while new rows come. */
                beforeId?: number;
                /** @description What to look for; nothing is found for an empty text. */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, the newest first */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"][];
                };
            };
        };
    };
    getVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The video */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
        };
    };
    updateVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateVideo"];
            };
        };
        responses: {
            /** @description The video */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
        };
    };
    deleteVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    recordView: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewAnswer"];
                };
            };
        };
    };
    recordShare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShareAnswer"];
                };
            };
        };
    };
    likeVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is liked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LikeAnswer"];
                };
            };
        };
    };
    unlikeVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not liked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LikeAnswer"];
                };
            };
        };
    };
    listLikes: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and how many there are */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Likes"];
                };
            };
        };
    };
    createComment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateComment"];
            };
        };
        responses: {
            /** @description The same clientId again: the comment it made */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
        };
    };
    listComments: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only what has a lower id: the last one of the page before. Stands still while new rows come. */
                beforeId?: number;
            };
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"][];
                };
            };
        };
    };
    updateComment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateComment"];
            };
        };
        responses: {
            /** @description As it reads now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
        };
    };
    deleteComment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    bookmarkVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the video. */
                videoId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is put aside */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    removeBookmark: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the video. */
                videoId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not put aside */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
        };
    };
    listBookmarks: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and how many there are */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Bookmarks"];
                };
            };
        };
    };
    listReports: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only those in one state; `approved` is another name of `resolved`. */
                status?: "pending" | "resolved" | "approved" | "rejected";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffReport"][];
                };
            };
        };
    };
    createReport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateReport"];
            };
        };
        responses: {
            /** @description One's own pending report of the same */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            /** @description Reported */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
        };
    };
    listOwnReports: {
        parameters: {
            query?: {
                /** @description How many to leave out from the beginning; 10000 at most. */
                skip?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only those in one state; `approved` is another name of `resolved`. */
                status?: "pending" | "resolved" | "approved" | "rejected";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"][];
                };
            };
        };
    };
    getReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffReportDetails"];
                };
            };
        };
    };
    banUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["BanUser"];
            };
        };
        responses: {
            /** @description Banned */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminAnswer"];
                };
            };
        };
    };
    unbanUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Not banned */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminAnswer"];
                };
            };
        };
    };
    takeDownVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DeleteVideo"];
            };
        };
        responses: {
            /** @description Deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminAnswer"];
                };
            };
        };
    };
    restoreVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Not deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminAnswer"];
                };
            };
        };
    };
    resolveReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ResolveReport"];
            };
        };
        responses: {
            /** @description Decided */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminAnswer"];
                };
            };
        };
    };
    rejectReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RejectReport"];
            };
        };
        responses: {
            /** @description Rejected */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminAnswer"];
                };
            };
        };
    };
    reopenReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the user, video, message or other thing. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pending */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminAnswer"];
                };
            };
        };
    };
    actOnUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkAction"];
            };
        };
        responses: {
            /** @description What became of each */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkAnswer"];
                };
            };
        };
    };
    actOnVideos: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkAction"];
            };
        };
        responses: {
            /** @description What became of each */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkAnswer"];
                };
            };
        };
    };
    actOnComments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkAction"];
            };
        };
        responses: {
            /** @description What became of each */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkAnswer"];
                };
            };
        };
    };
    getStatsOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsOverview"];
                };
            };
        };
    };
    getStatsCharts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Seven rows a chart */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsCharts"];
                };
            };
        };
    };
    getRecentActivity: {
        parameters: {
            query?: {
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecentActivity"];
                };
            };
        };
    };
    downloadFile: {
        parameters: {
            query?: {
                /** @description A part of a signed address. */
                exp?: string;
                /** @description A part of a signed address. */
                user?: string;
                /** @description A part of a signed address. */
                sig?: string;
            };
            header?: never;
            path: {
                /** @description `videos`, `thumbs` or `avatars`. */
                kind: string;
                /** @description The name that the server has given to the file. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A part of it */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
