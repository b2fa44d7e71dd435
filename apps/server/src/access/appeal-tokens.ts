import { hkdfSync } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import type { Clock } from "../platform/clock.ts";

const ALGORITHM = "HS256";
const PURPOSE = "reelay appeals";
const LIFETIME_MS = 7 * 86_400_000;

/** Whose appeal it is, and against which decision. */
export type AppealClaim = { userId: number; decisionId: number };

/** What lets a banned person appeal, who has no other token: good for one decision, and for nothing else. */
export class AppealTokens {
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  constructor(secret: string, clock: Clock) {
    this.#key = new Uint8Array(hkdfSync("sha256", secret, "", PURPOSE, 32));
    this.#clock = clock;
  }

  async sign({ userId, decisionId }: AppealClaim): Promise<string> {
    const now = new Date(this.#clock.now());
    return await new SignJWT({ decision: decisionId })
      .setProtectedHeader({ alg: ALGORITHM })
      .setSubject(String(userId))
      .setIssuedAt(now)
      .setExpirationTime(new Date(now.getTime() + LIFETIME_MS))
      .sign(this.#key);
  }

  /** Null for anything but a token of ours that has not expired. */
  async verify(token: string): Promise<AppealClaim | null> {
    try {
      const options = {
        algorithms: [ALGORITHM],
        requiredClaims: ["sub", "exp"],
        currentDate: new Date(this.#clock.now()),
      };
      const { payload } = await jwtVerify(token, this.#key, options);
      const claim = { userId: Number(payload.sub), decisionId: Number(payload.decision) };
      return Number.isSafeInteger(claim.userId) && Number.isSafeInteger(claim.decisionId) ? claim : null;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
      throw error;
    }
  }
}
