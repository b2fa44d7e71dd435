import { type Sql, type Tx, transaction } from "../../platform/postgres.ts";
import { bigints } from "../../platform/sql-fragments.ts";
import type { Account } from "./people.ts";

/**
 * Makes everything that these accounts have done a day older, so that what is written next is of the day after. The
 * triggers move the statistics along.
 */
export async function ageRows(sql: Sql, accounts: readonly Account[]): Promise<void> {
  const ids = accounts.map(({ id }) => id);
  await transaction(sql, async (tx) => {
    await tx`set local statement_timeout = 0`;
    await ageAccounts(tx, ids);
    await ageVideos(tx, ids);
    await ageReactions(tx, ids);
    await ageMessages(tx, ids);
    await ageNotices(tx, ids);
  });
}

async function ageAccounts(tx: Tx, ids: number[]): Promise<void> {
  await tx`update accounts set created_at = created_at - interval '1 day' where id = any(${bigints(tx, ids)})`;
}

async function ageVideos(tx: Tx, ids: number[]): Promise<void> {
  await tx`update videos set created_at = created_at - interval '1 day' where owner_id = any(${bigints(tx, ids)})`;
}

async function ageReactions(tx: Tx, ids: number[]): Promise<void> {
  await tx`update likes set created_at = created_at - interval '1 day' where user_id = any(${bigints(tx, ids)})`;
  await tx`
    update comments set created_at = created_at - interval '1 day', updated_at = updated_at - interval '1 day'
    where user_id = any(${bigints(tx, ids)})`;
  await tx`
    update follows set created_at = created_at - interval '1 day' where follower_id = any(${bigints(tx, ids)})`;
}

async function ageMessages(tx: Tx, ids: number[]): Promise<void> {
  await tx`
    update messages set created_at = created_at - interval '1 day', seen_at = seen_at - interval '1 day'
    where sender_id = any(${bigints(tx, ids)})`;
}

async function ageNotices(tx: Tx, ids: number[]): Promise<void> {
  await tx`
    update notifications set created_at = created_at - interval '1 day' where user_id = any(${bigints(tx, ids)})`;
  await tx`
    update user_events set created_at = created_at - interval '1 day' where user_id = any(${bigints(tx, ids)})`;
}
