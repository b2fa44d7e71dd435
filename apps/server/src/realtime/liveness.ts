/** How often a connected client is pinged. */
export const HEARTBEAT_MS = 30_000;
/** Without any inbound frame or pong for this long, a socket is gone. */
const SILENCE_MS = 60_000;
/** How long a ping may go unanswered before a socket counts as gone when room is needed. */
const PING_ANSWER_MS = 5000;

/** Whether the client of one socket is still there: by what it sends, and by the pings that it did not answer. */
export class Liveness {
  #lastSignAtMs: number;
  /** Since when pings have gone without any sign of life. */
  #unansweredSinceMs: number | null = null;
  /** Pings that no pong has answered yet. */
  #unanswered = 0;

  constructor(nowMs: number) {
    this.#lastSignAtMs = nowMs;
  }

  pinged(nowMs: number): void {
    this.#unansweredSinceMs ??= nowMs;
    this.#unanswered++;
  }

  /** Any frame of the client is a sign of life. */
  noteSign(nowMs: number): void {
    this.#lastSignAtMs = nowMs;
    this.#unansweredSinceMs = null;
  }

  /**
   * A pong came.
   * @returns whether a ping was waiting for it
   */
  ponged(nowMs: number): boolean {
    this.noteSign(nowMs);
    const isAnswer = this.#unanswered > 0;
    if (isAnswer) this.#unanswered--;
    return isAnswer;
  }

  /** Whether the client has been silent for so long that it counts as gone. */
  isSilent(nowMs: number): boolean {
    return nowMs - this.#lastSignAtMs >= SILENCE_MS;
  }

  /** Whether the client has been pinged for some time and has given no sign of life since. */
  hasStoppedAnswering(nowMs: number): boolean {
    return this.#unansweredSinceMs !== null && nowMs - this.#unansweredSinceMs > PING_ANSWER_MS;
  }

  /** What came lately may not have been read: counts as silent for one heartbeat at most, and as pinged just now. */
  excuse(nowMs: number): void {
    this.#lastSignAtMs = Math.max(this.#lastSignAtMs, nowMs - HEARTBEAT_MS);
    if (this.#unansweredSinceMs !== null) this.#unansweredSinceMs = nowMs;
  }
}
