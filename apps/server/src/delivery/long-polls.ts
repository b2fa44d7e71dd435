import type { Channels } from "./channels.ts";
import type { Position } from "./cursor.ts";
import type { Publication } from "./publication.ts";

type Listener = { seq: number; at: Position | null; wake: () => void };

/** Whoever waits for the next event of a user without a socket. */
export type Arrival = {
  /** Resolves when events that are committed from then on are heard of. Read the log after it. */
  ready: Promise<void>;
  /** Resolves when an event above the place has come, after `ms` milliseconds, or when `signal` is aborted. */
  above(at: Position, ms: number, signal: AbortSignal): Promise<void>;
  end(): void;
};

/** Tells long polls that there is something to read. */
export class Arrivals {
  readonly #channels: Channels;
  readonly #listeners = new Map<number, Set<Listener>>();

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  listen(userId: number): Arrival {
    const listener: Listener = { seq: 0, at: null, wake: () => {} };
    const listeners = this.#listeners.get(userId) ?? new Set();
    this.#listeners.set(userId, listeners.add(listener));
    return {
      ready: this.#channels.hold(userId),
      above: (at, ms, signal) => waitAbove(listener, { at, ms, signal }),
      end: () => {
        if (listeners.delete(listener) && listeners.size === 0) this.#listeners.delete(userId);
        this.#channels.release(userId);
      },
    };
  }

  /** How many wait for the user's next event. */
  countOf(userId: number): number {
    return this.#listeners.get(userId)?.size ?? 0;
  }

  receive(publication: Publication): void {
    if (publication.kind === "durable" || publication.kind === "ring") this.ring(publication.userId, publication.seq);
    // Whoever waits may not be allowed to any more.
    if (publication.kind === "access") this.ring(publication.userId, Number.MAX_SAFE_INTEGER);
  }

  /** The user's log reaches up to `seq`. */
  ring(userId: number, seq: number): void {
    for (const listener of this.#listeners.get(userId) ?? []) {
      listener.seq = Math.max(listener.seq, seq);
      listener.wake();
    }
  }

  /** The user's log as it stands: one that does not reach as far as somebody waits, or has another event there, wakes them. */
  compare(userId: number, head: Position): void {
    for (const { at } of this.#listeners.get(userId) ?? []) {
      const isSame = at === null || at.mark === null || at.mark === head.mark;
      if (at && (head.seq < at.seq || (head.seq === at.seq && !isSame))) this.ring(userId, Number.MAX_SAFE_INTEGER);
    }
    this.ring(userId, head.seq);
  }

  /** Lets everybody who waits go on: the server stops. */
  wakeAll(): void {
    for (const userId of this.#listeners.keys()) this.ring(userId, Number.MAX_SAFE_INTEGER);
  }
}

type Wanted = { at: Position; ms: number; signal: AbortSignal };

async function waitAbove(listener: Listener, { at, ms, signal }: Wanted): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  listener.wake = () => {
    if (listener.seq > at.seq) resolve();
  };
  listener.at = at;
  listener.wake();
  if (signal.aborted) resolve();
  await promise;
  clearTimeout(timer);
}
