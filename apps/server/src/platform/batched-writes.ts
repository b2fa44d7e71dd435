import type { Logger } from "./log.ts";
import { isDatabaseAway, isLockTimeout } from "./postgres.ts";
import { type Entry, type Locked, WaitingLane } from "./waiting-lane.ts";

const MAX_BATCH_SIZE = 256;
const MAX_IN_FLIGHT = 2;

export type BatchedWrite<Context, In, Out> = {
  /**
   * Writes many inputs in one statement or one transaction, all or nothing, and waits for locks only briefly. Returns one
   * result an input, in order.
   */
  write(context: Context, inputs: readonly In[]): Promise<Out[]>;
  /** Publishes what is committed. Should it fail, the log is read instead. */
  publish(context: Context, results: readonly Out[]): void | Promise<void>;
  /** Names what an input locks. */
  locksOf(input: In): string[];
  /** Which of those names stand for rows that another transaction holds now. It must not wait for any. */
  findLocked(context: Context, inputs: readonly In[]): Promise<Locked>;
  /** Inputs of the same name are written in the order they came; absent: in any order. */
  orderOf?(input: In): string;
};

/**
 * Turns a write of many inputs into one of a single input: callers that arrive while two batches are in flight gather in
 * the next one. This is group commit at the application: a caller is answered when the statement that holds the input has
 * committed.
 *
 * A row that another transaction keeps locked holds up only those who need it: when the statement runs into it, the inputs
 * that need it move to a lane of their own, the others are written at once, and later ones go to the lane directly for as
 * long as it is locked. An input that makes the statement throw is found by halving the batch, and its caller alone is
 * rejected. What fails after the commit is logged, and never written again.
 */
export function batchedWrites<Context extends { log: Logger }, In, Out>(
  operation: BatchedWrite<Context, In, Out>,
): (context: Context, input: In) => Promise<Out> {
  const queues = new WeakMap<Context, WriteQueue<Context, In, Out>>();
  return (context, input) => {
    let queue = queues.get(context);
    if (!queue) {
      queue = new WriteQueue(context, operation);
      queues.set(context, queue);
    }
    return queue.add(input);
  };
}

class WriteQueue<Context extends { log: Logger }, In, Out> {
  readonly #context: Context;
  readonly #operation: BatchedWrite<Context, In, Out>;
  readonly #lane: WaitingLane<In, Out>;
  #waiting: Entry<In, Out>[] = [];
  /** The orders of the batches in flight: later ones must not be written beside them. */
  readonly #ordersInFlight = new Set<string>();
  #inFlight = 0;
  #isDispatching = false;

  constructor(context: Context, operation: BatchedWrite<Context, In, Out>) {
    this.#context = context;
    this.#operation = operation;
    this.#lane = new WaitingLane({
      findLocked: (inputs) => operation.findLocked(context, inputs),
      write: (entries) => this.#write(entries, true),
    });
  }

  add(input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      const { locksOf, orderOf } = this.#operation;
      this.#waiting.push({ input, locks: locksOf(input), order: orderOf?.(input), resolve, reject });
      this.#dispatchSoon();
    });
  }

  /** Callers of this same moment come along. */
  #dispatchSoon(): void {
    if (this.#isDispatching || this.#inFlight >= MAX_IN_FLIGHT) return;
    this.#isDispatching = true;
    queueMicrotask(() => {
      this.#isDispatching = false;
      while (this.#inFlight < MAX_IN_FLIGHT) {
        const batch = this.#nextBatch();
        if (batch.length === 0) break;
        void this.#run(batch);
      }
    });
  }

  #nextBatch(): Entry<In, Out>[] {
    const batch: Entry<In, Out>[] = [];
    const rest: Entry<In, Out>[] = [];
    for (const entry of this.#waiting) {
      const mustWait = entry.order !== undefined && this.#ordersInFlight.has(entry.order);
      (batch.length === MAX_BATCH_SIZE || mustWait ? rest : batch).push(entry);
    }
    this.#waiting = rest;
    return batch;
  }

  async #run(batch: Entry<In, Out>[]): Promise<void> {
    const orders = batch.flatMap(({ order }) => order ?? []);
    for (const order of orders) this.#ordersInFlight.add(order);
    this.#inFlight++;
    await this.#write(batch, false);
    this.#inFlight--;
    for (const order of orders) this.#ordersInFlight.delete(order);
    this.#dispatchSoon();
  }

  /** Settles every entry, or leaves it in the lane. Never throws. */
  async #write(batch: readonly Entry<In, Out>[], isLane: boolean): Promise<void> {
    const entries = isLane ? this.#lane.inOrder(batch) : this.#lane.admit(batch);
    if (entries.length === 0) return;
    let results: Out[];
    try {
      results = await this.#operation.write(
        this.#context,
        entries.map(({ input }) => input),
      );
    } catch (error) {
      return await this.#recover(entries, isLane, error);
    }
    await this.#publish(results);
    for (const [index, entry] of entries.entries()) entry.resolve(results[index]!);
    this.#lane.remove(entries);
  }

  /** Nothing was written. Either some rows are locked, or one of the inputs is at fault. */
  async #recover(entries: readonly Entry<In, Out>[], isLane: boolean, error: unknown): Promise<void> {
    if (isLockTimeout(error)) {
      const free = await this.#lane.takeLocked(entries);
      if (free.length < entries.length) return await this.#write(free, isLane);
      // Locked is something that cannot be looked at, such as a row that is only being inserted.
      if (entries.length === 1) return this.#lane.hold(entries[0]!);
    }
    if (entries.length === 1 || isDatabaseAway(error)) {
      for (const entry of entries) entry.reject(error);
      return this.#lane.remove(entries);
    }
    const middle = entries.length >> 1;
    await this.#write(entries.slice(0, middle), isLane);
    await this.#write(entries.slice(middle), isLane);
  }

  async #publish(results: readonly Out[]): Promise<void> {
    try {
      await this.#operation.publish(this.#context, results);
    } catch (error) {
      this.#context.log.error({ err: error }, "what was committed could not be published, and is left to the log");
    }
  }
}
