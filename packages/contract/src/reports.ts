import { z } from "zod";
import { withAliases } from "./aliases.ts";
import { Id, page, Reason, Timestamp, text } from "./fields.ts";

export const ReportTarget = z.enum(["video", "user", "comment", "message"]);
export type ReportTarget = z.infer<typeof ReportTarget>;

/** From the lightest to the heaviest, but for `other`, which is as light as `spam`. */
export const ReportCategory = z.enum([
  "spam",
  "harassment",
  "hate",
  "sexual",
  "violence",
  "minors",
  "self_harm",
  "other",
]);
export type ReportCategory = z.infer<typeof ReportCategory>;

export const ReportStatus = z.enum(["pending", "resolved", "rejected"]);
export type ReportStatus = z.infer<typeof ReportStatus>;

/** `approved` is what deployed clients say for `resolved`. */
const asStored = <S extends ReportStatus>(status: S | "approved") => (status === "approved" ? "resolved" : status);
const GivenStatus = z.enum(["pending", "resolved", "approved", "rejected"]).transform(asStored<ReportStatus>);
const GivenDecision = z
  .enum(["resolved", "approved", "rejected"])
  .transform(asStored<Exclude<ReportStatus, "pending">>);

export const CreateReport = z
  .object({
    targetType: ReportTarget,
    targetId: Id,
    reason: text(1, 500),
    category: ReportCategory.nullish().meta({ description: "What kind of violation it is; absent: `other`." }),
    description: text(0, 2000).nullish(),
  })
  .meta({
    id: "CreateReport",
    description: "What is reported, and why.",
    example: { targetType: "video", targetId: 7, reason: "spam", description: "The same link under every video" },
  });
export type CreateReport = z.infer<typeof CreateReport>;

/** A report as its author sees it. */
const ownReport = z.strictObject({
  id: Id,
  reporterId: Id,
  targetType: ReportTarget,
  targetId: Id,
  reason: z.string(),
  category: ReportCategory,
  description: z.string().nullable(),
  status: ReportStatus,
  result: z.string().nullable(),
  createdAt: Timestamp,
  resolvedAt: Timestamp.nullable(),
});
export const Report = ownReport.meta({ id: "Report", description: "A report as its author sees it." });
export type Report = z.infer<typeof Report>;

const NOT_SHOWN = "null: not shown, the report is about the caller or something of theirs";

const staffReport = ownReport.extend({
  reporterId: Id.nullable().meta({ description: NOT_SHOWN }),
  reporterUsername: z.string().nullable().meta({ description: NOT_SHOWN }),
  resolvedBy: Id.nullable().meta({ description: "null with a verdict: the system" }),
});

/** A report as staff sees it. */
export const StaffReport = withAliases("StaffReport", staffReport, {
  id: "StaffReport",
  description: "A report as moderators and admins see it.",
});
export type StaffReport = z.infer<typeof StaffReport>;

/** One report, with what it froze: the fields depend on what was reported. */
export const StaffReportDetails = withAliases(
  "StaffReport",
  staffReport.extend({ snapshot: z.record(z.string(), z.unknown()) }),
  {
    id: "StaffReportDetails",
    description: "A report, and in `snapshot` what was reported as it was then: its author, text, title, counts.",
  },
);
export type StaffReportDetails = z.infer<typeof StaffReportDetails>;

export const ReportsQuery = page().extend({
  status: GivenStatus.optional().meta({
    description: "Only those in one state; `approved` is another name of `resolved`.",
  }),
});
export type ReportsQuery = z.output<typeof ReportsQuery>;

export const ModerationAction = z.enum(["none", "warn", "hide", "delete", "ban"]);
export type ModerationAction = z.infer<typeof ModerationAction>;

export const ResolveReport = z
  .object({ status: GivenDecision.optional(), result: Reason, action: ModerationAction.optional() })
  .meta({
    id: "ResolveReport",
    description:
      "`status` is `resolved` unless it is given. `result` is what the reporter reads; `action` is done to the target.",
    example: { status: "resolved", result: "Thank you, we have removed it." },
  });
/** The same as deployed clients say it; `pending` reopens the report. */
export const DecideReport = z.object({ status: GivenStatus, decision: Reason }).meta({
  id: "DecideReport",
  description:
    "`approved` is another name of `resolved`; `pending` takes the verdict back. `decision` becomes `result`.",
  example: { status: "approved", decision: "Thank you, we have removed it." },
});
export const RejectReport = z.object({ reason: Reason }).meta({
  id: "RejectReport",
  description: "What the reporter reads.",
  example: { reason: "We found no violation." },
});
