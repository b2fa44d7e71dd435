import type { Publication } from "./publication.ts";

/**
 * Carries publications to the nodes that hold sockets of a user. It may lose, double or reorder them: the log is the
 * truth, and a socket repairs itself from it.
 */
export type Broker = {
  /** Called after the commit. Never throws: what was committed is delivered from the log if not from here. */
  publish(publications: readonly Publication[]): void;
  /** Resolves when publications on the user's channel reach `onReceive` for certain, or the broker is not connected. */
  subscribe(userId: number): Promise<void>;
  unsubscribe(userId: number): void;
  onReceive(receive: (publication: Publication) => void): void;
  /** False while publications of other nodes may not come through: a reader that must know looks into the log. */
  isConnected(): boolean;
  /** Called when they come through again: those published meanwhile were not received. */
  onReconnect(listener: () => void): void;
};
