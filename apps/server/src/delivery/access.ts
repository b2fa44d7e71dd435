import type { Queryable, Sql } from "../platform/postgres.ts";

const KEEP_HOURS = 24;

/**
 * Records, in the caller's transaction and as its last write, that an account or one of its sessions may no longer do
 * what it could: every process that serves it reads this within moments. Its row lock is shared by all such
 * transactions, so it comes after everything else.
 */
export async function noteAccessChange(tx: Queryable, userId: number): Promise<void> {
  await tx`select note_access_change(${userId})`;
}

/** Follows the access changes made by any process. */
export class AccessFeed {
  readonly #sql: Sql;
  readonly #onChange: (userId: number) => void;
  #version = 0;

  constructor(sql: Sql, onChange: (userId: number) => void) {
    this.#sql = sql;
    this.#onChange = onChange;
  }

  /** Starts from now. Call before anything is cached. */
  async start(): Promise<void> {
    const [row] = await this.#sql`select version::float8 as version from access_head`;
    this.#version = row.version;
  }

  /** Reports every change since the last call. */
  async poll(): Promise<void> {
    const rows: { version: number; userId: number }[] = await this.#sql`
      select version::float8 as version, user_id::float8 as "userId" from access_changes
      where version > ${this.#version} order by version`;
    for (const { version, userId } of rows) {
      this.#version = version;
      this.#onChange(userId);
    }
  }

  /** Forgets changes that every process has long read. */
  async trim(): Promise<void> {
    await this.#sql`delete from access_changes where created_at < now() - make_interval(hours => ${KEEP_HOURS})`;
  }
}
