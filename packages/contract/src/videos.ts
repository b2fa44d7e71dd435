import { z } from "zod";
import { withAliases } from "./aliases.ts";
import { BeforeId, Count, Flag, Id, IsHidden, page, Timestamp, text } from "./fields.ts";

/** Seconds; more than eleven days is no video. */
export const MAX_VIDEO_SECONDS = 1_000_000;

export const Visibility = z.enum(["public", "private"]);
export type Visibility = z.infer<typeof Visibility>;

/** The owner of a video, as they stand beside it. `isFollowing` is null without a token. */
export const VideoOwner = z
  .strictObject({
    id: Id,
    username: z.string(),
    fullName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    isFollowing: z.boolean().nullable(),
  })
  .meta({ id: "VideoOwner", description: "Who made a video; `isFollowing` is null without a token." });

/**
 * A video. `isLiked` and `isBookmarked` are null without a token; the last three repeat the owner's for deployed clients.
 * The addresses of a private or hidden video's files are signed for its owner and good for an hour.
 */
const videoFields = {
  id: Id,
  ownerId: Id,
  title: z.string(),
  description: z.string().nullable(),
  url: z.string(),
  thumbUrl: z.string().nullable(),
  visibility: Visibility,
  isHidden: IsHidden,
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
};
export const Video = withAliases("Video", z.strictObject(videoFields), {
  id: "Video",
  description:
    "A video. `isLiked` and `isBookmarked` are null without a token; the last three repeat the owner's. Addresses are " +
    "relative to the server unless they lead elsewhere; those of a private or hidden video are signed for its owner and good for an hour.",
});
export type Video = z.infer<typeof Video>;

/** One of everybody's: staff sees private ones too and, when all are asked for, deleted ones. */
export const ListedVideo = withAliases(
  "Video",
  z.strictObject({
    ...videoFields,
    deletedAt: Timestamp.nullable()
      .optional()
      .meta({ description: "For moderators and admins only; null: it stands." }),
  }),
  { id: "ListedVideo", description: "A video in the list of everybody's." },
);
export type ListedVideo = z.infer<typeof ListedVideo>;

/** `skip`, `limit` and `before_id` of a list of videos. */
export const VideosQuery = page().extend({ beforeId: BeforeId });

/** The same of everybody's. */
export const ListedVideosQuery = VideosQuery.extend({
  status: z
    .enum(["active", "all"])
    .optional()
    .meta({ description: "For moderators and admins. `all`: deleted videos and those of banned accounts, too." }),
  hidden: Flag.optional().meta({
    type: "boolean",
    description: "For moderators and admins. true: only hidden videos; false: only the others.",
  }),
});

/** An address somewhere else that a player may be pointed at. */
const WebAddress = text(1, 2000).pipe(z.url({ protocol: /^https?$/, error: "must be an http or https address" }));

/** `hidden` is what deployed clients call `private`. */
export const GivenVisibility = z
  .enum(["public", "private", "hidden"])
  .transform((given): Visibility => (given === "hidden" ? "private" : given));

const Title = text(1, 200);
const Description = text(0, 5000);
const Seconds = z.number().min(0).max(MAX_VIDEO_SECONDS);

/** What deployed clients call the visibility. Where names differ, private wins: nothing is published by mistake. */
const visibilityNames = {
  visibility: GivenVisibility.optional().meta({
    description: "`hidden` is another name of `private`.",
    example: "public",
  }),
  privacy: GivenVisibility.nullish().meta({ description: "Another name of `visibility`.", deprecated: true }),
};
const isPrivate = { description: "true: `visibility` is `private`. Another name of it.", deprecated: true };

type Named = {
  visibility?: Visibility | undefined;
  privacy?: Visibility | null | undefined;
  isPrivate?: boolean | null | undefined;
};

function settled<T extends Named>({ visibility, privacy, isPrivate, ...rest }: T) {
  const ofFlag = isPrivate == null ? undefined : isPrivate ? "private" : "public";
  const given = [visibility, privacy ?? undefined, ofFlag] as const;
  const wanted: Visibility | undefined = given.includes("private") ? "private" : given.find(Boolean);
  return { ...rest, visibility: wanted };
}

function settledForNew<T extends Named>(fields: T) {
  const { visibility = "public", ...rest } = settled(fields);
  return { ...rest, visibility };
}

/** A video whose bytes are somewhere else. */
export const CreateVideo = z
  .object({
    title: Title,
    description: Description.nullish(),
    ...visibilityNames,
    isPrivate: z.boolean().nullish().meta(isPrivate),
    url: WebAddress,
    thumbUrl: WebAddress.nullish(),
    duration: Seconds.nullish(),
  })
  .transform(settledForNew)
  .meta({
    id: "CreateVideo",
    description: "A video whose bytes are somewhere else. Without `visibility` it is public.",
    example: { title: "Hà Nội", url: "https://example.com/hanoi.mp4", visibility: "public", duration: 12.5 },
  });
export type CreateVideo = z.output<typeof CreateVideo>;

/** The fields of the form that carries a file, or names a `url` instead. What is empty counts as left out. */
export const UploadVideo = z
  .object({
    title: Title,
    description: Description.optional(),
    ...visibilityNames,
    isPrivate: Flag.meta({ type: "boolean", ...isPrivate }).optional(),
    url: WebAddress.optional(),
    thumbUrl: WebAddress.optional(),
    duration: z
      .string()
      .regex(/^\d{1,7}(\.\d{1,9})?$/, "must be a number of seconds")
      .transform(Number)
      .pipe(Seconds)
      .optional(),
  })
  .transform(settledForNew)
  .meta({
    id: "UploadVideo",
    description: "A video as a form: a `file`, or a `url` in its place. What is empty counts as left out.",
    example: { title: "Hà Nội", visibility: "private", description: "Old Quarter" },
  });

/** Fields left out stay; an empty description is none. */
export const UpdateVideo = z
  .object({
    title: Title.optional(),
    description: Description.nullish(),
    ...visibilityNames,
    isPrivate: z.boolean().nullish().meta(isPrivate),
  })
  .transform(settled)
  .meta({
    id: "UpdateVideo",
    description: "The fields to change; an empty description is none.",
    example: { title: "Hà Nội về đêm", visibility: "private" },
  });
export type UpdateVideo = z.output<typeof UpdateVideo>;

export const ViewResponse = z
  .strictObject({ viewsCount: Count })
  .meta({ id: "ViewAnswer", description: "How often it was looked at." });
export const ShareResponse = z
  .strictObject({ sharesCount: Count })
  .meta({ id: "ShareAnswer", description: "How often it was passed on." });
