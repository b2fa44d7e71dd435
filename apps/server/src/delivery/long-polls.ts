import type { Channels } from "./channels.ts";
import type { Position } from "./cursor.ts";
import type { Publication } from "./publication.ts";

/** Above every seq: whatever the place is, the log is to be read again. */
const ANY_SEQ = Number.MAX_SAFE_INTEGER;

/** A request that waits for the next event of its user, without a socket. */
export class Waiter {
  /** Resolves when events that are committed from then on reach this process. Read the log after it. */
  readonly ready: Promise<void>;
  readonly #end: (waiter: Waiter) => void;
  #seq = 0;
  #at: Position | null = null;
  #wake: () => void = () => {};

  constructor(ready: Promise<void>, end: (waiter: Waiter) => void) {
    this.ready = ready;
    this.#end = end;
  }

  /** Resolves when an event above the place has come, after `ms` milliseconds, or when `signal` is aborted. */
  async waitAbove(at: Position, ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => resolve(), { once: true });
    this.#at = at;
    this.#wake = resolve;
    this.logAdvanced(0);
    if (signal.aborted) resolve();
    await promise;
    clearTimeout(timer);
  }

  /** The user's log reaches up to `seq`. */
  logAdvanced(seq: number): void {
    this.#seq = Math.max(this.#seq, seq);
    if (this.#at && this.#seq > this.#at.seq) this.#wake();
  }

  /** Reads again when the log does not reach as far as this waits, or has another event there. */
  compare(head: Position): void {
    const at = this.#at;
    const isSame = !at || at.mark === null || at.mark === head.mark;
    const hasGoneBack = at !== null && (head.seq < at.seq || (head.seq === at.seq && !isSame));
    this.logAdvanced(hasGoneBack ? ANY_SEQ : head.seq);
  }

  end(): void {
    this.#end(this);
  }
}

/** The long polls of this process, woken when there is something to read. */
export class LongPolls {
  readonly #channels: Channels;
  readonly #waiters = new Map<number, Set<Waiter>>();

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  /** A new waiter for the user's next event. End it when it is not needed any more. */
  add(userId: number): Waiter {
    const waiters = this.#waiters.get(userId) ?? new Set();
    const waiter = new Waiter(this.#channels.hold(userId), (ended) => {
      if (waiters.delete(ended) && waiters.size === 0) this.#waiters.delete(userId);
      this.#channels.release(userId);
    });
    this.#waiters.set(userId, waiters.add(waiter));
    return waiter;
  }

  /** How many wait for the user's next event. */
  countOf(userId: number): number {
    return this.#waiters.get(userId)?.size ?? 0;
  }

  receive(publication: Publication): void {
    const { kind, userId } = publication;
    if (kind === "durable" || kind === "log_advanced") this.#logAdvanced(userId, publication.seq);
    // A user who waits may not be allowed to any more.
    if (kind === "access") this.#logAdvanced(userId, ANY_SEQ);
  }

  /** The user's log as it stands: one that went back to an earlier state wakes the polls that wait above it. */
  compare(userId: number, head: Position): void {
    for (const waiter of this.#waiters.get(userId) ?? []) waiter.compare(head);
  }

  /** Lets every request that waits go on: the server stops. */
  wakeAll(): void {
    for (const userId of this.#waiters.keys()) this.#logAdvanced(userId, ANY_SEQ);
  }

  #logAdvanced(userId: number, seq: number): void {
    for (const waiter of this.#waiters.get(userId) ?? []) waiter.logAdvanced(seq);
  }
}
