import type { Tx } from "../platform/postgres.ts";
import { bigints } from "../platform/sql-fragments.ts";

/**
 * Locks the streams of users to the end of the transaction, in the order of their ids: before anything of theirs is read
 * that the transaction decides by, or changed that their counters count. `append` and `notify` lock what they write to by
 * themselves.
 */
export async function lockStreams(tx: Tx, userIds: readonly number[]): Promise<void> {
  if (userIds.length > 0) await tx`select lock_streams(${bigints(tx, userIds)})`;
}
