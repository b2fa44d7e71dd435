import { z } from "zod";
import { Count } from "./fields.ts";
import { Video } from "./videos.ts";

/** A page of the videos a user bookmarked; `total` counts those they can see. */
export const Bookmarks = z
  .strictObject({ videos: z.array(Video), total: Count })
  .meta({ id: "Bookmarks", description: "A page of the caller's bookmarks, and how many of them the caller can see." });
export type Bookmarks = z.infer<typeof Bookmarks>;
