import type { App } from "../../app.ts";
import { type Queryable, retrying } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";

const BATCH = 100;
const DAY_MS = 86_400_000;

type Purged = { id: number; fileKey: string | null; thumbKey: string | null };

/**
 * Removes the bytes of deleted videos: at once what its owner deleted, which is for good; what a moderator took down when
 * RETENTION_DAYS are over, from when on it cannot be restored. What a pending report is about stays for staff until that is
 * decided. What cannot be removed now is tried again the next time.
 */
export async function purgeVideos({ sql, clock, config, storage, log }: App): Promise<void> {
  const before = new Date(clock.now() - config.retentionDays * DAY_MS);
  for (let after = 0; ; ) {
    const videos = await claimForPurge(sql, after, before);
    if (videos.length === 0) return;
    const gone: number[] = [];
    for (const { id, fileKey, thumbKey } of videos) {
      const isFileGone = fileKey === null || (await storage.remove(`videos/${fileKey}`));
      const isThumbGone = thumbKey === null || (await storage.remove(`thumbs/${thumbKey}`));
      if (isFileGone && isThumbGone) gone.push(id);
      else log.warn({ videoId: id }, "a deleted video's files could not be removed");
    }
    await retrying(() => forgetKeys(sql, gone));
    after = Math.max(...videos.map(({ id }) => id));
  }
}

/** From here on they cannot be restored. Those that another node is giving up at this moment are left to it. */
async function claimForPurge(db: Queryable, after: number, before: Date): Promise<Purged[]> {
  return await db`
    with due as (
      select v.id from videos v
      where v.deleted_at is not null and (v.file_key is not null or v.thumb_key is not null) and v.id > ${after}
        and (v.purged_at is not null or ((v.deleted_by = 'owner' or v.deleted_at < ${before}) and not exists (
          select from reports r where r.target_type = 'video' and r.target_id = v.id and r.status = 'pending')))
      order by v.id limit ${BATCH} for update skip locked
    )
    update videos v set purged_at = coalesce(v.purged_at, now()) from due d where v.id = d.id
    returning v.id::float8 as id, v.file_key as "fileKey", v.thumb_key as "thumbKey"`;
}

/** In the order of their ids, in which everybody locks videos: another node may be at the same ones. */
async function forgetKeys(db: Queryable, ids: readonly number[]): Promise<void> {
  await db`
    with gone as (
      select id from videos where id = any(${bigints(db, ids)}) and purged_at is not null
      order by id for no key update
    )
    update videos set file_key = null, thumb_key = null where id in (select id from gone)`;
}
