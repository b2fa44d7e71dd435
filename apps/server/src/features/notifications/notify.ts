import { MODERATION, type Notification, type NotificationType } from "@reelay/contract";
import type { App } from "../../app.ts";
import { durable, type Publication, stale, unseenCount } from "../../delivery/publication.ts";
import type { Renderer } from "../../delivery/render.ts";
import type { Fragment, Queryable, Sql, Tx } from "../../platform/postgres.ts";
import { THUMB_URL } from "../media/media.ts";

export type NotificationDraft = {
  userId: number;
  type: NotificationType;
  refId: number;
  actorId: number | null;
  /** The comment, for comment, reply and mention. */
  subjectId?: number;
};

/**
 * What became of a draft that changed something, and its user's counters after it. `new`: an event tells of it.
 * `revived`: it had been taken back and is there again, silently. `suppressed`: one of a flood, counted only.
 */
export type Notified = {
  outcome: "new" | "revived" | "suppressed";
  userId: number;
  notificationId: number;
  seq: number | null;
  mark: number | null;
  afterMark: number | null;
  rev: number;
  unreadMessages: number;
  unseenNotifications: number;
};

/** What a stale list of notifications is loaded again from. */
export const REFETCH = ["/notifications"];

/**
 * Makes notifications in the caller's transaction, each with its event and counter. Nobody is notified of his own doing
 * or across a block. Call it last, as `append`; publish what it answers after the commit.
 */
export async function notify(tx: Tx, drafts: readonly NotificationDraft[]): Promise<Publication[]> {
  if (drafts.length === 0) return [];
  const rows: { notified: Notified }[] = await tx`
    select ${notifiedColumn(tx)} from notify_users(array(
      select row(d."userId", d.type, d."refId", d."actorId", d."subjectId")::notification_draft
      from json_to_recordset(${drafts}::json) as d("userId" bigint, type text, "refId" bigint, "actorId" bigint,
        "subjectId" bigint)
    )) n`;
  return await publicationsOf(
    tx,
    rows.map(({ notified }) => notified),
  );
}

/** The column `notified` of a query over `notify_users`, which is `n`. */
export function notifiedColumn(db: Queryable) {
  return db`
    case when n.ord is not null then json_build_object('outcome', n.outcome, 'userId', n.user_id,
      'notificationId', n.notification_id, 'seq', n.seq, 'mark', n.mark, 'afterMark', n.after_mark, 'rev', n.rev, 'unreadMessages', n.unread_messages,
      'unseenNotifications', n.unseen_notifications) end as notified`;
}

/** What is to be published of notifications that were made by `notify_users`. */
export async function publicationsOf(db: Queryable, notified: readonly Notified[]): Promise<Publication[]> {
  const payloads = await readNotifications(
    db,
    notified.flatMap(({ outcome, notificationId }) => (outcome === "new" ? [notificationId] : [])),
  );
  const told = notified.flatMap((row) => {
    if (row.outcome === "suppressed") return [stale(row.userId, REFETCH)];
    if (row.outcome === "revived") return [durable(row, "sync:stale", { refetch: REFETCH })];
    const payload = payloads.get(row.notificationId);
    return payload ? [durable(row, "notification:new", payload)] : [];
  });
  const last = new Map(notified.map((row) => [row.userId, row]));
  return [...told, ...[...last.values()].map(unseenCount)];
}

/**
 * Tells of notifications that are committed already. Should they not be readable now, they are read from the log later:
 * what was committed must not be taken for failed.
 */
export async function tellNotified({ sql, broker, log }: App, notified: readonly Notified[]): Promise<void> {
  if (notified.length === 0) return;
  try {
    broker.publish(await publicationsOf(sql, notified));
  } catch (error) {
    log.warn({ err: error }, "notifications could not be read to be pushed");
    broker.publish(
      notified.flatMap(({ userId, seq }) => (seq === null ? [] : [{ kind: "log_advanced", userId, seq }])),
    );
  }
}

/** Notifications as they read now, by id; those that were revoked or deleted are absent. */
export async function readNotifications(db: Queryable, ids: readonly number[]): Promise<Map<number, Notification>> {
  if (ids.length === 0) return new Map();
  const rows: Notification[] = await db`
    select ${notificationColumns(db, db`s.notifications_seen_up_to`)} from ${notificationTables(db)}
    join user_streams s on s.user_id = n.user_id
    left join notification_revocations r on r.user_id = n.user_id and r.actor_id = n.actor_id
    where n.id = any(${db.array([...ids], "BIGINT")}) and is_listed(n, r.ids)`;
  return new Map(rows.map((notification) => [notification.id, notification]));
}

/**
 * The select list of a notification `n`, over `notificationTables`, of whose user all is seen up to an id. What its reader may not see any more is no target; of his
 * own he is told the title even when it is gone. A picture is shown while anybody may see it: an address signed for him
 * would be dead within the hour, in a frame that he may receive later.
 */
export function notificationColumns(db: Queryable, seenUpTo: Fragment) {
  return db`
    n.id::float8 as id, n.user_id::float8 as "userId", n.type, n.ref_id::float8 as "refId",
    wire_time(n.created_at) as "createdAt", is_seen(n, ${seenUpTo}) as seen,
    case when a.id is null then ${MODERATION}::json
      else json_build_object('id', a.id, 'username', a.username, 'avatarUrl', a.avatar_url) end as actor,
    case when v.owner_id = n.user_id or (v.deleted_at is null and v.visibility = 'public' and o.status = 'active') then
      json_build_object('type', 'video', 'id', v.id, 'title', v.title,
        'thumbUrl', case when v.deleted_at is null and v.visibility = 'public'
          then coalesce(v.external_thumb_url, ${THUMB_URL}::text || v.thumb_key) end) end as target`;
}

export function notificationTables(db: Queryable) {
  return db`
    notifications n
    left join accounts a on a.id = n.actor_id
    left join videos v on v.id = n.ref_id and n.type in ('like', 'comment', 'reply', 'mention', 'admin_delete')
    left join accounts o on o.id = v.owner_id`;
}

/** `notification:new` as it reads now; one that was revoked or deleted is passed over. */
export const renderNotifications: Renderer = async (sql: Sql, events) => {
  const payloads = await readNotifications(
    sql,
    events.map((event) => event.subjectId!),
  );
  return events.map((event) => payloads.get(event.subjectId!) ?? null);
};
