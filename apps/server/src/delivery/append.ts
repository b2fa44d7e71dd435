import type { DurableType } from "@reelay/contract";
import type { Queryable } from "../platform/postgres.ts";

/** What is to be written to one user's log. `type: null` takes no number and only moves the counters. */
export type EventDraft = {
  userId: number;
  type: DurableType | null;
  /** The row the event speaks of, for events rendered from it when they are sent. */
  subjectId?: number;
  /** The payload, for events that hold it themselves. */
  data?: object;
  unreadMessages?: number;
  unseenNotifications?: number;
  /** One of those that come in floods: of each kind a log keeps fewer than of all others. */
  flood?: keyof typeof FLOODS;
};

/** As `user_events.flood` has them. */
export const FLOODS = { reactions: 1, comments: 2 } as const;

/**
 * Where a draft ended up, and the user's counters after the whole call. `rev` orders counters, `seq` events; `mark` tells
 * the event from another one of that number, `afterMark` is that of the event before.
 */
export type Appended = {
  userId: number;
  seq: number | null;
  mark: number | null;
  afterMark: number | null;
  rev: number;
  unreadMessages: number;
  unseenNotifications: number;
};

/**
 * Writes events to the logs of their users and moves their counters, in the caller's transaction: what the state change
 * and its event have in common is that either both are there or neither. Answers one row a draft, in the order given.
 *
 * Lock order: call it after everything else of the transaction but `note_access_change`.
 */
export async function append(tx: Queryable, drafts: readonly EventDraft[]): Promise<Appended[]> {
  if (drafts.length === 0) return [];
  const rows = drafts.map(({ flood, ...draft }) => ({ ...draft, flood: flood && FLOODS[flood] }));
  return await tx`
    select user_id::float8 as "userId", seq::float8 as seq, mark, after_mark as "afterMark", rev::float8 as rev,
      unread_messages as "unreadMessages", unseen_notifications as "unseenNotifications"
    from append_events(array(
      select row(d."userId", d.type, d."subjectId", d.data, d."unreadMessages", d."unseenNotifications",
        d.flood)::event_draft
      from json_to_recordset(${rows}::json) as d("userId" bigint, type text, "subjectId" bigint, data json,
        "unreadMessages" integer, "unseenNotifications" integer, flood smallint)
    ))
    order by ord`;
}
