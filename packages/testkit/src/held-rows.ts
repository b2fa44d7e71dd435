import { openPostgres, type Tx } from "../../../apps/server/src/platform/postgres.ts";
import { Barrier } from "./barrier.ts";
import type { TestDatabase } from "./database.ts";

/** Rows that a transaction of the test keeps locked, as a frozen process or an operator would. */
export class HeldRows {
  readonly #barrier: Barrier;
  readonly #done: Promise<void>;

  private constructor(barrier: Barrier, done: Promise<void>) {
    this.#barrier = barrier;
    this.#done = done;
  }

  /** Resolves when `lock` has locked them. */
  static async hold({ connection }: TestDatabase, lock: (tx: Tx) => Promise<unknown>): Promise<HeldRows> {
    const sql = openPostgres(connection, 1);
    const barrier = new Barrier();
    const done = sql.begin(async (tx) => {
      await tx`set local idle_in_transaction_session_timeout = 0`;
      const rows = (await lock(tx as Tx)) as unknown[];
      if (rows.length === 0) throw new Error("there is no such row to hold");
      await barrier.pass();
    });
    await Promise.race([barrier.reached, done]);
    return new HeldRows(
      barrier,
      done.then(() => sql.close()),
    );
  }

  async release(): Promise<void> {
    this.#barrier.open();
    await this.#done;
  }
}
