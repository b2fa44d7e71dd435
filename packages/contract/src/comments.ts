import { z } from "zod";
import { Person } from "./accounts.ts";
import { Id, IsHidden, Timestamp, text } from "./fields.ts";

export const Comment = z
  .strictObject({
    id: Id,
    videoId: Id,
    parentId: Id.nullable(),
    userId: Id,
    content: z.string(),
    isHidden: IsHidden,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    user: Person,
  })
  .meta({ id: "Comment", description: "A comment, or (with `parentId`) a reply to one." });
export type Comment = z.infer<typeof Comment>;

const content = text(1, 5000);

export const CreateComment = z
  .object({ videoId: Id, content, parentId: Id.nullish(), clientId: text(1, 128).optional() })
  .meta({
    id: "CreateComment",
    description: "A comment, or (with `parentId`) a reply. With a `clientId` of your own sending is idempotent.",
    example: { videoId: 7, content: "Đẹp quá! @an.nguyen", clientId: "0b9e7c52-2" },
  });
export type CreateComment = z.infer<typeof CreateComment>;

export const UpdateComment = z
  .object({ content })
  .meta({ id: "UpdateComment", description: "How it is to read now.", example: { content: "Đẹp!" } });
