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
    { userId: senderId, type: "message:seen" as const, actorId: readerId, data: seen },
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
  const ids = messageIds ? tx.array(messageIds, "BIGINT") : null;
  const rows: (Changed & { seenAt: string })[] = await tx`
    with target as (
      select id from messages
      where receiver_id = ${readerId} and seen_at is null and deleted_at is null
        and exists (select from accounts where id = ${readerId} and status = 'active')
        and (${conversationWith ?? null}::bigint is null or sender_id = ${conversationWith ?? null})
        and (${ids === null} or id = any(${ids ?? tx.array([], "BIGINT")}))
      order by id for update
    ),
    changed as (
      update messages m set seen_at = now() from target t where m.id = t.id
      returning m.id, m.sender_id, m.seen_at
    ),
    ranked as (
      select id, sender_id, seen_at, row_number() over (partition by sender_id order by id desc) as rank from changed
    )
    select sender_id::float8 as "senderId", count(*)::int as count, wire_time(min(seen_at)) as "seenAt",
      array_agg(id::float8 order by id) filter (where rank <= ${MAX_SEEN_IDS}) as ids
    from ranked group by sender_id order by sender_id`;
  return {
    changed: rows.map(({ senderId, ids, count }) => ({ senderId, ids: [...ids], count })),
    seenAt: rows[0]?.seenAt ?? "",
  };
}

async function lowerUnread(tx: Tx, readerId: number, changed: readonly Changed[]): Promise<void> {
  await tx`
    with change as (
      select * from unnest(${tx.array(
        changed.map((part) => part.senderId),
        "BIGINT",
      )},
        ${tx.array(
          changed.map((part) => part.count),
          "INT",
        )}) as c(peer_id, count)
    ),
    locked as (
      select user_id, peer_id from conversations join change using (peer_id) where user_id = ${readerId}
      order by user_id, peer_id for update of conversations
    )
    update conversations c set unread = greatest(0, c.unread - change.count)
    from locked join change using (peer_id)
    where c.user_id = locked.user_id and c.peer_id = locked.peer_id`;
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
