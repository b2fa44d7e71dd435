import { MAX_SEEN_IDS, type Notification, type NotificationsQuery, type NotificationsSeen } from "@reelay/contract";
import type { z } from "zod";
import type { App } from "../../context.ts";
import { append } from "../../delivery/append.ts";
import { durable, unseenCount } from "../../delivery/publication.ts";
import { fail } from "../../http/errors.ts";
import { type Queryable, type Tx, transaction } from "../../platform/postgres.ts";
import { notificationColumns, notificationTables, REFETCH, tellRevoked } from "./notify.ts";

/** The newest first. */
export async function listNotifications(
  { sql }: App,
  userId: number,
  { skip, limit, beforeId, type, unseen }: z.output<typeof NotificationsQuery>,
): Promise<Notification[]> {
  return await sql`
    select ${notificationColumns(sql)} from ${notificationTables(sql)}
    where n.user_id = ${userId} and n.revoked_at is null and n.deleted_at is null
      and n.id < coalesce(${beforeId ?? null}::bigint, 9223372036854775807)
      and (${type ?? null}::text is null or n.type = ${type ?? null})
      and (not ${unseen ?? false} or n.seen_at is null)
    order by n.id desc offset ${skip} limit ${limit}`;
}

export async function countUnseen(db: Queryable, userId: number): Promise<number> {
  const [row] = await db`select unseen_notifications as count from user_streams where user_id = ${userId}`;
  return row?.count ?? 0;
}

/** Marks the user's own notifications as seen and tells his sockets. Null marks all of them; other ids are ignored. */
export async function markNotificationsSeen(
  app: App,
  userId: number,
  ids: readonly number[] | null,
): Promise<NotificationsSeen> {
  const { answer, publications } = await transaction(app.sql, async (tx) => {
    const { updated, count, seenAt } = await setSeen(tx, userId, ids);
    if (count === 0) return { answer: await nothingChanged(tx, userId), publications: [] };
    const data = { notificationIds: updated, seenAt };
    const seen = { userId, type: "notification:seen" as const, data, unseenNotifications: -count };
    const rest = { userId, type: "sync:stale" as const, data: { refetch: REFETCH } };
    const [row, stale] = await append(tx, count === updated.length ? [seen] : [seen, rest]);
    const answer = { updated, updatedCount: count, upToId: updated.at(-1)!, unseenCount: row!.unseenNotifications };
    const told = [durable(row!, seen.type, data), ...(stale ? [durable(stale, rest.type, rest.data)] : [])];
    return { answer, publications: [...told, unseenCount(row!)] };
  });
  app.broker.publish(publications);
  return answer;
}

/** @throws ApiError NOTIFICATION_NOT_FOUND unless it is the user's own */
export async function deleteNotification(app: App, userId: number, notificationId: number): Promise<boolean> {
  const { changed, publications } = await transaction(app.sql, async (tx) => {
    const before = await setDeleted(tx, userId, notificationId);
    if (!before) throw fail("NOTIFICATION_NOT_FOUND");
    const { wasListed, wasCounted } = before;
    const gone = { id: notificationId, userId, wasListed, wasCounted };
    return { changed: wasListed, publications: await tellRevoked(tx, [gone]) };
  });
  app.broker.publish(publications);
  return changed;
}

/** The newest ids that changed, ascending, and how many there were. */
async function setSeen(tx: Tx, userId: number, ids: readonly number[] | null) {
  const [row]: { updated: number[] | null; count: number; seenAt: string }[] = await tx`
    with target as (
      select id from notifications
      where user_id = ${userId} and seen_at is null and revoked_at is null and deleted_at is null
        and (${ids === null} or id = any(${tx.array([...(ids ?? [])], "BIGINT")}))
        and exists (select from accounts where id = ${userId} and status = 'active')
      order by id for update
    ),
    changed as (
      update notifications n set seen_at = now() from target t where n.id = t.id returning n.id
    ),
    ranked as (select id, row_number() over (order by id desc) as rank from changed)
    select array_agg(id::float8 order by id) filter (where rank <= ${MAX_SEEN_IDS}) as updated, count(*)::int as count,
      wire_time(now()) as "seenAt"
    from ranked`;
  return { updated: [...(row!.updated ?? [])], count: row!.count, seenAt: row!.seenAt };
}

async function nothingChanged(tx: Tx, userId: number): Promise<NotificationsSeen> {
  return { updated: [], updatedCount: 0, upToId: null, unseenCount: await countUnseen(tx, userId) };
}

async function setDeleted(tx: Tx, userId: number, notificationId: number) {
  const [row]: { wasListed: boolean; wasCounted: boolean }[] = await tx`
    with before as (
      select id, deleted_at is null as was_listed, seen_at is null and deleted_at is null as was_counted
      from notifications where id = ${notificationId} and user_id = ${userId} and revoked_at is null
        and exists (select from accounts where id = ${userId} and status = 'active')
      for update
    ),
    emptied as (
      update notifications n set deleted_at = now() from before b where n.id = b.id and b.was_listed
    )
    select was_listed as "wasListed", was_counted as "wasCounted" from before`;
  return row;
}
