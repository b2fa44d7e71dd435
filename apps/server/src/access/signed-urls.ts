import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Clock } from "../platform/clock.ts";

/** What a signed address says besides its path, as it stands in the query. */
export type Signature = { exp?: string | undefined; user?: string | undefined; sig?: string | undefined };

const LIFETIME_SECONDS = 3600;
const PURPOSE = "reelay signed urls";

/** Addresses that are good for one person and one hour without a token, which a player cannot send. */
export class SignedUrls {
  readonly #key: Buffer;
  readonly #clock: Clock;

  constructor(secret: string, clock: Clock) {
    this.#key = Buffer.from(hkdfSync("sha256", secret, "", PURPOSE, 32));
    this.#clock = clock;
  }

  sign(path: string, userId: number): string {
    const exp = Math.floor(this.#clock.now() / 1000) + LIFETIME_SECONDS;
    const sig = this.#mac(path, String(exp), String(userId)).toString("base64url");
    return `${path}?exp=${exp}&user=${userId}&sig=${sig}`;
  }

  /** The user the path was signed for; null when it was not by us, or its hour is over. */
  signedFor(path: string, { exp, user, sig }: Signature): number | null {
    if (!exp || !user || !sig) return null;
    const given = Buffer.from(sig, "base64url");
    const right = this.#mac(path, exp, user);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
    return Number(exp) * 1000 > this.#clock.now() ? Number(user) : null;
  }

  #mac(path: string, exp: string, user: string): Buffer {
    return createHmac("sha256", this.#key).update(`${path}\n${exp}\n${user}`).digest();
  }
}
