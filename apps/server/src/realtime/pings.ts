import { HEARTBEAT_MS } from "./liveness.ts";

/** An event after so long without one brings its ping with it: a client that leaves at once has still proven it. */
const BRINGS_PING_AFTER_MS = 1000;
/** A ping follows other events when the socket has been quiet for this long, or anyway after `PING_AT_LATEST_MS`. */
const QUIET_MS = 200;
const PING_AT_LATEST_MS = 1000;

/** When one socket is to be pinged: after events, whose receipt its echo proves, and every heartbeat. */
export class Pings {
  #wroteAtMs = Number.NEGATIVE_INFINITY;
  /** Since when events wait for their ping. */
  #owedSinceMs: number | null = null;
  #nextHeartbeatAtMs: number;

  /** The first heartbeat comes after a random part of the interval, so that crowds that reconnect are not pinged as one. */
  constructor(nowMs: number) {
    this.#nextHeartbeatAtMs = nowMs + Math.random() * HEARTBEAT_MS;
  }

  /**
   * An event is about to be written.
   * @returns whether its ping goes with it, in the same piece
   */
  writing(nowMs: number): boolean {
    const isAfterQuiet = nowMs - this.#wroteAtMs >= BRINGS_PING_AFTER_MS;
    this.#wroteAtMs = nowMs;
    return isAfterQuiet;
  }

  /**
   * An event was written without its ping.
   * @returns whether it is the first that waits for one
   */
  owe(nowMs: number): boolean {
    if (this.#owedSinceMs !== null) return false;
    this.#owedSinceMs = nowMs;
    return true;
  }

  /** A ping was written: it carries whatever came before. */
  pinged(): void {
    this.#owedSinceMs = null;
  }

  /** Whether the ping that follows events is to be written now, later, or not any more. */
  owed(nowMs: number): "due" | "later" | "none" {
    if (this.#owedSinceMs === null) return "none";
    const isDue = nowMs - this.#wroteAtMs >= QUIET_MS || nowMs - this.#owedSinceMs >= PING_AT_LATEST_MS;
    return isDue ? "due" : "later";
  }

  isHeartbeatDue(nowMs: number): boolean {
    return nowMs >= this.#nextHeartbeatAtMs;
  }

  heartbeatSent(nowMs: number): void {
    this.#nextHeartbeatAtMs = nowMs + HEARTBEAT_MS;
  }
}
