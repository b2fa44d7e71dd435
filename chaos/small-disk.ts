import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Sql } from "../apps/server/src/platform/postgres.ts";

const SIZE = "256m";
const CHUNK_BYTES = 1024 * 1024;

/**
 * A file system of its own for the tables that grow, which can be filled to the last byte. Its bytes are kept by the
 * kernel, so a killed Postgres loses none of them.
 */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Null where nobody may mount one. */
  static async mount(folder: string, { uid, gid }: { uid: number; gid: number }): Promise<SmallDisk | null> {
    await mkdir(folder, { recursive: true });
    const options = `size=${SIZE},uid=${uid},gid=${gid},mode=700`;
    const { success } = Bun.spawnSync(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], { stderr: "ignore" });
    return success ? new SmallDisk(folder) : null;
  }

  /** Moves the log and the messages of a database into a folder on it. */
  async take(sql: Sql, folder: string): Promise<void> {
    await sql.unsafe(`create tablespace small location '${folder}'`);
    for (const table of ["user_events", "messages"]) await sql.unsafe(`alter table ${table} set tablespace small`);
  }

  async fill(): Promise<void> {
    const file = await open(this.#filler(), "w");
    const chunk = Buffer.alloc(CHUNK_BYTES);
    try {
      for (;;) await file.write(chunk);
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOSPC") throw error;
    } finally {
      await file.close();
    }
  }

  async empty(): Promise<void> {
    await rm(this.#filler(), { force: true });
  }

  unmount(): void {
    Bun.spawnSync(["umount", "--lazy", this.folder], { stderr: "ignore" });
  }

  #filler(): string {
    return join(this.folder, "filler");
  }
}
