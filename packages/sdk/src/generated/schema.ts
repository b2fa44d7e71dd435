// Written by `npm run sdk:types` from openapi.json.
// Sources: sha256 0bcbc7397fa6daf6bc58f038b35bab9c21798e3f9152ae7c8fcac81214960648
// Content: sha256 efac874348a70ed98807bbe62020f7882c1f60e182748757a96cdfe2748f7c44

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
            type: "staff:queue";
            data: {
                pending: number;
                overdue: number;
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
        /** @description Something that happened to a user. `refId`: the video of like, comment, reply, mention and admin_delete; the follower of follow; the report of admin_resolve; the target of admin_warning. */
        Notification: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            userId: number;
            /** @enum {string} */
            type: "like" | "comment" | "follow" | "reply" | "mention" | "admin_delete" | "admin_resolve" | "admin_warning";
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
            /** @description Of the `admin_…` types, and of no other. */
            reason?: string | null;
            /**
             * @description Of the `admin_…` types: what an appeal names.
             * @example 7
             */
            decisionId?: number | null;
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
        /** @description What it is about, to show beside it; of a warning, whatever it is about. */
        NotificationTarget: {
            /** @enum {string} */
            type: "video" | "comment" | "message" | "user";
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
                code: "INVALID_JSON" | "BAD_REQUEST" | "UPLOAD_INCOMPLETE" | "UNAUTHORIZED" | "INVALID_CREDENTIALS" | "FORBIDDEN" | "ACCOUNT_BANNED" | "CANNOT_MESSAGE" | "CANNOT_FOLLOW" | "OWN_CASE" | "CANNOT_REACT" | "NOT_FOUND" | "USER_NOT_FOUND" | "MESSAGE_NOT_FOUND" | "VIDEO_NOT_FOUND" | "COMMENT_NOT_FOUND" | "REPORT_NOT_FOUND" | "NOTIFICATION_NOT_FOUND" | "DECISION_NOT_FOUND" | "APPEAL_NOT_FOUND" | "NOTE_NOT_FOUND" | "SUBJECT_NOT_FOUND" | "SESSION_NOT_FOUND" | "METHOD_NOT_ALLOWED" | "EMAIL_TAKEN" | "USERNAME_TAKEN" | "MESSAGE_DELETED" | "IDEMPOTENCY_MISMATCH" | "SELF_BAN" | "SELF_DELETE" | "REPORT_ALREADY_DECIDED" | "CLAIMED" | "APPEAL_ALREADY_DECIDED" | "NOT_UNDOABLE" | "OTHER_REPORT_PENDING" | "VIDEO_PURGED" | "LAST_ADMIN" | "QUOTA_EXCEEDED" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "RANGE_NOT_SATISFIABLE" | "VALIDATION_ERROR" | "ACTION_NOT_ALLOWED" | "SELF_REPORT" | "SELF_FOLLOW" | "SELF_BLOCK" | "SELF_MESSAGE" | "UNSUPPORTED_FILE" | "UPGRADE_REQUIRED" | "RATE_LIMIT" | "INTERNAL_ERROR" | "SERVER_BUSY" | "UNAVAILABLE" | "DISK_FULL";
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
            /** @description At a login: what `POST /appeals/` takes. */
            appealToken?: string;
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
        /** @description A message was deleted, by its sender or by moderation (`deletedBy` 0); to both sides. */
        LoggedMessageDeleted: {
            /** @enum {string} */
            type: "message:deleted";
            data: {
                /** @example 7 */
                messageId: number;
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
        /** @description A video. `isLiked` and `isBookmarked` are null without a token; the last three repeat the owner's. Addresses are relative to the server unless they lead elsewhere; those of a private or hidden video are signed for its owner and good for an hour. */
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
            /**
             * @description Moderation has hidden it from all but its owner, moderators and admins, who alone get this key.
             * @enum {boolean}
             */
            isHidden?: true;
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
            /**
             * @description Moderation has hidden it from all but its owner, moderators and admins, who alone get this key.
             * @enum {boolean}
             */
            isHidden?: true;
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
             * @description Moderation has hidden it from all but its owner, moderators and admins, who alone get this key.
             * @enum {boolean}
             */
            isHidden?: true;
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
            /** @enum {string} */
            category: "spam" | "harassment" | "hate" | "sexual" | "violence" | "minors" | "self_harm" | "other";
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
            /**
             * @description What kind of violation it is; absent: `other`.
             * @enum {string|null}
             */
            category?: "spam" | "harassment" | "hate" | "sexual" | "violence" | "minors" | "self_harm" | "other" | null;
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
            /** @enum {string} */
            category: "spam" | "harassment" | "hate" | "sexual" | "violence" | "minors" | "self_harm" | "other";
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
            /** @enum {string} */
            category: "spam" | "harassment" | "hate" | "sexual" | "violence" | "minors" | "self_harm" | "other";
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
        /** @description A page of the queue. */
        Queue: {
            subjects: components["schemas"]["Subject"][];
            pagination: components["schemas"]["Pagination"];
            counts: components["schemas"]["QueueCounts"];
        };
        /** @description A target with reports to be decided. */
        Subject: {
            /** @enum {string} */
            targetType: "video" | "user" | "comment" | "message";
            /** @example 7 */
            targetId: number;
            /** @description As the newest report froze it. */
            targetInfo: {
                [key: string]: unknown;
            };
            /** @description How many people reported it. */
            reports: number;
            /**
             * @description The heaviest of the pending reports.
             * @enum {string}
             */
            category: "spam" | "harassment" | "hate" | "sexual" | "violence" | "minors" | "self_harm" | "other";
            /**
             * @description How many pending reports there are of each category.
             * @example {
             *       "spam": 3,
             *       "hate": 1
             *     }
             */
            categories: {
                spam?: number;
                harassment?: number;
                hate?: number;
                sexual?: number;
                violence?: number;
                minors?: number;
                self_harm?: number;
                other?: number;
            };
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            oldestAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            newestAt: string;
            score: number;
            claimedBy: {
                /** @example 7 */
                id: number;
                username: string;
            } | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            claimedUntil: string | null;
            isHidden: boolean;
            /** @description Whom it concerns. */
            author: {
                /** @example 7 */
                id: number;
                username: string;
            } | null;
            /** @description Of that person. */
            record: components["schemas"]["PersonRecord"] | null;
        };
        /** @description What is known of a person. */
        PersonRecord: {
            /** @description Warnings, takedowns and bans of the last 30 days that stand. */
            strikes30: number;
            /** @description The same of the last 90 days. */
            strikes90: number;
            /**
             * @description How often their reports were right, from 0 to 1.
             * @example 0.5
             */
            precision: number;
            /** @description Whether their reports count for nothing in the queue. */
            muted: boolean;
            /** @description How many of their sessions stand. */
            sessions: number;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            lastSeen: string | null;
        };
        /** @description Which page of how many; a page beyond the end is empty. */
        Pagination: {
            page: number;
            limit: number;
            total: number;
            pages: number;
            /**
             * @description There are more: filtered lists are counted up to 1000.
             * @enum {boolean}
             */
            totalIsAtLeast?: true;
        };
        /** @description Of the whole queue, whatever is listed; subjects that only muted people reported count in `muted` alone. */
        QueueCounts: {
            pending: number;
            mine: number;
            unclaimed: number;
            overdue: number;
            muted: number;
        };
        /** @description Everything that is needed to decide. */
        SubjectDetails: {
            /** @description null: nothing of it waits. */
            subject: components["schemas"]["Subject"] | null;
            /** @description The target as the newest report froze it. */
            snapshot: {
                [key: string]: unknown;
            } | null;
            /** @description The newest twenty, whatever became of them. */
            reports: components["schemas"]["StaffReport"][];
            /** @description The newest twenty about the target or the person. */
            decisions: components["schemas"]["Decision"][];
            /** @description The most urgent five of what else of the person waits. */
            others: components["schemas"]["Subject"][];
            /** @description How many other subjects of the same person wait. */
            morePending: number;
            can: components["schemas"]["Permissions"];
        };
        /** @description What was decided about a thing or a person. */
        Decision: {
            /** @example 7 */
            id: number;
            /** @enum {string} */
            targetType: "video" | "user" | "comment" | "message";
            /** @example 7 */
            targetId: number;
            /** @enum {string} */
            verdict: "upheld" | "rejected";
            /** @enum {string} */
            action: "none" | "warn" | "hide" | "delete" | "ban";
            reason: string | null;
            result: string;
            /** @description null: the system */
            decidedBy: {
                /** @example 7 */
                id: number;
                username: string;
            } | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            decidedAt: string;
            /**
             * Format: date-time
             * @description When a device of the person proved to have received the news of it; null: none has yet, or there was none.
             * @example 2026-01-31T09:30:00.000Z
             */
            receivedAt: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            undoneAt: string | null;
        };
        /** @description What the caller may do to it, so that a page can say why a button is disabled. */
        Permissions: {
            reject?: {
                ok: boolean;
                /**
                 * @description Why not, as the refusal would say it.
                 * @example FORBIDDEN
                 */
                code?: string;
            };
            none?: {
                ok: boolean;
                /**
                 * @description Why not, as the refusal would say it.
                 * @example FORBIDDEN
                 */
                code?: string;
            };
            warn?: {
                ok: boolean;
                /**
                 * @description Why not, as the refusal would say it.
                 * @example FORBIDDEN
                 */
                code?: string;
            };
            hide?: {
                ok: boolean;
                /**
                 * @description Why not, as the refusal would say it.
                 * @example FORBIDDEN
                 */
                code?: string;
            };
            delete?: {
                ok: boolean;
                /**
                 * @description Why not, as the refusal would say it.
                 * @example FORBIDDEN
                 */
                code?: string;
            };
            ban?: {
                ok: boolean;
                /**
                 * @description Why not, as the refusal would say it.
                 * @example FORBIDDEN
                 */
                code?: string;
            };
        };
        /** @description The subject that is the caller's now; null: nothing is free. */
        NextSubjectAnswer: {
            next: components["schemas"]["Subject"] | null;
            counts: components["schemas"]["QueueCounts"];
        };
        /**
         * @description Which subjects come into question.
         * @example {
         *       "filters": {
         *         "category": "spam"
         *       }
         *     }
         */
        NextSubject: {
            filters?: {
                /**
                 * @description Only targets of that kind.
                 * @enum {string}
                 */
                targetType?: "video" | "user" | "comment" | "message";
                /**
                 * @description Only subjects whose heaviest report is of that category.
                 * @enum {string}
                 */
                category?: "spam" | "harassment" | "hate" | "sexual" | "violence" | "minors" | "self_harm" | "other";
            } | null;
            /** @description Not these. */
            skip?: components["schemas"]["SubjectName"][] | null;
        };
        /**
         * @description A thing or person that was reported.
         * @example {
         *       "targetType": "video",
         *       "targetId": 7
         *     }
         */
        SubjectName: {
            /** @enum {string} */
            targetType: "video" | "user" | "comment" | "message";
            /** @example 7 */
            targetId: number;
        };
        /** @description Who works on a subject, and until when. */
        Claim: {
            claimedBy: {
                /** @example 7 */
                id: number;
                username: string;
            } | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            claimedUntil: string | null;
        };
        /**
         * @description Whether the person's reports count for nothing in the queue.
         * @example {
         *       "muted": true
         *     }
         */
        MuteReporter: {
            muted: boolean;
        };
        /** @description The decision, and where it was asked for the next subject. */
        DecideAnswer: {
            decision: components["schemas"]["Decision"];
            /** @description Whether the action did something; false: its target was gone. */
            changed: boolean;
            next?: components["schemas"]["Subject"] | null;
            counts?: components["schemas"]["QueueCounts"];
        };
        /**
         * @description A verdict on all pending reports of a target, and what is done.
         * @example {
         *       "targetType": "video",
         *       "targetId": 7,
         *       "verdict": "upheld",
         *       "action": "hide",
         *       "reason": "Spam",
         *       "next": true
         *     }
         */
        DecideSubject: {
            /** @enum {string} */
            targetType: "video" | "user" | "comment" | "message";
            /** @example 7 */
            targetId: number;
            /** @enum {string} */
            verdict: "upheld" | "rejected";
            /**
             * @default none
             * @enum {string}
             */
            action?: "none" | "warn" | "hide" | "delete" | "ban";
            /**
             * @description What the person concerned reads.
             * @example Spam
             */
            reason?: string | null;
            /**
             * Format: date-time
             * @description Of a ban; without it for good.
             */
            until?: string | null;
            /**
             * @description What the reporters read.
             * @example Spam
             */
            result?: string | null;
            /** @description Whether the next subject is wanted, too. */
            next?: boolean | components["schemas"]["NextSubject"] | null;
        };
        /** @description What staff wrote down; no user sees it. */
        Note: {
            /** @example 7 */
            id: number;
            /** @enum {string} */
            targetType: "user" | "video" | "report";
            /** @example 7 */
            targetId: number;
            text: string;
            author: {
                /** @example 7 */
                id: number;
                username: string;
            };
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
        };
        /**
         * @description What other staff should know.
         * @example {
         *       "targetType": "user",
         *       "targetId": 7,
         *       "text": "Third account of the same person."
         *     }
         */
        WriteNote: {
            /** @enum {string} */
            targetType: "user" | "video" | "report";
            /** @example 7 */
            targetId: number;
            text: string;
        };
        /** @description An appeal as its author sees it. */
        Appeal: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            decisionId: number;
            text: string;
            /** @enum {string} */
            status: "pending" | "granted" | "refused";
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
            decidedAt: string | null;
        };
        /**
         * @description Why a decision was wrong.
         * @example {
         *       "decisionId": 12,
         *       "text": "The video is my own work."
         *     }
         */
        CreateAppeal: {
            /**
             * @description Not needed beside an `appealToken`, which names one.
             * @example 7
             */
            decisionId?: number | null;
            /** @description What a banned login answers in `error.details`: in place of an access token. */
            appealToken?: string | null;
            text: string;
        };
        /** @description A page of appeals, the oldest first. */
        Appeals: {
            appeals: components["schemas"]["StaffAppeal"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description An appeal as staff see it, with the decision it is about. */
        StaffAppeal: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            decisionId: number;
            text: string;
            /** @enum {string} */
            status: "pending" | "granted" | "refused";
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
            decidedAt: string | null;
            user: {
                /** @example 7 */
                id: number;
                username: string;
            };
            decision: components["schemas"]["Decision"];
            decidedBy: {
                /** @example 7 */
                id: number;
                username: string;
            } | null;
            record: components["schemas"]["PersonRecord"] | null;
            /** @description The caller made the decision: somebody else should look at it. */
            isOwnDecision: boolean;
        };
        /**
         * @description What the person reads.
         * @example {
         *       "result": "You were right, we have restored the video."
         *     }
         */
        DecideAppeal: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            result?: string | null;
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
        /** @description A page of accounts. */
        AdminUsers: {
            users: components["schemas"]["AdminUser"][];
            pagination: components["schemas"]["Pagination"];
            /**
             * Format: date-time
             * @description When sorted by a count: the order is that of this moment, at most a minute ago. The counts shown are of now.
             * @example 2026-01-31T09:30:00.000Z
             */
            sortedAsOf?: string;
        };
        /** @description An account as moderators and admins see it. */
        AdminUser: {
            /** @example 7 */
            id: number;
            username: string;
            email: string | null;
            fullName: string | null;
            avatarUrl: string | null;
            bio: string | null;
            /** @enum {string} */
            role: "user" | "moderator" | "admin";
            followerCount: number;
            followingCount: number;
            videoCount: number;
            isVerified: boolean;
            isBanned: boolean;
            banReason: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description To the quarter hour.
             * @example 2026-01-31T09:30:00.000Z
             */
            lastActive: string | null;
        };
        /** @description An account with the newest of what it did and what was done to it. */
        AdminUserDetails: {
            user: components["schemas"]["AdminUser"];
            stats: {
                videos: number;
                followers: number;
                following: number;
                /** @description Of the videos that stand; of somebody with very many, at most a minute old. */
                total_likes: number;
                /** @description Of the videos that stand; of somebody with very many, at most a minute old. */
                total_views: number;
                /** @description Counted up to 1000: that many are so many or more. */
                reports_by_user: number;
                /** @description Counted up to 1000: that many are so many or more. */
                reports_against_user: number;
            };
            recent_videos: components["schemas"]["AdminVideo"][];
            recent_reports_by: components["schemas"]["AdminReport"][];
            recent_reports_against: components["schemas"]["AdminReport"][];
            bans: components["schemas"]["AdminBan"][];
            audit: components["schemas"]["AuditLogEntry"][];
        };
        /** @description A video as moderators and admins see it; `deletedAt` null: it stands. */
        AdminVideo: {
            /** @example 7 */
            id: number;
            title: string;
            description: string | null;
            /** @description null: its bytes are gone. */
            videoUrl: string | null;
            thumbUrl: string | null;
            /**
             * @description As it is stored, also of a deleted video.
             * @enum {string}
             */
            visibility: "public" | "private";
            /**
             * @description Moderation has hidden it from all but its owner, moderators and admins, who alone get this key.
             * @enum {boolean}
             */
            isHidden?: true;
            /** @example 7 */
            ownerId: number;
            ownerUsername: string;
            ownerAvatar: string | null;
            views: number;
            likes: number;
            comments: number;
            shares: number;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /** @description seconds */
            duration: number | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            deletedAt: string | null;
        };
        /** @description A report in the lists of moderators and admins. */
        AdminReport: {
            /** @example 7 */
            id: number;
            /**
             * @description null: not shown, the report is about the caller or something of theirs
             * @example 7
             */
            reporterId: number | null;
            /** @description null: not shown, the report is about the caller or something of theirs */
            reporterUsername: string | null;
            /** @enum {string} */
            targetType: "video" | "user" | "comment" | "message";
            /** @example 7 */
            targetId: number;
            reason: string;
            details: string | null;
            /** @enum {string} */
            status: "pending" | "resolved" | "rejected";
            result: string | null;
            /**
             * @description null with a result: the system
             * @example 7
             */
            resolvedBy: number | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            resolvedAt: string | null;
            /**
             * @description Who has claimed what it is about; null: nobody.
             * @example 7
             */
            claimedBy: number | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /** @description Of a video, a user, or a comment or message (the first 50 characters), as it was then. */
            targetInfo: {
                title: string | null;
                ownerUsername: string | null;
            } | {
                username: string | null;
            } | {
                content: string | null;
                authorUsername: string | null;
            };
        };
        /** @description A ban of an account. */
        AdminBan: {
            /** @example 7 */
            id: number;
            reason: string;
            /**
             * @description null: the system
             * @example 7
             */
            bannedBy: number | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            bannedAt: string;
            /**
             * Format: date-time
             * @description null: for good
             * @example 2026-01-31T09:30:00.000Z
             */
            until: string | null;
            /**
             * Format: date-time
             * @description null: in force
             * @example 2026-01-31T09:30:00.000Z
             */
            liftedAt: string | null;
            /** @example 7 */
            liftedBy: number | null;
        };
        /** @description What a moderator, an admin or the system did to what. */
        AuditLogEntry: {
            /** @example 7 */
            id: number;
            /**
             * @description null: the system
             * @example 7
             */
            actorId: number | null;
            actorUsername: string | null;
            action: string;
            targetType: string;
            /** @example 7 */
            targetId: number;
            details: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            undoneAt: string | null;
            /** @description Whether `POST /admin/audit-log/{id}/undo` knows an inverse, and was not called yet. */
            isUndoable: boolean;
        };
        /** @description A page of videos. */
        AdminVideos: {
            videos: components["schemas"]["AdminVideo"][];
            pagination: components["schemas"]["Pagination"];
            /**
             * Format: date-time
             * @description When sorted by a count: the order is that of this moment, at most a minute ago. The counts shown are of now.
             * @example 2026-01-31T09:30:00.000Z
             */
            sortedAsOf?: string;
        };
        /** @description A video with its newest comments and reports. */
        AdminVideoDetails: {
            video: components["schemas"]["AdminVideo"];
            owner: components["schemas"]["AdminPerson"];
            stats: {
                views: number;
                likes: number;
                comments: number;
                shares: number;
                /** @description Counted up to 1000: that many are so many or more. */
                reports: number;
            };
            recent_comments: components["schemas"]["AdminComment"][];
            reports: components["schemas"]["AdminReport"][];
        };
        /** @description Somebody beside a video, a comment or a report. */
        AdminPerson: {
            /** @example 7 */
            id: number;
            username: string;
            avatarUrl: string | null;
        };
        /** @description A comment as moderators and admins see it. */
        AdminComment: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            videoId: number;
            /** @example 7 */
            parentId: number | null;
            /** @description null: it was deleted */
            content: string | null;
            /**
             * @description Moderation has hidden it from all but its owner, moderators and admins, who alone get this key.
             * @enum {boolean}
             */
            isHidden?: true;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            deletedAt: string | null;
            user: components["schemas"]["AdminPerson"];
        };
        /** @description A page of reports. */
        AdminReports: {
            reports: components["schemas"]["AdminReport"][];
            pagination: components["schemas"]["Pagination"];
        };
        /** @description A report with what it is about. */
        AdminReportDetails: {
            report: components["schemas"]["AdminReport"];
            /** @description null: not shown, the report is about the caller or something of theirs */
            reporter: {
                /** @example 7 */
                id: number;
                username: string;
                avatarUrl: string | null;
            } | null;
            /** @description What was reported, as it is now; null: it is gone. */
            target: components["schemas"]["AdminVideo"] | components["schemas"]["AdminUser"] | components["schemas"]["AdminComment"] | components["schemas"]["AdminMessage"] | null;
            /** @description The same as it was when it was reported. */
            snapshot: {
                [key: string]: unknown;
            };
            /** @description The newest other reports on the same. */
            siblings: components["schemas"]["AdminReport"][];
            /** @description What was decided, the newest first. */
            history: components["schemas"]["AuditLogEntry"][];
        };
        /** @description A message that was reported. */
        AdminMessage: {
            /** @example 7 */
            id: number;
            /** @example 7 */
            senderId: number;
            /** @example 7 */
            receiverId: number;
            /** @description null: it was deleted */
            content: string | null;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-01-31T09:30:00.000Z
             */
            deletedAt: string | null;
        };
        /** @description A page of the audit log, the newest first. */
        AuditLog: {
            entries: components["schemas"]["AuditLogEntry"][];
            pagination: components["schemas"]["Pagination"];
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
         * @description What the person reads.
         * @example {
         *       "reason": "Please stop posting spam."
         *     }
         */
        WarnUser: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
        };
        /**
         * @description Why. Of what is hidden its owner reads it.
         * @example {
         *       "reason": "Spam"
         *     }
         */
        HideContent: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
        };
        /**
         * @description `status` is `resolved` unless it is given. `result` is what the reporter reads; `action` is done to the target.
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
            /** @enum {string} */
            action?: "none" | "warn" | "hide" | "delete" | "ban";
        };
        /**
         * @description Whether the account is verified from now on; `true` unless it is given.
         * @example {
         *       "verified": true
         *     }
         */
        VerifyUser: {
            verified?: boolean | ("0" | "1" | "true" | "false");
        };
        /**
         * @description The role that the account has from now on.
         * @example {
         *       "role": "moderator"
         *     }
         */
        ChangeRole: {
            /** @enum {string} */
            role: "user" | "moderator" | "admin";
        };
        /**
         * @description Why, for the audit log.
         * @example {
         *       "reason": "Sold to a spammer"
         *     }
         */
        DeleteUser: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
        };
        /**
         * @description Why everything that the account published goes.
         * @example {
         *       "reason": "Spam in every video"
         *     }
         */
        DeleteContent: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
        };
        /**
         * @description Who sees the video from now on.
         * @example {
         *       "visibility": "private"
         *     }
         */
        ChangeVisibility: {
            /**
             * @description `hidden` is another name of `private`.
             * @enum {string}
             */
            visibility: "public" | "private" | "hidden";
        };
        /**
         * @description Why, for the audit log.
         * @example {
         *       "reason": "Insults"
         *     }
         */
        DeleteComment: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
        };
        /**
         * @description Whom to ban, why, and until when; without `until` for good.
         * @example {
         *       "userIds": [
         *         7,
         *         8
         *       ],
         *       "reason": "Spam"
         *     }
         */
        BulkBan: {
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
            until?: string | null;
            /** @description Each once, however often it is named. */
            userIds: number[];
        };
        /**
         * @description Which videos to take down, and what their owners read.
         * @example {
         *       "videoIds": [
         *         7,
         *         8
         *       ],
         *       "reason": "Copyright"
         *     }
         */
        BulkDelete: {
            /** @description Each once, however often it is named. */
            videoIds: number[];
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            reason?: string | null;
        };
        /**
         * @description Which reports to decide: `resolved` unless `status` is given. `result` is what the reporters read.
         * @example {
         *       "reportIds": [
         *         7,
         *         8
         *       ],
         *       "status": "rejected",
         *       "result": "We found no violation."
         *     }
         */
        BulkResolve: {
            /** @enum {string} */
            status?: "resolved" | "approved" | "rejected";
            /**
             * @description Why; the person concerned can read it. Empty or absent: the default reason.
             * @example Spam
             */
            result?: string | null;
            /** @enum {string} */
            action?: "none" | "warn" | "hide" | "delete" | "ban";
            /** @description Each once, however often it is named. */
            reportIds: number[];
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
            /** @description Users: `ban`, `unban`; for admins `delete`. Videos, comments: `delete`, `restore`. */
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
                type?: "like" | "comment" | "follow" | "reply" | "mention" | "admin_delete" | "admin_resolve" | "admin_warning";
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
                /** @description For moderators and admins. true: only hidden videos; false: only the others. */
                hidden?: boolean;
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
    getAdminVideo: {
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
                    "application/json": components["schemas"]["AdminVideoDetails"];
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
    warnUser: {
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
                "application/json": components["schemas"]["WarnUser"];
            };
        };
        responses: {
            /** @description Warned */
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
    hideVideo: {
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
                "application/json": components["schemas"]["HideContent"];
            };
        };
        responses: {
            /** @description Hidden */
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
    unhideVideo: {
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
                "application/json": components["schemas"]["HideContent"];
            };
        };
        responses: {
            /** @description Not hidden */
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
    hideComment: {
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
                "application/json": components["schemas"]["HideContent"];
            };
        };
        responses: {
            /** @description Hidden */
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
    unhideComment: {
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
                "application/json": components["schemas"]["HideContent"];
            };
        };
        responses: {
            /** @description Not hidden */
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
    listQueue: {
        parameters: {
            query?: {
                /** @description From 1; `page` × `limit` is at most 10000. */
                page?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only targets of that kind. */
                targetType?: "video" | "user" | "comment" | "message";
                /** @description Only subjects whose heaviest report is of that category. */
                category?: "spam" | "harassment" | "hate" | "sexual" | "violence" | "minors" | "self_harm" | "other";
                /** @description By whom; a claim that ended is none. */
                claimed?: "me" | "nobody" | "all";
                /** @description `priority`: what is urgent, weighs more and waits longer comes first. */
                sortBy?: "priority" | "oldest" | "newest";
                /** @description The other way round; each sorting has its own. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page, and the counts of the whole queue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
        };
    };
    getSubject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What kind of thing was reported. */
                targetType: "video" | "user" | "comment" | "message";
                /** @description The id of the video, user, comment or message. */
                targetId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subject */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectDetails"];
                };
            };
        };
    };
    claimNextSubject: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NextSubject"];
            };
        };
        responses: {
            /** @description The subject; null: nothing is free */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextSubjectAnswer"];
                };
            };
        };
    };
    claimSubject: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubjectName"];
            };
        };
        responses: {
            /** @description Claimed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Claim"];
                };
            };
        };
    };
    releaseSubject: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubjectName"];
            };
        };
        responses: {
            /** @description Free */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Claim"];
                };
            };
        };
    };
    muteReporter: {
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
                "application/json": components["schemas"]["MuteReporter"];
            };
        };
        responses: {
            /** @description Muted or not */
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
    decideSubject: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideSubject"];
            };
        };
        responses: {
            /** @description Decided */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecideAnswer"];
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
    claimReport: {
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
            /** @description Claimed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Claim"];
                };
            };
        };
    };
    releaseReport: {
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
            /** @description Free */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Claim"];
                };
            };
        };
    };
    undoEntry: {
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
            /** @description Undone */
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
    listNotes: {
        parameters: {
            query: {
                /** @description Of a person, their videos' notes and those of reports on them are listed, too. */
                targetType: "user" | "video" | "report";
                /** @description The id of the person, video or report. */
                targetId: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest hundred */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Note"][];
                };
            };
        };
    };
    writeNote: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WriteNote"];
            };
        };
        responses: {
            /** @description Written */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Note"];
                };
            };
        };
    };
    deleteNote: {
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
    createAppeal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAppeal"];
            };
        };
        responses: {
            /** @description The appeal that is there */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appeal"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appeal"];
                };
            };
        };
    };
    listOwnAppeals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The newest hundred */
            200: {
                headers: {
                    /** @description Where the caller's events stood before this was read: a cursor to go on from. None without a token. */
                    "X-Event-Cursor"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appeal"][];
                };
            };
        };
    };
    listAppeals: {
        parameters: {
            query?: {
                /** @description From 1. */
                page?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only those in one state. */
                status?: "pending" | "granted" | "refused";
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appeals"];
                };
            };
        };
    };
    getAppeal: {
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
            /** @description The appeal */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaffAppeal"];
                };
            };
        };
    };
    grantAppeal: {
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
                "application/json": components["schemas"]["DecideAppeal"];
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
    refuseAppeal: {
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
                "application/json": components["schemas"]["DecideAppeal"];
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
    verifyUser: {
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
                "application/json": components["schemas"]["VerifyUser"];
            };
        };
        responses: {
            /** @description As asked */
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
    revokeUserSessions: {
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
            /** @description Signed out */
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
    changeUserRole: {
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
                "application/json": components["schemas"]["ChangeRole"];
            };
        };
        responses: {
            /** @description Changed */
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
    getAdminUser: {
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
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUserDetails"];
                };
            };
        };
    };
    deleteUser: {
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
                "application/json": components["schemas"]["DeleteUser"];
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
    deleteUserContent: {
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
                "application/json": components["schemas"]["DeleteContent"];
            };
        };
        responses: {
            /** @description Under way */
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
    changeVideoVisibility: {
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
                "application/json": components["schemas"]["ChangeVisibility"];
            };
        };
        responses: {
            /** @description As asked */
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
    takeDownComment: {
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
                "application/json": components["schemas"]["DeleteComment"];
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
    restoreComment: {
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
    banUsers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkBan"];
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
    takeDownVideos: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkDelete"];
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
    resolveReports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkResolve"];
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
    listAdminUsers: {
        parameters: {
            query?: {
                /** @description The first is 1; `page` × `limit` is at most 10000. */
                page?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Without regard to case and accents; an empty one is none. */
                search?: string;
                /** @description `active`: not banned. `all`: not deleted. `any`: deleted ones, too. */
                status?: "active" | "banned" | "all" | "any";
                /** @description Only those active on one of the last seven days of `STATS_TIMEZONE`, today included. */
                seenWithin?: "7d";
                /** @description Only what was made today, in `STATS_TIMEZONE`. */
                created?: "today";
                /** @description By what. */
                sortBy?: "created_at" | "username" | "follower_count";
                /** @description The newest or the most first, or last. */
                order?: "asc" | "desc";
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
                    "application/json": components["schemas"]["AdminUsers"];
                };
            };
        };
    };
    listAdminVideos: {
        parameters: {
            query?: {
                /** @description The first is 1; `page` × `limit` is at most 10000. */
                page?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Without regard to case and accents; an empty one is none. */
                search?: string;
                /** @description `all`: not deleted. `any`: deleted ones, too. */
                visibility?: "public" | "private" | "deleted" | "all" | "any";
                /** @description Only what was made today, in `STATS_TIMEZONE`. */
                created?: "today";
                /** @description By what. */
                sortBy?: "created_at" | "views" | "likes" | "comments";
                /** @description The newest or the most first, or last. */
                order?: "asc" | "desc";
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
                    "application/json": components["schemas"]["AdminVideos"];
                };
            };
        };
    };
    listAdminReports: {
        parameters: {
            query?: {
                /** @description The first is 1; `page` × `limit` is at most 10000. */
                page?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only those in one state. */
                status?: "pending" | "resolved" | "rejected" | "all";
                /** @description Only those on one kind of thing. */
                targetType?: "video" | "user" | "comment" | "message";
                /** @description Only those resolved or rejected today, in `STATS_TIMEZONE`. */
                decided?: "today";
                /** @description By what. */
                sortBy?: "created_at";
                /** @description The newest or the most first, or last. */
                order?: "asc" | "desc";
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
                    "application/json": components["schemas"]["AdminReports"];
                };
            };
        };
    };
    getAdminReport: {
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
                    "application/json": components["schemas"]["AdminReportDetails"];
                };
            };
        };
    };
    listAuditLog: {
        parameters: {
            query?: {
                /** @description The first is 1; `page` × `limit` is at most 10000. */
                page?: number;
                /** @description How many are wanted; more than 100 are cut to 100. */
                limit?: number;
                /** @description Only what this account did. */
                actor?: number;
                /** @description Only one kind of action. */
                action?: string;
                /** @description Only what was done to one kind of thing. */
                targetType?: string;
                /** @description Only what was done to things of this id. */
                targetId?: number;
                /** @description Only from this moment on. */
                from?: string;
                /** @description Only before this moment. */
                to?: string;
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
                    "application/json": components["schemas"]["AuditLog"];
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
