import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { openPostgres, type Sql } from "../../apps/server/src/platform/postgres.ts";
import { createDataDir } from "../../apps/server/src/platform/postgres-home.ts";
import type { Tree } from "./tree.ts";

const UP_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 15_000;
const RSS_EVERY_MS = 20;

/** What a scenario that is not about budgets does without. Versions that know none of them pass over the names. */
const BUDGETS_OFF = Object.fromEntries(
  [
    ...["RATE_SIGNUPS_PER_HOUR", "RATE_LOGINS_PER_HOUR", "RATE_SEARCHES_PER_MINUTE", "RATE_COMMENTS_PER_MINUTE"],
    ...["RATE_REACTIONS_PER_MINUTE", "RATE_REPORTS_PER_HOUR", "RATE_UPLOADS_PER_HOUR", "RATE_TICKETS_PER_MINUTE"],
    ...["RATE_CONNECTS_PER_MINUTE", "RATE_PROFILE_PER_HOUR", "STORAGE_MB_PER_USER", "MIN_FREE_DISK_MB"],
  ].map((name) => [name, "0"]),
);

export type ServerOptions = { env?: Record<string, string>; hasBudgets?: boolean };

/** A server of a tree in a process of its own, with an embedded database unless `env` names another one. */
export class Server {
  readonly #tree: Tree;
  readonly #env: Record<string, string>;
  readonly #pools: Sql[] = [];
  #child: Subprocess<"ignore", "pipe", "pipe"> | null = null;
  #output = "";
  #databaseUrl = "";
  url = "";

  private constructor(tree: Tree, dataDir: string, { env, hasBudgets }: ServerOptions) {
    this.#tree = tree;
    this.#env = {
      ...{ PATH: process.env.PATH ?? "", DATA_DIR: dataDir, PORT: "0", LOG_LEVEL: "silent", DRAIN_SECONDS: "0" },
      ...{ RATE_MESSAGES_PER_MINUTE: "0", EVENTS_PER_USER: "1000000", ...(hasBudgets ? {} : BUDGETS_OFF), ...env },
    };
  }

  static async start(tree: Tree, dataDir: string, options: ServerOptions = {}): Promise<Server> {
    await createDataDir(dataDir);
    const server = new Server(tree, dataDir, options);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const child = this.#run("main.ts");
    this.#child = child;
    this.#output = "";
    for (const stream of [child.stdout, child.stderr]) void this.#read(stream);
    const deadline = Date.now() + UP_WITHIN_MS;
    for (;;) {
      const [, url] = this.#output.match(/is up on (\S+)/) ?? [];
      if (url) this.url = url;
      if (url) return;
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`No server came up:\n${this.#output}`);
      await Bun.sleep(10);
    }
  }

  /** A connection of its own to the database beside the server, on which nothing times out. */
  async openSql(): Promise<Sql> {
    const sql = openPostgres({ url: await this.databaseUrl() }, 1);
    this.#pools.push(sql);
    await sql`set statement_timeout = 0`;
    await sql`set idle_in_transaction_session_timeout = 0`;
    return sql;
  }

  /** As this version prints it for an operator. */
  async databaseUrl(): Promise<string> {
    this.#databaseUrl ||= await this.#askDatabaseUrl();
    return this.#databaseUrl;
  }

  rssMb(): number {
    const [, kilobytes] = readFileSync(`/proc/${this.#child?.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/) ?? [];
    return Number(kilobytes) / 1024;
  }

  /** How much more memory than now it held at most while `work` went on. */
  async rssGrowthMb<T>(work: () => Promise<T>): Promise<{ result: T; growthMb: number }> {
    const before = this.rssMb();
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, this.rssMb());
    }, RSS_EVERY_MS);
    try {
      return { result: await work(), growthMb: peak - before };
    } finally {
      clearInterval(watch);
    }
  }

  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pools.splice(0).map((sql) => sql.close({ timeout: 0 })));
    const child = this.#child;
    if (!child) return;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), STOPPED_WITHIN_MS);
    await child.exited;
    clearTimeout(late);
  }

  #run(script: string, ...args: string[]): Subprocess<"ignore", "pipe", "pipe"> {
    const path = join(this.#tree.root, "apps/server/src", script);
    return Bun.spawn([process.execPath, "--no-orphans", path, ...args], {
      cwd: this.#tree.root,
      env: this.#env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  }

  async #askDatabaseUrl(): Promise<string> {
    const child = this.#run("cli.ts", "db", "url");
    const [url, reason] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    if ((await child.exited) !== 0) throw new Error(`db url: ${reason}`);
    return url.trim();
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) this.#output = (this.#output + decoder.decode(chunk)).slice(-20_000);
  }
}
