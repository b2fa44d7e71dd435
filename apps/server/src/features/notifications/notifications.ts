import { MAX_SEEN_IDS, type Notification, type NotificationsQuery, type NotificationsSeen } from "@reelay/contract";
import type { z } from "zod";
import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit } from "../../delivery/commit.ts";
import { lockStreams } from "../../delivery/stream-locks.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { bigints, boundOf } from "../../platform/sql-fragments.ts";
import { asNotification, notificationColumns, notificationTables, REFETCH, type StoredNotification } from "./notify.ts";
import { appendRevoked } from "./revocations.ts";

/** The newest first. */
export async function listNotifications(
  { sql }: App,
  userId: number,
  { skip, limit, beforeId, type, unseen }: z.output<typeof NotificationsQuery>,
): Promise<Notification[]> {
  const isWanted = unseen ? isUnseenBy(sql, userId) : sql`is_listed(n, r.ids)`;
  const rows: StoredNotification[] = await sql`
    with revoked as materialized (${revokedOf(sql, userId)}),
    page as materialized (
      select n.id from notifications n left join revoked r on r.actor_id = n.actor_id
      where n.user_id = ${userId} and ${isWanted} and n.id < ${boundOf(sql, beforeId)}
        and (${type ?? null}::text is null or n.type = ${type ?? null})
      order by n.id desc offset ${skip} limit ${limit}
    )
    select ${notificationColumns(sql, seenUpTo(sql, userId))} from ${notificationTables(sql)}
    where n.id = any(array(select id from page))
    order by n.id desc`;
  return rows.map(asNotification);
}

export async function countUnseen(db: Queryable, userId: number): Promise<number> {
  const [row] = await db`select unseen_notifications as count from user_streams where user_id = ${userId}`;
  return row?.count ?? 0;
}

/**
 * Marks the user's own notifications as seen and notifies their sockets. Null marks all of them, however many, by a
 * watermark; ids that are not the user's, or were seen before, are ignored.
 */
export async function markNotificationsSeen(
  app: App,
  userId: number,
  ids: readonly number[] | null,
): Promise<NotificationsSeen> {
  return await commit(app, async (tx) => {
    await lockStreams(tx, [userId]);
    const { updated, count, seenAt } = await (ids ? setSeen(tx, userId, ids) : setAllSeen(tx, userId));
    if (count === 0) return await nothingChanged(tx, userId);
    const data = { notificationIds: updated, seenAt };
    const seen = event("notification:seen", userId, data, { unseenNotifications: -count });
    const rest = event("sync:stale", userId, { refetch: REFETCH });
    const [row] = await append(tx, count === updated.length ? [seen] : [seen, rest]);
    return { updated, updatedCount: count, upToId: updated.at(-1)!, unseenCount: row!.unseenNotifications };
  });
}

/** @throws ApiError NOTIFICATION_NOT_FOUND unless it is the user's own */
export async function deleteNotification(app: App, userId: number, notificationId: number): Promise<boolean> {
  return await commit(app, async (tx) => {
    const before = await setDeleted(tx, userId, notificationId);
    if (!before) throw fail("NOTIFICATION_NOT_FOUND");
    await appendRevoked(tx, [{ id: notificationId, userId, ...before }]);
    return before.wasListed;
  });
}

/** A notification `n` that its user has not seen; `r` is what is revoked of its actor. The watermark bounds what is read. */
function isUnseenBy(db: Queryable, userId: number) {
  return db`
    is_unseen(n, ${seenUpTo(db, userId)}, r.ids)`;
}

function seenUpTo(db: Queryable, userId: number) {
  return db`
    (select notifications_seen_up_to from user_streams where user_id = ${userId})`;
}

/** Nearly always nothing. To be materialized: it is looked at for each notification that is passed over. */
function revokedOf(db: Queryable, userId: number) {
  return db`
    select actor_id, ids from notification_revocations where user_id = ${userId}`;
}

/** The ids that changed, ascending, and how many there were. */
type Changed = { updated: number[]; count: number; seenAt: string };

async function setSeen(tx: Tx, userId: number, ids: readonly number[]): Promise<Changed> {
  const [row]: { updated: number[] | null; seenAt: string }[] = await tx`
    with target as (
      select n.id from notifications n
      left join notification_revocations r on r.user_id = n.user_id and r.actor_id = n.actor_id
      where n.user_id = ${userId} and n.id = any(${bigints(tx, ids)}) and ${isUnseenBy(tx, userId)}
        and exists (select from accounts where id = ${userId} and status = 'active')
    ),
    changed as (
      update notifications n set seen_at = now() from target t where n.id = t.id returning n.id
    )
    select array_agg(id::float8 order by id) as updated, wire_time(now()) as "seenAt" from changed`;
  const updated = [...(row!.updated ?? [])];
  return { updated, count: updated.length, seenAt: row!.seenAt };
}

/** Of more than the newest that are named, the counter knows how many there are. */
async function setAllSeen(tx: Tx, userId: number): Promise<Changed> {
  const [row]: { updated: number[] | null; counted: number; seenAt: string }[] = await tx`
    with revoked as materialized (${revokedOf(tx, userId)}),
    target as (
      select n.id from notifications n left join revoked r on r.actor_id = n.actor_id
      where n.user_id = ${userId} and ${isUnseenBy(tx, userId)}
        and exists (select from accounts where id = ${userId} and status = 'active')
      order by n.id desc limit ${MAX_SEEN_IDS}
    ),
    raised as (
      update user_streams set notifications_seen_up_to = (select max(id) from target)
      where user_id = ${userId} and exists (select from target)
    )
    select (select array_agg(id::float8 order by id) from target) as updated, s.unseen_notifications as counted,
      wire_time(now()) as "seenAt"
    from user_streams s where s.user_id = ${userId}`;
  const updated = [...(row!.updated ?? [])];
  const count = updated.length < MAX_SEEN_IDS ? updated.length : Math.max(updated.length, row!.counted);
  return { updated, count, seenAt: row!.seenAt };
}

async function nothingChanged(tx: Tx, userId: number): Promise<NotificationsSeen> {
  return { updated: [], updatedCount: 0, upToId: null, unseenCount: await countUnseen(tx, userId) };
}

async function setDeleted(tx: Tx, userId: number, notificationId: number) {
  await lockStreams(tx, [userId]);
  const [row]: { wasListed: boolean; wasCounted: boolean }[] = await tx`
    with before as (
      select n.id, is_listed(n, r.ids) as was_listed, ${isUnseenBy(tx, userId)} as was_counted
      from notifications n
      left join notification_revocations r on r.user_id = n.user_id and r.actor_id = n.actor_id
      where n.id = ${notificationId} and n.user_id = ${userId} and (n.deleted_at is not null or is_listed(n, r.ids))
        and n.revoked_at is null and exists (select from accounts where id = ${userId} and status = 'active')
    ),
    emptied as (
      update notifications n set deleted_at = now() from before b where n.id = b.id and b.was_listed
    )
    select was_listed as "wasListed", was_counted as "wasCounted" from before`;
  return row;
}
