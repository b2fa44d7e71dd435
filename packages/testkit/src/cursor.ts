import type { App } from "../../../apps/server/src/app.ts";
import { encodeCursor, markAt } from "../../../apps/server/src/delivery/cursor.ts";

type Place = { epoch?: string; mark?: number };

/** The cursor of somebody who has processed everything up to `seq`, whether the log reaches that far or not. */
export async function cursorAt({ sql, epoch }: App, userId: number, seq: number, place: Place = {}): Promise<string> {
  const [row] =
    await sql`select ${markAt(sql, sql`${seq}::bigint`)} as mark from user_streams s where s.user_id = ${userId}`;
  const mark = place.mark ?? row?.mark ?? 0;
  return encodeCursor({ epoch: place.epoch ?? epoch, userId }, { seq, mark });
}
