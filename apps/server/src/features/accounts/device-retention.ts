import type { App } from "../../app.ts";
import { type Queryable, retrying } from "../../platform/postgres.ts";

const BATCH = 1000;
const DAY_MS = 86_400_000;

/**
 * Removes from where and on what a session was used, SESSION_RETENTION_DAYS after it was last used or ended. Every batch is
 * a transaction of its own; a session that is in use at this moment is left to the next time.
 */
export async function forgetDevices({ sql, clock, config }: App): Promise<void> {
  const before = new Date(clock.now() - config.sessionRetentionDays * DAY_MS);
  while ((await retrying(() => forgetOldest(sql, before))) === BATCH);
}

async function forgetOldest(db: Queryable, before: Date): Promise<number> {
  const rows = await db`
    with due as (
      select id from sessions
      where greatest(last_used_at, revoked_at) < ${before} and (user_agent is not null or address is not null)
      order by greatest(last_used_at, revoked_at) limit ${BATCH} for update skip locked
    )
    update sessions s set user_agent = null, address = null from due where s.id = due.id returning s.id`;
  return rows.length;
}
