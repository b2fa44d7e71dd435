import { Role } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import { fail } from "../../platform/api-error.ts";
import type { Tx } from "../../platform/postgres.ts";
import type { LockedAccount } from "./accounts.ts";
import { requireActive } from "./standing.ts";

/** Null: the system, which may do everything but take the last admin away. */
export type Moderator = Pick<Actor, "userId"> | null;

/** Decides by what the database says now, on the account as it is locked: a role that was taken away counts at once. */
export async function requireStaff(tx: Tx, account: LockedAccount | undefined): Promise<void> {
  await requireActive(tx, account);
  if (account && rankOf(account) < Role.options.indexOf("moderator")) throw fail("FORBIDDEN");
}

/** Roles are listed from the lowest to the highest. */
export function rankOf({ role }: Pick<LockedAccount, "role">): number {
  return Role.options.indexOf(role);
}
