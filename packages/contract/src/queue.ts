import { z } from "zod";
import { Count, Id, limit, numeric, Reason, Timestamp } from "./fields.ts";
import { MAX_LISTED_ROWS, Pagination } from "./pagination.ts";
import { ModerationAction, ReportCategory, ReportTarget, StaffReport } from "./reports.ts";

const MAX_SKIPPED = 50;

const subject = { targetType: ReportTarget, targetId: Id };

/** What one moderator claims and decides: a target, not a report. */
export const SubjectName = z.object(subject).meta({
  id: "SubjectName",
  description: "A thing or person that was reported.",
  example: { targetType: "video", targetId: 7 },
});
export type SubjectName = z.infer<typeof SubjectName>;

/** What is known of a person, wherever staff see them. */
export const PersonRecord = z
  .strictObject({
    strikes30: Count.meta({ description: "Warnings, takedowns and bans of the last 30 days that stand." }),
    strikes90: Count.meta({ description: "The same of the last 90 days." }),
    precision: z.number().meta({ description: "How often their reports were right, from 0 to 1.", example: 0.5 }),
    muted: z.boolean().meta({ description: "Whether their reports count for nothing in the queue." }),
    sessions: Count.meta({ description: "How many of their sessions stand." }),
    lastSeen: Timestamp.nullable(),
  })
  .meta({ id: "PersonRecord", description: "What is known of a person." });
export type PersonRecord = z.infer<typeof PersonRecord>;

const person = z.strictObject({ id: Id, username: z.string() });
const categories = z.partialRecord(ReportCategory, Count).meta({
  description: "How many pending reports there are of each category.",
  example: { spam: 3, hate: 1 },
});

export const Subject = z
  .strictObject({
    ...subject,
    targetInfo: z.record(z.string(), z.unknown()).meta({ description: "As the newest report froze it." }),
    reports: Count.meta({ description: "How many people reported it." }),
    category: ReportCategory.meta({ description: "The heaviest of the pending reports." }),
    categories,
    oldestAt: Timestamp,
    newestAt: Timestamp,
    score: Count,
    claimedBy: person.nullable(),
    claimedUntil: Timestamp.nullable(),
    isHidden: z.boolean(),
    author: person.nullable().meta({ description: "Whom it concerns." }),
    record: z.union([PersonRecord, z.null()]).meta({ description: "Of that person." }),
  })
  .meta({ id: "Subject", description: "A target with reports to be decided." });
export type Subject = z.infer<typeof Subject>;

export const QueueCounts = z
  .strictObject({ pending: Count, mine: Count, unclaimed: Count, overdue: Count, muted: Count })
  .meta({
    id: "QueueCounts",
    description:
      "Of the whole queue, whatever is listed; subjects that only muted people reported count in `muted` alone.",
  });
export type QueueCounts = z.infer<typeof QueueCounts>;

export const QueueResponse = z
  .strictObject({ subjects: z.array(Subject), pagination: Pagination, counts: QueueCounts })
  .meta({ id: "Queue", description: "A page of the queue." });
export type QueueResponse = z.infer<typeof QueueResponse>;

const filters = {
  targetType: ReportTarget.optional().meta({ description: "Only targets of that kind." }),
  category: ReportCategory.optional().meta({ description: "Only subjects whose heaviest report is of that category." }),
};

export const QueueQuery = z
  .object({
    page: numeric(z.int().min(1).max(MAX_LISTED_ROWS))
      .default(1)
      .meta({ description: `From 1; \`page\` × \`limit\` is at most ${MAX_LISTED_ROWS}.` }),
    limit: limit(),
    ...filters,
    claimed: z
      .enum(["me", "nobody", "all"])
      .default("all")
      .meta({ description: "By whom; a claim that ended is none." }),
    sortBy: z.enum(["priority", "oldest", "newest"]).default("priority").meta({
      description: "`priority`: what is urgent, weighs more and waits longer comes first.",
    }),
    order: z.enum(["asc", "desc"]).optional().meta({ description: "The other way round; each sorting has its own." }),
  })
  .refine(({ page, limit }) => page * limit <= MAX_LISTED_ROWS, {
    path: ["page"],
    message: `at most ${MAX_LISTED_ROWS} subjects can be paged through`,
  });
export type QueueQuery = z.output<typeof QueueQuery>;

export const QueueFilters = z.object(filters);
export type QueueFilters = z.infer<typeof QueueFilters>;

export const NextSubject = z
  .object({
    filters: QueueFilters.nullish(),
    skip: z.array(SubjectName).max(MAX_SKIPPED).nullish().meta({ description: "Not these." }),
  })
  .meta({
    id: "NextSubject",
    description: "Which subjects come into question.",
    example: { filters: { category: "spam" } },
  });
export type NextSubject = z.infer<typeof NextSubject>;

export const NextResponse = z
  .strictObject({ next: z.union([Subject, z.null()]), counts: QueueCounts })
  .meta({ id: "NextSubjectAnswer", description: "The subject that is the caller's now; null: nothing is free." });
export type NextResponse = z.infer<typeof NextResponse>;

export const ClaimResponse = z
  .strictObject({ claimedBy: person.nullable(), claimedUntil: Timestamp.nullable() })
  .meta({ id: "Claim", description: "Who works on a subject, and until when." });
export type ClaimResponse = z.infer<typeof ClaimResponse>;

export const Verdict = z.enum(["upheld", "rejected"]);
export type Verdict = z.infer<typeof Verdict>;

/** What may be done with an upheld report of each kind of target. */
export const ACTIONS_OF: Record<ReportTarget, readonly ModerationAction[]> = {
  video: ["none", "warn", "hide", "delete", "ban"],
  comment: ["none", "warn", "hide", "delete", "ban"],
  message: ["none", "warn", "delete", "ban"],
  user: ["none", "warn", "ban"],
};

export const DecideSubject = z
  .object({
    ...subject,
    verdict: Verdict,
    action: ModerationAction.default("none"),
    reason: Reason.meta({ description: "What the person concerned reads." }),
    until: z.iso.datetime({ offset: true }).nullish().meta({ description: "Of a ban; without it for good." }),
    result: Reason.meta({ description: "What the reporters read." }),
    next: z
      .union([z.boolean(), NextSubject])
      .nullish()
      .meta({ description: "Whether the next subject is wanted, too." }),
  })
  .meta({
    id: "DecideSubject",
    description: "A verdict on all pending reports of a target, and what is done.",
    example: { targetType: "video", targetId: 7, verdict: "upheld", action: "hide", reason: "Spam", next: true },
  });
export type DecideSubject = z.infer<typeof DecideSubject>;

export const Decision = z
  .strictObject({
    id: Id,
    ...subject,
    verdict: Verdict,
    action: ModerationAction,
    reason: z.string().nullable(),
    result: z.string(),
    decidedBy: person.nullable().meta({ description: "null: the system" }),
    decidedAt: Timestamp,
    receivedAt: Timestamp.nullable().meta({
      description:
        "When a device of the person proved to have received the news of it; null: none has yet, or there was none.",
    }),
    undoneAt: Timestamp.nullable(),
  })
  .meta({ id: "Decision", description: "What was decided about a thing or a person." });
export type Decision = z.infer<typeof Decision>;

export const DecideResponse = z
  .strictObject({
    decision: Decision,
    changed: z.boolean().meta({ description: "Whether the action did something; false: its target was gone." }),
    next: z.union([Subject, z.null()]).optional(),
    counts: QueueCounts.optional(),
  })
  .meta({ id: "DecideAnswer", description: "The decision, and where it was asked for the next subject." });
export type DecideResponse = z.infer<typeof DecideResponse>;

/** What the caller may do to a target, and why not. */
const Permission = z.strictObject({
  ok: z.boolean(),
  code: z.string().optional().meta({ description: "Why not, as the refusal would say it.", example: "FORBIDDEN" }),
});

export const Permissions = z.partialRecord(z.enum(["reject", ...ModerationAction.options]), Permission).meta({
  id: "Permissions",
  description: "What the caller may do to it, so that a page can say why a button is disabled.",
});
export type Permissions = z.infer<typeof Permissions>;

export const SubjectParams = z.object({
  targetType: ReportTarget.meta({ description: "What kind of thing was reported." }),
  targetId: numeric(Id).meta({ description: "The id of the video, user, comment or message." }),
});

export const SubjectDetails = z
  .strictObject({
    subject: z.union([Subject, z.null()]).meta({ description: "null: nothing of it waits." }),
    snapshot: z.union([z.record(z.string(), z.unknown()), z.null()]).meta({
      description: "The target as the newest report froze it.",
    }),
    reports: z.array(StaffReport).meta({ description: "The newest twenty, whatever became of them." }),
    decisions: z.array(Decision).meta({ description: "The newest twenty about the target or the person." }),
    others: z.array(Subject).meta({ description: "The most urgent five of what else of the person waits." }),
    morePending: Count.meta({ description: "How many other subjects of the same person wait." }),
    can: Permissions,
  })
  .meta({ id: "SubjectDetails", description: "Everything that is needed to decide." });
export type SubjectDetails = z.infer<typeof SubjectDetails>;

export const WarnUser = z.object({ reason: Reason }).meta({
  id: "WarnUser",
  description: "What the person reads.",
  example: { reason: "Please stop posting spam." },
});

export const MuteReporter = z.object({ muted: z.boolean() }).meta({
  id: "MuteReporter",
  description: "Whether the person's reports count for nothing in the queue.",
  example: { muted: true },
});
