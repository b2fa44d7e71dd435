import type { AdminUser, AdminUsers, AdminUsersQuery } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import type { Fragment, Queryable } from "../../platform/postgres.ts";
import { bigints, texts } from "../../platform/sql-fragments.ts";
import { likePattern, MIN_PART_LENGTH, type SearchText } from "../../platform/text-search.ts";
import { MEDIA_URL } from "../media/media.ts";
import { countActive, type Day, readDays, readTotals } from "../stats/counters.ts";
import { readSortedAsOf } from "./listing-refresh.ts";
import { findListed, type Stream } from "./ordered-pages.ts";
import { datesSince } from "./utc-dates.ts";

const STATUSES = {
  active: ["active"],
  banned: ["banned"],
  all: ["active", "banned"],
  any: ["active", "banned", "deleted"],
};

/**
 * A page of accounts. `signal`: of the request, so that a search is given up when the caller leaves.
 * @throws ApiError SERVER_BUSY
 */
export async function listUsers(
  app: App,
  staff: Actor,
  query: AdminUsersQuery,
  signal: AbortSignal,
): Promise<AdminUsers> {
  if (query.seenWithin) await app.activity.flush();
  const days = query.seenWithin || query.created ? await readDays(app) : [];
  const sortedAsOf = query.sortBy === "follower_count" ? await readSortedAsOf(app) : undefined;
  const { ids, pagination } = await findListed(app, {
    wanted: query,
    search: query.search,
    signal,
    isIndexed: query.sortBy === "created_at" || !(query.seenWithin || query.created),
    listing: async (db, text) => {
      const matching = text && matchesText(db, text, await findOwner(db, query.search));
      if (text && !matching) return null;
      const streams = streamsOf(db, query, days, matching, app.clock.now());
      return { streams, counted: matching && countedOf(db, query, matching) };
    },
    knownTotal: await readTotal(app, query, days),
  });
  return { users: await readUsers(app, staff, ids), pagination, ...(sortedAsOf && { sortedAsOf }) };
}

/** Accounts by their ids, in that order. The picture of a banned one, closed to others, is signed for its reader. */
export async function readUsers(app: App, staff: Actor, ids: readonly number[]): Promise<AdminUser[]> {
  const { sql, signedUrls } = app;
  const users: AdminUser[] = await sql`
    select a.id::float8 as id, a.username, a.email, a.full_name as "fullName", a.avatar_url as "avatarUrl", a.bio, a.role,
      a.follower_count as "followerCount", a.following_count as "followingCount", a.video_count as "videoCount",
      a.is_verified as "isVerified", a.status = 'banned' as "isBanned",
      case when a.status = 'banned' then b.reason end as "banReason", wire_time(a.created_at) as "createdAt",
      wire_time(y.last_quarter) as "lastActive"
    from unnest(${bigints(sql, ids)}) with ordinality as wanted(id, place)
    join accounts a on a.id = wanted.id
    left join activity y on y.user_id = a.id
    left join bans b on b.user_id = a.id and b.lifted_at is null
    order by wanted.place`;
  return users.map(({ avatarUrl, ...user }) => {
    const isClosed = user.isBanned && avatarUrl?.startsWith(MEDIA_URL);
    return { ...user, avatarUrl: isClosed && avatarUrl ? signedUrls.sign(avatarUrl, staff.userId) : avatarUrl };
  });
}

/** What the counters know; null: this combination of filters is counted. */
async function readTotal({ sql }: App, query: AdminUsersQuery, days: readonly Day[]): Promise<number | null> {
  const { search, status, seenWithin, created } = query;
  if (search !== "" || (seenWithin && created)) return null;
  if (seenWithin) return status === "active" ? countActive(days) : null;
  if (created) return status === "any" ? (days.at(-1)?.counts.users_made ?? 0) : null;
  if (status === "any") return null;
  const totals = await readTotals(sql);
  const [all, banned] = [totals.get("users") ?? 0, totals.get("users_banned") ?? 0];
  return { all, banned, active: all - banned }[status];
}

/** Whose e-mail address it is. */
async function findOwner(db: Queryable, email: string): Promise<number | null> {
  const [row] = await db`select id::float8 as id from accounts where lower(email) = lower(${email})`;
  return row?.id ?? null;
}

/** By any part of username and full name, by the beginning of a short one, or as the owner; null: no index knows the text. */
function matchesText(
  db: Queryable,
  { text, length, isIndexedAsPart }: SearchText,
  ownerId: number | null,
): Fragment | null {
  const isOwner = ownerId === null ? null : db`a.id = ${ownerId}`;
  if (length >= MIN_PART_LENGTH && !isIndexedAsPart) return isOwner;
  const byName =
    length < MIN_PART_LENGTH
      ? db`fold(a.username) like (${likePattern(db, text)} || '%') escape '!'`
      : db`a.search like ('%' || ${likePattern(db, text)} || '%') escape '!'`;
  return isOwner ? db`(${byName} or ${isOwner})` : byName;
}

/** Null: the table alone does not know all that is asked for. */
function countedOf(db: Queryable, { status, seenWithin, created }: AdminUsersQuery, matching: Fragment) {
  if (seenWithin || created) return null;
  const statuses = texts(db, STATUSES[status]);
  return [{ from: db`accounts a`, where: db`a.status = any(${statuses}) and ${matching}`, id: db`a.id` }];
}

function streamsOf(
  db: Queryable,
  { status, sortBy, seenWithin, created }: AdminUsersQuery,
  days: readonly Day[],
  matching: Fragment | null,
  nowMs: number,
): Stream[] {
  const from = matching ? db`account_listing l join accounts a on a.id = l.user_id` : db`account_listing l`;
  const keys = { created_at: db`l.created_at`, username: db`l.username`, follower_count: db`l.follower_count` };
  const filters = [matching, created && days.at(-1) && db`l.created_at >= ${days.at(-1)!.startsAt}`];
  const seen = seenWithin && days[0] ? seenSince(db, days[0].startsAt, nowMs, sortBy === "created_at") : [db`true`];
  const rest = filters.reduce<Fragment>((all, filter) => (filter ? db`${all} and ${filter}` : all), db`true`);
  return STATUSES[status].flatMap((each) =>
    seen.map((part) => ({
      from,
      where: db`l.status = ${each} and ${part} and ${rest}`,
      id: db`l.user_id`,
      key: keys[sortBy],
    })),
  );
}

/**
 * Whoever was active since: as one part, or as one for each UTC day, which the index has in the order of creation. On the
 * first of these days it depends on the time.
 */
function seenSince(db: Queryable, since: Date, nowMs: number, isByDay: boolean): Fragment[] {
  const [first, ...others] = datesSince(since, nowMs);
  const inTime = db`(select y.last_quarter >= ${since} from activity y where y.user_id = l.user_id)`;
  if (!isByDay) return [db`l.seen_on >= ${first}::date and (l.seen_on > ${first}::date or ${inTime})`];
  const last = others.pop();
  return [
    db`l.seen_on = ${first}::date and ${inTime}`,
    ...others.map((date) => db`l.seen_on = ${date}::date`),
    db`l.seen_on >= ${last}::date`,
  ];
}
