import type { Publication } from "./publication.ts";

/**
 * Carries publications to the nodes that hold sockets of a user. It may lose, double or reorder them: the log is the
 * truth, and a socket repairs itself from it.
 */
export type Broker = {
  /** Called after the commit. Never throws: what was committed is delivered from the log if not from here. */
  publish(publications: readonly Publication[]): void;
  /** Resolves when publications on the user's channel reach `onReceive` for certain. */
  subscribe(userId: number): Promise<void>;
  unsubscribe(userId: number): void;
  onReceive(receive: (publication: Publication) => void): void;
};

/** One node: what is published is received at once, in the same process. */
export function openLocalBroker(): Broker {
  let receive: (publication: Publication) => void = () => {};
  return {
    publish(publications) {
      for (const publication of publications) receive(publication);
    },
    async subscribe() {},
    unsubscribe() {},
    onReceive(receiver) {
      receive = receiver;
    },
  };
}
