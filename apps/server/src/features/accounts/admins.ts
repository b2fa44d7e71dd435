import { fail } from "../../platform/api-error.ts";
import type { Tx } from "../../platform/postgres.ts";

const ADMINS_LOCK = 0x61646d696e73; // "admins"

/** Call with the account locked, before it stops being an active admin. */
export async function assertAdminRemains(tx: Tx, withoutId: number): Promise<void> {
  await lockAdmins(tx);
  const others = await tx`
    select id from accounts where role = 'admin' and status = 'active' and id <> ${withoutId} limit 1`;
  if (others.length === 0) throw fail("LAST_ADMIN");
}

/** Transactions that depend on how many admins there are take turns, on all nodes. */
export async function lockAdmins(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(${ADMINS_LOCK})`;
}
