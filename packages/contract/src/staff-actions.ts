import { z } from "zod";
import { Role } from "./accounts.ts";
import { Flag, Id, Reason } from "./fields.ts";
import { BanUser, MAX_BULK_IDS } from "./moderation.ts";
import { ResolveReport } from "./reports.ts";
import { GivenVisibility } from "./videos.ts";

/** Without `verified` the account becomes verified. */
export const VerifyUser = z.object({ verified: z.union([z.boolean(), Flag]).default(true) }).meta({
  id: "VerifyUser",
  description: "Whether the account is verified from now on; `true` unless it is given.",
  example: { verified: true },
});

export const ChangeRole = z.object({ role: Role }).meta({
  id: "ChangeRole",
  description: "The role that the account has from now on.",
  example: { role: "moderator" },
});

export const DeleteUser = z.object({ reason: Reason }).meta({
  id: "DeleteUser",
  description: "Why, for the audit log.",
  example: { reason: "Sold to a spammer" },
});

export const ChangeVisibility = z
  .object({ visibility: GivenVisibility.meta({ description: "`hidden` is another name of `private`." }) })
  .meta({
    id: "ChangeVisibility",
    description: "Who sees the video from now on.",
    example: { visibility: "private" },
  });

export const DeleteComment = z.object({ reason: Reason }).meta({
  id: "DeleteComment",
  description: "Why, for the audit log.",
  example: { reason: "Insults" },
});

export const DeleteContent = z.object({ reason: Reason }).meta({
  id: "DeleteContent",
  description: "Why everything that the account published goes.",
  example: { reason: "Spam in every video" },
});

const ids = z.array(Id).min(1).max(MAX_BULK_IDS).meta({ description: "Each once, however often it is named." });

export const BulkBan = BanUser.extend({ userIds: ids }).meta({
  id: "BulkBan",
  description: "Whom to ban, why, and until when; without `until` for good.",
  example: { userIds: [7, 8], reason: "Spam" },
});
export type BulkBan = z.infer<typeof BulkBan>;

export const BulkDelete = z.object({ videoIds: ids, reason: Reason }).meta({
  id: "BulkDelete",
  description: "Which videos to take down, and what their owners read.",
  example: { videoIds: [7, 8], reason: "Copyright" },
});
export type BulkDelete = z.infer<typeof BulkDelete>;

export const BulkResolve = ResolveReport.extend({ reportIds: ids }).meta({
  id: "BulkResolve",
  description: "Which reports to decide: `resolved` unless `status` is given. `result` is what the reporters read.",
  example: { reportIds: [7, 8], status: "rejected", result: "We found no violation." },
});
export type BulkResolve = z.output<typeof BulkResolve>;
