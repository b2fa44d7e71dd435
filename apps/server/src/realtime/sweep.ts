import type { Clock } from "../platform/clock.ts";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";

const WALK_EVERY_MS = 1000;

/**
 * Everything about sockets that time decides: pings that prove receipt, heartbeats, dead clients, expired tokens.
 * The runtime's own timeouts are off: they never close a dead client that is being sent to.
 */
export class Sweep {
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #unpinged = new Set<Connection>();
  #walkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(hub: Hub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
  }

  /** Events were written that no ping has carried yet. */
  pingOwed(connection: Connection): void {
    this.#unpinged.add(connection);
  }

  /** Call several times a second. */
  tick(): void {
    const now = this.#clock.monotonic();
    if (this.#hub.noteSweep()) for (const connection of this.#hub.connections()) connection.excuse();
    this.#pingQuiet(now);
    if (now - this.#walkedAtMs < WALK_EVERY_MS) return;
    this.#walkedAtMs = now;
    for (const connection of this.#hub.connections()) judge(connection, now);
  }

  #pingQuiet(now: number): void {
    for (const connection of this.#unpinged) {
      const owed = connection.owedPing(now);
      if (owed === "later") continue;
      this.#unpinged.delete(connection);
      if (owed === "due") connection.ping();
    }
  }
}

function judge(connection: Connection, now: number): void {
  const verdict = connection.verdict(now);
  if (verdict === "heartbeat") connection.sendHeartbeat(now);
  else if (verdict) connection.close(verdict);
}
