import { CLOSE } from "@reelay/contract";
import type { Clock } from "../platform/clock.ts";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";

export const HEARTBEAT_MS = 30_000;
/** Without any inbound frame or pong for this long, a socket is gone. */
export const SILENCE_MS = 60_000;
/** A ping follows events when the socket has been quiet for this long, or anyway after `PING_AT_LATEST_MS`. */
const QUIET_MS = 200;
const PING_AT_LATEST_MS = 1000;
const WALK_EVERY_MS = 1000;

/**
 * Everything about sockets that time decides: pings that prove receipt, heartbeats, dead clients, expired tokens.
 * The runtime's own timeouts are off: they never close a dead client that is being sent to.
 */
export class Sweep {
  readonly #hub: Hub;
  readonly #clock: Clock;
  /** A client that reads nothing for that long is closed; 0: never. */
  readonly #stallMs: number;
  #unpinged = new Map<Connection, number>();
  #walkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(hub: Hub, clock: Clock, stallMs: number) {
    this.#hub = hub;
    this.#clock = clock;
    this.#stallMs = stallMs;
  }

  /** Events were written that no ping has carried yet. */
  wrote(connection: Connection): void {
    if (!this.#unpinged.has(connection)) this.#unpinged.set(connection, this.#clock.monotonic());
  }

  /** The first beat comes after a random part of the interval, so that crowds that reconnect do not beat as one. */
  begin(connection: Connection): void {
    connection.nextPingAtMs = this.#clock.monotonic() + Math.random() * HEARTBEAT_MS;
  }

  /** Call several times a second. */
  tick(): void {
    const now = this.#clock.monotonic();
    if (this.#hub.attend()) this.#excuseAll();
    this.#pingQuiet(now);
    if (now - this.#walkedAtMs < WALK_EVERY_MS) return;
    this.#walkedAtMs = now;
    for (const connection of this.#hub.connections()) this.#attend(connection, now);
  }

  /** What came meanwhile has not been read: for so long nobody was silent. */
  #excuseAll(): void {
    for (const { liveness, outbox } of this.#hub.connections()) {
      liveness.excuse(HEARTBEAT_MS);
      outbox.excuse();
    }
  }

  #pingQuiet(now: number): void {
    for (const [connection, sinceMs] of this.#unpinged) {
      if (now - connection.wroteAtMs < QUIET_MS && now - sinceMs < PING_AT_LATEST_MS) continue;
      this.#unpinged.delete(connection);
      if (!connection.isClosed()) connection.ping();
    }
  }

  #attend(connection: Connection, now: number): void {
    if (connection.isDeaf) return;
    if (this.#clock.now() >= connection.caller.expiresAtMs) return connection.close(CLOSE.unauthorized);
    if (now - connection.liveness.heardAtMs >= SILENCE_MS) return connection.close(CLOSE.silent);
    const { blockedSinceMs } = connection.outbox;
    const isStuck = this.#stallMs > 0 && blockedSinceMs !== null && now - blockedSinceMs >= this.#stallMs;
    if (isStuck) return connection.close(CLOSE.tooSlow);
    if (!connection.isGreeted || now < connection.nextPingAtMs) return;
    connection.nextPingAtMs = now + HEARTBEAT_MS;
    connection.send(JSON.stringify({ type: "ping", timestamp: new Date(this.#clock.now()).toISOString() }));
    connection.ping();
  }
}
