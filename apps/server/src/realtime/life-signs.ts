const WINDOW_MS = 1000;
/** Pings, and pongs that answer no ping of ours. */
const MAX_CONTROLS = 50;
/** Text frames that are signs of life only, and acks that confirm nothing new. */
const MAX_FRAMES = 500;
const MAX_BYTES = 64 * 1024;

const MOST = { control: MAX_CONTROLS, frame: MAX_FRAMES };

/** What a client may send without a budget, in a second: far more than any needs, far less than would slow down others. */
export class LifeSigns {
  #sinceMs = Number.NEGATIVE_INFINITY;
  #taken = { control: 0, frame: 0, bytes: 0 };

  /** False when it is too much. */
  take(kind: keyof typeof MOST, bytes: number, nowMs: number): boolean {
    if (nowMs - this.#sinceMs >= WINDOW_MS) {
      this.#sinceMs = nowMs;
      this.#taken = { control: 0, frame: 0, bytes: 0 };
    }
    this.#taken[kind]++;
    this.#taken.bytes += bytes;
    return this.#taken[kind] <= MOST[kind] && this.#taken.bytes <= MAX_BYTES;
  }
}
