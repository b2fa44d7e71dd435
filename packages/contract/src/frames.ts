import { z } from "zod";
import { EVENTS, type EventType, isForResumable, Refetch } from "./events.ts";
import { Id, Timestamp } from "./fields.ts";
import { MAX_SEEN_IDS, MarkMessagesSeen } from "./messages.ts";

/** Codes of an `error` frame. */
export const FrameErrorCode = z.enum(["UNAUTHORIZED", "FORBIDDEN", "INVALID_MESSAGE", "RATE_LIMIT", "INTERNAL_ERROR"]);
export type FrameErrorCode = z.infer<typeof FrameErrorCode>;

/** A frame a client sends may be this long, in bytes; a longer one closes the socket with 1009. */
export const MAX_FRAME_BYTES = 16 * 1024;

export const Connected = z.strictObject({ type: z.literal("connected"), userId: Id });
export const Ping = z.strictObject({ type: z.literal("ping"), timestamp: Timestamp });
export const ErrorFrame = z.strictObject({
  type: z.literal("error"),
  error: z.strictObject({ code: FrameErrorCode, message: z.string(), timestamp: Timestamp }),
});

/** "I have processed everything up to here": opaque. A client keeps the last one it was given. */
export const Cursor = z.string().max(200).meta({ example: "NWY5YzJlLTcuNDI" });

/** Why a cursor cannot be gone on from. */
export const ResetReason = z.enum(["epoch", "future", "too_old", "invalid"]);
export type ResetReason = z.infer<typeof ResetReason>;

/** What only resumable sockets are told: where they stand. `refetch` holds paths below the base path. */
export const SYNC_FRAMES = {
  "sync:hello": z.strictObject({
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

type FrameSchema = z.ZodType<{ type: string; data: unknown }>;

const eventTypes = Object.keys(EVENTS) as EventType[];

const plainFrames = eventTypes
  .filter((type) => !isForResumable(type))
  .map((type) => z.strictObject({ type: z.literal(type), data: EVENTS[type].data }) as FrameSchema);

const syncFrames = (Object.keys(SYNC_FRAMES) as SyncFrameType[]).map(
  (type) => z.strictObject({ type: z.literal(type), data: SYNC_FRAMES[type] }) as FrameSchema,
);

/** Where a durable event stands in the user's log, and the cursor of whoever has processed it. */
const position = { seq: z.int().positive(), cursor: Cursor };

const positionedFrames = eventTypes
  .filter((type) => EVENTS[type].class === "durable")
  .map((type) => z.strictObject({ type: z.literal(type), data: EVENTS[type].data, ...position }) as FrameSchema);

/** While a flood lasts, and for who is not let in, there is no position to tell. */
const passingFrames = eventTypes
  .filter((type) => EVENTS[type].class !== "durable" || ["sync:stale", "admin:user_banned"].includes(type))
  .map((type) => z.strictObject({ type: z.literal(type), data: EVENTS[type].data }) as FrameSchema);

/** Everything a server says to a plain client. */
export const PlainFrame = z.union([Connected, Ping, ErrorFrame, ...plainFrames]);
export type PlainFrame = z.infer<typeof PlainFrame>;

/** Everything a server says to a resumable client. */
export const ResumableFrame = z.union([
  Connected,
  Ping,
  ErrorFrame,
  ...syncFrames,
  ...positionedFrames,
  ...passingFrames,
]);
export type ResumableFrame = z.infer<typeof ResumableFrame>;

/** What a client may say, by type. */
export const CLIENT_FRAMES = {
  "message:mark_seen": MarkMessagesSeen,
  "notification:mark_seen": z.object({ notificationIds: z.array(Id).max(MAX_SEEN_IDS) }),
  "message:typing": z.object({ conversationWith: Id, isTyping: z.boolean() }),
  "auth:refresh": z.object({ token: z.string().min(1) }),
  ack: z.object({ cursor: Cursor }),
} as const;

export type ClientFrameType = keyof typeof CLIENT_FRAMES;
export type ClientFrameData<T extends ClientFrameType> = z.infer<(typeof CLIENT_FRAMES)[T]>;

/** Other names under which deployed clients send a frame. */
export const CLIENT_FRAME_ALIASES: Record<string, ClientFrameType> = {
  "message:new": "message:mark_seen",
  "notification:new": "notification:mark_seen",
};

/** Signs of life: cost nothing and get no reply. The deployed client answers a ping with an `error` frame. */
export const LIFE_SIGNS: ReadonlySet<string> = new Set(["pong", "error"]);
