import type { StaffQueue as Frame } from "@reelay/contract";
import type { z } from "zod";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";

type Waiting = z.infer<typeof Frame>["data"];

export type StaffQueueServices = {
  /** Who moderates, now. */
  staff(): Promise<number[]>;
  counts(): Promise<Waiting>;
};

/**
 * Sends the resumable sockets of staff how much waits for moderation, when it changed and when they have become live. It is
 * no event: nobody is owed it, and each node counts for its own sockets.
 */
export class StaffQueue {
  readonly #hub: Hub;
  readonly #services: StaffQueueServices;
  /** What each socket was sent last. */
  readonly #sent = new WeakMap<Connection, string>();

  constructor(hub: Hub, services: StaffQueueServices) {
    this.#hub = hub;
    this.#services = services;
  }

  /** Call once a second. */
  async tick(): Promise<void> {
    if (this.#hub.users().length === 0) return;
    const connections = (await this.#services.staff()).flatMap((userId) => [...this.#hub.of(userId)].filter(isLive));
    if (connections.length === 0) return;
    const { pending, overdue } = await this.#services.counts();
    const frame = JSON.stringify({ type: "staff:queue", data: { pending, overdue } } satisfies z.infer<typeof Frame>);
    for (const connection of connections) {
      if (this.#sent.get(connection) === frame) continue;
      this.#sent.set(connection, frame);
      connection.send(frame);
    }
  }
}

function isLive(connection: Connection): boolean {
  return connection.isResumable && connection.isConnected && connection.outboxState.kind === "live";
}
