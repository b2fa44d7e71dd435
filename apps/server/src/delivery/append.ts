import type { DurableType, EventData } from "@reelay/contract";
import { type PublishingTx, publishAfterCommit } from "./commit.ts";
import { durable, type Publication, unreadCount, unseenCount } from "./publication.ts";

/** What an event may say besides its payload. */
export type EventOptions = {
  /** The row the event is about. */
  subjectId?: number;
  /** What the event changes of the user's counters. A counter that is named is published after the user's events. */
  unreadMessages?: number;
  unseenNotifications?: number;
  /** One of those that come in floods: of each kind a log keeps fewer than of all others. */
  flood?: keyof typeof FLOODS;
};

/** What is to be written to one user's log, and the payload as the user's sockets get it now. */
export type EventDraft = EventOptions & { userId: number; type: DurableType; data: object };

/** As `user_events.flood` has them. */
export const FLOODS = { reactions: 1, comments: 2 } as const;

/** Types that are rendered from the row they are about whenever they are sent; the log keeps the payload of the others. */
const RENDERED_FROM_ROWS: ReadonlySet<DurableType> = new Set(["message:new", "message:sent", "notification:new"]);

/**
 * Where a draft ended up, and the user's counters after the whole call. `rev` orders counters, `seq` events; `mark` distinguishes
 * the event from another one of that number, `afterMark` is that of the event before.
 */
export type Appended = {
  userId: number;
  seq: number;
  mark: number;
  afterMark: number;
  rev: number;
  unreadMessages: number;
  unseenNotifications: number;
};

/** An event for one user's log. */
export function event<T extends DurableType>(
  type: T,
  userId: number,
  data: EventData<T>,
  options: EventOptions = {},
): EventDraft {
  return { ...options, type, userId, data };
}

/**
 * Writes events to the logs of their users, moves their counters and has both published after the commit: what the state
 * change and its events have in common is that either all of them are there or none.
 *
 * Lock order: call it after everything else of the transaction but `accessChanged`.
 * @returns one row a draft, in the order given
 */
export async function append(tx: PublishingTx, drafts: readonly EventDraft[]): Promise<Appended[]> {
  if (drafts.length === 0) return [];
  const rows = drafts.map(({ data, flood, ...draft }) => ({
    ...draft,
    data: RENDERED_FROM_ROWS.has(draft.type) ? null : data,
    flood: flood && FLOODS[flood],
  }));
  const appended: Appended[] = await tx`
    select user_id::float8 as "userId", seq::float8 as seq, mark, after_mark as "afterMark", rev::float8 as rev,
      unread_messages as "unreadMessages", unseen_notifications as "unseenNotifications"
    from append_events(array(
      select row(d."userId", d.type, d."subjectId", d.data, d."unreadMessages", d."unseenNotifications",
        d.flood)::event_draft
      from json_to_recordset(${rows}::json) as d("userId" bigint, type text, "subjectId" bigint, data json,
        "unreadMessages" integer, "unseenNotifications" integer, flood smallint)
    ))
    order by ord`;
  publishAfterCommit(tx, publicationsOf(drafts, appended));
  return appended;
}

/** The events in their order, then the counters they name, once a user. */
function publicationsOf(drafts: readonly EventDraft[], appended: readonly Appended[]): Publication[] {
  const events = drafts.map(({ type, data }, index) => durable(appended[index]!, type, data as EventData<DurableType>));
  const counters = new Map<string, Publication>();
  for (const [index, { userId, unreadMessages, unseenNotifications }] of drafts.entries()) {
    if (unreadMessages !== undefined) counters.set(`unread ${userId}`, unreadCount(appended[index]!));
    if (unseenNotifications !== undefined) counters.set(`unseen ${userId}`, unseenCount(appended[index]!));
  }
  return [...events, ...counters.values()];
}
