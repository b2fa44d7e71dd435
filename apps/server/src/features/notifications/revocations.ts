import { MAX_SEEN_IDS, type NotificationType } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append } from "../../delivery/append.ts";
import { durable, type Publication, unseenCount } from "../../delivery/publication.ts";
import { lockStreams } from "../../delivery/stream-locks.ts";
import { enqueueJob, type JobProgress } from "../../platform/durable-jobs.ts";
import type { Fragment, Tx } from "../../platform/postgres.ts";
import { REFETCH } from "./notify.ts";

/** Names the job that revokes the rows a block has hidden. */
export const REVOKE_HIDDEN = "revoke notifications";

/** Which notifications to take back: those of one actor about one thing, to whomever they went. */
export type Revocation = { types: readonly NotificationType[]; refId: number; actorId: number; subjectId?: number };

/** Takes notifications back: out of the list, the count and the log. Publish what it answers after the commit. */
export async function revoke(
  tx: Tx,
  { types, refId, actorId, subjectId = 0 }: Revocation,
  userId: number | null = null,
): Promise<Publication[]> {
  const ids = await findStanding(
    tx,
    tx`actor_id = ${actorId} and ref_id = ${refId} and subject_id = ${subjectId}
      and type = any(${tx.array([...types], "TEXT")}) and (${userId}::bigint is null or user_id = ${userId})`,
  );
  return await revokeFound(tx, ids);
}

/** Takes back some of what an account caused. Returns how many rows there were, at most `size`. */
export async function revokeCausedBy(
  tx: Tx,
  actorId: number,
  size: number,
): Promise<{ count: number; publications: Publication[] }> {
  const found = await findStanding(tx, tx`actor_id = ${actorId} limit ${size}`);
  return { count: found.length, publications: await revokeFound(tx, found) };
}

/** Undoes what was notified without an actor. Its row goes: should the same happen again, that is another notification. */
export async function withdraw(tx: Tx, userId: number, type: NotificationType, refId: number): Promise<Publication[]> {
  await lockStreams(tx, [userId]);
  const rows: Revoked[] = await tx`
    delete from notifications n using user_streams s
    where n.user_id = ${userId} and n.type = ${type} and n.ref_id = ${refId} and n.actor_id is null
      and s.user_id = n.user_id
    returning n.id::float8 as id, n.user_id::float8 as "userId", is_listed(n, null) as "wasListed",
      is_unseen(n, s.notifications_seen_up_to, null) as "wasCounted"`;
  return await tellRevoked(tx, rows);
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
  await append(tx, row!.counted > 0 ? [{ userId, type: null, unseenNotifications: -row!.counted }] : []);
  return row!.count;
}

/**
 * Revokes, as a block does, what two people have not seen of one another. All of it is out of list and count when the
 * transaction is committed; the rows beyond the newest few hundred follow in a job, whose id is returned.
 */
export async function revokeBetween(
  tx: Tx,
  oneId: number,
  otherId: number,
): Promise<{ publications: Publication[]; jobId: number | null }> {
  await lockStreams(tx, [oneId, otherId]);
  const pairs = [
    { userId: oneId, actorId: otherId },
    { userId: otherId, actorId: oneId },
  ].sort((a, b) => a.userId - b.userId);
  const newest: Found[] = [];
  for (const { userId, actorId } of pairs) newest.push(...(await findUnseen(tx, userId, actorId)));
  const publications = await revokeFound(tx, newest);
  const large: Pair[] = [];
  for (const pair of pairs) {
    if (newest.filter(({ userId }) => userId === pair.userId).length < MAX_SEEN_IDS) continue;
    const hidden = await hideUnseen(tx, pair);
    if (hidden === 0) continue;
    large.push(pair);
    publications.push(...(await tellHidden(tx, pair.userId, hidden)));
  }
  const jobId = large.length > 0 ? await enqueueJob(tx, REVOKE_HIDDEN, { pairs: large }) : null;
  return { publications, jobId };
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
async function revokeFound(tx: Tx, found: readonly Found[]): Promise<Publication[]> {
  if (found.length === 0) return [];
  await lockStreams(
    tx,
    found.map(({ userId }) => userId),
  );
  const ids = tx.array(
    found.map(({ id }) => id),
    "BIGINT",
  );
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
  return await tellRevoked(tx, rows);
}

/** Answers how many are out of list and count from now on. */
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

async function tellHidden(tx: Tx, userId: number, count: number): Promise<Publication[]> {
  const data = { refetch: REFETCH };
  const [row] = await append(tx, [
    { userId, type: "sync:stale", data, unseenNotifications: -count, flood: "reactions" },
  ]);
  return [durable(row!, "sync:stale", data), unseenCount(row!)];
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
    flood: "reactions" as const,
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
