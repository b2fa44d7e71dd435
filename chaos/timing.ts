import type { NodeProcess } from "./node-process.ts";

/** One fault, or two at once, from its beginning until everything was mended. */
export type FaultWindow = { names: readonly string[]; fromMs: number; toMs: number };

const BUCKET_MS = 500;
/** After everything is mended, what piled up may still be on its way for so long. */
const SETTLE_MS = 1000;
/** A stream whose publication was lost is looked at this often. */
const REPAIR_EVERY_MS = 10_000;
const SLACK_MS = 3000;
/** A calm moment may be slower than the healthy beginning of the run, by so much. */
const CALM_FACTOR = 10;
const CALM_AT_LEAST_MS = 2000;
/** Beside a fault of one node the other keeps a fifth of its speed, but for so long. */
const SLOW_AT_MOST_MS = 6000;
const SPEED_SHARE = 0.2;

/** How long events took from their commit to a connected device, and how many writes each node answered. */
export class Timing {
  readonly faults: FaultWindow[] = [];
  readonly violations: string[] = [];
  readonly #urls: readonly string[];
  readonly #waits: { createdMs: number; waitMs: number; who: string }[] = [];
  readonly #answered = new Map<string, number>();
  #slowestMs = 0;
  #healthyUntilMs = Number.POSITIVE_INFINITY;
  readonly #startedMs = Date.now();

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /** A device that was connected all the while waited that long for an event. */
  waited(who: string, createdMs: number, waitMs: number): void {
    this.#waits.push({ who, createdMs, waitMs: Math.max(0, waitMs) });
  }

  /** A node answered somebody who waits for no other one. */
  answered(url: string): void {
    const key = bucketOf(url, Date.now());
    this.#answered.set(key, (this.#answered.get(key) ?? 0) + 1);
  }

  faultBegins(names: readonly string[]): FaultWindow {
    const window = { names, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY };
    this.#healthyUntilMs = Math.min(this.#healthyUntilMs, window.fromMs);
    this.faults.push(window);
    return window;
  }

  /** `victim`: the one node with the fault, when it was one. */
  faultEnds(window: FaultWindow, victim: NodeProcess | null): void {
    window.toMs = Date.now();
    if (!victim) return;
    for (const url of this.#urls.filter((each) => each !== victim.url)) this.#judgeSpeed(url, window);
  }

  /** When what was acknowledged may have been forgotten since, by a database that went back. */
  forgotten(): FaultWindow[] {
    return this.faults.filter(({ names }) => names.includes("database gone back"));
  }

  /** The table's lines; what was too slow is added to the violations. */
  report(): [string, number][] {
    const waits = this.#waits.map((wait) => ({ ...wait, waitMs: wait.waitMs - this.#faultMs(wait) }));
    const healthy = waits.filter(({ createdMs }) => createdMs < this.#healthyUntilMs);
    const calm = waits.filter((wait) => this.#isCalm(wait.createdMs));
    const healthyP99 = percentile(healthy, 0.99);
    const calmP99 = percentile(calm, 0.99);
    if (calmP99 > Math.max(CALM_AT_LEAST_MS, CALM_FACTOR * healthyP99)) {
      this.violations.push(`between faults events took ${calmP99} ms at p99, in health ${healthyP99} ms`);
    }
    const starved = waits.filter(({ waitMs }) => waitMs > REPAIR_EVERY_MS + SLACK_MS + 2 * healthyP99);
    for (const { who, waitMs } of starved.slice(0, 5)) {
      this.violations.push(`${who} was connected and waited ${Math.round(waitMs)} ms for an event, faults not counted`);
    }
    return [
      ["commit to device in health, p50 (ms)", percentile(healthy, 0.5)],
      ["commit to device in health, p99 (ms)", healthyP99],
      ["commit to device between faults, p99 (ms)", calmP99],
      ["longest wait of a connected device (ms)", percentile(waits, 1)],
      ["writes a second in health, each node", Math.round(this.#healthyRate(this.#urls[0]!) * (1000 / BUCKET_MS))],
      ["longest slow stretch beside a node's fault (ms)", this.#slowestMs],
    ];
  }

  #judgeSpeed(url: string, { names, fromMs, toMs }: FaultWindow): void {
    const least = this.#healthyRate(url) * SPEED_SHARE;
    let slowMs = 0;
    let longestMs = 0;
    for (let atMs = fromMs; atMs + BUCKET_MS < toMs; atMs += BUCKET_MS) {
      const isSlow = (this.#answered.get(bucketOf(url, atMs)) ?? 0) < least;
      slowMs = isSlow ? slowMs + BUCKET_MS : 0;
      longestMs = Math.max(longestMs, slowMs);
    }
    this.#slowestMs = Math.max(this.#slowestMs, longestMs);
    if (longestMs <= SLOW_AT_MOST_MS) return;
    this.violations.push(`${url} was below a fifth of its speed for ${longestMs} ms beside: ${names.join(", ")}`);
  }

  /** The median of its healthy beginning, in writes a bucket. */
  #healthyRate(url: string): number {
    const rates: number[] = [];
    const until = Math.min(this.#healthyUntilMs, Date.now());
    for (let atMs = this.#startedMs + BUCKET_MS; atMs + BUCKET_MS < until; atMs += BUCKET_MS) {
      rates.push(this.#answered.get(bucketOf(url, atMs)) ?? 0);
    }
    return rates.sort((a, b) => a - b)[rates.length >> 1] ?? 0;
  }

  #isCalm(atMs: number): boolean {
    return this.faults.every(({ fromMs, toMs }) => atMs < fromMs || atMs > toMs + SETTLE_MS);
  }

  /** How much of a wait fell into faults. */
  #faultMs({ createdMs, waitMs }: { createdMs: number; waitMs: number }): number {
    const until = createdMs + waitMs;
    return this.faults.reduce((sum, { fromMs, toMs }) => {
      return sum + Math.max(0, Math.min(until, toMs + SETTLE_MS) - Math.max(createdMs, fromMs));
    }, 0);
  }
}

function bucketOf(url: string, atMs: number): string {
  return `${url} ${Math.floor(atMs / BUCKET_MS)}`;
}

function percentile(waits: readonly { waitMs: number }[], share: number): number {
  const sorted = waits.map(({ waitMs }) => waitMs).sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}
