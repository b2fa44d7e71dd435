import { Counter, Gauge, Registry } from "prom-client";

/** What a monitoring system asks of this process, in the text format of Prometheus. */
export class Metrics {
  readonly #registry = new Registry();

  constructor() {
    this.gauge("process_resident_memory_bytes", "Memory of this process", () => process.memoryUsage.rss());
    this.gauge("process_cpu_seconds_total", "Processor time of this process", () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    });
  }

  /** A value that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Returns what counts one more, under a label. */
  counter(name: string, help: string, label: string): (value: string) => void {
    const counter = new Counter({ name, help, labelNames: [label], registers: [this.#registry] });
    return (value) => counter.inc({ [label]: value });
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
