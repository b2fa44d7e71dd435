import { z } from "zod";
import { withAliases } from "./aliases.ts";
import { Count, Email, GivenPassword, Id, Password, personName, Timestamp, text, Username } from "./fields.ts";

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
  isFollowing: z.boolean().nullable().meta({ description: "Whether the caller follows them; null without a token." }),
  followsMe: z.boolean().nullable().meta({ description: "Whether they follow the caller; null without a token." }),
  isBlocked: z.boolean().nullable().meta({ description: "Whether the caller blocked them; null without a token." }),
};

const AccountStatus = z.enum(["active", "banned", "deleted"]);

/** An account as others see it. The last three are null without a token. */
export const User = withAliases("User", z.strictObject(userFields), {
  id: "User",
  description: "An account as others see it. Never anybody's e-mail address.",
});
export type User = z.infer<typeof User>;

const forStaff = { description: "For moderators and admins only." };

/** One of everybody: for staff also what the admin pages of deployed clients show. */
export const ListedUser = withAliases(
  "User",
  z.strictObject({
    ...userFields,
    email: z.string().nullable().optional().meta(forStaff),
    role: Role.optional().meta(forStaff),
    status: AccountStatus.optional().meta(forStaff),
    isBanned: z.boolean().optional().meta(forStaff),
  }),
  {
    id: "ListedUser",
    description: "An account in the list of everybody; moderators and admins get the last four as well.",
  },
);
export type ListedUser = z.infer<typeof ListedUser>;

/** An account as its owner sees it. */
export const OwnUser = withAliases(
  "User",
  z.strictObject({
    ...userFields,
    email: z.string(),
    role: Role,
    status: AccountStatus,
    unseenNotifications: Count,
    unreadMessages: Count,
  }),
  { id: "OwnUser", description: "An account as its owner sees it." },
);
export type OwnUser = z.infer<typeof OwnUser>;

/** The few fields of a person that stand beside a message, a comment, a notification. */
export const Person = z
  .strictObject({
    id: Id,
    username: z.string(),
    fullName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
  })
  .meta({ id: "Person", description: "Somebody beside a message or a comment." });
export type Person = z.infer<typeof Person>;

export const Register = z
  .object({ email: Email, username: Username, password: Password, fullName: personName(100).nullish() })
  .meta({
    id: "Register",
    description: "A new account. E-mail address and username are unique without regard to case.",
    example: { email: "an@example.com", username: "an.nguyen", password: "correct horse", fullName: "An Nguyễn" },
  });

/** Either `email` or `username`; the form of the OAuth2 password flow sends the e-mail as `username`. */
export const Login = z
  .object({
    email: text(0, 254).nullish(),
    username: text(0, 254).nullish(),
    password: GivenPassword,
  })
  .refine((body) => Boolean(body.email || body.username), { path: ["username"], message: "is required" })
  .meta({
    id: "Login",
    description: "`username` may be the e-mail address. With both `email` and `username`, `email` counts.",
    example: { username: "an.nguyen", password: "correct horse" },
  });

export const LoginResponse = z
  .strictObject({
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresIn: z.int().positive().meta({ description: "seconds" }),
    user: OwnUser,
    access_token: z.string().meta({ description: "The same as `accessToken`, as OAuth2 calls it." }),
    token_type: z.literal("bearer"),
  })
  .meta({ id: "LoginAnswer", description: "The tokens of a session, and its account." });
export type LoginResponse = z.infer<typeof LoginResponse>;

export const Refresh = z.object({ refreshToken: z.string().min(1).max(200) }).meta({
  id: "Refresh",
  description: "The refresh token of the last login or refresh.",
  example: { refreshToken: "qL2Jc1nq4hZ0m0sV6i8w3A" },
});

export const PasswordIsValid = z
  .strictObject({ valid: z.literal(true) })
  .meta({ id: "PasswordIsValid", description: "The password is right; a wrong one is an error." });

export const VerifyPassword = z.object({ email: text(1, 254), password: GivenPassword }).meta({
  id: "VerifyPassword",
  description: "An e-mail address or username, and the password to try.",
  example: { email: "an@example.com", password: "correct horse" },
});

export const UpdateProfile = z
  .object({
    username: Username.optional(),
    fullName: personName(100).nullish(),
    email: Email.optional(),
    bio: text(0, 500).nullish(),
    currentPassword: GivenPassword.optional().meta({ description: "needed to change the e-mail address" }),
  })
  .meta({
    id: "UpdateProfile",
    description: "The fields to change; an empty full name or bio is none.",
    example: { fullName: "An Nguyễn", bio: "Xin chào!" },
  });

export const ChangePassword = z.object({ currentPassword: GivenPassword, newPassword: Password }).meta({
  id: "ChangePassword",
  description: "The password so far, and the new one.",
  example: { currentPassword: "correct horse", newPassword: "battery staple" },
});

export const Session = z
  .strictObject({
    id: Id,
    createdAt: Timestamp,
    lastUsedAt: Timestamp,
    userAgent: z.string().nullable(),
    address: z.string().nullable(),
    isCurrent: z.boolean(),
  })
  .meta({ id: "Session", description: "A login that can still be used." });
export type Session = z.infer<typeof Session>;

export const Ticket = z
  .strictObject({ ticket: z.string(), expiresIn: z.int().meta({ description: "seconds" }) })
  .meta({ id: "Ticket", description: "What the socket accepts in place of a token, once." });
