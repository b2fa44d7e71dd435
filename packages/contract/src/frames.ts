import { z } from "zod";
import { EVENTS, type EventType, type EventTypeOf, isForResumable, type PlainType, Refetch } from "./events.ts";
import { Count, Id, Timestamp } from "./fields.ts";

/**
 * The version of the conversation over a resumable socket. It moves when a client written for the one before would
 * misunderstand what it is sent; new types of frames and new keys do not move it.
 */
export const PROTOCOL = 1;

/** Codes of an `error` frame. */
export const FrameErrorCode = z.enum(["UNAUTHORIZED", "FORBIDDEN", "INVALID_MESSAGE", "RATE_LIMIT", "INTERNAL_ERROR"]);
export type FrameErrorCode = z.infer<typeof FrameErrorCode>;

export const Connected = z.strictObject({ type: z.literal("connected"), userId: Id });
export const Ping = z.strictObject({ type: z.literal("ping"), timestamp: Timestamp });
export const ErrorFrame = z.strictObject({
  type: z.literal("error"),
  error: z.strictObject({ code: FrameErrorCode, message: z.string(), timestamp: Timestamp }),
});

/** To the resumable sockets of staff, when it changes: how many subjects wait, and how many of them for too long. */
export const StaffQueue = z.strictObject({
  type: z.literal("staff:queue"),
  data: z.strictObject({ pending: Count, overdue: Count }),
});

/** "I have processed everything up to here": opaque. A client keeps the last one it was given. */
export const Cursor = z.string().max(200).meta({ example: "NWY5YzJlLTcuNDI" });

/** Why a client cannot go on from a cursor. */
export const ResetReason = z.enum(["epoch", "future", "too_old", "invalid"]);
export type ResetReason = z.infer<typeof ResetReason>;

/** What only resumable sockets receive: where they stand. `refetch` holds paths below the base path. */
export const SYNC_FRAMES = {
  "sync:hello": z.strictObject({
    protocol: z.literal(PROTOCOL),
    cursor: Cursor,
    heartbeatMs: z.int().positive(),
    resume: z.enum(["ok", "fresh", "reset"]),
  }),
  "sync:synced": z.strictObject({ cursor: Cursor }),
  "sync:reset": z.strictObject({ reason: ResetReason, cursor: Cursor, refetch: Refetch }),
  "sync:reconnect": z.strictObject({ afterMs: z.int().nonnegative(), cursor: Cursor }),
} as const;

export type SyncFrameType = keyof typeof SYNC_FRAMES;
export type SyncFrameData<T extends SyncFrameType> = z.infer<(typeof SYNC_FRAMES)[T]>;

/** Where a durable event stands in the user's log, and the cursor of a client that has processed it. */
const position = { seq: z.int().positive(), cursor: Cursor };
const optionalPosition = { seq: position.seq.optional(), cursor: Cursor.optional() };

const eventTypes = Object.keys(EVENTS) as EventType[];
const isDurable = (type: EventType): type is EventTypeOf<"durable"> => EVENTS[type].class === "durable";
const isPassing = (type: EventType): type is EventTypeOf<"latest" | "ephemeral"> => !isDurable(type);
const isPlain = (type: EventType): type is PlainType => !isForResumable(type);

/** While a flood lasts, and for a user who is not let in, an event has no position. */
const WITHOUT_POSITION = ["sync:stale", "admin:user_banned"] as const satisfies EventTypeOf<"durable">[];

const syncFrames = framesOf(SYNC_FRAMES, Object.keys(SYNC_FRAMES) as SyncFrameType[], {});

/** Everything a server sends to a plain client. */
export const PlainFrame = z.discriminatedUnion("type", [
  Connected,
  Ping,
  ErrorFrame,
  ...eventFrames(eventTypes.filter(isPlain), {}),
]);
export type PlainFrame = z.infer<typeof PlainFrame>;

/** Everything a server sends to a resumable client. */
export const ResumableFrame = z.union([
  Connected,
  Ping,
  ErrorFrame,
  StaffQueue,
  ...syncFrames,
  ...eventFrames(eventTypes.filter(isDurable), position),
  ...eventFrames(eventTypes.filter(isPassing), {}),
  ...eventFrames(WITHOUT_POSITION, {}),
]);
export type ResumableFrame = z.infer<typeof ResumableFrame>;

/**
 * Everything a server sends to any client. Each `type` stands for one shape, so a `switch` on it narrows the event, and
 * ends in `assertNever` when it handles every one. Durable events carry `seq` and `cursor` on resumable sockets.
 */
export const ServerEvent = z
  .discriminatedUnion("type", [
    Connected,
    Ping,
    ErrorFrame,
    StaffQueue,
    ...syncFrames,
    ...eventFrames(eventTypes.filter(isDurable), optionalPosition),
    ...eventFrames(eventTypes.filter(isPassing), {}),
  ])
  .meta({
    id: "ServerEvent",
    description:
      "A frame that the server sends over the socket; `type` says which. Durable events carry `seq` and `cursor` on a " +
      "resumable socket.",
  });
export type ServerEvent = z.infer<typeof ServerEvent>;

/** For the end of a `switch` over every case: what is left fails to compile, and throws if it comes all the same. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

function eventFrames<const T extends EventType, const P extends z.core.$ZodShape>(types: readonly T[], beside: P) {
  const payloads = Object.fromEntries(types.map((type) => [type, EVENTS[type].data]));
  return framesOf(payloads as { [K in T]: (typeof EVENTS)[K]["data"] }, types, beside);
}

type FrameSchema<T extends string, D extends z.ZodType, P extends z.core.$ZodShape> = z.ZodObject<
  { type: z.ZodLiteral<T>; data: D } & P,
  z.core.$strict
>;

/** The schema of a frame for each type: its payload, and what stands beside it. */
function framesOf<T extends string, D extends Record<T, z.ZodType>, P extends z.core.$ZodShape>(
  payloads: D,
  types: readonly T[],
  beside: P,
) {
  const frames = types.map((type) => z.strictObject({ type: z.literal(type), data: payloads[type], ...beside }));
  return frames as unknown as { [K in T]: FrameSchema<K, D[K], P> }[T][];
}
