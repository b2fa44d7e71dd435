import type { Role } from "@reelay/contract";

/** Who calls, by the token or ticket they came with. Says nothing of what the account or the session may do now. */
export type Caller = {
  userId: number;
  sessionId: number;
  /** Of the account when the token was signed; a ban moves the account's on. */
  tokenVersion: number;
  /** When the token ends, in milliseconds since the epoch. */
  expiresAtMs: number;
};

/** A caller whose account and session are in good standing. */
export type Actor = Caller & { role: Role };

/** Which session of which account, and as which version of it. */
export type SessionClaim = Omit<Caller, "expiresAtMs">;

/** Whether the actor is a moderator or an admin. */
export function isStaff(actor: Actor | null): actor is Actor {
  return actor !== null && hasRank(actor, "moderator");
}

/** Whether the actor has that role or a higher one. */
export function hasRank(actor: Pick<Actor, "role">, role: Role): boolean {
  return RANK[actor.role] >= RANK[role];
}

const RANK: Record<Role, number> = { user: 0, moderator: 1, admin: 2 };
