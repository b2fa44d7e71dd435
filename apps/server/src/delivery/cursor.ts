import type { ResetReason } from "@reelay/contract";
import type { Sql } from "../platform/postgres.ts";

/** Whose log, of which database. */
export type Stream = { epoch: string; userId: number };

/** Where a client goes on from. `reset` when that is not where it asked for: what it has is to be loaded anew. */
export type Start = { resume: "ok" | "fresh"; seq: number } | { resume: "reset"; seq: number; reason: ResetReason };

/** What of a client a reset makes worthless; paths below the base path. */
export const REFETCH_EVERYTHING = ["/users/me", "/messages/inbox", "/notifications", "/reports/my"];

const CURSOR = /^(\w+)-(\d{1,16})\.(\d{1,16})$/;

/** The epoch of this database: a cursor made under another one is not ours. */
export async function readEpoch(sql: Sql): Promise<string> {
  const [row] = await sql`select epoch from delivery_epoch`;
  return row.epoch;
}

/**
 * Makes every cursor given out so far worthless: for a database that was restored from a copy, and so may give numbers
 * again that clients have seen. Servers read the epoch when they start.
 */
export async function changeEpoch(sql: Sql): Promise<void> {
  await sql`update delivery_epoch set epoch = substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)`;
}

/** "I have processed everything up to here", opaque to the client: base64url of the stream's name and `seq`. */
export function encodeCursor({ epoch, userId }: Stream, seq: number): string {
  return Buffer.from(`${epoch}-${userId}.${seq}`).toString("base64url");
}

/** The seq of a cursor of this stream, or why it is none. */
export function readCursor(cursor: string, stream: Stream): number | ResetReason {
  const [, epoch, userId, seq] = Buffer.from(cursor, "base64url").toString("latin1").match(CURSOR) ?? [];
  if (epoch === undefined || Number(userId) !== stream.userId) return "invalid";
  return epoch === stream.epoch ? Number(seq) : "epoch";
}

/** Where a client with this cursor goes on from; an empty one means from now. Never in the middle of what is missing. */
export function startFrom(cursor: string, stream: Stream, head: { seq: number; floorSeq: number }): Start {
  if (cursor === "") return { resume: "fresh", seq: head.seq };
  const seq = readCursor(cursor, stream);
  const reset = (reason: ResetReason): Start => ({ resume: "reset", seq: head.seq, reason });
  if (typeof seq !== "number") return reset(seq);
  if (seq > head.seq) return reset("future");
  if (seq < head.floorSeq) return reset("too_old");
  return { resume: "ok", seq };
}

/** The number of the newest event of a user's log, 0 when it is empty. */
export async function readTopSeq(sql: Sql, userId: number): Promise<number> {
  const [row] = await sql`select seq::float8 as seq from user_streams where user_id = ${userId}`;
  return row?.seq ?? 0;
}
