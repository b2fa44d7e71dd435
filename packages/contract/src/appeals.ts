import { z } from "zod";
import { Id, limit, numeric, Reason, Timestamp, text } from "./fields.ts";
import { Pagination } from "./pagination.ts";
import { Decision, PersonRecord } from "./queue.ts";

export const AppealStatus = z.enum(["pending", "granted", "refused"]);
export type AppealStatus = z.infer<typeof AppealStatus>;

export const CreateAppeal = z
  .object({
    decisionId: Id.nullish().meta({ description: "Not needed beside an `appealToken`, which names one." }),
    appealToken: z.string().max(1024).nullish().meta({
      description: "What a banned login answers in `error.details`: in place of an access token.",
    }),
    text: text(1, 5000),
  })
  .meta({
    id: "CreateAppeal",
    description: "Why a decision was wrong.",
    example: { decisionId: 12, text: "The video is my own work." },
  });
export type CreateAppeal = z.infer<typeof CreateAppeal>;

const appeal = {
  id: Id,
  decisionId: Id,
  text: z.string(),
  status: AppealStatus,
  result: z.string().nullable(),
  createdAt: Timestamp,
  decidedAt: Timestamp.nullable(),
};

export const Appeal = z.strictObject(appeal).meta({ id: "Appeal", description: "An appeal as its author sees it." });
export type Appeal = z.infer<typeof Appeal>;

const person = z.strictObject({ id: Id, username: z.string() });

export const StaffAppeal = z
  .strictObject({
    ...appeal,
    user: person,
    decision: Decision,
    decidedBy: person.nullable(),
    record: z.union([PersonRecord, z.null()]),
    isOwnDecision: z.boolean().meta({ description: "The caller made the decision: somebody else should look at it." }),
  })
  .meta({ id: "StaffAppeal", description: "An appeal as staff see it, with the decision it is about." });
export type StaffAppeal = z.infer<typeof StaffAppeal>;

export const AppealsQuery = z.object({
  page: numeric(z.int().min(1).max(10_000)).default(1).meta({ description: "From 1." }),
  limit: limit(),
  status: AppealStatus.optional().meta({ description: "Only those in one state." }),
});
export type AppealsQuery = z.output<typeof AppealsQuery>;

export const AppealsResponse = z
  .strictObject({ appeals: z.array(StaffAppeal), pagination: Pagination })
  .meta({ id: "Appeals", description: "A page of appeals, the oldest first." });
export type AppealsResponse = z.infer<typeof AppealsResponse>;

export const DecideAppeal = z.object({ result: Reason }).meta({
  id: "DecideAppeal",
  description: "What the person reads.",
  example: { result: "You were right, we have restored the video." },
});
