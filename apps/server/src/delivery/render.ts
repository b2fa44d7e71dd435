import type { DurableType } from "@reelay/contract";
import type { Logger } from "../platform/log.ts";
import { isDatabaseAway, type Sql, sqlState } from "../platform/postgres.ts";
import { frameOf } from "./publication.ts";

/** A row of a user's log. */
export type LoggedEvent = {
  userId: number;
  seq: number;
  mark: number;
  type: DurableType;
  subjectId: number | null;
  data: object | null;
  createdAtMs: number;
};

/**
 * Turns rows of one type into their payloads with one query, for all of them. Null: the event no longer stands (its
 * message was deleted, its ban lifted) and is passed over; its number still counts.
 */
export type Renderer = (sql: Sql, events: readonly LoggedEvent[]) => Promise<(object | null)[]>;
export type Renderers = Record<DurableType, Renderer>;

/** For events that hold their own data and always stand. */
export const renderOwnData: Renderer = async (_sql, events) => events.map((event) => event.data);

export type RenderContext = {
  sql: Sql;
  renderers: Renderers;
  log: Logger;
  /** Types of which an event was passed over already: each is logged once. */
  passedOver: Set<string>;
};

/** Stands for an event of which this server can make nothing, now or later. */
export const UNRENDERABLE = Symbol("unrenderable");
type Unrenderable = typeof UNRENDERABLE;

/**
 * What says nothing about a row: connections, transactions, resources, timeouts, locks, and statements that do not fit
 * the tables of this database. The reader tries again.
 */
const NOT_OF_A_ROW = /^(08|25|26|28|40|42|53|54|55|57|58)/;

/**
 * The frames of events, with one query a type; null for an event that no longer stands. Only what is the fault of a row
 * is unrenderable: a type that is not known here, or a row that throws when it is rendered alone.
 * @throws whatever the database throws otherwise: nothing is known about the events then
 */
export async function render(
  context: RenderContext,
  events: readonly LoggedEvent[],
): Promise<(string | null | Unrenderable)[]> {
  const frames: (string | null | Unrenderable)[] = new Array(events.length).fill(null);
  for (const [type, positions] of Map.groupBy(events.keys(), (index) => events[index]!.type)) {
    const payloads = await payloadsOf(
      context,
      type,
      positions.map((index) => events[index]!),
    );
    for (const [k, payload] of payloads.entries()) {
      const isFrame = payload !== null && payload !== UNRENDERABLE;
      frames[positions[k]!] = isFrame ? frameOf(type, payload as never) : payload;
    }
  }
  return frames;
}

type Payload = object | null | Unrenderable;

async function payloadsOf(context: RenderContext, type: DurableType, events: LoggedEvent[]): Promise<Payload[]> {
  if (!Object.hasOwn(context.renderers, type)) {
    noteOnce(context, type, "events of a type that this server does not know are passed over");
    return events.map(() => UNRENDERABLE);
  }
  try {
    return await context.renderers[type](context.sql, events);
  } catch (error) {
    if (!mayBeOfARow(error)) throw error;
    if (events.length === 1) return [await payloadOfOne(context, type, events[0]!)];
    const middle = events.length >> 1;
    const first = await payloadsOf(context, type, events.slice(0, middle));
    return [...first, ...(await payloadsOf(context, type, events.slice(middle)))];
  }
}

/** Once more, after the database has answered something else: now the event alone can be at fault. */
async function payloadOfOne(context: RenderContext, type: DurableType, event: LoggedEvent): Promise<Payload> {
  await context.sql`select 1`;
  try {
    const [payload = null] = await context.renderers[type](context.sql, [event]);
    return payload;
  } catch (error) {
    if (!mayBeOfARow(error)) throw error;
    const { userId, seq } = event;
    noteOnce(context, type, "an event that cannot be rendered is passed over", { err: error, userId, seq });
    return UNRENDERABLE;
  }
}

function mayBeOfARow(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return !NOT_OF_A_ROW.test(state);
  return !isDatabaseAway(error) && error instanceof Error;
}

function noteOnce({ log, passedOver }: RenderContext, type: string, text: string, details: object = {}): void {
  if (passedOver.has(type)) return;
  passedOver.add(type);
  log.error({ type, ...details }, text);
}
