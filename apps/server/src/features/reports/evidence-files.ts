import type { Signature } from "../../access/signed-urls.ts";
import type { App } from "../../app.ts";
import type { Queryable } from "../../platform/postgres.ts";
import { ownerOfAvatar } from "../accounts/avatar.ts";
import { AVATAR_URL, VIDEO_URL } from "../media/media.ts";

/**
 * Whether a file that is closed to others may be sent to staff now, by an address signed for one of them: a video's while
 * it is hidden or a report on it is pending; a person's picture while they are banned or a report that shows it is
 * pending. Their role and standing are asked of the database each time, and nobody opens what is their own this way.
 */
export async function isOpenToStaff({ sql, signedUrls }: App, url: string, signature: Signature): Promise<boolean> {
  const userId = signedUrls.signedFor(url, signature);
  if (userId === null) return false;
  const ownerId = url.startsWith(AVATAR_URL) ? await findPictured(sql, url) : await findOpenedOwner(sql, url);
  return ownerId !== null && ownerId !== userId && (await isStaff(sql, userId));
}

/** Whose picture it is, if it is theirs now or a pending report shows it. */
async function findPictured(db: Queryable, url: string): Promise<number | null> {
  const ownerId = ownerOfAvatar(url);
  const [row] = await db`
    select a.id::float8 as id from accounts a
    where a.id = ${ownerId} and (a.avatar_url = ${url} or (select count(*) > 0 from reports r
      where r.target_type = 'user' and r.target_id = a.id and r.status = 'pending' and r.snapshot->>'avatarUrl' = ${url}))`;
  return row?.id ?? null;
}

/** Whose video it is, if it is hidden or reported. */
async function findOpenedOwner(db: Queryable, url: string): Promise<number | null> {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const key = url.startsWith(VIDEO_URL) ? db`v.file_key = ${name}` : db`v.thumb_key = ${name}`;
  const [row] = await db`
    select v.owner_id::float8 as id from videos v
    where ${key} and ((v.hidden_at is not null and v.deleted_at is null) or exists (
      select from reports r where r.target_type = 'video' and r.target_id = v.id and r.status = 'pending'))`;
  return row?.id ?? null;
}

async function isStaff(db: Queryable, userId: number): Promise<boolean> {
  const rows = await db`
    select id from accounts where id = ${userId} and status = 'active' and role in ('moderator', 'admin')`;
  return rows.length > 0;
}
