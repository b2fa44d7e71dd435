import type { QueueCounts, QueueQuery, QueueResponse, SubjectName } from "@reelay/contract";
import type { App } from "../../app.ts";
import type { Fragment, Queryable, Sql } from "../../platform/postgres.ts";
import { readSubjects } from "./subjects.ts";

const HOUR_MS = 3_600_000;
/** Of a filtered list, so many are counted. */
const MAX_COUNTED = 1000;

/** A page of what is to be decided. What only muted people reported comes last, and is paged through like the rest. */
export async function listQueue(app: App, userId: number, query: QueueQuery): Promise<QueueResponse> {
  const { page, limit } = query;
  const [names, counted, counts] = await Promise.all([
    findPage(app.sql, userId, query),
    countFiltered(app.sql, userId, query),
    readCounts(app, userId),
  ]);
  const subjects = await readSubjects(app.sql, names);
  const total = counted === null ? counts.pending + counts.muted : Math.min(counted, MAX_COUNTED);
  const pagination = { page, limit, total, pages: Math.ceil(total / limit) };
  return {
    subjects,
    pagination: { ...pagination, ...(counted !== null && counted > MAX_COUNTED && { totalIsAtLeast: true }) },
    counts,
  };
}

/** What stands at the dashboard's badge: exact, and the same cost however long the queue is. */
export async function readCounts({ sql, clock, config }: App, userId: number): Promise<QueueCounts> {
  const [waiting, [claims]] = await Promise.all([
    countWaiting({ sql, clock, config }),
    sql`
      select count(*) filter (where q.claimed_by = ${userId})::int as mine,
        count(*) filter (where q.tier >= 0)::int as claimed,
        (select coalesce(sum(value), 0)::float8 from statistics
          where metric = 'queue_muted' and quarter = '-infinity') as muted
      from moderation_queue q where ${isClaimed(sql)}`,
  ]);
  const { mine, claimed, muted } = claims;
  return { ...waiting, mine, unclaimed: Math.max(0, waiting.pending - claimed), muted };
}

/** How many subjects wait, and how many for longer than they should. */
export async function countWaiting({
  sql,
  clock,
  config,
}: Pick<App, "sql" | "clock" | "config">): Promise<Pick<QueueCounts, "pending" | "overdue">> {
  const deadline = new Date(clock.now() - config.reportDeadlineHours * HOUR_MS);
  const [row]: Pick<QueueCounts, "pending" | "overdue">[] = await sql`
    select coalesce(sum(value) filter (where metric = 'queue_pending'), 0)::float8 as pending,
      coalesce(sum(value) filter (where metric = 'queue_oldest' and quarter < quarter_of(${deadline})), 0)::float8
        + (select count(*)::int from moderation_queue
          where tier >= 0 and oldest_at >= quarter_of(${deadline}) and oldest_at < ${deadline}) as overdue
    from statistics where metric in ('queue_pending', 'queue_oldest')`;
  return row!;
}

/** Of a subject `q`: somebody's claim has not run out. */
export function isClaimed(db: Queryable): Fragment {
  return db`(q.claimed_by is not null and q.claimed_until > now())`;
}

/** Of a subject `q`: it is of that kind. */
export function matches(
  db: Queryable,
  { targetType, category }: Pick<QueueQuery, "targetType" | "category">,
): Fragment {
  const isOfType = targetType ? db`and q.target_type = ${targetType}` : db``;
  return category ? db`true ${isOfType} and q.category = ${category}` : db`true ${isOfType}`;
}

async function findPage(sql: Sql, userId: number, query: QueueQuery): Promise<SubjectName[]> {
  return await sql`
    select q.target_type as "targetType", q.target_id::float8 as "targetId" from moderation_queue q
    where ${matches(sql, query)} and ${isClaimedBy(sql, userId, query.claimed)}
    order by ${orderOf(sql, query)} offset ${(query.page - 1) * query.limit} limit ${query.limit}`;
}

/** Null: everything is listed, which the counters know. No more are counted than it takes to know that there are too many. */
async function countFiltered(sql: Sql, userId: number, query: QueueQuery): Promise<number | null> {
  if (!query.targetType && !query.category && query.claimed === "all") return null;
  const [row] = await sql`
    select count(*)::int as count from (
      select from moderation_queue q
      where ${matches(sql, query)} and ${isClaimedBy(sql, userId, query.claimed)} limit ${MAX_COUNTED + 1}) found`;
  return row.count;
}

function isClaimedBy(db: Queryable, userId: number, claimed: QueueQuery["claimed"]): Fragment {
  if (claimed === "me") return db`q.claimed_by = ${userId} and ${isClaimed(db)}`;
  return claimed === "nobody" ? db`not ${isClaimed(db)}` : db`true`;
}

/** Each sorting has an order of its own: the most urgent, the oldest, the newest first. */
function orderOf(db: Queryable, { sortBy, order }: QueueQuery): Fragment {
  if (sortBy === "oldest") {
    return order === "desc"
      ? db`q.oldest_at desc, q.target_type desc, q.target_id desc`
      : db`q.oldest_at, q.target_type, q.target_id`;
  }
  if (sortBy === "newest") {
    return order === "asc"
      ? db`q.newest_at, q.target_type, q.target_id`
      : db`q.newest_at desc, q.target_type desc, q.target_id desc`;
  }
  return order === "asc"
    ? db`q.tier, q.rank, q.target_type desc, q.target_id desc`
    : db`q.tier desc, q.rank desc, q.target_type, q.target_id`;
}
