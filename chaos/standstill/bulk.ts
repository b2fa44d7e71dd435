import type { Sql } from "../../apps/server/src/platform/postgres.ts";

const CHUNK = 20_000;

/** The first and last number of each chunk of `count`. */
function chunksOf(count: number): { first: number; last: number }[] {
  return Array.from({ length: Math.ceil(count / CHUNK) }, (_, n) => ({
    first: n * CHUNK + 1,
    last: Math.min(count, (n + 1) * CHUNK),
  }));
}

/** Accounts that nobody logs in to; their ids are in the order of their names. */
export async function fillAccounts(sql: Sql, name: string, count: number): Promise<void> {
  for (const { first, last } of chunksOf(count)) {
    await sql`
      insert into accounts (email, username, full_name)
      select u || '@example.com', u, 'Person ' || md5(u) from (
        select ${name} || n as u from generate_series(${first}::integer, ${last}::integer) n order by n) names`;
  }
}

export async function fillVideos(sql: Sql, ownerId: number, count: number): Promise<void> {
  for (const { first, last } of chunksOf(count)) {
    await sql`
      insert into videos (owner_id, title, description, external_url, visibility)
      select ${ownerId}, 'happy video ' || n, md5(n::text), 'https://example.com/v.mp4', 'public'
      from generate_series(${first}::integer, ${last}::integer) n`;
  }
}

/** Of comments on one video by one person: unseen, and counted. */
export async function fillNotifications(
  sql: Sql,
  { userId, actorId, videoId, count }: { userId: number; actorId: number; videoId: number; count: number },
): Promise<void> {
  for (const { first, last } of chunksOf(count)) {
    await sql`
      insert into notifications (user_id, type, ref_id, actor_id, subject_id)
      select ${userId}, 'comment', ${videoId}, ${actorId}, n
      from generate_series(${first}::integer, ${last}::integer) n`;
  }
  await sql`
    insert into user_streams as s (user_id, unseen_notifications) values (${userId}, ${count})
    on conflict (user_id) do update set unseen_notifications = s.unseen_notifications + excluded.unseen_notifications`;
}

/** Everybody whose name begins so follows one person. */
export async function fillFollowers(sql: Sql, name: string, followeeId: number): Promise<void> {
  await sql`
    insert into follows (follower_id, followee_id)
    select id, ${followeeId} from accounts where username like ${`${name}%`} on conflict do nothing`;
  await sql`
    update accounts a set following_count = following_count + 1
    where exists (select from follows where follower_id = a.id and followee_id = ${followeeId})`;
  await sql`
    update accounts set follower_count = (select count(*) from follows where followee_id = ${followeeId})
    where id = ${followeeId}`;
}

/** The report given, made by `count` others whose names begin so. */
export async function copyReport(sql: Sql, reportId: number, name: string, count: number): Promise<void> {
  await sql`
    insert into reports (reporter_id, target_type, target_id, reason, snapshot)
    select a.id, r.target_type, r.target_id, r.reason, r.snapshot
    from (select id from accounts where username like ${`${name}%`} order by id limit ${count}) a, reports r
    where r.id = ${reportId} on conflict do nothing`;
}

/** An index that finds parts of words is made faster than it is kept: they are taken away while `fill` works. */
export async function withoutTextIndexes(sql: Sql, fill: () => Promise<void>): Promise<void> {
  const indexes: { name: string; definition: string }[] = await sql`
    select indexname as name, indexdef as definition from pg_indexes
    where schemaname = 'public' and indexdef like '%USING gin%'`;
  for (const { name } of indexes) await sql.unsafe(`drop index ${name}`);
  await fill();
  for (const { definition } of indexes) await sql.unsafe(definition);
}
