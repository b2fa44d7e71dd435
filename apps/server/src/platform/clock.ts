/** Milliseconds since the epoch. Everything that waits or expires asks this, so that a test can move time. */
export type Clock = { now(): number };

export const systemClock: Clock = { now: () => Date.now() };
