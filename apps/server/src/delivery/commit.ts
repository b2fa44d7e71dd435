import { type Sql, type Tx, transaction } from "../platform/postgres.ts";
import type { Broker } from "./broker.ts";
import type { Publication } from "./publication.ts";

declare const publishing: unique symbol;

/**
 * A transaction of `commit`. What is noted in it is published when it has committed, so events can be appended to no other
 * one; a savepoint of it is another one.
 */
export type PublishingTx = Tx & { readonly [publishing]: true };

const notes = new WeakMap<Tx, Publication[]>();

/**
 * Runs `work` in one transaction and publishes what was noted in it, in that order, after the commit. Contention repeats
 * the whole of it, and drops the notes of the attempt that failed. When it throws, nothing is published: also when the
 * connection broke during the commit, whose outcome nobody knows; then the next look into the logs finds what there is.
 */
export async function commit<T>(
  { sql, broker }: { readonly sql: Sql; readonly broker: Broker },
  work: (tx: PublishingTx) => Promise<T>,
): Promise<T> {
  let noted: Publication[] = [];
  const result = await transaction(sql, (tx) => {
    noted = [];
    notes.set(tx, noted);
    return work(tx as PublishingTx);
  });
  if (noted.length > 0) broker.publish(noted);
  return result;
}

/** Notes what is to be published when the transaction has committed. */
export function publishAfterCommit(tx: PublishingTx, publications: readonly Publication[]): void {
  notes.get(tx)!.push(...publications);
}
