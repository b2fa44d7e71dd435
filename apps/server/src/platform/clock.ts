/** Everything that waits or expires asks this, so that a test can move time. */
export type Clock = {
  /** Milliseconds since the epoch: for what is shown, stored, or ends at a time of day. Somebody may set it. */
  now(): number;
  /** Milliseconds since some moment: for intervals. It never jumps, whatever is done to the wall clock. */
  monotonic(): number;
};

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** Resolves after so many milliseconds of real time, without keeping the process alive for it. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
