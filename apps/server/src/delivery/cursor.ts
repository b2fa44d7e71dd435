import type { Sql } from "../platform/postgres.ts";

/** The epoch of this database: a cursor made under another one is not ours. */
export async function readEpoch(sql: Sql): Promise<string> {
  const [row] = await sql`select epoch from delivery_epoch`;
  return row.epoch;
}

/** "I have processed everything up to here", opaque to the client: base64url of `epoch.seq`. */
export function encodeCursor(epoch: string, seq: number): string {
  return Buffer.from(`${epoch}.${seq}`).toString("base64url");
}

/** The number of the newest event of a user's log, 0 when it is empty. */
export async function readTopSeq(sql: Sql, userId: number): Promise<number> {
  const [row] = await sql`select seq::float8 as seq from user_streams where user_id = ${userId}`;
  return row?.seq ?? 0;
}
