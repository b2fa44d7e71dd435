import { z } from "zod";
import { User } from "./accounts.ts";
import { Count } from "./fields.ts";

export const LikeResponse = z
  .strictObject({ changed: z.boolean(), likesCount: Count })
  .meta({ id: "LikeAnswer", description: "Whether something changed, and how many like the video now." });
export type LikeResponse = z.infer<typeof LikeResponse>;

export const Likes = z
  .strictObject({ likes: z.array(User), total: Count })
  .meta({ id: "Likes", description: "A page of those who like a video, and how many there are." });
