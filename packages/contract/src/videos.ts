import { z } from "zod";
import { Count, Id, Timestamp, text } from "./fields.ts";

/** Seconds; more than eleven days is no video. */
export const MAX_VIDEO_SECONDS = 1_000_000;

export const Visibility = z.enum(["public", "private"]);
export type Visibility = z.infer<typeof Visibility>;

/** The maker of a video, as he stands beside it. `isFollowing` is null without a token. */
export const VideoOwner = z
  .strictObject({
    id: Id,
    username: z.string(),
    fullName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    isFollowing: z.boolean().nullable(),
  })
  .meta({ id: "VideoOwner" });

/**
 * A video. `isLiked` and `isBookmarked` are null without a token; the last three repeat the owner's for deployed clients.
 * The addresses of a private video's files are signed for its owner and good for an hour.
 */
export const Video = z
  .strictObject({
    id: Id,
    ownerId: Id,
    title: z.string(),
    description: z.string().nullable(),
    url: z.string(),
    thumbUrl: z.string().nullable(),
    visibility: Visibility,
    duration: z.number().nonnegative().nullable().meta({ description: "seconds" }),
    viewsCount: Count,
    likesCount: Count,
    commentsCount: Count,
    sharesCount: Count,
    isLiked: z.boolean().nullable(),
    isBookmarked: z.boolean().nullable(),
    createdAt: Timestamp,
    owner: VideoOwner,
    username: z.string(),
    fullName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
  })
  .meta({ id: "Video" });
export type Video = z.infer<typeof Video>;

/** An address somewhere else that a player may be pointed at. */
const WebAddress = text(1, 2000).pipe(z.url({ protocol: /^https?$/, error: "must be an http or https address" }));

/** `hidden` is what deployed clients call `private`. */
const GivenVisibility = z
  .enum(["public", "private", "hidden"])
  .transform((given): Visibility => (given === "hidden" ? "private" : given));

const Title = text(1, 200);
const Description = text(0, 5000);
const Seconds = z.number().min(0).max(MAX_VIDEO_SECONDS);

/** A video whose bytes are somewhere else. */
export const CreateVideo = z
  .object({
    title: Title,
    description: Description.nullish(),
    visibility: GivenVisibility.default("public"),
    url: WebAddress,
    thumbUrl: WebAddress.nullish(),
    duration: Seconds.nullish(),
  })
  .meta({ id: "CreateVideo" });
export type CreateVideo = z.output<typeof CreateVideo>;

/** The fields of the form that carries a file, or names a `url` instead. What is empty counts as left out. */
export const UploadVideo = z
  .object({
    title: Title,
    description: Description.optional(),
    visibility: GivenVisibility.default("public"),
    url: WebAddress.optional(),
    thumbUrl: WebAddress.optional(),
    duration: z
      .string()
      .regex(/^\d{1,7}(\.\d{1,9})?$/, "must be a number of seconds")
      .transform(Number)
      .pipe(Seconds)
      .optional(),
  })
  .meta({ id: "UploadVideo" });

/** Fields left out stay; an empty description is none. */
export const UpdateVideo = z
  .object({
    title: Title.optional(),
    description: Description.nullish(),
    visibility: GivenVisibility.optional(),
  })
  .meta({ id: "UpdateVideo" });
export type UpdateVideo = z.output<typeof UpdateVideo>;

export const ViewAnswer = z.strictObject({ viewsCount: Count }).meta({ id: "ViewAnswer" });
export const ShareAnswer = z.strictObject({ sharesCount: Count }).meta({ id: "ShareAnswer" });

/** A page of the videos somebody put aside; `total` counts those he can see. */
export const Bookmarks = z.strictObject({ videos: z.array(Video), total: Count }).meta({ id: "Bookmarks" });
export type Bookmarks = z.infer<typeof Bookmarks>;
