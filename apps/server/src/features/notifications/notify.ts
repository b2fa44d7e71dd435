import { MODERATION, type Notification, type NotificationType } from "@reelay/contract";
import type { Appended } from "../../delivery/append.ts";
import { type PublishingTx, publishAfterCommit } from "../../delivery/commit.ts";
import { durable, type Publication, stale, unseenCount } from "../../delivery/publication.ts";
import type { Renderer } from "../../delivery/render.ts";
import type { Fragment, Queryable, Sql } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import { THUMB_URL } from "../media/media.ts";

export type NotificationDraft = {
  userId: number;
  /** Likes and follows come in floods, and only through the batches, which say what a flood is. */
  type: Exclude<NotificationType, "like" | "follow">;
  refId: number;
  actorId: number | null;
  /** The comment, for comment, reply and mention. */
  subjectId?: number;
};

/**
 * What became of a draft that changed something, and its user's counters after it. `new`: an event announces it.
 * `revived`: it had been revoked and is there again, silently. `suppressed`: one of a flood, counted only.
 */
export type Notified =
  | ({ outcome: "new" | "revived"; notificationId: number } & Appended)
  | ({ outcome: "suppressed"; notificationId: number; seq: null } & Omit<Appended, "seq" | "mark" | "afterMark">);

/** What a stale list of notifications is loaded again from. */
export const REFETCH = ["/notifications"];

/**
 * Creates notifications in the caller's transaction, each with its event and counter. Nobody is notified of their own
 * doing or across a block. Call it last, as `append`.
 * @returns what became of those that changed something
 */
export async function notify(tx: PublishingTx, drafts: readonly NotificationDraft[]): Promise<Notified[]> {
  if (drafts.length === 0) return [];
  const rows: { notified: Notified }[] = await tx`
    select ${notifiedColumn(tx)} from notify_users(array(
      select row(d."userId", d.type, d."refId", d."actorId", d."subjectId")::notification_draft
      from json_to_recordset(${drafts}::json) as d("userId" bigint, type text, "refId" bigint, "actorId" bigint,
        "subjectId" bigint)
    ), null, null, null) n`;
  const notified = rows.map((row) => row.notified);
  publishAfterCommit(tx, await publicationsOf(tx, notified));
  return notified;
}

/** The column `notified` of a query over `notify_users`, which is `n`. */
export function notifiedColumn(db: Queryable) {
  return db`
    case when n.ord is not null then json_build_object('outcome', n.outcome, 'userId', n.user_id,
      'notificationId', n.notification_id, 'seq', n.seq, 'mark', n.mark, 'afterMark', n.after_mark, 'rev', n.rev, 'unreadMessages', n.unread_messages,
      'unseenNotifications', n.unseen_notifications) end as notified`;
}

/** What is to be published of notifications that `notify_users` created. */
export async function publicationsOf(db: Queryable, notified: readonly Notified[]): Promise<Publication[]> {
  const payloads = await readNotifications(
    db,
    notified.flatMap(({ outcome, notificationId }) => (outcome === "new" ? [notificationId] : [])),
  );
  const events = notified.flatMap((row) => {
    if (row.outcome === "suppressed") return [stale(row.userId, REFETCH)];
    if (row.outcome === "revived") return [durable(row, "sync:stale", { refetch: REFETCH })];
    const payload = payloads.get(row.notificationId);
    return payload ? [durable(row, "notification:new", payload)] : [];
  });
  const last = new Map(notified.map((row) => [row.userId, row]));
  return [...events, ...[...last.values()].map(unseenCount)];
}

/** Notifications as they read now, by id; those that were revoked or deleted are absent. */
export async function readNotifications(db: Queryable, ids: readonly number[]): Promise<Map<number, Notification>> {
  if (ids.length === 0) return new Map();
  const rows: StoredNotification[] = await db`
    select ${notificationColumns(db, db`s.notifications_seen_up_to`)} from ${notificationTables(db)}
    join user_streams s on s.user_id = n.user_id
    left join notification_revocations r on r.user_id = n.user_id and r.actor_id = n.actor_id
    where n.id = any(${bigints(db, ids)}) and is_listed(n, r.ids)`;
  return new Map(rows.map((row) => [row.id, asNotification(row)]));
}

export type StoredNotification = Notification & Required<Pick<Notification, "reason" | "decisionId">>;

/** What staff did comes with a reason; other types have no such keys, which deployed clients have never seen. */
export function asNotification(row: StoredNotification): Notification {
  if (row.type.startsWith("admin_")) return row;
  const { reason: _, decisionId: __, ...notification } = row;
  return notification;
}

/**
 * The select list of a notification `n`, over `notificationTables`, of whose user all is seen up to an id. What its reader may not see any more is no target; their
 * own video keeps its title even when it is gone. A picture is shown while anybody may see it: a signed address would
 * expire within the hour, in a frame that the reader may receive later.
 */
export function notificationColumns(db: Queryable, seenUpTo: Fragment) {
  return db`
    n.id::float8 as id, n.user_id::float8 as "userId", n.type, n.ref_id::float8 as "refId",
    wire_time(n.created_at) as "createdAt", is_seen(n, ${seenUpTo}) as seen,
    case when a.id is null then ${MODERATION}::json
      else json_build_object('id', a.id, 'username', a.username, 'avatarUrl', a.avatar_url) end as actor,
    case when v.owner_id = n.user_id or (is_shown(v) and o.status = 'active') then
      json_build_object('type', 'video', 'id', v.id, 'title', v.title,
        'thumbUrl', case when is_shown(v) then coalesce(v.external_thumb_url, ${THUMB_URL}::text || v.thumb_key) end)
      when n.type = 'admin_warning' and d.target_type <> 'video' then
      json_build_object('type', d.target_type, 'id', d.target_id, 'title', '', 'thumbUrl', null) end as target,
    case n.type when 'admin_resolve' then (select r.result from reports r where r.id = n.ref_id) else d.reason end as reason,
    d.id::float8 as "decisionId"`;
}

export function notificationTables(db: Queryable) {
  return db`
    notifications n
    left join accounts a on a.id = n.actor_id
    left join decisions d on d.id = n.subject_id and n.type in ('admin_delete', 'admin_resolve', 'admin_warning')
    left join videos v on v.id = n.ref_id and (n.type in ('like', 'comment', 'reply', 'mention', 'admin_delete')
      or (n.type = 'admin_warning' and d.target_type = 'video'))
    left join accounts o on o.id = v.owner_id`;
}

/** `notification:new` as it reads now; one that was revoked or deleted is passed over. */
export const renderNotifications: Renderer<"notification:new"> = async (sql: Sql, events) => {
  const payloads = await readNotifications(
    sql,
    events.map((event) => event.subjectId!),
  );
  return events.map((event) => payloads.get(event.subjectId!) ?? null);
};
