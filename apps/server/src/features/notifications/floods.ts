import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { lockStreams } from "../../delivery/stream-locks.ts";
import type { Clock } from "../../platform/clock.ts";
import { type Fragment, type Queryable, retrying, type Tx } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { REFETCH, readNotifications } from "./notify.ts";

/** So many reactions to one thing are published one by one in each window; the others are counted only. */
const FLOOD = { limit: 100, windowMs: 10_000 };
/** A flood is over when nothing of it was suppressed for this long. */
const OVER_AFTER_MS = 10_000;
const MAX_FLOODS = 200;

type Flood = { userId: number; notificationId: number };

/** What `notify_users` takes after its drafts where likes or follows are among them. */
export function floodRule(db: Queryable, clock: Clock): Fragment {
  return db`${FLOOD.limit}::integer, make_interval(secs => ${FLOOD.windowMs / 1000}), ${new Date(clock.now())}::timestamptz`;
}

/**
 * Announces the newest notification of every flood that is over: the others of it were counted only. Resumable devices
 * load their list again, also those that were away. Safe beside other nodes that do the same.
 */
export async function endFloods(app: App): Promise<void> {
  const before = new Date(app.clock.now() - OVER_AFTER_MS);
  await commit(app, async (tx) => {
    const userIds = await findUsers(tx, before);
    await lockStreams(tx, userIds);
    await appendNewest(tx, await claimEnded(tx, before, userIds));
  });
}

/** Forgets what is no flood any more. */
export async function forgetFloods({ sql, clock }: App): Promise<void> {
  const before = new Date(clock.now() - OVER_AFTER_MS);
  await retrying(() => sql`delete from notification_floods where suppressed_id is null and window_at < ${before}`);
}

/** Whose streams to lock first, as everybody does who notifies them. */
async function findUsers(tx: Tx, before: Date): Promise<number[]> {
  const rows: { userId: number }[] = await tx`
    select user_id::float8 as "userId" from notification_floods
    where suppressed_id is not null and suppressed_at < ${before}
    order by user_id, type, target_id limit ${MAX_FLOODS}`;
  return rows.map(({ userId }) => userId);
}

async function claimEnded(tx: Tx, before: Date, userIds: readonly number[]): Promise<Flood[]> {
  return await tx`
    with over as (
      select user_id, type, target_id, suppressed_id from notification_floods
      where suppressed_id is not null and suppressed_at < ${before}
        and user_id = any(${bigints(tx, userIds)})
      order by user_id, type, target_id limit ${MAX_FLOODS} for update skip locked
    ),
    cleared as (
      update notification_floods f set suppressed_id = null, suppressed_at = null from over o
      where f.user_id = o.user_id and f.type = o.type and f.target_id = o.target_id
    )
    select user_id::float8 as "userId", suppressed_id::float8 as "notificationId" from over`;
}

/** One that was revoked meanwhile is not announced; that the list is stale is announced in any case. */
async function appendNewest(tx: PublishingTx, floods: readonly Flood[]): Promise<void> {
  const payloads = await readNotifications(
    tx,
    floods.map(({ notificationId }) => notificationId),
  );
  const events = floods.flatMap(({ userId, notificationId }) => {
    const stale = event("sync:stale", userId, { refetch: REFETCH }, { flood: "reactions" });
    const payload = payloads.get(notificationId);
    if (!payload) return [stale];
    const newest = { subjectId: notificationId, flood: "reactions" } as const;
    return [stale, event("notification:new", userId, payload, newest)];
  });
  await append(tx, events);
}
