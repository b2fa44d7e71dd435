import type { Broker } from "./broker.ts";
import type { Publication } from "./publication.ts";

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
    isConnected: () => true,
    onReconnect() {},
  };
}
