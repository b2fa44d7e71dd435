import type { App } from "../../app.ts";
import { append, event } from "../../delivery/append.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Tx } from "../../platform/postgres.ts";

/**
 * Deletes a message for both sides.
 * @throws ApiError MESSAGE_NOT_FOUND unless the caller sent it.
 */
export async function deleteMessage(app: App, senderId: number, messageId: number): Promise<void> {
  await commit(app, async (tx) => {
    const deletion = await applyMessageDeletion(tx, senderId, messageId);
    if (!deletion?.isSenderActive) throw fail("MESSAGE_NOT_FOUND");
    if (!deletion.wasDeleted) await announceMessageDeletion(tx, deletion, senderId);
  });
}

export type MessageDeletion = {
  messageId: number;
  senderId: number;
  receiverId: number;
  isSenderActive: boolean;
  wasDeleted: boolean;
  wasUnseen: boolean;
  deletedAt: string;
};

/** Empties a message, unless it was. `announceMessageDeletion` comes last. */
export async function applyMessageDeletion(
  tx: Tx,
  senderId: number,
  messageId: number,
): Promise<MessageDeletion | null> {
  await lockConversationOf(tx, senderId, messageId);
  const message = await emptyMessage(tx, senderId, messageId);
  if (!message) return null;
  const deletion = { ...message, messageId, senderId };
  if (!message.wasDeleted) await settleConversation(tx, deletion);
  return deletion;
}

/** To both sides. `deletedBy`: 0 is moderation. */
export async function announceMessageDeletion(
  tx: PublishingTx,
  { messageId, senderId, receiverId, wasUnseen, deletedAt }: MessageDeletion,
  deletedBy: number,
): Promise<void> {
  const data = { messageId, deletedBy, deletedAt };
  await append(tx, [
    event("message:deleted", receiverId, data, { subjectId: messageId, unreadMessages: wasUnseen ? -1 : 0 }),
    event("message:deleted", senderId, data, { subjectId: messageId }),
  ]);
}

/** Whether a message is unseen is decided by its conversation, too. */
async function lockConversationOf(tx: Tx, senderId: number, messageId: number): Promise<void> {
  await tx`
    select lock_conversations(array_agg(sender_id), array_agg(receiver_id)) from messages
    where id = ${messageId} and sender_id = ${senderId}`;
}

type Emptied = Omit<MessageDeletion, "messageId" | "senderId">;

async function emptyMessage(tx: Tx, senderId: number, messageId: number): Promise<Emptied | undefined> {
  const [row]: Emptied[] = await tx`
    with before as (
      select m.id, m.receiver_id, m.deleted_at, is_unseen(m, c.seen_up_to) as was_unseen
      from messages m left join conversations c on c.user_id = m.receiver_id and c.peer_id = m.sender_id
      where m.id = ${messageId} and m.sender_id = ${senderId}
      for update of m
    ),
    emptied as (
      update messages m set content = null, deleted_at = now() from before b
      where m.id = b.id and b.deleted_at is null
    )
    select receiver_id::float8 as "receiverId", deleted_at is not null as "wasDeleted", was_unseen as "wasUnseen",
      wire_time(now()) as "deletedAt",
      exists (select from accounts where id = ${senderId} and status = 'active') as "isSenderActive"
    from before`;
  return row;
}

type Settlement = { senderId: number; receiverId: number; messageId: number; wasUnseen: boolean };

/** Moves both sides of the conversation back to the message that is now the newest, and the receiver's unread count. */
async function settleConversation(tx: Tx, { senderId, receiverId, messageId, wasUnseen }: Settlement): Promise<void> {
  await tx`
    update conversations c set
      unread = greatest(0, c.unread - case when c.user_id = ${receiverId} and ${wasUnseen} then 1 else 0 end),
      last_message_id = case when c.last_message_id = ${messageId} then (
        select max(m.id) from messages m
        where least(m.sender_id, m.receiver_id) = least(${senderId}::bigint, ${receiverId}::bigint)
          and greatest(m.sender_id, m.receiver_id) = greatest(${senderId}::bigint, ${receiverId}::bigint)
          and m.deleted_at is null
      ) else c.last_message_id end
    where (c.user_id = ${senderId} and c.peer_id = ${receiverId})
      or (c.user_id = ${receiverId} and c.peer_id = ${senderId})`;
}
