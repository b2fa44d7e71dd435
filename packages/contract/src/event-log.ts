import { z } from "zod";
import { type DurableType, EVENT_SUMMARIES, EVENTS, Refetch } from "./events.ts";
import { limit, numeric, Timestamp } from "./fields.ts";
import { Cursor, ResetReason } from "./frames.ts";

/** `wait`: seconds to wait for an event when there is none yet. */
export const EventsQuery = z.object({
  cursor: Cursor.default("").meta({ description: "Where to go on from; empty: from now on." }),
  limit: limit(100),
  wait: numeric(z.int().min(0).max(25))
    .default(0)
    .meta({ description: "Seconds to wait for an event when there is none yet; 25 at most." }),
});

type LoggedFields<T extends DurableType> = {
  type: z.ZodLiteral<T>;
  data: (typeof EVENTS)[T]["data"];
  seq: z.ZodInt;
  cursor: typeof Cursor;
  createdAt: typeof Timestamp;
};
type LoggedSchema = { [T in DurableType]: z.ZodObject<LoggedFields<T>, z.core.$strict> }[DurableType];

const loggedEvents = Object.entries(EVENTS)
  .filter(([, event]) => event.class === "durable")
  .map(([type, { data }]) =>
    z
      .strictObject({ type: z.literal(type), data, seq: z.int().positive(), cursor: Cursor, createdAt: Timestamp })
      .meta({
        id: `Logged${type.replace(/(?:^|[:_])([a-z])/g, (_, letter: string) => letter.toUpperCase())}`,
        description: `${EVENT_SUMMARIES[type as DurableType]}.`,
      }),
  ) as unknown as LoggedSchema[];

/** An event of the log as it reads now; what `data` holds goes by its `type`. */
export const LoggedEvent = z.union(loggedEvents).meta({
  id: "LoggedEvent",
  description: "An event of the log as it reads now.",
});
export type LoggedEvent = z.infer<typeof LoggedEvent>;

/**
 * Everything after the cursor that was given, in order, once. With `reset` a client cannot go on from that cursor: it
 * loads what `refetch` names, then goes on from the `cursor` of this response.
 */
export const Events = z
  .strictObject({
    events: z.array(LoggedEvent),
    cursor: Cursor,
    hasMore: z.boolean(),
    reset: z.strictObject({ reason: ResetReason, refetch: Refetch }).optional(),
  })
  .meta({
    id: "Events",
    description:
      "Everything after the cursor, in order, once. With `reset` there is no going on from it: load what `refetch` names, " +
      "then go on from the `cursor` of this answer.",
  });
export type Events = z.infer<typeof Events>;

export const AckEvents = z
  .object({ cursor: Cursor.min(1) })
  .meta({ id: "AckEvents", description: "Up to where events were processed.", example: { cursor: "NWY5YzJlLTcuNDI" } });
