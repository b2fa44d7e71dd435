import type { LatestType } from "@reelay/contract";
import type { Counter } from "../delivery/publication.ts";

type Value = { rev: number; frame: string; isKept: boolean };

/**
 * The absolute values of one socket's user. Only the newest of each type counts; one with a lower `rev` came late and is
 * dropped. While events are held back, so are these.
 */
export class LatestValues {
  readonly #values = new Map<LatestType, Value>();

  /** The newest of all. */
  get rev(): number {
    return Math.max(0, ...[...this.#values.values()].map(({ rev }) => rev));
  }

  /** True when the value is newer than the one known, and so to be sent now or, with `keep`, by `takeKept` later. */
  accept({ type, rev, frame }: Counter, keep: boolean): boolean {
    const known = this.#values.get(type);
    if (known && known.rev >= rev) return false;
    this.#values.set(type, { rev, frame, isKept: keep });
    return true;
  }

  /** False when the client has this very value, or a newer one: `rev` moves with every change of either counter. */
  isNews({ type, rev, frame }: Counter): boolean {
    const known = this.#values.get(type);
    return !known || (known.rev < rev && known.frame !== frame);
  }

  /** What was sent is of a log that went back; its revisions say nothing about these, which are to be sent. */
  replaceAll(counters: readonly Counter[]): void {
    this.#values.clear();
    for (const counter of counters) this.accept(counter, true);
  }

  /** The client has these, or does not need them. What was kept and is not newer is not to be sent any more. */
  outdate(counters: readonly Counter[]): void {
    for (const { type, rev, frame } of counters) {
      if ((this.#values.get(type)?.rev ?? -1) <= rev) this.#values.set(type, { rev, frame, isKept: false });
    }
  }

  /** These are to be sent after all, unless something newer came since they were outdated. */
  restore(counters: readonly Counter[]): void {
    for (const { type, rev } of counters) {
      const known = this.#values.get(type);
      if (known?.rev === rev) known.isKept = true;
    }
  }

  /** The frames kept back, once. */
  takeKept(): string[] {
    const kept = [...this.#values.values()].filter((value) => value.isKept);
    for (const value of kept) value.isKept = false;
    return kept.map((value) => value.frame);
  }
}
