import type { App } from "../../app.ts";
import { endTurn, takeTurn } from "../../platform/periodic-jobs.ts";
import { type Sql, type Tx, transaction } from "../../platform/postgres.ts";
import { bigints, texts } from "../../platform/sql-fragments.ts";

const NAME = "refresh listings";
const EVERY_SECONDS = 15;
/** Older, as when no node has been there to refresh it, it is refreshed before it is read. */
const MAX_AGE_MS = 50_000;
/** Changes that one transaction works off. */
const BATCH = 1000;
const REFRESH_LOCK = 0x6c697374; // "list"

/** Brings changed counts into the listings, one node at a time. */
export async function refreshListings({ sql }: Pick<App, "sql">): Promise<void> {
  if ((await takeTurn(sql, NAME, EVERY_SECONDS)) !== null) await refreshNow(sql);
}

/** Until when every change is in the listings: the moment of an order by a count. */
export async function readSortedAsOf({ sql }: Pick<App, "sql">): Promise<string> {
  const { asOf, ageMs } = await readAge(sql);
  if (ageMs <= MAX_AGE_MS) return asOf;
  await refreshNow(sql);
  return (await readAge(sql)).asOf;
}

async function refreshNow(sql: Sql): Promise<void> {
  const { nowMs } = await readAge(sql);
  for (const refresh of [refreshAccounts, refreshVideos]) {
    let isMore = true;
    while (isMore) isMore = await transaction(sql, (tx) => refresh(tx));
  }
  await endTurn(sql, NAME, nowMs);
}

async function readAge(sql: Sql): Promise<{ asOf: string; ageMs: number; nowMs: number }> {
  const [row] = await sql`
    select wire_time(to_timestamp(position / 1000.0)) as "asOf",
      (extract(epoch from clock_timestamp()) * 1000 - position)::float8 as "ageMs",
      floor(extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs"
    from periodic_jobs where name = ${NAME}`;
  return row;
}

type Change = { place: string; id: number };

/** Of the whole of its transaction: what is read after it is at least as new as what any refresh before it has written. */
async function lockListings(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(${REFRESH_LOCK})`;
}

async function refreshAccounts(tx: Tx): Promise<boolean> {
  await lockListings(tx);
  const changes: Change[] = await tx`
    select ctid::text as place, user_id::float8 as id from account_changes limit ${BATCH}`;
  if (changes.length === 0) return false;
  const moved = await moveAccounts(tx, changes);
  return moved > 0 && changes.length === BATCH;
}

/** Rows that another transaction holds are left for the next time, with the notes of their changes. */
async function moveAccounts(tx: Tx, changes: readonly Change[]): Promise<number> {
  const [row] = await tx`
    with held as materialized (
      select user_id from account_listing where user_id = any(${bigints(tx, changes, "id")})
      order by user_id for no key update skip locked
    ),
    moved as (
      update account_listing l set follower_count = a.follower_count
      from held join accounts a on a.id = held.user_id where l.user_id = held.user_id
    ),
    gone as (
      delete from account_changes c
      where c.ctid = any(${texts(tx, changes, "place")}::tid[]) and c.user_id in (select user_id from held)
    )
    select count(*)::int as count from held`;
  return row.count;
}

async function refreshVideos(tx: Tx): Promise<boolean> {
  await lockListings(tx);
  const changes: Change[] = await tx`
    select ctid::text as place, video_id::float8 as id from video_changes limit ${BATCH}`;
  if (changes.length === 0) return false;
  const moved = await moveVideos(tx, changes);
  return moved > 0 && changes.length === BATCH;
}

/** What a video adds to its owner's totals is kept beside it, so that the totals move by the difference. */
async function moveVideos(tx: Tx, changes: readonly Change[]): Promise<number> {
  const [row] = await tx`
    with held as materialized (
      select video_id from video_listing where video_id = any(${bigints(tx, changes, "id")})
      order by video_id for no key update skip locked
    ),
    moved as (
      update video_listing l set views_count = v.views_count, likes_count = v.likes_count,
        comments_count = v.comments_count,
        counted_views = case when v.deleted_at is null then v.views_count else 0 end,
        counted_likes = case when v.deleted_at is null then v.likes_count else 0 end
      from held join videos v on v.id = held.video_id where l.video_id = held.video_id
      returning l.owner_id, new.counted_views - old.counted_views as views, new.counted_likes - old.counted_likes as likes
    ),
    totals as (
      update account_listing l set total_views = l.total_views + m.views, total_likes = l.total_likes + m.likes
      from (
        select owner_id, sum(views) as views, sum(likes) as likes from moved
        where views <> 0 or likes <> 0 group by owner_id
      ) m
      where l.user_id = m.owner_id
    ),
    gone as (
      delete from video_changes c
      where c.ctid = any(${texts(tx, changes, "place")}::tid[]) and c.video_id in (select video_id from held)
    )
    select count(*)::int as count from held`;
  return row.count;
}
