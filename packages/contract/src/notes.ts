import { z } from "zod";
import { Id, IdParam, Timestamp, text } from "./fields.ts";

export const NoteTarget = z.enum(["user", "video", "report"]);
export type NoteTarget = z.infer<typeof NoteTarget>;

export const WriteNote = z.object({ targetType: NoteTarget, targetId: Id, text: text(1, 5000) }).meta({
  id: "WriteNote",
  description: "What other staff should know.",
  example: { targetType: "user", targetId: 7, text: "Third account of the same person." },
});
export type WriteNote = z.infer<typeof WriteNote>;

export const NotesQuery = z.object({
  targetType: NoteTarget.meta({
    description: "Of a person, their videos' notes and those of reports on them are listed, too.",
  }),
  targetId: IdParam.meta({ description: "The id of the person, video or report." }),
});
export type NotesQuery = z.output<typeof NotesQuery>;

export const Note = z
  .strictObject({
    id: Id,
    targetType: NoteTarget,
    targetId: Id,
    text: z.string(),
    author: z.strictObject({ id: Id, username: z.string() }),
    createdAt: Timestamp,
  })
  .meta({ id: "Note", description: "What staff wrote down; no user sees it." });
export type Note = z.infer<typeof Note>;
