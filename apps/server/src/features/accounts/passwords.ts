import { availableParallelism } from "node:os";
import { tooMany } from "../../access/budgets.ts";
import type { App } from "../../app.ts";
import type { Origin } from "../../http/origin.ts";
import { fail } from "../../platform/api-error.ts";
import { type Place, WorkQueue } from "../../platform/work-queue.ts";

const ARGON2 = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
/** A hash takes 19 MiB and a core for 20 ms: one core is left to everything else. */
const MAX_AT_ONCE = Math.max(1, Math.min(4, availableParallelism() - 1));
/** On a single core that is a wait of a few seconds. */
const MAX_WAITING = 128;

/** The hash of a random string: compared with when there is no account, so that the answer takes as long. */
const NOBODYS_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$J0fjmkDZydC5mqCNHcR2/E1tdQ2Ae6OEd6UnHceKDIo$+cTocUprbgco57toB8Hfl3HiDrYy5n8Ml1OVQZkB0N4";

/** Smaller goes first: who has an account, then who is about to make one. */
export const PRIORITY = { login: 0, signup: 1 } as const;

/** A password that somebody sent. */
export type Attempt = Origin & { password: string };

export type PasswordClaim = {
  /** What failures are counted by, together with the network. Used up, it is said so. */
  countedBy: string;
  /**
   * The account, when `countedBy` is one of its names. Used up, every password is wrong: to say more would reveal that two
   * names are the same person's.
   */
  account: string | null;
  /** Null: there is no such account, so every password is wrong. */
  hash: string | null;
};

const queue = new WorkQueue(MAX_AT_ONCE, MAX_WAITING);

/** @throws ApiError SERVER_BUSY */
export function hashPassword(password: string, place: Place = { priority: PRIORITY.login }): Promise<string> {
  return queue.run(place, () => Bun.password.hash(password, ARGON2));
}

/**
 * Refuses a wrong password. Failures alone are counted; the limit is looked at when the claim's turn has come, so that
 * guesses sent all at once do not slip past it together.
 * @throws ApiError INVALID_CREDENTIALS, RATE_LIMIT, SERVER_BUSY
 */
export function provePassword(
  app: App,
  claim: PasswordClaim,
  { password, network, isShared, signal }: Attempt,
  priority: number = PRIORITY.login,
): Promise<void> {
  const { loginFailures, addressFailures } = app.limits;
  const key = `${claim.countedBy} ${network}`;
  const accountKey = claim.account && `${claim.account} ${network}`;
  return queue.run({ priority, signal }, async () => {
    refuseWhile(await loginFailures.check(key), isShared ? 0 : await addressFailures.check(network));
    const isUsedUp = accountKey !== null && (await loginFailures.check(accountKey)) > 0;
    const isRight = await Bun.password.verify(password, claim.hash ?? NOBODYS_HASH);
    if (isRight && claim.hash && !isUsedUp) return;
    if (accountKey !== null) await loginFailures.spend(accountKey);
    refuseWhile(await loginFailures.spend(key), isShared ? 0 : await addressFailures.spend(network));
    throw fail("INVALID_CREDENTIALS");
  });
}

function refuseWhile(...waitsMs: number[]): void {
  const waitMs = Math.max(...waitsMs);
  if (waitMs > 0) throw tooMany(waitMs);
}
