import type { Channels } from "../delivery/channels.ts";
import type { Publication } from "../delivery/publication.ts";
import type { Connection } from "./connection.ts";

/** A user may hold this many sockets. */
export const MAX_SOCKETS_PER_USER = 10;

/** A process that sweeps its sockets so much later than it should stood still. */
const PAUSED_MS = 2000;

/** Which sockets belong to which user, on this node. Holds a user's channel while the user has a socket. */
export class Hub {
  readonly #channels: Channels;
  readonly #users = new Map<number, Set<Connection>>();
  readonly #subscriptions = new Map<number, Promise<void>>();
  /** By the time that ran for this process: what a test's clock makes of it passed without a pause. */
  #sweptAtMs = performance.now();

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  /** False when the user has too many sockets already. */
  add(connection: Connection): boolean {
    const { userId } = connection.caller;
    const connections = this.#users.get(userId) ?? new Set();
    if (this.countOf(userId) >= MAX_SOCKETS_PER_USER) return false;
    this.#users.set(userId, connections.add(connection));
    return true;
  }

  /** Resolves when the user's channel reaches this node. */
  subscribed(userId: number): Promise<void> {
    const subscription = this.#subscriptions.get(userId) ?? this.#channels.hold(userId);
    this.#subscriptions.set(userId, subscription);
    return subscription;
  }

  /**
   * Called several times a second.
   * @returns whether the process stood still before: what clients sent meanwhile may not have been read yet
   */
  noteSweep(): boolean {
    const wasPaused = this.wasPaused();
    this.#sweptAtMs = performance.now();
    return wasPaused;
  }

  /** Whether the process stood still, and its sockets were not swept since. */
  wasPaused(): boolean {
    return performance.now() - this.#sweptAtMs > PAUSED_MS;
  }

  remove(connection: Connection): void {
    const { userId } = connection.caller;
    const connections = this.#users.get(userId);
    if (!connections?.delete(connection) || connections.size > 0) return;
    this.#users.delete(userId);
    if (this.#subscriptions.delete(userId)) this.#channels.release(userId);
  }

  receive(publication: Publication): void {
    for (const connection of this.#users.get(publication.userId) ?? []) connection.receive(publication);
  }

  /** How many open sockets the user has here. */
  countOf(userId: number): number {
    return [...this.of(userId)].filter((connection) => !connection.isClosed()).length;
  }

  users(): number[] {
    return [...this.#users.keys()];
  }

  of(userId: number): Iterable<Connection> {
    return this.#users.get(userId) ?? [];
  }

  *connections(): Generator<Connection> {
    for (const connections of this.#users.values()) yield* connections;
  }
}
