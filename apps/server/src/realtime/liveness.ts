import type { Clock } from "../platform/clock.ts";

/** How long a ping may go unanswered before a socket counts as gone when room is needed. */
const PING_ANSWER_MS = 5000;

/** Whether somebody is at the other end of one socket: by what comes from there, and by the pings that nothing answered. */
export class Liveness {
  readonly #clock: Clock;
  /** The last sign of life. */
  heardAtMs: number;
  /** Since when pings have gone without any sign of life. */
  #unansweredSinceMs: number | null = null;
  /** Pings that no pong has answered yet. */
  #unanswered = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.heardAtMs = clock.monotonic();
  }

  pinged(): void {
    this.#unansweredSinceMs ??= this.#clock.monotonic();
    this.#unanswered++;
  }

  heard(): void {
    this.heardAtMs = this.#clock.monotonic();
    this.#unansweredSinceMs = null;
  }

  /** A pong came; answers whether a ping was waiting for one. */
  ponged(): boolean {
    this.heard();
    const isAnswer = this.#unanswered > 0;
    if (isAnswer) this.#unanswered--;
    return isAnswer;
  }

  /** Whether the client has been pinged for some time and has not shown itself since. */
  hasStoppedAnswering(): boolean {
    return this.#unansweredSinceMs !== null && this.#clock.monotonic() - this.#unansweredSinceMs > PING_ANSWER_MS;
  }

  /** What came lately may not have been read: counts as silent for `silenceMs` at most, and as pinged just now. */
  excuse(silenceMs: number): void {
    const now = this.#clock.monotonic();
    this.heardAtMs = Math.max(this.heardAtMs, now - silenceMs);
    if (this.#unansweredSinceMs !== null) this.#unansweredSinceMs = now;
  }
}
