-- `seen_up_to`: that of the notification's user.
create or replace function is_seen(notification notifications, seen_up_to bigint) returns boolean
  language sql immutable parallel safe
  return notification.seen_at is not null or notification.id <= seen_up_to;

-- `seen_up_to`: that of the receiver's side of the conversation; null: there is none.
create or replace function is_seen(message messages, seen_up_to bigint) returns boolean
  language sql immutable parallel safe
  return message.seen_at is not null or message.id <= coalesce(seen_up_to, 0);
