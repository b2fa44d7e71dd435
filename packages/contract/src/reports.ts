import { z } from "zod";
import { Id, page, Reason, Timestamp, text } from "./fields.ts";

export const ReportTarget = z.enum(["video", "user", "comment", "message"]);
export type ReportTarget = z.infer<typeof ReportTarget>;

export const ReportStatus = z.enum(["pending", "resolved", "rejected"]);
export type ReportStatus = z.infer<typeof ReportStatus>;

/** `approved` is what deployed clients say for `resolved`. */
export const Verdict = z.enum(["resolved", "approved", "rejected"]).transform((status) => {
  return status === "approved" ? ("resolved" as const) : status;
});

export const CreateReport = z
  .object({ targetType: ReportTarget, targetId: Id, reason: text(1, 500), description: text(0, 2000).nullish() })
  .meta({ id: "CreateReport" });
export type CreateReport = z.infer<typeof CreateReport>;

/** A report as its author sees it. */
export const Report = z
  .strictObject({
    id: Id,
    reporterId: Id,
    targetType: ReportTarget,
    targetId: Id,
    reason: z.string(),
    description: z.string().nullable(),
    status: ReportStatus,
    result: z.string().nullable(),
    createdAt: Timestamp,
    resolvedAt: Timestamp.nullable(),
  })
  .meta({ id: "Report" });
export type Report = z.infer<typeof Report>;

export const ReportsQuery = page();

export const ResolveReport = z.object({ status: Verdict.optional(), result: Reason }).meta({ id: "ResolveReport" });
export const RejectReport = z.object({ reason: Reason }).meta({ id: "RejectReport" });

/** The fields of an admin's deletion. */
export const DeleteVideo = z.object({ reason: Reason }).meta({ id: "DeleteVideo" });
