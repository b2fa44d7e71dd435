import { fail } from "../platform/api-error.ts";

/** Smaller goes first. */
export type Place = {
  priority: number;
  /** Aborted when nobody waits for the result any more. */
  signal?: AbortSignal;
};

type Waiting = { priority: number; start: () => void; refuse: (reason: Error) => void };

/** What a refused caller is asked to wait. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Runs only so much at a time, and lets only so many wait: a caller who comes by then is refused, and so is the latest of
 * a lower priority in place of one of a higher. A caller who leaves gives up the place at once. No library bounds what
 * waits (docs/decisions/0011-libraries-tried.md).
 */
export class WorkQueue {
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  /** In the order of their turns. */
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning;
    this.#maxWaiting = maxWaiting;
  }

  /** @throws ApiError SERVER_BUSY when too many wait */
  async run<T>(place: Place, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#maxRunning) this.#running++;
    else await this.#turn(place);
    try {
      return await work();
    } finally {
      this.#end();
    }
  }

  async #turn({ priority, signal }: Place): Promise<void> {
    if (signal?.aborted) throw abandoned();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { priority, start: resolve, refuse: reject };
    const leave = () => {
      this.#remove(waiting);
      reject(abandoned());
    };
    signal?.addEventListener("abort", leave, { once: true });
    this.#admit(waiting);
    await promise.finally(() => signal?.removeEventListener("abort", leave));
  }

  #admit(waiting: Waiting): void {
    const place = this.#waiting.findLastIndex((other) => other.priority <= waiting.priority) + 1;
    this.#waiting.splice(place, 0, waiting);
    if (this.#waiting.length > this.#maxWaiting) {
      this.#waiting.pop()!.refuse(fail("SERVER_BUSY", { retryAfter: RETRY_AFTER_SECONDS }));
    }
  }

  #remove(waiting: Waiting): void {
    const place = this.#waiting.indexOf(waiting);
    if (place >= 0) this.#waiting.splice(place, 1);
  }

  #end(): void {
    const next = this.#waiting.shift();
    if (next) next.start();
    else this.#running--;
  }
}

/** Nobody reads it: the connection is gone. */
function abandoned(): Error {
  return fail("BAD_REQUEST", { message: "The caller left before the answer." });
}
