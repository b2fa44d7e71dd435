import type { App } from "../../app.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable } from "../../platform/postgres.ts";

/** How many bytes of files a user may still store. To decide by it, hold the account. */
export async function remainingBytes(db: Queryable, { config }: App, userId: number): Promise<number> {
  if (config.storageBytesPerUser === 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, config.storageBytesPerUser - (await storedBytes(db, userId)));
}

/** @throws ApiError QUOTA_EXCEEDED */
export async function requireQuota(db: Queryable, app: App, userId: number, bytes: number): Promise<void> {
  if (bytes > 0 && bytes > (await remainingBytes(db, app, userId))) throw fail("QUOTA_EXCEEDED");
}

async function storedBytes(db: Queryable, userId: number): Promise<number> {
  const [row] = await db`
    select (a.avatar_bytes + coalesce((
      select sum(v.stored_bytes) from videos v
      where v.owner_id = a.id and (v.file_key is not null or v.thumb_key is not null)), 0))::float8 as bytes
    from accounts a where a.id = ${userId}`;
  return row?.bytes ?? 0;
}
