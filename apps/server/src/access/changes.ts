import { type PublishingTx, publishAfterCommit } from "../delivery/commit.ts";
import { isAnySilent } from "../delivery/silent-nodes.ts";
import type { Sql } from "../platform/postgres.ts";

const KEEP_HOURS = 24;

/**
 * Records, in the caller's transaction and as its last write, that an account or one of its sessions may no longer do
 * what it could: every process that serves it reads this within moments. Its row lock is shared by all such
 * transactions, so it comes after everything else.
 */
export async function accessChanged(tx: PublishingTx, userId: number): Promise<void> {
  await tx`select note_access_change(${userId})`;
  publishAfterCommit(tx, [{ kind: "access", userId }]);
}

type Poll = { head: number; server: string; isAnySilent: boolean; changes: { version: number; userId: number }[] };

export type AccessListener = {
  changed(userId: number): void;
  /** The database may be another one than before: nothing that was read of it is known any more. */
  databaseChanged(): void;
};

/** Follows the access changes made by any process. */
export class AccessFeed {
  readonly #sql: Sql;
  readonly #listener: AccessListener;
  #version = 0;
  /** Which start of which database answers. */
  #server = "";
  /** Whether some node's publications may not reach the others, by the last poll. */
  isAnyNodeSilent = false;

  constructor(sql: Sql, listener: AccessListener) {
    this.#sql = sql;
    this.#listener = listener;
  }

  /** Starts from now. Call before anything is cached. */
  async start(): Promise<void> {
    const { head, server } = await this.#read();
    this.#version = head;
    this.#server = server;
  }

  /**
   * Reports every change since the last call, or that the database may be another one: it was started again, was
   * promoted, or went back.
   * @returns whether it may be another one
   */
  async poll(): Promise<boolean> {
    const { head, server, isAnySilent, changes } = await this.#read();
    this.isAnyNodeSilent = isAnySilent;
    if (server !== this.#server || head < this.#version) {
      this.#version = head;
      this.#server = server;
      this.#listener.databaseChanged();
      return true;
    }
    for (const { version, userId } of changes) {
      this.#version = version;
      this.#listener.changed(userId);
    }
    return false;
  }

  /** Forgets changes that every process has long read. */
  async trim(): Promise<void> {
    await this.#sql`delete from access_changes where created_at < now() - make_interval(hours => ${KEEP_HOURS})`;
  }

  /** A copy that is started again stays on its timeline, and a promoted standby keeps its start: only both together show a change. */
  async #read(): Promise<Poll> {
    const [row]: Poll[] = await this.#sql`
      select version::float8 as head,
        extract(epoch from pg_postmaster_start_time()) || ' ' ||
          case when pg_is_in_recovery() then '' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end as server,
        ${isAnySilent(this.#sql)} as "isAnySilent",
        coalesce((
          select json_agg(json_build_object('version', c.version, 'userId', c.user_id) order by c.version)
          from access_changes c where c.version > ${this.#version}), '[]') as changes
      from access_head`;
    return row!;
  }
}
