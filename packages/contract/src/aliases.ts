import { z } from "zod";

/**
 * Where an alias comes from: the key it repeats, a path when that stands in an object inside, or a value that is made of
 * the whole row.
 */
type Source = string | { schema: z.ZodType; description: string; of: (row: Row) => unknown };
// biome-ignore lint/suspicious/noExplicitAny: the rows of every schema.
type Row = any;

const USER = { followersCount: "followerCount", videosCount: "videoCount" };

const reportsOfDay: Source = {
  schema: z.int().nonnegative(),
  description: "`pending` + `resolved` + `rejected`.",
  of: ({ pending, resolved, rejected }) => pending + resolved + rejected,
};

/**
 * What deployed clients read under other names than ours: schema → alias → source. This is the one place that knows of
 * them. The schemas of responses carry them as `deprecated`; `aliasing` adds them to what a handler returns.
 */
export const ALIASES = {
  User: USER,
  Follower: { ...USER, followerId: "id" },
  Followee: { ...USER, followeeId: "id" },
  Video: {
    privacy: "visibility",
    is_private: {
      schema: z.boolean(),
      description: "Whether `visibility` is `private`.",
      of: ({ visibility }) => visibility === "private",
    },
    likeCount: "likesCount",
    commentCount: "commentsCount",
    viewCount: "viewsCount",
    isFollowing: "owner.isFollowing",
    is_following: "owner.isFollowing",
  },
  Conversation: {
    id: "lastMessage.id",
    senderId: "lastMessage.senderId",
    receiverId: "lastMessage.receiverId",
    content: "lastMessage.content",
    createdAt: "lastMessage.createdAt",
    seen: "lastMessage.seen",
  },
  StaffReport: {
    decision: "result",
    reporter: {
      schema: z.strictObject({ id: z.int().nonnegative(), username: z.string() }),
      description: "`reporterId` and `reporterUsername`; where those are not shown, 0 and an empty name.",
      of: ({ reporterId, reporterUsername }) => ({ id: reporterId ?? 0, username: reporterUsername ?? "" }),
    },
  },
  UsersOfDay: { value: "count", users: "count" },
  VideosOfDay: { value: "count", videos: "count" },
  ReportsOfDay: { value: reportsOfDay, reports: reportsOfDay },
} satisfies Record<string, Record<string, Source>>;

export type AliasKind = keyof typeof ALIASES;

const KINDS = new WeakMap<z.ZodType, AliasKind>();

/**
 * A schema of responses with its aliases, under the metadata given. For the types of the program they are not there:
 * handlers return rows without them.
 */
export function withAliases<T extends z.ZodObject>(kind: AliasKind, schema: T, metadata: z.GlobalMeta = {}): T {
  const shape = Object.fromEntries(
    Object.entries<Source>(ALIASES[kind]).map(([key, source]) => [key, schemaOf(schema, source)]),
  );
  const answered = schema.extend(shape).meta(metadata);
  KINDS.set(answered, kind);
  return answered as unknown as T;
}

type Aliasing = (value: Row) => unknown;

/** What adds the aliases to a response of that schema, wherever in it they belong; null when there are none. */
export function aliasing(schema: z.ZodType): Aliasing | null {
  if (schema instanceof z.ZodArray) {
    const each = aliasing(schema.element as z.ZodType);
    return each && ((list) => list.map(each));
  }
  if (!(schema instanceof z.ZodObject)) return null;
  const kind = KINDS.get(schema);
  const own = kind
    ? Object.entries<Source>(ALIASES[kind]).map(([key, source]) => [key, readerOf(source)] as const)
    : [];
  const inside = Object.entries(schema.shape).flatMap(([key, part]) => {
    const add = aliasing(part as z.ZodType);
    return add ? [[key, (row: Row) => add(row[key])] as const] : [];
  });
  const added = [...inside, ...own];
  if (added.length === 0) return null;
  return (row) => {
    const answered = { ...row };
    for (const [key, read] of added) answered[key] = read(row);
    return answered;
  };
}

function schemaOf(schema: z.ZodObject, source: Source): z.ZodType {
  if (typeof source !== "string") return source.schema.meta({ description: source.description, deprecated: true });
  let part: z.ZodType = schema;
  for (const key of source.split(".")) part = (part as z.ZodObject).shape[key] as z.ZodType;
  return part.meta({ description: `The same as \`${source}\`.`, deprecated: true });
}

function readerOf(source: Source): Aliasing {
  if (typeof source !== "string") return source.of;
  const [key, inside] = source.split(".") as [string, string?];
  return inside === undefined ? (row) => row[key] : (row) => row[key][inside];
}
