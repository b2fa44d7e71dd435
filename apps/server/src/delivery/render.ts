import type { DurableType, EventData } from "@reelay/contract";
import type { Logger } from "../platform/log.ts";
import { isDatabaseAway, type Sql, sqlState } from "../platform/postgres.ts";
import { frameOf } from "./publication.ts";

/** A row of a user's log. `data` null: the event is rendered from the row that it refers to. */
export type LoggedEvent<T extends DurableType = DurableType> = {
  userId: number;
  seq: number;
  mark: number;
  type: T;
  subjectId: number | null;
  data: EventData<T> | null;
  createdAtMs: number;
};

/**
 * Turns rows of one type into their payloads with one query, for all of them. Null: the event no longer stands (its
 * message was deleted, its ban lifted) and is passed over; its number still counts.
 */
export type Renderer<T extends DurableType> = (
  sql: Sql,
  events: readonly LoggedEvent<T>[],
) => Promise<(EventData<T> | null)[]>;
export type Renderers = { [T in DurableType]: Renderer<T> };

/** For events that hold their own data and always stand. */
export async function renderOwnData<T extends DurableType>(
  _sql: Sql,
  events: readonly LoggedEvent<T>[],
): Promise<(EventData<T> | null)[]> {
  return events.map((event) => event.data);
}

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
export async function render(context: RenderContext, events: readonly LoggedEvent[]): Promise<Frame[]> {
  const frames: Frame[] = new Array(events.length).fill(null);
  for (const [type, positions] of Map.groupBy(events.keys(), (index) => events[index]!.type)) {
    const ofType = positions.map((index) => events[index]!);
    for (const [k, frame] of (await framesOf(context, type, ofType)).entries()) frames[positions[k]!] = frame;
  }
  return frames;
}

type Frame = string | null | Unrenderable;

async function framesOf<T extends DurableType>(
  context: RenderContext,
  type: T,
  events: LoggedEvent<T>[],
): Promise<Frame[]> {
  const payloads = await payloadsOf(context, type, events);
  return payloads.map((payload) => {
    if (payload === null) return null;
    if (payload === UNRENDERABLE) return UNRENDERABLE;
    return frameOf<T>(type, payload);
  });
}

type Payload<T extends DurableType> = EventData<T> | null | Unrenderable;

async function payloadsOf<T extends DurableType>(
  context: RenderContext,
  type: T,
  events: LoggedEvent<T>[],
): Promise<Payload<T>[]> {
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
async function payloadOfOne<T extends DurableType>(
  context: RenderContext,
  type: T,
  event: LoggedEvent<T>,
): Promise<Payload<T>> {
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
