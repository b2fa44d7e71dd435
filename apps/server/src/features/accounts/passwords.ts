import type { App } from "../../context.ts";
import { fail } from "../../http/errors.ts";
import { tooMany } from "../../http/limits.ts";

const ARGON2 = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
const MAX_AT_ONCE = 4;

/** The hash of a random string: compared with when there is no account, so that the answer takes as long. */
const NOBODYS_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$J0fjmkDZydC5mqCNHcR2/E1tdQ2Ae6OEd6UnHceKDIo$+cTocUprbgco57toB8Hfl3HiDrYy5n8Ml1OVQZkB0N4";

export type PasswordClaim = {
  /** What failures are counted by, together with the address. */
  account: string;
  address: string;
  password: string;
  /** Null: there is no such account, so every password is wrong. */
  hash: string | null;
};

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => Bun.password.hash(password, ARGON2));
}

/**
 * Refuses a wrong password. Failures alone are counted; the limit is looked at when the claim's turn has come, so that
 * guesses sent all at once do not slip past it together.
 * @throws ApiError INVALID_CREDENTIALS, RATE_LIMIT
 */
export function provePassword(app: App, { account, address, password, hash }: PasswordClaim): Promise<void> {
  const { loginFailures, addressFailures } = app.limits;
  const key = `${account} ${address}`;
  return inTurn(async () => {
    refuseWhile(await loginFailures.check(key), await addressFailures.check(address));
    const isRight = await Bun.password.verify(password, hash ?? NOBODYS_HASH);
    if (isRight && hash) return;
    refuseWhile(await loginFailures.spend(key), await addressFailures.spend(address));
    throw fail("INVALID_CREDENTIALS");
  });
}

function refuseWhile(...waitsMs: number[]): void {
  const waitMs = Math.max(...waitsMs);
  if (waitMs > 0) throw tooMany(waitMs);
}

let running = 0;
const waiting: (() => void)[] = [];

/** A hash takes 19 MiB and a core for 20 ms: more at a time would only make everything else wait. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < MAX_AT_ONCE) running++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
