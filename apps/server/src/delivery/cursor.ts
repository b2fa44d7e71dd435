import type { ResetReason } from "@reelay/contract";
import type { Fragment, Queryable, Sql } from "../platform/postgres.ts";

/** Whose log, of which database. */
export type Stream = { epoch: string; userId: number };

/**
 * A place in a log: the number of an event, and its mark, which distinguishes it from any other event that a database which went
 * back gives the same number. `mark` null: not known; the log is taken at its word.
 */
export type Position = { seq: number; mark: number | null };

/** Where a client goes on from. `reset` when that is not where it asked for: what it has is to be loaded anew. */
export type Start = { resume: "ok" | "fresh"; at: Position } | { resume: "reset"; at: Position; reason: ResetReason };

/** The head of a log, and the mark it has at the place that was asked for; null: no event stands there. */
export type Head = Position & { floorSeq: number; markThere: number | null };

const CURSOR = /^(\w+)-(\d{1,16})\.(\d{1,16})(?:\.(\d{1,10}))?$/;

/** The epoch of this database: a cursor made under another one is not ours. */
export async function readEpoch(sql: Sql): Promise<string> {
  const [row] = await sql`select epoch from delivery_epoch`;
  return row.epoch;
}

/**
 * Invalidates every cursor given out so far, for a database that was restored from a copy. What sessions confirmed
 * never exceeds their logs. Servers read the epoch when they start.
 */
export async function changeEpoch(sql: Sql): Promise<void> {
  await sql`
    with streams as (update user_streams set confirmed_seq = seq where confirmed_seq > seq),
    sessions as (
      update session_cursors c set confirmed_seq = s.seq from user_streams s
      where s.user_id = c.user_id and c.confirmed_seq > s.seq
    )
    update delivery_epoch set epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)`;
}

/** "I have processed everything up to here", opaque to the client: base64url of the stream's name and the place in it. */
export function encodeCursor({ epoch, userId }: Stream, { seq, mark }: Position): string {
  return Buffer.from(`${epoch}-${userId}.${seq}.${mark ?? 0}`).toString("base64url");
}

/** The place a cursor of this stream names, or why it names none. */
export function readCursor(cursor: string, stream: Stream): Position | ResetReason {
  const [, epoch, userId, seq, mark] = Buffer.from(cursor, "base64url").toString("latin1").match(CURSOR) ?? [];
  if (epoch === undefined || Number(userId) !== stream.userId) return "invalid";
  if (epoch !== stream.epoch || mark === undefined) return "epoch";
  return { seq: Number(seq), mark: Number(mark) };
}

/** The place whose mark `startFrom` needs of the log. */
export function placeOf(cursor: string, stream: Stream): number {
  const at = readCursor(cursor, stream);
  return typeof at === "string" ? 0 : at.seq;
}

/**
 * Where a client with this cursor goes on from; an empty one means from now. Never in the middle of what is missing, and
 * never on a log that has another event where the client was.
 */
export function startFrom(cursor: string, stream: Stream, head: Head): Start {
  const end = { seq: head.seq, mark: head.mark };
  if (cursor === "") return { resume: "fresh", at: end };
  const reset = (reason: ResetReason): Start => ({ resume: "reset", at: end, reason });
  const at = readCursor(cursor, stream);
  if (typeof at === "string") return reset(at);
  if (at.seq > head.seq) return reset("future");
  if (at.seq < head.floorSeq) return reset("too_old");
  return at.mark === head.markThere ? { resume: "ok", at } : reset("epoch");
}

/** The mark a log has at a place; null: no event stands there, or none any more. The stream is `s`. */
export function markAt(db: Queryable, at: Fragment): Fragment {
  return db`
    case
      when ${at} = 0 then 0
      when ${at} = s.seq then s.head_mark
      when ${at} = s.floor_seq then s.floor_mark
      else (select m.mark from user_events m where m.user_id = s.user_id and m.seq = ${at})
    end`;
}

/** The newest event of a user's log; the beginning when there is none. */
export async function readEnd(sql: Sql, userId: number): Promise<Position> {
  const [row] = await sql`select seq::float8 as seq, head_mark as mark from user_streams where user_id = ${userId}`;
  return row ?? { seq: 0, mark: 0 };
}
