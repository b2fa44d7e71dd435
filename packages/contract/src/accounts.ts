import { z } from "zod";
import { Count, Email, GivenPassword, Id, Password, personName, Reason, Timestamp, text, Username } from "./fields.ts";

export const Role = z.enum(["user", "moderator", "admin"]);
export type Role = z.infer<typeof Role>;

const userFields = {
  id: Id,
  username: z.string(),
  fullName: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  bio: z.string().nullable(),
  isVerified: z.boolean(),
  createdAt: Timestamp,
  followerCount: Count,
  followingCount: Count,
  videoCount: Count,
  isFollowing: z.boolean().nullable(),
  followsMe: z.boolean().nullable(),
  isBlocked: z.boolean().nullable(),
};

/** An account as others see it. The last three are null without a token. */
export const User = z.strictObject(userFields).meta({ id: "User" });
export type User = z.infer<typeof User>;

/** An account as its owner sees it. */
export const OwnUser = z
  .strictObject({
    ...userFields,
    email: z.string(),
    role: Role,
    status: z.enum(["active", "banned", "deleted"]),
    unseenNotifications: Count,
    unreadMessages: Count,
  })
  .meta({ id: "OwnUser" });
export type OwnUser = z.infer<typeof OwnUser>;

/** The few fields of a person that stand beside a message, a comment, a notification. */
export const Person = z
  .strictObject({
    id: Id,
    username: z.string(),
    fullName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
  })
  .meta({ id: "Person" });
export type Person = z.infer<typeof Person>;

export const Register = z
  .object({ email: Email, username: Username, password: Password, fullName: personName(100).nullish() })
  .meta({ id: "Register" });

/** Either `email` or `username`; the form of the OAuth2 password flow sends the e-mail as `username`. */
export const Login = z
  .object({
    email: text(0, 254).nullish(),
    username: text(0, 254).nullish(),
    password: GivenPassword,
  })
  .refine((body) => Boolean(body.email || body.username), { path: ["username"], message: "is required" })
  .meta({ id: "Login" });

export const LoginAnswer = z
  .strictObject({
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresIn: z.int().positive().meta({ description: "seconds" }),
    user: OwnUser,
    access_token: z.string(),
    token_type: z.literal("bearer"),
  })
  .meta({ id: "LoginAnswer" });
export type LoginAnswer = z.infer<typeof LoginAnswer>;

export const Refresh = z.object({ refreshToken: z.string().min(1).max(200) }).meta({ id: "Refresh" });

export const PasswordIsValid = z.strictObject({ valid: z.literal(true) }).meta({ id: "PasswordIsValid" });

export const VerifyPassword = z.object({ email: text(1, 254), password: GivenPassword }).meta({ id: "VerifyPassword" });

export const UpdateProfile = z
  .object({
    username: Username.optional(),
    fullName: personName(100).nullish(),
    email: Email.optional(),
    bio: text(0, 500).nullish(),
    currentPassword: GivenPassword.optional().meta({ description: "needed to change the e-mail address" }),
  })
  .meta({ id: "UpdateProfile" });

export const ChangePassword = z
  .object({ currentPassword: GivenPassword, newPassword: Password })
  .meta({ id: "ChangePassword" });

export const DeleteAccount = z.object({ password: GivenPassword }).meta({ id: "DeleteAccount" });

export const Session = z
  .strictObject({
    id: Id,
    createdAt: Timestamp,
    lastUsedAt: Timestamp,
    userAgent: z.string().nullable(),
    address: z.string().nullable(),
    isCurrent: z.boolean(),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

export const Ticket = z
  .strictObject({ ticket: z.string(), expiresIn: z.int().meta({ description: "seconds" }) })
  .meta({ id: "Ticket" });

/** The answer of a verb that sets a state: `changed` is false when it already stood. */
export const Changed = z.strictObject({ success: z.literal(true), changed: z.boolean() }).meta({ id: "Changed" });
export type Changed = z.infer<typeof Changed>;

/** The same for an admin's write, with a sentence to show. */
export const AdminAnswer = z
  .strictObject({ success: z.literal(true), changed: z.boolean(), message: z.string() })
  .meta({ id: "AdminAnswer" });
export type AdminAnswer = z.infer<typeof AdminAnswer>;

/** Without `until` a ban is for good. */
export const BanUser = z
  .object({ reason: Reason, until: z.iso.datetime({ offset: true }).nullish() })
  .meta({ id: "BanUser" });
export type BanUser = z.infer<typeof BanUser>;

export const FollowAnswer = z.strictObject({ changed: z.boolean(), followerCount: Count }).meta({ id: "FollowAnswer" });
export type FollowAnswer = z.infer<typeof FollowAnswer>;
export const Followers = z.strictObject({ followers: z.array(User), total: Count }).meta({ id: "Followers" });
export const Following = z.strictObject({ following: z.array(User), total: Count }).meta({ id: "Following" });
