import { z } from "zod";
import { Role } from "./accounts.ts";
import { Count, Id, IdParam, IsHidden, limit, numeric, Search, Timestamp } from "./fields.ts";
import { MAX_LISTED_ROWS, Pagination } from "./pagination.ts";
import { ReportStatus, ReportTarget } from "./reports.ts";
import { Visibility } from "./videos.ts";

const sortedAsOf = Timestamp.optional().meta({
  description:
    "When sorted by a count: the order is that of this moment, at most a minute ago. The counts shown are of now.",
});

/** `page` and `limit`, with the filters of one list. */
function paged<T extends z.ZodRawShape>(filters: T) {
  const page = numeric(z.int().min(1))
    .default(1)
    .meta({
      description: `The first is 1; \`page\` × \`limit\` is at most ${MAX_LISTED_ROWS}.`,
    });
  return z.object({ page, limit: limit(), ...filters }).refine((given) => !isTooFar(given), {
    path: ["page"],
    message: `times limit must be at most ${MAX_LISTED_ROWS}`,
  });
}

function isTooFar(given: { page?: unknown; limit?: unknown }): boolean {
  return Number(given.page) * Number(given.limit) > MAX_LISTED_ROWS;
}

const search = Search.default("").meta({ description: "Without regard to case and accents; an empty one is none." });
const created = z.literal("today").optional().meta({ description: "Only what was made today, in `STATS_TIMEZONE`." });
const order = z.enum(["asc", "desc"]).default("desc").meta({ description: "The newest or the most first, or last." });

export const AdminUsersQuery = paged({
  search,
  status: z
    .enum(["active", "banned", "all", "any"])
    .default("all")
    .meta({ description: "`active`: not banned. `all`: not deleted. `any`: deleted ones, too." }),
  seenWithin: z
    .literal("7d")
    .optional()
    .meta({ description: "Only those active on one of the last seven days of `STATS_TIMEZONE`, today included." }),
  created,
  sortBy: z.enum(["created_at", "username", "follower_count"]).default("created_at").meta({ description: "By what." }),
  order,
});
export type AdminUsersQuery = z.output<typeof AdminUsersQuery>;

export const AdminUser = z
  .strictObject({
    id: Id,
    username: z.string(),
    email: z.string().nullable(),
    fullName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    bio: z.string().nullable(),
    role: Role,
    followerCount: Count,
    followingCount: Count,
    videoCount: Count,
    isVerified: z.boolean(),
    isBanned: z.boolean(),
    banReason: z.string().nullable(),
    createdAt: Timestamp,
    lastActive: Timestamp.nullable().meta({ description: "To the quarter hour." }),
  })
  .meta({ id: "AdminUser", description: "An account as moderators and admins see it." });
export type AdminUser = z.infer<typeof AdminUser>;

export const AdminUsers = z
  .strictObject({ users: z.array(AdminUser), pagination: Pagination, sortedAsOf })
  .meta({ id: "AdminUsers", description: "A page of accounts." });
export type AdminUsers = z.infer<typeof AdminUsers>;

export const AdminVideosQuery = paged({
  search,
  visibility: z
    .enum(["public", "private", "deleted", "all", "any"])
    .default("all")
    .meta({ description: "`all`: not deleted. `any`: deleted ones, too." }),
  created,
  sortBy: z.enum(["created_at", "views", "likes", "comments"]).default("created_at").meta({ description: "By what." }),
  order,
});
export type AdminVideosQuery = z.output<typeof AdminVideosQuery>;

export const AdminVideo = z
  .strictObject({
    id: Id,
    title: z.string(),
    description: z.string().nullable(),
    videoUrl: z.string().nullable().meta({ description: "null: its bytes are gone." }),
    thumbUrl: z.string().nullable(),
    visibility: Visibility.meta({ description: "As it is stored, also of a deleted video." }),
    isHidden: IsHidden,
    ownerId: Id,
    ownerUsername: z.string(),
    ownerAvatar: z.string().nullable(),
    views: Count,
    likes: Count,
    comments: Count,
    shares: Count,
    createdAt: Timestamp,
    duration: z.number().nonnegative().nullable().meta({ description: "seconds" }),
    deletedAt: Timestamp.nullable(),
  })
  .meta({ id: "AdminVideo", description: "A video as moderators and admins see it; `deletedAt` null: it stands." });
export type AdminVideo = z.infer<typeof AdminVideo>;

export const AdminVideos = z
  .strictObject({ videos: z.array(AdminVideo), pagination: Pagination, sortedAsOf })
  .meta({ id: "AdminVideos", description: "A page of videos." });
export type AdminVideos = z.infer<typeof AdminVideos>;

export const AdminReportsQuery = paged({
  status: z
    .enum([...ReportStatus.options, "all"])
    .default("all")
    .meta({ description: "Only those in one state." }),
  targetType: ReportTarget.optional().meta({ description: "Only those on one kind of thing." }),
  decided: z
    .literal("today")
    .optional()
    .meta({ description: "Only those resolved or rejected today, in `STATS_TIMEZONE`." }),
  sortBy: z.literal("created_at").default("created_at").meta({ description: "By what." }),
  order,
});
export type AdminReportsQuery = z.output<typeof AdminReportsQuery>;

const NOT_SHOWN = "null: not shown, the report is about the caller or something of theirs";

export const AdminReport = z
  .strictObject({
    id: Id,
    reporterId: Id.nullable().meta({ description: NOT_SHOWN }),
    reporterUsername: z.string().nullable().meta({ description: NOT_SHOWN }),
    targetType: ReportTarget,
    targetId: Id,
    reason: z.string(),
    details: z.string().nullable(),
    status: ReportStatus,
    result: z.string().nullable(),
    resolvedBy: Id.nullable().meta({ description: "null with a result: the system" }),
    resolvedAt: Timestamp.nullable(),
    claimedBy: Id.nullable().meta({ description: "Who has claimed what it is about; null: nobody." }),
    createdAt: Timestamp,
    targetInfo: z
      .union([
        z.strictObject({ title: z.string().nullable(), ownerUsername: z.string().nullable() }),
        z.strictObject({ username: z.string().nullable() }),
        z.strictObject({ content: z.string().nullable(), authorUsername: z.string().nullable() }),
      ])
      .meta({ description: "Of a video, a user, or a comment or message (the first 50 characters), as it was then." }),
  })
  .meta({ id: "AdminReport", description: "A report in the lists of moderators and admins." });
export type AdminReport = z.infer<typeof AdminReport>;

export const AdminReports = z
  .strictObject({ reports: z.array(AdminReport), pagination: Pagination })
  .meta({ id: "AdminReports", description: "A page of reports." });
export type AdminReports = z.infer<typeof AdminReports>;

const name = z.string().regex(/^[a-z_]{1,40}$/, "must be a word of small letters");
const moment = z.iso.datetime({ offset: true });

export const AuditLogQuery = paged({
  actor: IdParam.optional().meta({ description: "Only what this account did." }),
  action: name.optional().meta({ description: "Only one kind of action.", example: "user_ban" }),
  targetType: name.optional().meta({ description: "Only what was done to one kind of thing.", example: "user" }),
  targetId: IdParam.optional().meta({ description: "Only what was done to things of this id." }),
  from: moment.optional().meta({ description: "Only from this moment on.", example: "2026-01-31T00:00:00Z" }),
  to: moment.optional().meta({ description: "Only before this moment.", example: "2026-02-01T00:00:00Z" }),
});
export type AuditLogQuery = z.output<typeof AuditLogQuery>;

export const AuditLogEntry = z
  .strictObject({
    id: Id,
    actorId: Id.nullable().meta({ description: "null: the system" }),
    actorUsername: z.string().nullable(),
    action: z.string(),
    targetType: z.string(),
    targetId: Id,
    details: z.record(z.string(), z.unknown()),
    createdAt: Timestamp,
    undoneAt: Timestamp.nullable(),
    isUndoable: z.boolean().meta({
      description: "Whether `POST /admin/audit-log/{id}/undo` knows an inverse, and was not called yet.",
    }),
  })
  .meta({ id: "AuditLogEntry", description: "What a moderator, an admin or the system did to what." });
export type AuditLogEntry = z.infer<typeof AuditLogEntry>;

export const AuditLog = z
  .strictObject({ entries: z.array(AuditLogEntry), pagination: Pagination })
  .meta({ id: "AuditLog", description: "A page of the audit log, the newest first." });
export type AuditLog = z.infer<typeof AuditLog>;
