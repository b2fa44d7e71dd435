/** Everything that waits or expires asks this, so that a test can move time. */
export type Clock = {
  /** Milliseconds since the epoch: for what is shown, stored, or ends at a time of day. Somebody may set it. */
  now(): number;
  /** Milliseconds since some moment: for intervals. It never jumps, whatever is done to the wall clock. */
  monotonic(): number;
};

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export type WaitOptions = {
  /** A process that has nothing else to do ends, unless this is set. */
  keepsProcessAlive?: boolean;
  /** Aborted when there is nothing to wait for any more: the wait is over at once. */
  signal?: AbortSignal;
};

/** Resolves after so many milliseconds of real time. */
export async function wait(ms: number, { keepsProcessAlive = false, signal }: WaitOptions = {}): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  if (!keepsProcessAlive) timer.unref();
  const stop = () => resolve();
  signal?.addEventListener("abort", stop, { once: true });
  await promise;
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);
}
