/** Milliseconds since the epoch. Everything that waits or expires asks this, so that a test can move time. */
export type Clock = { now(): number };

export const systemClock: Clock = { now: () => Date.now() };

/** Resolves after so many milliseconds of real time, without keeping the process alive for it. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
