import { wait } from "./clock.ts";
import { isLockTimeout } from "./postgres.ts";

const MAX_BATCH_SIZE = 256;
/** So many may wait for locked rows; more are refused. */
const MAX_WAITING = 1024;
const MAX_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 100;
const RETRY_AFTER_SECONDS = 5;

/** What is asked for cannot be done now, because others hold what it needs. Nothing was done. */
export class ServerBusy extends Error {
  override name = "ServerBusy";
  readonly retryAfterSeconds = RETRY_AFTER_SECONDS;
}

/** Names of locked rows, each with a mark of the transaction that holds it. */
export type Locked = Map<string, string>;

/** Names rows that were found locked. */
export function lockedAs(name: (id: number) => string, holders: ReadonlyMap<number, string>): [string, string][] {
  return [...holders].map(([id, holder]) => [name(id), holder]);
}

/** One input on its way, and its caller. */
export type Entry<In, Out> = {
  input: In;
  /** Names of the rows that the input locks. */
  locks: string[];
  /** Entries of one order are written one after another. */
  order: string | undefined;
  resolve(result: Out): void;
  reject(error: unknown): void;
};

type LaneServices<In, Out> = {
  findLocked(inputs: readonly In[]): Promise<Locked>;
  /** Settles each entry and removes it from the lane, or leaves it there. */
  write(entries: readonly Entry<In, Out>[]): Promise<void>;
};

/**
 * Where inputs wait whose rows another transaction keeps locked, in the order they came. The lane looks again many times a
 * second, and writes what has become free. It is bounded in number and in time.
 */
export class WaitingLane<In, Out> {
  readonly #services: LaneServices<In, Out>;
  /** Since when each waits. */
  readonly #entries = new Map<Entry<In, Out>, number>();
  #locked: Locked = new Map();
  #isWorking = false;

  constructor(services: LaneServices<In, Out>) {
    this.#services = services;
  }

  /** Takes in the entries that must wait: for a locked row, or behind one of the same order. Returns the others. */
  admit(entries: readonly Entry<In, Out>[]): readonly Entry<In, Out>[] {
    if (this.#entries.size === 0) return entries;
    return this.#divide(entries, ({ locks }) => locks.some((lock) => this.#locked.has(lock)));
  }

  /** Of entries that were looked at already, those with nothing before them of the same order. */
  inOrder(entries: readonly Entry<In, Out>[]): readonly Entry<In, Out>[] {
    return this.#divide(entries, () => false);
  }

  /** After a lock could not be had: looks for locked rows and takes in the entries that need one. Returns the others. */
  async takeLocked(entries: readonly Entry<In, Out>[]): Promise<readonly Entry<In, Out>[]> {
    const locked = await this.#look(entries);
    if (!locked) return [];
    if (locked.size === 0) return entries;
    for (const [lock, holder] of locked) this.#locked.set(lock, holder);
    return this.#divide(entries, ({ locks }) => locks.some((lock) => locked.has(lock)));
  }

  /** Takes in an entry that waits for something that cannot be looked at. */
  hold(entry: Entry<In, Out>): void {
    for (const lock of entry.locks) this.#locked.set(lock, "unknown");
    this.#enter(entry);
  }

  remove(entries: readonly Entry<In, Out>[]): void {
    for (const entry of entries) this.#entries.delete(entry);
    if (this.#entries.size === 0) this.#locked = new Map();
  }

  #divide(entries: readonly Entry<In, Out>[], isLocked: (entry: Entry<In, Out>) => boolean): Entry<In, Out>[] {
    const asked = new Set(entries);
    const free: Entry<In, Out>[] = [];
    const ahead = new Set<string>();
    for (const entry of new Set([...this.#entries.keys(), ...entries])) {
      const isBehind = entry.order !== undefined && ahead.has(entry.order);
      if (asked.has(entry) && !isBehind && !isLocked(entry)) {
        free.push(entry);
        continue;
      }
      if (entry.order !== undefined) ahead.add(entry.order);
      this.#enter(entry);
    }
    return free;
  }

  /** One that waits already keeps its place. */
  #enter(entry: Entry<In, Out>): void {
    if (this.#entries.has(entry)) return;
    if (this.#entries.size >= MAX_WAITING) return entry.reject(new ServerBusy("too many wait for locked rows"));
    this.#entries.set(entry, performance.now());
    if (!this.#isWorking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#entries.size > 0) {
      await wait(LOOK_EVERY_MS, { keepsProcessAlive: true });
      this.#expire();
      await this.#writeFree();
    }
    this.#isWorking = false;
  }

  #expire(): void {
    const latestMs = performance.now() - MAX_WAIT_MS;
    const expired = [...this.#entries].filter(([, sinceMs]) => sinceMs < latestMs).map(([entry]) => entry);
    this.#reject(expired, new ServerBusy("rows stayed locked for too long"));
  }

  /**
   * A row whose holder has changed since the last look is not kept locked: many want it, and the write takes its turn
   * among them. A write that waited to find it unlocked might never run.
   */
  async #writeFree(): Promise<void> {
    const waiting = [...this.#entries.keys()];
    const before = this.#locked;
    const locked = await this.#look(waiting);
    if (!locked) return;
    this.#locked = locked;
    const isKept = (lock: string) => locked.has(lock) && locked.get(lock) === before.get(lock);
    const free = this.#divide(waiting, ({ locks }) => locks.some(isKept));
    for (let first = 0; first < free.length; first += MAX_BATCH_SIZE) {
      await this.#services.write(free.slice(first, first + MAX_BATCH_SIZE));
    }
  }

  /** Undefined when the entries were rejected because the database cannot be asked. Behind a locked table, all is locked. */
  async #look(entries: readonly Entry<In, Out>[]): Promise<Locked | undefined> {
    try {
      return await this.#services.findLocked(entries.map(({ input }) => input));
    } catch (error) {
      if (isLockTimeout(error)) return new Map(entries.flatMap(({ locks }) => locks.map((lock) => [lock, "table"])));
      this.#reject(entries, error);
      return undefined;
    }
  }

  #reject(entries: readonly Entry<In, Out>[], error: unknown): void {
    for (const entry of entries) entry.reject(error);
    this.remove(entries);
  }
}
