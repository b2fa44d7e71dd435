import type { PublishingTx } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { LockedAccount } from "../accounts/accounts.ts";
import type { AuditEntry } from "../audit/audit.ts";

/** An entry of the audit log that is to be undone, with the account it is about, which is locked. */
export type Entry = {
  id: number;
  actorId: number | null;
  action: string;
  targetType: AuditEntry["targetType"];
  targetId: number;
  // biome-ignore lint/suspicious/noExplicitAny: each action writes details of its own, which its inverse reads.
  details: any;
  undoneAt: string | null;
  /** Whose account, or whose thing, it is about. */
  userId: number | null;
};

/** Whose undo it is, with which role, the account it is about, and the time. */
export type Undoing = {
  by: { userId: number };
  role: LockedAccount["role"];
  owner: LockedAccount | null;
  nowMs: number;
};

/** Does the inverse; returns the jobs that do the rest. */
export type Inverse = (tx: PublishingTx, entry: Entry, undoing: Undoing) => Promise<(number | null)[]>;

/** The refusal says what changed since. */
export function notUndoable(message: string) {
  return fail("NOT_UNDOABLE", { message });
}
