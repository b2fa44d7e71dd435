import { z } from "zod";
import { EVENTS, type EventType } from "./events.ts";
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

const eventFrame = <T extends EventType>(type: T) =>
  z.strictObject({ type: z.literal(type), data: EVENTS[type].data }) as z.ZodType<{ type: T; data: unknown }>;

const eventFrames = (Object.keys(EVENTS) as EventType[]).map(eventFrame);

/** Everything a server says. */
export const ServerFrame = z.union([Connected, Ping, ErrorFrame, ...eventFrames]);
export type ServerFrame = z.infer<typeof ServerFrame>;

/** What a client may say, by type. */
export const CLIENT_FRAMES = {
  "message:mark_seen": MarkMessagesSeen,
  "notification:mark_seen": z.object({ notificationIds: z.array(Id).max(MAX_SEEN_IDS) }),
  "message:typing": z.object({ conversationWith: Id, isTyping: z.boolean() }),
  "auth:refresh": z.object({ token: z.string().min(1) }),
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
