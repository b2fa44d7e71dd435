import { type Sql, type Tx, transaction } from "../../../apps/server/src/platform/postgres.ts";

/**
 * Fills an empty database with so many accounts, videos, comments, messages, reports and entries of the audit log each,
 * made by the database itself over the last year. One in fifty accounts is banned, one in fifty deleted; videos likewise. What the triggers would
 * have kept, statistics and listings, is written at the end. Counts of followers, views and likes stand for rows that
 * are not there, so a recount finds them wrong.
 */
export async function fillWithRows(sql: Sql, count: number): Promise<void> {
  await transaction(sql, async (tx) => {
    await tx`select set_config('session_replication_role', 'replica', true), set_config('statement_timeout', '0', true)`;
    await tx`select set_config('maintenance_work_mem', '256MB', true)`;
    const definitions = await dropTextIndexes(tx);
    await fillAccounts(tx, count);
    await fillVideos(tx, count);
    await fillConversations(tx, count);
    await fillReports(tx, count);
    await fillQueue(tx);
    await fillAuditLog(tx, count);
    for (const definition of definitions) await tx.unsafe(definition);
    await fillStatistics(tx);
    await fillListings(tx);
  });
  await vacuum(sql);
}

/** On a connection of its own settings: it takes longer than a statement may. */
async function vacuum(sql: Sql): Promise<void> {
  const connection = await sql.reserve();
  try {
    await connection`set statement_timeout = 0`;
    await connection`vacuum analyze`;
    await connection`reset statement_timeout`;
  } finally {
    connection.release();
  }
}

/** Built once over all rows, an index of trigrams takes a tenth of the time. Returns how they are built. */
async function dropTextIndexes(tx: Tx): Promise<string[]> {
  const indexes: { name: string; definition: string }[] = await tx`
    select indexname as name, indexdef as definition from pg_indexes
    where schemaname = 'public' and indexdef like '%gin_trgm_ops%'`;
  for (const { name } of indexes) await tx.unsafe(`drop index ${name}`);
  return indexes.map(({ definition }) => definition);
}

/** When the nth of so many rows was made. */
function madeAt(tx: Tx, count: number) {
  return tx`now() - (${count}::float8 - n) / ${count}::float8 * interval '365 days'`;
}

async function fillAccounts(tx: Tx, count: number): Promise<void> {
  await tx`
    insert into accounts (email, username, full_name, status, follower_count, video_count, created_at)
    select case when n % 50 <> 7 then 'user' || n || '@example.com' end,
      case when n % 50 = 7 then 'deleted_' else 'user' end || n,
      case when n % 50 <> 7 then (array['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Smith', 'Müller'])[1 + n % 6] || ' ' || md5(n::text) end,
      case n % 50 when 7 then 'deleted' when 3 then 'banned' else 'active' end,
      (power(random(), 4) * 10000)::int, 1, ${madeAt(tx, count)}
    from generate_series(1, ${count}::int) n`;
  await tx`
    insert into bans (user_id, reason, banned_at) select id, 'spam', created_at from accounts where status = 'banned'`;
  await tx`
    insert into activity (user_id, last_quarter, is_counted)
    select id, case when id % 5 > 0 then quarter_of(now() - random() * interval '60 days') end, status = 'active'
    from accounts`;
}

async function fillVideos(tx: Tx, count: number): Promise<void> {
  await tx`
    insert into videos (owner_id, title, description, external_url, visibility, views_count, likes_count, comments_count,
      created_at, deleted_at, deleted_by)
    select n, (array['Hà Nội', 'Sài Gòn', 'Đà Nẵng', 'Huế'])[1 + n % 4] || ' ' || md5((n * 7)::text), md5((n * 3)::text),
      'https://example.com/v.mp4', case when n % 20 = 1 then 'private' else 'public' end,
      (power(random(), 4) * 100000)::int, (power(random(), 4) * 10000)::int, (power(random(), 4) * 1000)::int,
      ${madeAt(tx, count)}, case when n % 50 = 7 then now() end, case when n % 50 = 7 then 'moderator' end
    from generate_series(1, ${count}::int) n`;
}

async function fillConversations(tx: Tx, count: number): Promise<void> {
  await tx`
    insert into comments (video_id, user_id, content, created_at)
    select 1 + n % ${count}::int, n, 'wow', ${madeAt(tx, count)} from generate_series(1, ${count}::int) n`;
  await tx`
    insert into messages (sender_id, receiver_id, content, created_at)
    select n, 1 + n % ${count}::int, 'hi', ${madeAt(tx, count)} from generate_series(1, ${count}::int) n`;
}

async function fillReports(tx: Tx, count: number): Promise<void> {
  await tx`
    insert into reports (reporter_id, target_type, target_id, reason, category, weight, is_muted, status, result, snapshot,
      resolved_at, created_at)
    select n, (array['video', 'user', 'comment', 'message'])[1 + n % 4],
      case when status = 'pending' then n else 1 + n % 1000 end, 'spam',
      (array['spam', 'harassment', 'hate', 'sexual', 'violence', 'other'])[1 + n % 6], 500 * (1 + n % 7), n % 100 = 0, status,
      case when status <> 'pending' then 'done' end,
      json_build_object('authorId', 1 + n % 1000, 'authorUsername', 'user' || 1 + n % 1000, 'title', 'a title', 'text', md5(n::text)),
      case when status <> 'pending' then least(now(), made_at + interval '2 hours') end, made_at
    from (
      select n, (array['resolved', 'rejected', 'resolved', 'rejected', 'pending'])[1 + n % 5] as status,
        ${madeAt(tx, count)} as made_at
      from generate_series(1, ${count}::int) n
    ) each`;
}

/** Nearly every pending report has a subject of its own. */
async function fillQueue(tx: Tx): Promise<void> {
  await tx`
    select move_in_queue(array_agg(report_move(r, 1))) from reports r where r.status = 'pending'`;
}

async function fillAuditLog(tx: Tx, count: number): Promise<void> {
  await tx`
    insert into audit_log (actor_id, action, target_type, target_id, created_at)
    select 1 + n % 20, (array['user_ban', 'user_unban', 'video_delete', 'video_restore', 'report_resolved'])[1 + n % 5],
      (array['user', 'user', 'video', 'video', 'report'])[1 + n % 5], 1 + n % (${count}::int / 4), ${madeAt(tx, count)}
    from generate_series(1, ${count}::int) n`;
}

async function fillStatistics(tx: Tx): Promise<void> {
  await tx`
    insert into statistics (metric, quarter, shard, value)
    select metric, quarter, 0, value from statistics_recounted where value <> 0
    on conflict (metric, quarter, shard) do update set value = excluded.value`;
}

async function fillListings(tx: Tx): Promise<void> {
  await tx`
    insert into account_listing (user_id, status, username, created_at, seen_on, follower_count, total_views, total_likes)
    select a.id, a.status, lower(a.username), a.created_at, (y.last_quarter at time zone 'UTC')::date, a.follower_count,
      case when v.deleted_at is null then v.views_count else 0 end,
      case when v.deleted_at is null then v.likes_count else 0 end
    from accounts a join activity y on y.user_id = a.id join videos v on v.id = a.id`;
  await tx`
    insert into video_listing (video_id, owner_id, standing, created_at, views_count, likes_count, comments_count,
      counted_views, counted_likes)
    select id, owner_id, standing_of(visibility, deleted_at), created_at, views_count, likes_count, comments_count,
      case when deleted_at is null then views_count else 0 end, case when deleted_at is null then likes_count else 0 end
    from videos`;
}
