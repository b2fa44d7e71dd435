import type { LatestType } from "@reelay/contract";
import type { Counter } from "../delivery/publication.ts";

/**
 * The absolute values of one socket's user. Only the newest of each type counts; one with a lower `rev` came late and is
 * dropped. While events are held back, so are these.
 */
export class LatestValues {
  readonly #values = new Map<LatestType, { rev: number; frame: string | null }>();

  /** True when the value is newer than the one known, and so to be sent now or, with `keep`, by `takeKept` later. */
  accept({ type, rev, frame }: Counter, keep: boolean): boolean {
    const known = this.#values.get(type);
    if (known && known.rev >= rev) return false;
    this.#values.set(type, { rev, frame: keep ? frame : null });
    return true;
  }

  /** What is not newer than these is not to be sent any more. */
  outdate(counters: readonly Counter[]): void {
    for (const { type, rev } of counters) {
      if ((this.#values.get(type)?.rev ?? -1) <= rev) this.#values.set(type, { rev, frame: null });
    }
  }

  /** These are to be sent after all, unless something newer came since they were outdated. */
  restore(counters: readonly Counter[]): void {
    for (const { type, rev, frame } of counters) {
      if (this.#values.get(type)?.rev === rev) this.#values.set(type, { rev, frame });
    }
  }

  /** The frames kept back, once. */
  takeKept(): string[] {
    const frames: string[] = [];
    for (const value of this.#values.values()) {
      if (value.frame !== null) frames.push(value.frame);
      value.frame = null;
    }
    return frames;
  }
}
