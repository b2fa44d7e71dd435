import type { ErrorCode, Message, MessageData, SendMessage } from "@reelay/contract";
import type { App } from "../../app.ts";
import type { Appended } from "../../delivery/append.ts";
import { batchedCommits } from "../../delivery/batched-commits.ts";
import { durable, type Publication, unreadCount } from "../../delivery/publication.ts";
import { fail } from "../../platform/api-error.ts";
import { batched } from "../../platform/batched.ts";
import { briefLockTimeout, findLocked, type Queryable, retrying, type Sql } from "../../platform/postgres.ts";
import { bigints, texts } from "../../platform/sql-fragments.ts";
import { type Locked, lockedAs } from "../../platform/waiting-lane.ts";
import { refusedActor } from "../accounts/person.ts";
import { refuseBanned } from "../accounts/standing.ts";
import { blocksBetween, isBlocked } from "../blocks/between.ts";

export type MessageDraft = SendMessage & { senderId: number };

/** What became of one draft: a new message, a clientId that had been used, or a code that says why not. */
export type SendResult =
  | { outcome: "sent"; message: Message; received: Appended; sent: Appended }
  | { outcome: "used" }
  | { outcome: "refused"; code: ErrorCode };

/**
 * Sends a message and pushes it to the receiver. `isNew` is false when the clientId had been used for the same message,
 * whatever has come between the two since.
 * @throws ApiError when it may not be sent.
 */
export async function sendMessage(app: App, draft: MessageDraft): Promise<{ message: Message; isNew: boolean }> {
  const result = await sendBatched(app, draft);
  if (result.outcome === "sent") return { message: result.message, isNew: true };
  const earlier = draft.clientId === undefined ? null : await earlierBatched(app, draft);
  if (earlier) return { message: sameOrFail(draft, earlier), isNew: false };
  if (result.outcome === "refused" && result.code === "ACCOUNT_BANNED") await refuseBanned(app, draft.senderId);
  throw fail(result.outcome === "refused" ? result.code : "INTERNAL_ERROR");
}

const sendBatched = batchedCommits<App, MessageDraft, SendResult>({
  write: ({ sql }, drafts) => retrying(() => sendMessages(sql, drafts)),
  publicationsOf: (_app, results) => results.flatMap(publicationsOf),
  appendedBy: (result) => (result.outcome === "sent" ? [result.received, result.sent] : []),
  locksOf: ({ senderId, receiverId }) => [
    streamLock(senderId),
    streamLock(receiverId),
    conversationLock(senderId, receiverId),
  ],
  findLocked: async ({ sql }, drafts) => {
    const users = drafts.flatMap(({ senderId, receiverId }) => [senderId, receiverId]);
    const [streams, conversations] = await Promise.all([
      findLocked(sql, { table: "user_streams", key: "user_id" }, users),
      findLockedConversations(sql, drafts),
    ]);
    return new Map([...lockedAs(streamLock, streams), ...conversations]);
  },
  orderOf: ({ senderId, receiverId }) => `${senderId}>${receiverId}`,
});

const streamLock = (userId: number) => `stream ${userId}`;
const conversationLock = (oneId: number, otherId: number) =>
  `conversation ${Math.min(oneId, otherId)} ${Math.max(oneId, otherId)}`;

/** A batch of its own: only a statement that begins after the conflict sees what another node committed meanwhile. */
const earlierBatched = batched((app: App, drafts: readonly MessageDraft[]) => readEarlier(app.sql, drafts));

/**
 * Sends many messages at once, each on its own merits: one that may not be sent does not keep the others from it.
 * On a pool, what was sent is committed when this resolves. Returns one result a draft, in order.
 */
export async function sendMessages(db: Queryable, drafts: readonly MessageDraft[]): Promise<SendResult[]> {
  const rows = await insertMessages(db, drafts);
  return rows.map((row, index) => {
    if (row.code !== null) return { outcome: "refused", code: row.code };
    if (row.id === null) return { outcome: "used" };
    const { received, sent } = row;
    return { outcome: "sent", message: messageOf(drafts[index]!, row.id, row.createdAt), received, sent };
  });
}

type InsertedRow = {
  code: ErrorCode | null;
  id: number | null;
  createdAt: string;
  received: Appended;
  sent: Appended;
};

/**
 * Message, both sides of the conversation, an event for each, streams and counter in one statement. Ids are drawn in the order
 * the drafts came, once the conversations are locked: what was seen up to an id, and the order of a conversation, depend on it.
 * Rows go in in the order of the unique key, so that batches with the same clientIds cannot deadlock.
 */
async function insertMessages(db: Queryable, drafts: readonly MessageDraft[]): Promise<InsertedRow[]> {
  const senders = bigints(db, drafts, "senderId");
  const receivers = bigints(db, drafts, "receiverId");
  const contents = texts(db, drafts, "content");
  const clientIds = texts(db, drafts, "clientId");
  return await db`
    with ${briefLockTimeout(db)},
    draft as (
      select d.ord, d.sender_id, d.receiver_id, d.content, d.client_id,
        case
          ${refusedActor(db)}
          when d.sender_id = d.receiver_id then 'SELF_MESSAGE'
          when receiver.status is null or receiver.status = 'deleted' then 'USER_NOT_FOUND'
          when receiver.status = 'banned' or ${isBlocked(db, "block")} then 'CANNOT_MESSAGE'
        end as code
      from brief_lock_timeout cross join unnest(${senders}, ${receivers}, ${contents}, ${clientIds})
        with ordinality as d(sender_id, receiver_id, content, client_id, ord)
      left join accounts actor on actor.id = d.sender_id
      left join accounts receiver on receiver.id = d.receiver_id
      ${blocksBetween(db, "block", db`d.sender_id`, db`d.receiver_id`)}
    ),
    locked as (
      select lock_conversations(array_agg(sender_id), array_agg(receiver_id)) from draft where code is null
    ),
    fresh as (
      select d.*, nextval('messages_id_seq') as id from (
        select * from draft where code is null and (select count(*) from locked) > 0 order by ord
      ) d
    ),
    inserted as (
      insert into messages (id, sender_id, receiver_id, content, client_id)
      select id, sender_id, receiver_id, content, client_id from fresh order by sender_id, client_id, ord
      on conflict (sender_id, client_id) where client_id is not null do nothing
      returning id, sender_id, receiver_id, created_at
    ),
    conversation as (
      select add_to_conversations(array_agg(receiver_id), array_agg(sender_id), array_agg(id)) as moved from inserted
    ),
    side_events as (
      select side.id, side.type, row_number() over (order by side.id, side.type) as ord,
        row(side.user_id, side.type, side.id, null, side.unread, 0, 0)::event_draft as event
      from (
        select id, receiver_id, 'message:new', 1 from inserted
        union all select id, sender_id, 'message:sent', 0 from inserted
      ) as side(id, user_id, type, unread)
      where (select moved from conversation) > 0
    ),
    appended as (
      select t.id, t.type, json_build_object('userId', a.user_id, 'seq', a.seq, 'mark', a.mark, 'afterMark', a.after_mark, 'rev', a.rev,
        'unreadMessages', a.unread_messages, 'unseenNotifications', a.unseen_notifications) as head
      from append_events((select array_agg(event order by ord) from side_events)) a join side_events t using (ord)
    )
    select d.code, i.id::float8 as id, wire_time(i.created_at) as "createdAt", r.head as received, s.head as sent
    from draft d
    left join fresh f on f.ord = d.ord
    left join inserted i on i.id = f.id
    left join appended r on r.id = i.id and r.type = 'message:new'
    left join appended s on s.id = i.id and s.type = 'message:sent'
    order by d.ord`;
}

/** Either side of a conversation: the sender's or the receiver's. */
async function findLockedConversations(db: Sql, drafts: readonly MessageDraft[]): Promise<Locked> {
  const ids = (name: "senderId" | "receiverId") => bigints(db, drafts, name);
  const rows: { userId: number; peerId: number; holder: string }[] = await db`
    with pair as (
      select distinct user_id, peer_id
      from unnest(${ids("senderId")} || ${ids("receiverId")}, ${ids("receiverId")} || ${ids("senderId")})
        as p(user_id, peer_id)
    ),
    free as materialized (
      select c.user_id, c.peer_id from conversations c join pair using (user_id, peer_id)
      for no key update of c skip locked
    )
    select c.user_id::float8 as "userId", c.peer_id::float8 as "peerId", c.xmax::text as holder
    from conversations c join pair using (user_id, peer_id)
    where not exists (select from free f where f.user_id = c.user_id and f.peer_id = c.peer_id)`;
  return new Map(rows.map(({ userId, peerId, holder }) => [conversationLock(userId, peerId), holder]));
}

type EarlierMessage = { message: Message; isDeleted: boolean };

/** The messages that the drafts' clientIds made before, null where there is none. */
async function readEarlier(db: Queryable, drafts: readonly MessageDraft[]): Promise<(EarlierMessage | null)[]> {
  const rows: (Message & { ord: number; isDeleted: boolean })[] = await db`
    select d.ord::int as ord, m.id::float8 as id, m.sender_id::float8 as "senderId",
      m.receiver_id::float8 as "receiverId", m.content, wire_time(m.created_at) as "createdAt",
      is_seen(m, c.seen_up_to) as seen, m.client_id as "clientId", m.deleted_at is not null as "isDeleted"
    from unnest(${bigints(db, drafts, "senderId")}, ${texts(db, drafts, "clientId")}) with ordinality as d(sender_id, client_id, ord)
    join messages m on m.sender_id = d.sender_id and m.client_id = d.client_id
    left join conversations c on c.user_id = m.receiver_id and c.peer_id = m.sender_id`;
  const byOrd = new Map(rows.map(({ ord, isDeleted, ...message }) => [ord, { message, isDeleted }]));
  return drafts.map((_, index) => byOrd.get(index + 1) ?? null);
}

function sameOrFail(draft: MessageDraft, { message, isDeleted }: EarlierMessage): Message {
  if (isDeleted) throw fail("MESSAGE_DELETED");
  if (message.content !== draft.content || message.receiverId !== draft.receiverId) throw fail("IDEMPOTENCY_MISMATCH");
  return message;
}

function messageOf({ senderId, receiverId, content, clientId }: MessageDraft, id: number, createdAt: string): Message {
  return { id, senderId, receiverId, content, createdAt, seen: false, ...(clientId !== undefined && { clientId }) };
}

function publicationsOf(result: SendResult): Publication[] {
  if (result.outcome !== "sent") return [];
  const { message, received, sent } = result;
  const { clientId: _, ...data } = message;
  return [
    durable(received, "message:new", data satisfies MessageData),
    unreadCount(received),
    durable(sent, "message:sent", message),
  ];
}
