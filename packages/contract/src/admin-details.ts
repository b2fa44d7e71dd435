import { z } from "zod";
import { AdminReport, AdminUser, AdminVideo, AuditLogEntry } from "./admin-lists.ts";
import { Count, Id, IsHidden, Timestamp } from "./fields.ts";
import { MAX_COUNTED_ROWS } from "./pagination.ts";

const bounded = Count.meta({ description: `Counted up to ${MAX_COUNTED_ROWS}: that many are so many or more.` });
const total = Count.meta({
  description: "Of the videos that stand; of somebody with very many, at most a minute old.",
});

export const AdminBan = z
  .strictObject({
    id: Id,
    reason: z.string(),
    bannedBy: Id.nullable().meta({ description: "null: the system" }),
    bannedAt: Timestamp,
    until: Timestamp.nullable().meta({ description: "null: for good" }),
    liftedAt: Timestamp.nullable().meta({ description: "null: in force" }),
    liftedBy: Id.nullable(),
  })
  .meta({ id: "AdminBan", description: "A ban of an account." });
export type AdminBan = z.infer<typeof AdminBan>;

export const AdminUserDetails = z
  .strictObject({
    user: AdminUser,
    stats: z.strictObject({
      videos: Count,
      followers: Count,
      following: Count,
      total_likes: total,
      total_views: total,
      reports_by_user: bounded,
      reports_against_user: bounded,
    }),
    recent_videos: z.array(AdminVideo),
    recent_reports_by: z.array(AdminReport),
    recent_reports_against: z.array(AdminReport),
    bans: z.array(AdminBan),
    audit: z.array(AuditLogEntry),
  })
  .meta({ id: "AdminUserDetails", description: "An account with the newest of what it did and what was done to it." });
export type AdminUserDetails = z.infer<typeof AdminUserDetails>;

const AdminPerson = z
  .strictObject({ id: Id, username: z.string(), avatarUrl: z.string().nullable() })
  .meta({ id: "AdminPerson", description: "Somebody beside a video, a comment or a report." });
export type AdminPerson = z.infer<typeof AdminPerson>;

export const AdminComment = z
  .strictObject({
    id: Id,
    videoId: Id,
    parentId: Id.nullable(),
    content: z.string().nullable().meta({ description: "null: it was deleted" }),
    isHidden: IsHidden,
    createdAt: Timestamp,
    deletedAt: Timestamp.nullable(),
    user: AdminPerson,
  })
  .meta({ id: "AdminComment", description: "A comment as moderators and admins see it." });
export type AdminComment = z.infer<typeof AdminComment>;

export const AdminMessage = z
  .strictObject({
    id: Id,
    senderId: Id,
    receiverId: Id,
    content: z.string().nullable().meta({ description: "null: it was deleted" }),
    createdAt: Timestamp,
    deletedAt: Timestamp.nullable(),
  })
  .meta({ id: "AdminMessage", description: "A message that was reported." });
export type AdminMessage = z.infer<typeof AdminMessage>;

export const AdminVideoDetails = z
  .strictObject({
    video: AdminVideo,
    owner: AdminPerson,
    stats: z.strictObject({ views: Count, likes: Count, comments: Count, shares: Count, reports: bounded }),
    recent_comments: z.array(AdminComment),
    reports: z.array(AdminReport),
  })
  .meta({ id: "AdminVideoDetails", description: "A video with its newest comments and reports." });
export type AdminVideoDetails = z.infer<typeof AdminVideoDetails>;

export const AdminReportDetails = z
  .strictObject({
    report: AdminReport,
    reporter: AdminPerson.nullable().meta({
      description: "null: not shown, the report is about the caller or something of theirs",
    }),
    target: z
      .union([AdminVideo, AdminUser, AdminComment, AdminMessage])
      .nullable()
      .meta({ description: "What was reported, as it is now; null: it is gone." }),
    snapshot: z.record(z.string(), z.unknown()).meta({ description: "The same as it was when it was reported." }),
    siblings: z.array(AdminReport).meta({ description: "The newest other reports on the same." }),
    history: z.array(AuditLogEntry).meta({ description: "What was decided, the newest first." }),
  })
  .meta({ id: "AdminReportDetails", description: "A report with what it is about." });
export type AdminReportDetails = z.infer<typeof AdminReportDetails>;
