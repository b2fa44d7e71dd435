import type { App } from "./app.ts";
import type { Sockets } from "./realtime/socket.ts";

/**
 * While the database answers another node and not this one, clients are better off there: nothing reaches them here, and
 * neither does a ban. Without such a node they stay, and go on when the database is back.
 */
export class Evacuation {
  readonly #app: App;
  readonly #sockets: Sockets;
  #isOn = false;

  constructor(app: App, sockets: Sockets) {
    this.#app = app;
    this.#sockets = sockets;
  }

  isOn(): boolean {
    return this.#isOn;
  }

  /** Call once a second. */
  async tick(): Promise<void> {
    const { database, socketCounts } = this.#app;
    this.#isOn = database.isCutOff() && (await socketCounts.isDatabaseAnswering());
    if (this.#isOn) this.#sockets.sendAway();
  }
}
