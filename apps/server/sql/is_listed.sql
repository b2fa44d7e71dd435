-- The predicates of everything that lists, counts, marks, revokes, deletes or renders notifications are is_listed,
-- is_unseen and is_seen. The planner inlines them, so indexes are used. `revoked` are the ids of notification_revocations
-- for the notification's user and actor, if any.
create or replace function is_listed(notification notifications, revoked int8multirange) returns boolean
  language sql immutable parallel safe
  return notification.revoked_at is null and notification.deleted_at is null
    and (notification.seen_at is null and revoked @> notification.id) is not true;
