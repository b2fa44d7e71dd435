import { SeededRandom as Random } from "../../../apps/server/src/cli/seed/random.ts";

/** The seed's random numbers, with what a run of chaos draws besides. */
export class SeededRandom extends Random {
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items];
    return items.map(() => rest.splice(this.below(rest.length), 1)[0]!);
  }

  /** A key, as often as its weight says. */
  weighed<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    return entries[0]![0];
  }

  /** Another one, whose numbers do not depend on how many of these are used. */
  child(): SeededRandom {
    return new SeededRandom(Math.floor(this.next() * 4294967296));
  }
}
