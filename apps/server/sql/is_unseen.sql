-- `seen_up_to` and `revoked`: those of the notification's user; see is_listed.
create or replace function is_unseen(notification notifications, seen_up_to bigint, revoked int8multirange) returns boolean
  language sql immutable parallel safe
  return notification.seen_at is null and notification.id > seen_up_to and is_listed(notification, revoked);

-- `seen_up_to`: that of the receiver's side of the conversation; null: there is none.
create or replace function is_unseen(message messages, seen_up_to bigint) returns boolean
  language sql immutable parallel safe
  return message.seen_at is null and message.deleted_at is null and message.id > coalesce(seen_up_to, 0);
