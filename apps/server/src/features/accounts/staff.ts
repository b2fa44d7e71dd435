import { Role } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import type { LockedAccount } from "./accounts.ts";
import { requireActive } from "./standing.ts";

/** Null: the system, which may do everything but take the last admin away. */
export type Moderator = Pick<Actor, "userId"> | null;

/** Decides by what the database says now, on the account as it is locked: a role that was taken away counts at once. */
export async function requireStaff(
  tx: Tx,
  account: LockedAccount | undefined,
  least: Exclude<Role, "user"> = "moderator",
): Promise<void> {
  await requireActive(tx, account);
  if (account && rankOf(account) < rankOf({ role: least })) throw fail("FORBIDDEN");
}

/** Staff is acted upon by a higher rank alone, and so nobody of staff acts upon themselves. */
export function requireHigherRank(actor: LockedAccount, target: LockedAccount): void {
  if (target.role !== "user" && rankOf(actor) <= rankOf(target)) throw fail("FORBIDDEN");
}

/** Roles are listed from the lowest to the highest. */
export function rankOf({ role }: Pick<LockedAccount, "role">): number {
  return Role.options.indexOf(role);
}

/** Everybody who moderates. */
export async function listStaff(db: Queryable): Promise<number[]> {
  const rows: { id: number }[] = await db`
    select id::float8 as id from accounts where role <> 'user' and status = 'active'`;
  return rows.map(({ id }) => id);
}
