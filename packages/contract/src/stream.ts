import { z } from "zod";
import { EVENTS, Refetch } from "./events.ts";
import { numeric, Timestamp } from "./fields.ts";
import { Cursor, ResetReason } from "./frames.ts";

/** `wait`: seconds to wait for an event when there is none yet. */
export const EventsQuery = z.object({
  cursor: Cursor.default(""),
  limit: numeric(z.int().min(1).max(100)).default(100),
  wait: numeric(z.int().min(0).max(25)).default(0),
});

/** An event of the log as it reads now. */
export const LoggedEvent = z
  .strictObject({
    type: z.enum(Object.keys(EVENTS)),
    data: z.record(z.string(), z.unknown()),
    seq: z.int().positive(),
    cursor: Cursor,
    createdAt: Timestamp,
  })
  .meta({ id: "LoggedEvent" });

/**
 * Everything after the cursor that was given, in order, once. With `reset` there is no going on from that cursor: load
 * what `refetch` names, then go on from the `cursor` of this answer.
 */
export const Events = z
  .strictObject({
    events: z.array(LoggedEvent),
    cursor: Cursor,
    hasMore: z.boolean(),
    reset: z.strictObject({ reason: ResetReason, refetch: Refetch }).optional(),
  })
  .meta({ id: "Events" });
export type Events = z.infer<typeof Events>;

export const AckEvents = z.object({ cursor: Cursor.min(1) }).meta({ id: "AckEvents" });
