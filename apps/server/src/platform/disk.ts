import { statfs } from "node:fs/promises";
import { fail } from "../platform/api-error.ts";
import { isDiskFull, type Sql, transaction } from "./postgres.ts";

/** What a caller is asked to wait while there is no room. */
const RETRY_AFTER_SECONDS = 60;

/** The room that is left: on the disk for uploads, and on the database's for anything. */
export class Disk {
  readonly #folder: string;
  readonly #minFreeBytes: number;
  readonly #sql: Sql;
  #wasDatabaseFull = false;

  /** `folder`: where uploads come in. `minFreeBytes` 0: they are never refused. */
  constructor(folder: string, minFreeBytes: number, sql: Sql) {
    this.#folder = folder;
    this.#minFreeBytes = minFreeBytes;
    this.#sql = sql;
  }

  /**
   * Refuses an upload while the disk runs low: the embedded database lives on it.
   * @throws ApiError DISK_FULL
   */
  async requireRoom(): Promise<void> {
    if (this.#minFreeBytes === 0) return;
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize < this.#minFreeBytes) throw fail("DISK_FULL", { retryAfter: RETRY_AFTER_SECONDS });
  }

  /** Remembers when a statement failed because the database has no room. */
  note(error: unknown): void {
    if (isDiskFull(error)) this.#wasDatabaseFull = true;
  }

  /** Whether a statement failed for want of room, and one that takes room still does. */
  async isDatabaseFull(): Promise<boolean> {
    if (!this.#wasDatabaseFull) return false;
    try {
      await takeRoom(this.#sql);
      this.#wasDatabaseFull = false;
    } catch (error) {
      // Another failure says nothing of room: the next statement that finds none is remembered again.
      this.#wasDatabaseFull = isDiskFull(error);
    }
    return this.#wasDatabaseFull;
  }
}

/** A megabyte of a new table, which is given back at once: an existing table may have room inside while the disk has none. */
async function takeRoom(sql: Sql): Promise<void> {
  await transaction(
    sql,
    async (tx) =>
      await tx`
      create temporary table room on commit drop as select repeat('x', 1000) as filler from generate_series(1, 1000)`,
  );
}
