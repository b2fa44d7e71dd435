import { MAX_SEEN_IDS, type NotificationType } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append, type EventDraft, event } from "../../delivery/append.ts";
import type { PublishingTx } from "../../delivery/commit.ts";
import { lockStreams } from "../../delivery/stream-locks.ts";
import { enqueueJob, type JobProgress } from "../../platform/durable-jobs.ts";
import type { Fragment, Tx } from "../../platform/postgres.ts";
import { bigints, texts } from "../../platform/sql-fragments.ts";
import { REFETCH } from "./notify.ts";

/** Names the job that revokes the rows a block has hidden. */
export const REVOKE_HIDDEN = "revoke notifications";

/** Which notifications to revoke: those of one actor about one thing, whoever received them. */
export type Revocation = { types: readonly NotificationType[]; refId: number; actorId: number; subjectId?: number };

/** Revokes notifications: out of the list, the count and the log. */
export async function revoke(
  tx: PublishingTx,
  { types, refId, actorId, subjectId = 0 }: Revocation,
  userId: number | null = null,
): Promise<void> {
  const ids = await findStanding(
    tx,
    tx`actor_id = ${actorId} and ref_id = ${refId} and subject_id = ${subjectId}
      and type = any(${texts(tx, types)}) and (${userId}::bigint is null or user_id = ${userId})`,
  );
  await revokeFound(tx, ids);
}

/** Which to revoke of several subjects, each of them about one thing. */
export type Revocations = Pick<Revocation, "types" | "actorId"> & {
  subjects: readonly { refId: number; subjectId: number }[];
};

/** Revokes the notifications of several subjects. */
export async function revokeAbout(tx: PublishingTx, { types, actorId, subjects }: Revocations): Promise<void> {
  const [refIds, subjectIds] = [bigints(tx, subjects, "refId"), bigints(tx, subjects, "subjectId")];
  const found = await findStanding(
    tx,
    tx`actor_id = ${actorId} and type = any(${texts(tx, types)})
      and (ref_id, subject_id) in (select s.ref_id, s.subject_id from unnest(${refIds}, ${subjectIds}) as s(ref_id, subject_id))`,
  );
  await revokeFound(tx, found);
}

/** Revokes some of what an account caused. Returns how many rows there were, at most `size`. */
export async function revokeCausedBy(tx: PublishingTx, actorId: number, size: number): Promise<number> {
  const found = await findStanding(tx, tx`actor_id = ${actorId} limit ${size}`);
  await revokeFound(tx, found);
  return found.length;
}

/** What an account was notified of by moderation. */
export type Notice = { userId: number; type: NotificationType; refId: number };

/** Undoes what was notified without an actor. The rows go: should the same happen again, that is another notification. */
export async function withdraw(tx: PublishingTx, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await lockStreams(
    tx,
    notices.map(({ userId }) => userId),
  );
  const rows: Revoked[] = await tx`
    delete from notifications n using user_streams s,
      unnest(${bigints(tx, notices, "userId")}, ${texts(tx, notices, "type")}, ${bigints(tx, notices, "refId")})
        as w (user_id, type, ref_id)
    where n.user_id = w.user_id and n.type = w.type and n.ref_id = w.ref_id and n.actor_id is null
      and s.user_id = n.user_id
    returning n.id::float8 as id, n.user_id::float8 as "userId", is_listed(n, null) as "wasListed",
      is_unseen(n, s.notifications_seen_up_to, null) as "wasCounted"`;
  await appendRevoked(tx, rows);
}

/** Removes some of what an account was notified of. Returns how many rows there were, at most `size`. */
export async function removeNotificationsOf(tx: Tx, userId: number, size: number): Promise<number> {
  await lockStreams(tx, [userId]);
  const [row]: { count: number; counted: number }[] = await tx`
    with due as (select id from notifications where user_id = ${userId} limit ${size}),
    found as (
      select n.id, is_unseen(n, s.notifications_seen_up_to, r.ids) as was_counted
      from due join notifications n using (id) join user_streams s on s.user_id = n.user_id
      left join notification_revocations r on r.user_id = n.user_id and r.actor_id = n.actor_id
    ),
    gone as (delete from notifications n using found f where n.id = f.id)
    select count(*)::int as count, (count(*) filter (where was_counted))::int as counted from found`;
  if (row!.counted > 0) await lowerUnseen(tx, userId, row!.counted);
  return row!.count;
}

/**
 * Revokes, as a block does, what two people have not seen of one another. All of it is out of list and count when the
 * transaction is committed; the rows beyond the newest few hundred follow in a job, whose id is returned.
 */
export async function revokeBetween(tx: PublishingTx, oneId: number, otherId: number): Promise<number | null> {
  await lockStreams(tx, [oneId, otherId]);
  const pairs = [
    { userId: oneId, actorId: otherId },
    { userId: otherId, actorId: oneId },
  ].sort((a, b) => a.userId - b.userId);
  const newest: Found[] = [];
  for (const { userId, actorId } of pairs) newest.push(...(await findUnseen(tx, userId, actorId)));
  await revokeFound(tx, newest);
  const large: Pair[] = [];
  for (const pair of pairs) {
    if (newest.filter(({ userId }) => userId === pair.userId).length < MAX_SEEN_IDS) continue;
    const hidden = await hideUnseen(tx, pair);
    if (hidden === 0) continue;
    large.push(pair);
    await appendHidden(tx, pair.userId, hidden);
  }
  return large.length > 0 ? await enqueueJob(tx, REVOKE_HIDDEN, { pairs: large }) : null;
}

/** A batch of the rows that a block has hidden. Nothing is counted or published: the block did that. */
export async function revokeHidden(_app: App, tx: Tx, data: { pairs: Pair[] }, size: number): Promise<JobProgress> {
  const [pair, ...others] = data.pairs;
  if (!pair) return { next: null };
  await lockStreams(tx, [pair.userId]);
  const count = await markHidden(tx, pair, size);
  if (count === size) return { next: data };
  await forgetHidden(tx, pair);
  return { next: others.length > 0 ? { pairs: others } : null };
}

/** What an actor caused that a user has not seen. */
type Pair = { userId: number; actorId: number };
type Found = { id: number; userId: number };

async function findStanding(tx: Tx, isMeant: Fragment): Promise<Found[]> {
  return await tx`
    select id::float8 as id, user_id::float8 as "userId" from notifications where revoked_at is null and ${isMeant}`;
}

/** Of a pair whose user's stream is locked; both subqueries run once. */
function isUnseenOf(tx: Tx, userId: number, actorId: number) {
  return tx`
    is_unseen(n, (select notifications_seen_up_to from user_streams where user_id = ${userId}),
      (select ids from notification_revocations where user_id = ${userId} and actor_id = ${actorId}))`;
}

async function findUnseen(tx: Tx, userId: number, actorId: number): Promise<Found[]> {
  return await tx`
    select n.id::float8 as id, n.user_id::float8 as "userId" from notifications n
    where n.user_id = ${userId} and n.actor_id = ${actorId} and ${isUnseenOf(tx, userId, actorId)}
    order by n.id desc limit ${MAX_SEEN_IDS}`;
}

/** The streams are locked before it is looked at whether a notification was seen. */
async function revokeFound(tx: PublishingTx, found: readonly Found[]): Promise<void> {
  if (found.length === 0) return;
  await lockStreams(
    tx,
    found.map(({ userId }) => userId),
  );
  const ids = bigints(tx, found, "id");
  const rows: Revoked[] = await tx`
    with before as (
      select n.id, n.user_id, is_listed(n, r.ids) as was_listed, is_unseen(n, s.notifications_seen_up_to, r.ids) as was_counted
      from notifications n join user_streams s on s.user_id = n.user_id
      left join notification_revocations r on r.user_id = n.user_id and r.actor_id = n.actor_id
      where n.id = any(${ids}) and n.revoked_at is null
    ),
    revoked as (update notifications n set revoked_at = now() from before b where n.id = b.id)
    select id::float8 as id, user_id::float8 as "userId", was_listed as "wasListed", was_counted as "wasCounted"
    from before order by user_id, id`;
  await appendRevoked(tx, rows);
}

/** Returns how many are out of list and count from now on. */
async function hideUnseen(tx: Tx, { userId, actorId }: Pair): Promise<number> {
  const [row] = await tx`
    with unseen as (
      select count(*)::int as count, min(n.id) as first, max(n.id) as last from notifications n
      where n.user_id = ${userId} and n.actor_id = ${actorId} and ${isUnseenOf(tx, userId, actorId)}
    ),
    hidden as (
      insert into notification_revocations as r (user_id, actor_id, ids)
      select ${userId}, ${actorId}, int8multirange(int8range(first, last, '[]')) from unseen where count > 0
      on conflict (user_id, actor_id) do update set ids = r.ids + excluded.ids
    )
    select count from unseen`;
  return row.count;
}

async function appendHidden(tx: PublishingTx, userId: number, count: number): Promise<void> {
  const options = { unseenNotifications: -count, flood: "reactions" } as const;
  await append(tx, [event("sync:stale", userId, { refetch: REFETCH }, options)]);
}

/** Of a stream that is locked. */
async function lowerUnseen(tx: Tx, userId: number, count: number): Promise<void> {
  await tx`
    update user_streams set unseen_notifications = greatest(0, unseen_notifications - ${count}), rev = rev + 1
    where user_id = ${userId}`;
}

async function markHidden(tx: Tx, { userId, actorId }: Pair, size: number): Promise<number> {
  const rows = await tx`
    with due as (
      select n.id from notifications n
      where n.user_id = ${userId} and n.actor_id = ${actorId} and n.seen_at is null and n.revoked_at is null
        and n.deleted_at is null
        and n.id <@ (select ids from notification_revocations where user_id = ${userId} and actor_id = ${actorId})
      order by n.id desc limit ${size}
    )
    update notifications n set revoked_at = now() from due where n.id = due.id returning n.id`;
  return rows.length;
}

async function forgetHidden(tx: Tx, { userId, actorId }: Pair): Promise<void> {
  await tx`delete from notification_revocations where user_id = ${userId} and actor_id = ${actorId}`;
}

/** A notification that is gone, and what it was before. */
export type Revoked = { id: number; userId: number; wasListed: boolean; wasCounted: boolean };

/** Counts revoked notifications out and notifies their users' devices. */
export async function appendRevoked(tx: PublishingTx, rows: readonly Revoked[]): Promise<void> {
  const byUser = Map.groupBy(
    rows.filter(({ wasListed }) => wasListed),
    ({ userId }) => userId,
  );
  await append(tx, [...byUser.values()].flatMap(inFrames).map(eventOf));
}

function eventOf(gone: readonly Revoked[]): EventDraft {
  const data = { notificationIds: gone.map(({ id }) => id) };
  const counted = gone.filter(({ wasCounted }) => wasCounted).length;
  const options = { flood: "reactions", ...(counted > 0 && { unseenNotifications: -counted }) } as const;
  return event("notification:revoked", gone[0]!.userId, data, options);
}

/** As many at a time as a frame may name. */
function inFrames(gone: readonly Revoked[]): Revoked[][] {
  const count = Math.ceil(gone.length / MAX_SEEN_IDS);
  return Array.from({ length: count }, (_, n) => gone.slice(n * MAX_SEEN_IDS, (n + 1) * MAX_SEEN_IDS));
}
