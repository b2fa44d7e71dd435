import type { ErrorCode, Message, MessageData, SendMessage } from "@reelay/contract";
import type { App } from "../../context.ts";
import { durable, type Publication, unreadCount } from "../../delivery/publication.ts";
import { fail } from "../../http/errors.ts";
import { batched } from "../../platform/batched.ts";
import { type Queryable, retrying } from "../../platform/postgres.ts";

export type MessageDraft = SendMessage & { senderId: number };

/** What became of one draft: a new message, the one its clientId made before, or a code that says why not. */
export type SendResult =
  | { outcome: "sent"; message: Message; seq: number; rev: number; unreadMessages: number; unseenNotifications: number }
  | { outcome: "repeated"; message: Message }
  | { outcome: "refused"; code: ErrorCode };

/**
 * Sends a message and pushes it to the receiver. `isNew` is false when the clientId had been used for the same message.
 * @throws ApiError when it may not be sent.
 */
export async function sendMessage(app: App, draft: MessageDraft): Promise<{ message: Message; isNew: boolean }> {
  const result = await sendBatched(app, draft);
  if (result.outcome === "refused") throw fail(result.code);
  return { message: result.message, isNew: result.outcome === "sent" };
}

const sendBatched = batched(async (app: App, drafts: readonly MessageDraft[]): Promise<SendResult[]> => {
  const results = await retrying(() => sendMessages(app.sql, drafts));
  app.broker.publish(results.flatMap((result) => (result.outcome === "sent" ? publicationsOf(result) : [])));
  return results;
});

/**
 * Sends many messages at once, each on its own merits: one that may not be sent does not keep the others from it.
 * On a pool, what was sent is committed when this resolves. Answers one result a draft, in order.
 */
export async function sendMessages(db: Queryable, drafts: readonly MessageDraft[]): Promise<SendResult[]> {
  const rows = await insertMessages(db, drafts);
  const repeated = rows.flatMap((row, index) => (row.code === null && row.id === null ? [drafts[index]!] : []));
  const earlier = await readEarlier(db, repeated);
  return rows.map((row, index) => {
    const draft = drafts[index]!;
    if (row.code !== null) return { outcome: "refused", code: row.code };
    if (row.id === null) return repeatOf(draft, earlier.get(keyOf(draft)));
    const { seq, rev, unreadMessages, unseenNotifications } = row;
    const message = messageOf(draft, row.id, row.createdAt);
    return { outcome: "sent", message, seq, rev, unreadMessages, unseenNotifications };
  });
}

type InsertedRow = {
  code: ErrorCode | null;
  id: number | null;
  createdAt: string;
  seq: number;
  rev: number;
  unreadMessages: number;
  unseenNotifications: number;
};

/**
 * Message, both sides of the conversation, event, stream and counter in one statement. Ids are taken in the order the
 * drafts came; rows go in in the order of the unique key, so that batches with the same clientIds cannot deadlock.
 */
async function insertMessages(db: Queryable, drafts: readonly MessageDraft[]): Promise<InsertedRow[]> {
  const senders = db.array(
    drafts.map((draft) => draft.senderId),
    "BIGINT",
  );
  const receivers = db.array(
    drafts.map((draft) => draft.receiverId),
    "BIGINT",
  );
  const contents = db.array(
    drafts.map((draft) => draft.content),
    "TEXT",
  );
  const clientIds = db.array(drafts.map((draft) => draft.clientId ?? null) as string[], "TEXT");
  return await db`
    with draft as (
      select d.ord, d.sender_id, d.receiver_id, d.content, d.client_id,
        case
          when sender.status = 'banned' then 'ACCOUNT_BANNED'
          when sender.status is distinct from 'active' then 'UNAUTHORIZED'
          when d.sender_id = d.receiver_id then 'SELF_MESSAGE'
          when receiver.status is null or receiver.status = 'deleted' then 'USER_NOT_FOUND'
          when receiver.status = 'banned' or block.blocker_id is not null or blocked.blocker_id is not null
            then 'CANNOT_MESSAGE'
        end as code
      from unnest(${senders}, ${receivers}, ${contents}, ${clientIds})
        with ordinality as d(sender_id, receiver_id, content, client_id, ord)
      left join accounts sender on sender.id = d.sender_id
      left join accounts receiver on receiver.id = d.receiver_id
      left join blocks block on block.blocker_id = d.sender_id and block.blocked_id = d.receiver_id
      left join blocks blocked on blocked.blocker_id = d.receiver_id and blocked.blocked_id = d.sender_id
    ),
    fresh as (
      select d.*, nextval('messages_id_seq') as id from (select * from draft where code is null order by ord) d
    ),
    inserted as (
      insert into messages (id, sender_id, receiver_id, content, client_id)
      select id, sender_id, receiver_id, content, client_id from fresh order by sender_id, client_id, ord
      on conflict (sender_id, client_id) where client_id is not null do nothing
      returning id, sender_id, receiver_id, created_at
    ),
    talk as (
      insert into conversations as c (user_id, peer_id, last_message_id, unread)
      select side.user_id, side.peer_id, max(side.id), sum(side.unread) from (
        select receiver_id, sender_id, id, 1 from inserted union all select sender_id, receiver_id, id, 0 from inserted
      ) as side(user_id, peer_id, id, unread)
      group by side.user_id, side.peer_id order by side.user_id, side.peer_id
      on conflict (user_id, peer_id) do update set
        last_message_id = greatest(c.last_message_id, excluded.last_message_id), unread = c.unread + excluded.unread
      returning 1
    ),
    told as (
      select i.id, row_number() over (order by i.id) as ord,
        row(i.receiver_id, 'message:new', i.id, i.sender_id, null, 1, 0)::event_draft as event
      from inserted i where (select count(*) from talk) > 0
    ),
    appended as (
      select ord, seq, rev, unread_messages, unseen_notifications
      from append_events((select array_agg(event order by ord) from told))
    )
    select d.code, i.id::float8 as id, wire_time(i.created_at) as "createdAt", a.seq::float8 as seq,
      a.rev::float8 as rev, a.unread_messages as "unreadMessages", a.unseen_notifications as "unseenNotifications"
    from draft d
    left join fresh f on f.ord = d.ord
    left join inserted i on i.id = f.id
    left join told t on t.id = i.id
    left join appended a on a.ord = t.ord
    order by d.ord`;
}

type EarlierMessage = { message: Message; isDeleted: boolean };

/**
 * The messages that clientIds made before. A statement of its own: only one that begins after the conflict sees the row
 * another node committed meanwhile.
 */
async function readEarlier(db: Queryable, drafts: readonly MessageDraft[]): Promise<Map<string, EarlierMessage>> {
  if (drafts.length === 0) return new Map();
  const rows: (Message & { isDeleted: boolean })[] = await db`
    select m.id::float8 as id, m.sender_id::float8 as "senderId", m.receiver_id::float8 as "receiverId", m.content,
      wire_time(m.created_at) as "createdAt", m.seen_at is not null as seen, m.client_id as "clientId",
      m.deleted_at is not null as "isDeleted"
    from unnest(${db.array(
      drafts.map((draft) => draft.senderId),
      "BIGINT",
    )},
      ${db.array(
        drafts.map((draft) => draft.clientId!),
        "TEXT",
      )}) as d(sender_id, client_id)
    join messages m on m.sender_id = d.sender_id and m.client_id = d.client_id`;
  return new Map(rows.map(({ isDeleted, ...message }) => [keyOf(message), { message, isDeleted }]));
}

function repeatOf(draft: MessageDraft, earlier: EarlierMessage | undefined): SendResult {
  if (!earlier) throw new Error("A clientId was refused as used, but its message is not there");
  if (earlier.isDeleted) return { outcome: "refused", code: "MESSAGE_DELETED" };
  const { message } = earlier;
  const isSame = message.content === draft.content && message.receiverId === draft.receiverId;
  return isSame ? { outcome: "repeated", message } : { outcome: "refused", code: "IDEMPOTENCY_MISMATCH" };
}

function keyOf({ senderId, clientId }: { senderId: number; clientId?: string }): string {
  return `${senderId}:${clientId}`;
}

function messageOf({ senderId, receiverId, content, clientId }: MessageDraft, id: number, createdAt: string): Message {
  return { id, senderId, receiverId, content, createdAt, seen: false, ...(clientId !== undefined && { clientId }) };
}

function publicationsOf({ message, ...appended }: Extract<SendResult, { outcome: "sent" }>): Publication[] {
  const { clientId: _, ...data } = message;
  const head = { userId: message.receiverId, ...appended };
  return [durable(head, "message:new", data satisfies MessageData), unreadCount(head)];
}
