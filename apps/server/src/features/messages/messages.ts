import type { Conversation, Message, MessageData, MessageInList, Person } from "@reelay/contract";
import type { App } from "../../app.ts";
import type { LoggedEvent, Renderer } from "../../delivery/render.ts";
import { fail } from "../../platform/api-error.ts";
import type { Sql } from "../../platform/postgres.ts";
import { bigints, boundOf } from "../../platform/sql-fragments.ts";
import { personColumns } from "../accounts/person.ts";

/** One row a peer, the newest conversation first. */
export async function listConversations(
  app: App,
  userId: number,
  { skip, limit }: { skip: number; limit: number },
): Promise<Conversation[]> {
  return await app.sql`
    select c.peer_id::float8 as "userId", p.username, p.full_name as "fullName", p.avatar_url as "avatarUrl",
      json_strip_nulls(json_build_object('id', m.id, 'senderId', m.sender_id, 'receiverId', m.receiver_id,
        'content', m.content, 'createdAt', wire_time(m.created_at),
        'seen', is_seen(m, case when m.receiver_id = c.user_id then c.seen_up_to else theirs.seen_up_to end),
        'clientId', case when m.sender_id = ${userId} then m.client_id end)) as "lastMessage",
      c.unread as "unreadCount"
    from conversations c
    join messages m on m.id = c.last_message_id
    join accounts p on p.id = c.peer_id
    left join conversations theirs on theirs.user_id = c.peer_id and theirs.peer_id = c.user_id
    where c.user_id = ${userId} and c.last_message_id is not null
    order by c.last_message_id desc offset ${skip} limit ${limit}`;
}

/** The newest `limit` messages of the two before `beforeId`, oldest first. */
export async function listMessages(
  app: App,
  userId: number,
  peerId: number,
  { beforeId, limit }: { beforeId?: number | undefined; limit: number },
): Promise<MessageInList[]> {
  const people = await readPair(app, userId, peerId);
  if (!people.has(peerId)) throw fail("USER_NOT_FOUND");
  const rows: (Message & { clientId: string | null })[] = await app.sql`
    select m.id::float8 as id, m.sender_id::float8 as "senderId", m.receiver_id::float8 as "receiverId", m.content,
      wire_time(m.created_at) as "createdAt", is_seen(m, c.seen_up_to) as seen,
      case when m.sender_id = ${userId} then m.client_id end as "clientId"
    from messages m left join conversations c on c.user_id = m.receiver_id and c.peer_id = m.sender_id
    where least(m.sender_id, m.receiver_id) = least(${userId}::bigint, ${peerId}::bigint)
      and greatest(m.sender_id, m.receiver_id) = greatest(${userId}::bigint, ${peerId}::bigint)
      and m.deleted_at is null and m.id < ${boundOf(app.sql, beforeId)}
    order by m.id desc limit ${limit}`;
  return rows.reverse().map(({ clientId, ...message }) => ({
    ...message,
    ...(clientId !== null && { clientId }),
    sender: people.get(message.senderId)!,
    receiver: people.get(message.receiverId)!,
  }));
}

async function readPair(app: App, userId: number, peerId: number): Promise<Map<number, Person>> {
  const rows: Person[] = await app.sql`
    select ${personColumns(app.sql)} from accounts a where a.id in (${userId}, ${peerId})`;
  return new Map(rows.map((person) => [person.id, person]));
}

/** Of those whom one follows, and of those one has exchanged messages with, the latest so many are looked at. */
const MAX_NEAR = 1000;

/** People one follows or has exchanged messages with, then the most followed. */
export async function suggestUsers(app: App, userId: number, limit: number): Promise<Person[]> {
  return await app.sql`
    with near as (
      (select peer_id as id, 2 as rank from conversations where user_id = ${userId} and last_message_id is not null
        order by last_message_id desc limit ${MAX_NEAR})
      union all
      (select followee_id, 1 from follows where follower_id = ${userId} and deleted_at is null
        order by created_at desc, followee_id desc limit ${MAX_NEAR})
    ),
    popular as (
      select id, 0 as rank from accounts where status = 'active' order by follower_count desc, id limit ${limit + 100}
    ),
    ranked as (
      select id, max(rank) as rank from (select * from near union all select * from popular) all_of_them group by id
    )
    select ${personColumns(app.sql)}
    from ranked r join accounts a on a.id = r.id
    where a.status = 'active' and a.id <> ${userId} and not exists (
      select from blocks b where (b.blocker_id = ${userId} and b.blocked_id = a.id)
        or (b.blocker_id = a.id and b.blocked_id = ${userId}))
    order by r.rank desc, a.follower_count desc, a.id limit ${limit}`;
}

/** `message:new` as it reads now; a message that was deleted is passed over. */
export const renderMessages: Renderer<"message:new"> = async (sql, events) => {
  const messages = await readMessages(sql, events);
  return messages.map((message) => {
    if (!message) return null;
    const { clientId: _, ...data } = message;
    return data;
  });
};

/** `message:sent`: the same, as its sender sees it. */
export const renderSentMessages: Renderer<"message:sent"> = async (sql, events) => {
  const messages = await readMessages(sql, events);
  return messages.map((message) => {
    if (!message) return null;
    const { clientId, ...data } = message;
    return { ...data, ...(clientId !== null && { clientId }) };
  });
};

type StoredMessage = MessageData & { clientId: string | null };

async function readMessages(sql: Sql, events: readonly LoggedEvent[]): Promise<(StoredMessage | null)[]> {
  const ids = bigints(sql, events, "subjectId");
  const rows: StoredMessage[] = await sql`
    select m.id::float8 as id, m.sender_id::float8 as "senderId", m.receiver_id::float8 as "receiverId", m.content,
      wire_time(m.created_at) as "createdAt", is_seen(m, c.seen_up_to) as seen, m.client_id as "clientId"
    from messages m left join conversations c on c.user_id = m.receiver_id and c.peer_id = m.sender_id
    where m.id = any(${ids}) and m.deleted_at is null`;
  const byId = new Map(rows.map((message) => [message.id, message]));
  return events.map((event) => byId.get(event.subjectId!) ?? null);
}
