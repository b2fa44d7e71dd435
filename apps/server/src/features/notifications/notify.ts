import { MAX_SEEN_IDS, MODERATION, type Notification, type NotificationType } from "@reelay/contract";
import type { App } from "../../context.ts";
import { append } from "../../delivery/append.ts";
import { durable, type Publication, stale, unseenCount } from "../../delivery/publication.ts";
import type { Renderer } from "../../delivery/replay.ts";
import type { Fragment, Queryable, Sql, Tx } from "../../platform/postgres.ts";
import { THUMB_URL } from "../videos/urls.ts";

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
      'notificationId', n.notification_id, 'seq', n.seq, 'rev', n.rev, 'unreadMessages', n.unread_messages,
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
    broker.publish(notified.flatMap(({ userId, seq }) => (seq === null ? [] : [{ kind: "ring", userId, seq }])));
  }
}

/** Which notifications to take back: those of one actor about one thing, to whomever they went. */
export type Revocation = { types: readonly NotificationType[]; refId: number; actorId: number; subjectId?: number };

/** Takes notifications back: out of the list, the count and the log. Publish what it answers after the commit. */
export async function revoke(
  tx: Tx,
  { types, refId, actorId, subjectId = 0 }: Revocation,
  userId: number | null = null,
): Promise<Publication[]> {
  return await revokeWhere(
    tx,
    tx`actor_id = ${actorId} and ref_id = ${refId} and subject_id = ${subjectId}
      and type = any(${tx.array([...types], "TEXT")}) and (${userId}::bigint is null or user_id = ${userId})`,
  );
}

/** Takes back what two people who now block each other have not seen of one another. */
export async function revokeBetween(tx: Tx, oneId: number, otherId: number): Promise<Publication[]> {
  return await revokeWhere(
    tx,
    tx`((user_id = ${oneId} and actor_id = ${otherId}) or (user_id = ${otherId} and actor_id = ${oneId}))
      and seen_at is null and deleted_at is null`,
  );
}

/** Takes back everything that somebody caused. */
export async function revokeAllBy(tx: Tx, actorId: number): Promise<Publication[]> {
  return await revokeWhere(tx, tx`actor_id = ${actorId}`);
}

async function revokeWhere(tx: Tx, isMeant: Fragment): Promise<Publication[]> {
  const rows: Revoked[] = await tx`
    with target as (
      select id from notifications where ${isMeant} and revoked_at is null order by user_id, id for update
    )
    update notifications n set revoked_at = now() from target t where n.id = t.id
    returning n.id::float8 as id, n.user_id::float8 as "userId", n.deleted_at is null as "wasListed",
      n.seen_at is null and n.deleted_at is null as "wasCounted"`;
  return await tellRevoked(tx, rows);
}

/** Undoes what was notified without an actor. Its row goes: should the same happen again, that is another notification. */
export async function withdraw(tx: Tx, userId: number, type: NotificationType, refId: number): Promise<Publication[]> {
  const rows: Revoked[] = await tx`
    delete from notifications where user_id = ${userId} and type = ${type} and ref_id = ${refId} and actor_id is null
    returning id::float8 as id, user_id::float8 as "userId", revoked_at is null and deleted_at is null as "wasListed",
      seen_at is null and revoked_at is null and deleted_at is null as "wasCounted"`;
  return await tellRevoked(tx, rows);
}

/** A notification that is gone, and what it was before. */
export type Revoked = { id: number; userId: number; wasListed: boolean; wasCounted: boolean };

/** Counts revoked notifications out and tells their users' devices. Publish what it answers after the commit. */
export async function tellRevoked(tx: Tx, rows: readonly Revoked[]): Promise<Publication[]> {
  const byUser = Map.groupBy(
    rows.filter(({ wasListed }) => wasListed),
    ({ userId }) => userId,
  );
  const drafts = [...byUser.values()].flatMap(inFrames).map((gone) => ({
    userId: gone[0]!.userId,
    type: "notification:revoked" as const,
    data: { notificationIds: gone.map(({ id }) => id) },
    unseenNotifications: -gone.filter(({ wasCounted }) => wasCounted).length,
    isReaction: true,
  }));
  const appended = await append(tx, drafts);
  return appended.flatMap((row, index) => {
    const { type, data, unseenNotifications } = drafts[index]!;
    return [durable(row, type, data), ...(unseenNotifications < 0 ? [unseenCount(row)] : [])];
  });
}

/** As many at a time as a frame may name. */
function inFrames(gone: readonly Revoked[]): Revoked[][] {
  const count = Math.ceil(gone.length / MAX_SEEN_IDS);
  return Array.from({ length: count }, (_, n) => gone.slice(n * MAX_SEEN_IDS, (n + 1) * MAX_SEEN_IDS));
}

/** Notifications as they read now, by id; those that were revoked or deleted are absent. */
export async function readNotifications(db: Queryable, ids: readonly number[]): Promise<Map<number, Notification>> {
  if (ids.length === 0) return new Map();
  const rows: Notification[] = await db`
    select ${notificationColumns(db)} from ${notificationTables(db)}
    where n.id = any(${db.array([...ids], "BIGINT")}) and n.revoked_at is null and n.deleted_at is null`;
  return new Map(rows.map((notification) => [notification.id, notification]));
}

/**
 * The select list of a notification, over `notificationTables`. What its reader may not see any more is no target; of his
 * own he is told the title even when it is gone. A picture is shown while anybody may see it: an address signed for him
 * would be dead within the hour, in a frame that he may receive later.
 */
export function notificationColumns(db: Queryable) {
  return db`
    n.id::float8 as id, n.user_id::float8 as "userId", n.type, n.ref_id::float8 as "refId",
    wire_time(n.created_at) as "createdAt", n.seen_at is not null as seen,
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
