import { z } from "zod";
import { Id } from "./fields.ts";
import { Cursor } from "./frames.ts";
import { MAX_SEEN_IDS, MarkMessagesSeen } from "./messages.ts";

/** A frame a client sends may be this long, in bytes; a longer one closes the socket with 1009. */
export const MAX_FRAME_BYTES = 16 * 1024;

/** What a client may send, by type. */
export const CLIENT_FRAMES = {
  "message:mark_seen": MarkMessagesSeen,
  "notification:mark_seen": z.object({ notificationIds: z.array(Id).max(MAX_SEEN_IDS) }),
  "message:typing": z.object({ conversationWith: Id, isTyping: z.boolean() }),
  "auth:refresh": z.object({ token: z.string().min(1) }),
  ack: z.object({ cursor: Cursor }),
} as const;

export type ClientFrameType = keyof typeof CLIENT_FRAMES;
export type ClientFrameData<T extends ClientFrameType> = z.infer<(typeof CLIENT_FRAMES)[T]>;

/** A frame of a client, after its `data` was parsed: the type says what `data` is. */
export type ClientFrame = { [T in ClientFrameType]: { type: T; data: ClientFrameData<T> } }[ClientFrameType];

/** Parses the `data` of a frame, whose keys are in camelCase already. */
export function parseClientFrame(
  type: ClientFrameType,
  data: unknown,
): { frame: ClientFrame } | { frame: null; issue: z.core.$ZodIssue } {
  const parsed = CLIENT_FRAMES[type].safeParse(data);
  // The one place where a type and its data meet: from here on the compiler knows that they belong together.
  if (parsed.success) return { frame: { type, data: parsed.data } as ClientFrame };
  return { frame: null, issue: parsed.error.issues[0]! };
}

/** Other names under which deployed clients send a frame. */
export const CLIENT_FRAME_ALIASES: Record<string, ClientFrameType> = {
  "message:new": "message:mark_seen",
  "notification:new": "notification:mark_seen",
};

/** Signs of life: cost nothing and get no reply. The deployed client answers a ping with an `error` frame. */
export const LIFE_SIGNS: ReadonlySet<string> = new Set(["pong", "error"]);
