import { MAX_SEEN_IDS, type MarkMessagesSeen, type MessagesSeen } from "@reelay/contract";
import type { App } from "../../context.ts";
import { append } from "../../delivery/append.ts";
import { durable, unreadCount } from "../../delivery/publication.ts";
import { type Tx, transaction } from "../../platform/postgres.ts";

type Changed = { senderId: number; ids: number[]; count: number };

/**
 * Marks messages the reader received as seen and tells their senders, and his own other devices. Ids of others, unknown
 * ones and those seen before are ignored; without a change there is no event.
 */
export async function markSeen(app: App, readerId: number, wanted: MarkMessagesSeen): Promise<MessagesSeen> {
  const { answer, publications } = await transaction(app.sql, async (tx) => {
    const { changed, seenAt } = await setSeen(tx, readerId, wanted);
    if (changed.length === 0) return { answer: await nothingChanged(tx, readerId), publications: [] };
    await lowerUnread(tx, readerId, changed);
    const told = changed.flatMap((part) => eventsOf(readerId, part, seenAt));
    const appended = await append(tx, told);
    const counted = appended.findLast(({ userId }) => userId === readerId)!;
    const ids = changed.flatMap((part) => part.ids).sort((a, b) => a - b);
    const answer: MessagesSeen = {
      updated: newest(ids),
      updatedCount: changed.reduce((sum, { count }) => sum + count, 0),
      upToId: ids.at(-1)!,
      seenAt,
      unreadCount: counted.unreadMessages,
    };
    const publications = appended.map((row, index) => durable(row, told[index]!.type, told[index]!.data as never));
    return { answer, publications: [...publications, unreadCount(counted)] };
  });
  app.broker.publish(publications);
  return answer;
}

/** What is told of the messages of one sender: to him and to the reader, and to both when not all of them are named. */
function eventsOf(readerId: number, { senderId, ids, count }: Changed, seenAt: string) {
  const messageIds = newest(ids);
  const seen = { messageIds, seenBy: readerId, seenAt };
  const read = { conversationWith: senderId, messageIds, seenAt };
  const refetch = (peerId: number) => ({ refetch: [`/messages/conversation/${peerId}`] });
  const events = [
    { userId: senderId, type: "message:seen" as const, data: seen },
    { userId: readerId, type: "message:read" as const, data: read, unreadMessages: -count },
  ];
  if (count === messageIds.length) return events;
  const rest = [
    { userId: senderId, type: "sync:stale" as const, data: refetch(readerId) },
    { userId: readerId, type: "sync:stale" as const, data: refetch(senderId) },
  ];
  return [...events, ...rest];
}

/** The newest of each sender's ids that changed, ascending, and how many there were. */
async function setSeen(tx: Tx, readerId: number, { conversationWith, messageIds }: MarkMessagesSeen) {
  const peerId = conversationWith ?? null;
  await lockConversations(tx, readerId, peerId === null ? await findSenders(tx, readerId, messageIds ?? []) : [peerId]);
  const rows = messageIds
    ? await setSomeSeen(tx, readerId, peerId, messageIds)
    : await setConversationSeen(tx, readerId, peerId!);
  return {
    changed: rows.map(({ senderId, ids, count }) => ({ senderId, ids: [...ids], count })),
    seenAt: rows[0]?.seenAt ?? "",
  };
}

async function findSenders(tx: Tx, readerId: number, messageIds: readonly number[]): Promise<number[]> {
  const rows: { senderId: number }[] = await tx`
    select distinct sender_id::float8 as "senderId" from messages
    where id = any(${tx.array([...messageIds], "BIGINT")}) and receiver_id = ${readerId}`;
  return rows.map(({ senderId }) => senderId);
}

/** The reader's sides, which hold what they have seen up to: nothing more comes into these conversations meanwhile. */
async function lockConversations(tx: Tx, readerId: number, peerIds: readonly number[]): Promise<void> {
  await tx`
    select peer_id from conversations
    where user_id = ${readerId} and peer_id = any(${tx.array([...peerIds], "BIGINT")})
    order by user_id, peer_id for no key update`;
}

type ChangedRow = Changed & { seenAt: string };

async function setSomeSeen(
  tx: Tx,
  readerId: number,
  peerId: number | null,
  messageIds: readonly number[],
): Promise<ChangedRow[]> {
  return await tx`
    with target as (
      select m.id from messages m
      left join conversations c on c.user_id = m.receiver_id and c.peer_id = m.sender_id
      where m.id = any(${tx.array([...messageIds], "BIGINT")}) and m.receiver_id = ${readerId}
        and (${peerId}::bigint is null or m.sender_id = ${peerId}) and is_unseen(m, c.seen_up_to)
        and exists (select from accounts where id = ${readerId} and status = 'active')
      order by m.id for update of m
    ),
    changed as (
      update messages m set seen_at = now() from target t where m.id = t.id returning m.id, m.sender_id, m.seen_at
    )
    select sender_id::float8 as "senderId", count(*)::int as count, wire_time(min(seen_at)) as "seenAt",
      array_agg(id::float8 order by id) as ids
    from changed group by sender_id order by sender_id`;
}

/** All of a conversation, however much, by its watermark. Of more than the newest the counter knows how many there are. */
async function setConversationSeen(tx: Tx, readerId: number, peerId: number): Promise<ChangedRow[]> {
  const rows: ChangedRow[] = await tx`
    with mine as (
      select user_id, peer_id, unread, seen_up_to from conversations where user_id = ${readerId} and peer_id = ${peerId}
        and exists (select from accounts where id = ${readerId} and status = 'active')
    ),
    target as (
      select m.id from messages m
      where m.receiver_id = ${readerId} and m.sender_id = ${peerId} and is_unseen(m, (select seen_up_to from mine))
        and exists (select from mine)
      order by m.id desc limit ${MAX_SEEN_IDS}
    ),
    raised as (
      update conversations c set seen_up_to = (select max(id) from target)
      where c.user_id = ${readerId} and c.peer_id = ${peerId} and exists (select from target)
    )
    select ${peerId}::float8 as "senderId", wire_time(now()) as "seenAt",
      (case when count(*) < ${MAX_SEEN_IDS} then count(*) else greatest(count(*), (select unread from mine)) end)::int
        as count,
      array_agg(id::float8 order by id) as ids
    from target having count(*) > 0`;
  return rows;
}

/** Of conversations that are locked. */
async function lowerUnread(tx: Tx, readerId: number, changed: readonly Changed[]): Promise<void> {
  await tx`
    update conversations c set unread = greatest(0, c.unread - change.count)
    from unnest(
      ${tx.array(
        changed.map((part) => part.senderId),
        "BIGINT",
      )},
      ${tx.array(
        changed.map((part) => part.count),
        "INT",
      )}) as change(peer_id, count)
    where c.user_id = ${readerId} and c.peer_id = change.peer_id`;
}

async function nothingChanged(tx: Tx, readerId: number): Promise<MessagesSeen> {
  return { updated: [], updatedCount: 0, upToId: null, seenAt: null, unreadCount: await countUnread(tx, readerId) };
}

/** How many messages the user has not seen. */
export async function countUnread(db: Tx | App["sql"], userId: number): Promise<number> {
  const [row] = await db`select unread_messages as count from user_streams where user_id = ${userId}`;
  return row?.count ?? 0;
}

function newest(ids: readonly number[]): number[] {
  return ids.slice(-MAX_SEEN_IDS);
}
