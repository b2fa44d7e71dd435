import type { App } from "../../app.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";

/** Of decisions older than that it is known whether the person received them, but not to the second. */
const FOLLOWED_HOURS = 24;
const MAX_NOTED = 500;

/** By which event the person learns of a decision. */
export async function noteEvent(tx: Tx, decisionId: number, seq: number | null | undefined): Promise<void> {
  if (seq) await tx`update decisions set event_seq = ${seq} where id = ${decisionId}`;
}

/** Writes down when the news of decisions was received: when the confirmations of the person's devices passed its event. */
export async function noteReceipts({ sql }: App): Promise<void> {
  await sql`
    with received as (
      select d.id from decisions d join user_streams s on s.user_id = d.user_id
      where d.event_seq is not null and d.received_at is null and s.confirmed_seq >= d.event_seq
        and d.decided_at > now() - make_interval(hours => ${FOLLOWED_HOURS})
      order by d.decided_at limit ${MAX_NOTED} for update of d skip locked
    )
    update decisions d set received_at = now() from received r where d.id = r.id`;
}

/** Of a decision `d`: when its news was received. For one that was not followed, the last time the device said anything. */
export function receivedAt(db: Queryable) {
  return db`
    wire_time(coalesce(d.received_at, (
      select min(c.updated_at) from session_cursors c
      where c.user_id = d.user_id and d.event_seq is not null and c.confirmed_seq >= d.event_seq)))`;
}
