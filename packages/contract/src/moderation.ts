import { z } from "zod";
import { Id, Reason } from "./fields.ts";

/** The same for an admin's write, with a sentence to show. */
export const AdminResponse = z
  .strictObject({ success: z.literal(true), changed: z.boolean(), message: z.string() })
  .meta({ id: "AdminAnswer", description: "It stands as asked, with a sentence to show." });
export type AdminResponse = z.infer<typeof AdminResponse>;

/** Without `until` a ban is for good. */
export const BanUser = z.object({ reason: Reason, until: z.iso.datetime({ offset: true }).nullish() }).meta({
  id: "BanUser",
  description: "Why, and until when; without `until` for good.",
  example: { reason: "Spam", until: "2026-02-28T00:00:00Z" },
});
export type BanUser = z.infer<typeof BanUser>;

/** The fields of an admin's deletion. */
export const DeleteVideo = z.object({ reason: Reason }).meta({
  id: "DeleteVideo",
  description: "What the owner reads.",
  example: { reason: "Copyright" },
});

/** The fields of hiding and of showing again. */
export const HideContent = z.object({ reason: Reason }).meta({
  id: "HideContent",
  description: "Why. Of what is hidden its owner reads it.",
  example: { reason: "Spam" },
});

/** As many accounts, videos or comments may be acted upon in one call. */
export const MAX_BULK_IDS = 100;

const ids = z.array(Id).min(1).max(MAX_BULK_IDS);
const another = (of: string) =>
  ids.nullish().meta({ description: `Another name of \`ids\`, for ${of}.`, deprecated: true });

/** One action on many; deployed clients name the ids by what they are of. What a path does not do is refused there. */
export const BulkAction = z
  .object({
    ids: ids.nullish().meta({ description: "What to act upon; each once, however often it is named." }),
    userIds: another("users"),
    videoIds: another("videos"),
    commentIds: another("comments"),
    action: z
      .string()
      .max(30)
      .meta({ description: "Users: `ban`, `unban`; for admins `delete`. Videos, comments: `delete`, `restore`." }),
    reason: Reason,
  })
  .meta({
    id: "BulkAction",
    description: "One action on as many as a hundred, each by itself: what fails for one does not fail the others.",
    example: { ids: [7, 8], action: "ban", reason: "Spam" },
  });
export type BulkAction = z.infer<typeof BulkAction>;

export const BulkResult = z
  .strictObject({
    id: Id,
    ok: z.boolean(),
    code: z.string().optional().meta({ description: "Why not, as an error would say it.", example: "USER_NOT_FOUND" }),
  })
  .meta({ id: "BulkResult", description: "What became of one." });
export type BulkResult = z.infer<typeof BulkResult>;

export const BulkResponse = z
  .strictObject({ success: z.literal(true), changed: z.boolean(), message: z.string(), results: z.array(BulkResult) })
  .meta({ id: "BulkAnswer", description: "What became of each, in the order in which they were named." });
export type BulkResponse = z.infer<typeof BulkResponse>;
