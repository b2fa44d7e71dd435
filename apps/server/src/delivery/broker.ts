import type { Publication } from "./publication.ts";

/**
 * Carries publications to the nodes that hold sockets of a user. It may lose, double or reorder them: the log is the
 * truth, and a socket repairs itself from it.
 */
export type Broker = {
  /** Called after the commit. Never throws: what was committed is delivered from the log if not from here. */
  publish(publications: readonly Publication[]): void;
  /** Resolves when publications on the user's channel reach `onReceive` for certain, or the broker does not hear at all. */
  subscribe(userId: number): Promise<void>;
  unsubscribe(userId: number): void;
  onReceive(receive: (publication: Publication) => void): void;
  /** False while publications of other nodes may not come through: whoever must know looks into the log himself. */
  isHearing(): boolean;
  /** Called when they come through again: what came meanwhile was not heard. */
  onBack(back: () => void): void;
};
