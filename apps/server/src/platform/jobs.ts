import type { Logger } from "./log.ts";

/** Work that is done again and again while the process lives. A run never overlaps the one before it. */
export class Jobs {
  readonly #log: Logger;
  readonly #timers: Timer[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(log: Logger) {
    this.#log = log;
  }

  every(intervalMs: number, name: string, work: () => void | Promise<void>): void {
    let isRunning = false;
    const run = async () => {
      isRunning = true;
      try {
        await work();
      } catch (error) {
        this.#log.warn({ err: error, job: name }, "a job failed and will be tried again");
      } finally {
        isRunning = false;
      }
    };
    const timer = setInterval(() => {
      if (isRunning) return;
      const done = run().finally(() => this.#running.delete(done));
      this.#running.add(done);
    }, intervalMs);
    this.#timers.push(timer);
  }

  /** Starts nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#running);
  }
}
