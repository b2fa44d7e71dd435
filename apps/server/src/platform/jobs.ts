import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** Work that is done again and again while the process lives. */
export type Job = {
  name: string;
  everyMs: number;
  run(): void | Promise<void>;
};

/**
 * Runs jobs, each at its own interval. A run never overlaps the one before it. Of a job that keeps failing the first
 * failure is logged, and its recovery; the metrics count every failure and every recovery.
 */
export class Jobs {
  readonly #log: Logger;
  readonly #failed: (job: string) => void;
  readonly #recovered: (job: string) => void;
  readonly #timers: Timer[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(log: Logger, metrics: Metrics) {
    this.#log = log;
    this.#failed = metrics.counter("reelay_job_failures_total", "Runs of a periodic job that failed", "job");
    this.#recovered = metrics.counter("reelay_job_recoveries_total", "Periodic jobs that work again", "job");
  }

  start(job: Job): void {
    let isRunning = false;
    let failures = 0;
    const run = async () => {
      isRunning = true;
      try {
        await job.run();
        if (failures > 0) this.#noteRecovery(job, failures);
        failures = 0;
      } catch (error) {
        this.#noteFailure(job, ++failures, error);
      } finally {
        isRunning = false;
      }
    };
    const timer = setInterval(() => {
      if (isRunning) return;
      const done = run().finally(() => this.#running.delete(done));
      this.#running.add(done);
    }, job.everyMs);
    this.#timers.push(timer);
  }

  /** Starts nothing more and waits for what is under way. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#running);
  }

  #noteFailure({ name }: Job, failures: number, error: unknown): void {
    this.#failed(name);
    if (failures === 1) this.#log.warn({ err: error, job: name }, "job failed, it is tried again");
  }

  #noteRecovery({ name }: Job, failures: number): void {
    this.#recovered(name);
    this.#log.info({ job: name, failures }, "job works again");
  }
}
