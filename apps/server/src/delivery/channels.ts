import type { Broker } from "./broker.ts";

/** The channels of users that this process has subscribed, each for as long as a socket or a poll of the user is here. */
export class Channels {
  readonly #broker: Broker;
  readonly #held = new Map<number, { holders: number; subscribed: Promise<void> }>();

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  /** Resolves when what is published for the user reaches this process. Release it as often as it was held. */
  hold(userId: number): Promise<void> {
    const channel = this.#held.get(userId) ?? { holders: 0, subscribed: this.#broker.subscribe(userId) };
    channel.holders++;
    this.#held.set(userId, channel);
    return channel.subscribed;
  }

  release(userId: number): void {
    const channel = this.#held.get(userId);
    if (!channel || --channel.holders > 0) return;
    this.#held.delete(userId);
    this.#broker.unsubscribe(userId);
  }

  users(): number[] {
    return [...this.#held.keys()];
  }
}
