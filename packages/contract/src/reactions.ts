import { z } from "zod";
import { Person, User } from "./accounts.ts";
import { Count, Id, Timestamp, text } from "./fields.ts";

export const LikeAnswer = z.strictObject({ changed: z.boolean(), likesCount: Count }).meta({ id: "LikeAnswer" });
export type LikeAnswer = z.infer<typeof LikeAnswer>;

export const Likes = z.strictObject({ likes: z.array(User), total: Count }).meta({ id: "Likes" });

export const Comment = z
  .strictObject({
    id: Id,
    videoId: Id,
    parentId: Id.nullable(),
    userId: Id,
    content: z.string(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    user: Person,
  })
  .meta({ id: "Comment" });
export type Comment = z.infer<typeof Comment>;

const content = text(1, 5000);

export const CreateComment = z
  .object({ videoId: Id, content, parentId: Id.nullish(), clientId: text(1, 128).optional() })
  .meta({ id: "CreateComment" });
export type CreateComment = z.infer<typeof CreateComment>;

export const UpdateComment = z.object({ content }).meta({ id: "UpdateComment" });
