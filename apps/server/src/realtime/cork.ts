import type { Transport } from "./transport.ts";

/** What is written to a socket in one piece, with the ping that is due at its end. */
export class Cork {
  readonly #transport: Transport;
  readonly #pinger: { ping(): void };
  #isOpen = false;
  isPingDue = false;

  constructor(transport: Transport, pinger: { ping(): void }) {
    this.#transport = transport;
    this.#pinger = pinger;
  }

  /** Within another piece, `write` is a part of that. */
  write(write: () => void): void {
    if (this.#isOpen) return write();
    this.#transport.cork(() => {
      this.#isOpen = true;
      try {
        write();
      } finally {
        this.#isOpen = false;
      }
      if (this.isPingDue) this.#pinger.ping();
    });
  }
}
