import { readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../apps/server/src/platform/embedded-postgres.ts";
import type { Sql } from "../apps/server/src/platform/postgres.ts";
import { createDataDir } from "../apps/server/src/platform/postgres-home.ts";
import { SmallDisk } from "./small-disk.ts";

const TABLES = "tables";

/** The Postgres of a run: it can be killed, frozen, run out of disk, and go back to what it was before. */
export class Database {
  readonly #folder: string;
  #postgres: EmbeddedPostgres;
  #disk: SmallDisk | null = null;
  #hasCopy = false;

  private constructor(folder: string, postgres: EmbeddedPostgres) {
    this.#folder = folder;
    this.#postgres = postgres;
  }

  static async start(folder: string): Promise<Database> {
    await createDataDir(join(folder, "postgres"));
    return new Database(folder, await launch(folder));
  }

  get url(): string {
    return this.#postgres.url;
  }

  get disk(): SmallDisk | null {
    return this.#disk;
  }

  /** A connection of the network's kind, for what stands between the database and a node. */
  dial() {
    return connect(this.#postgres.connection.path);
  }

  /** The same address on a port of loopback. */
  urlAt(port: number): string {
    const url = new URL(this.#postgres.url);
    url.search = "";
    url.hostname = "127.0.0.1";
    url.port = String(port);
    return url.href;
  }

  /** Moves the tables that grow to a disk that can be filled, where this process may mount one. */
  async useSmallDisk(sql: Sql): Promise<void> {
    const { uid, gid } = await stat(await this.#cluster());
    const folder = join(this.#folder, "disk");
    this.#disk = await SmallDisk.mount(folder, { uid, gid });
    if (!this.#disk) return;
    Bun.spawnSync(["install", "-d", "-m", "700", "-o", String(uid), "-g", String(gid), join(folder, TABLES)]);
    await this.#disk.take(sql, join(folder, TABLES));
  }

  /** The database is killed where it stands; its supervisor starts it again. */
  kill(): void {
    const pid = this.#postgres.pid();
    if (pid) process.kill(pid, "SIGKILL");
  }

  freeze(): void {
    this.#signal("SIGSTOP");
  }

  thaw(): void {
    this.#signal("SIGCONT");
  }

  /** Keeps what the database is now, to go back to it. It is away meanwhile. */
  async copy(): Promise<void> {
    await this.#postgres.stop();
    await rm(this.#copies(), { recursive: true, force: true });
    await mkdir(this.#copies(), { mode: 0o711 });
    await duplicate(await this.#cluster(), join(this.#copies(), "cluster"));
    if (this.#disk) await duplicate(join(this.#disk.folder, TABLES), join(this.#copies(), TABLES));
    this.#hasCopy = true;
    this.#postgres = await launch(this.#folder);
  }

  get hasCopy(): boolean {
    return this.#hasCopy;
  }

  /** Everything since the copy never was. */
  async goBack(): Promise<void> {
    await this.#postgres.stop();
    const cluster = await this.#cluster();
    await rm(cluster, { recursive: true, force: true });
    await duplicate(join(this.#copies(), "cluster"), cluster);
    if (this.#disk) {
      await rm(join(this.#disk.folder, TABLES), { recursive: true, force: true });
      await duplicate(join(this.#copies(), TABLES), join(this.#disk.folder, TABLES));
    }
    this.#hasCopy = false;
    this.#postgres = await launch(this.#folder);
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.#postgres.stop();
    this.#disk?.unmount();
  }

  #copies(): string {
    return join(this.#folder, "copies");
  }

  async #cluster(): Promise<string> {
    const folder = join(this.#folder, "postgres");
    const name = readdirSync(folder).find((entry) => /^postgres-\d+$/.test(entry));
    if (!name) throw new Error("the database has no cluster");
    return join(folder, name);
  }

  /** To the postmaster and every backend. */
  #signal(name: NodeJS.Signals): void {
    const pid = this.#postgres.pid();
    if (!pid) return;
    const backends = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    for (const each of [pid, ...backends.map(Number)]) {
      try {
        process.kill(each, name);
      } catch {
        // A backend that ended in the meantime.
      }
    }
  }
}

function launch(folder: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataDir: join(folder, "postgres"),
    log: () => {},
    settings: { max_connections: "60" },
  });
}

async function duplicate(from: string, to: string): Promise<void> {
  const child = Bun.spawn(["cp", "-a", from, to], { stdout: "ignore", stderr: "pipe" });
  if ((await child.exited) !== 0) throw new Error(await new Response(child.stderr).text());
}
