import { join } from "node:path";
import type { Subprocess } from "bun";

/** What an attack counted: answers by status, frames, connections. */
export type Tally = Record<string, number>;

/** What a process of an attack is started with, as JSON. */
export type Orders =
  | { kind: "register"; url: string; loops: number }
  | { kind: "abandon"; url: string; count: number; afterMs: number }
  | { kind: "search"; url: string; loops: number; path: string }
  | { kind: "forms"; url: string; connections: number }
  | { kind: "pongs" | "pings"; url: string; token: string; sockets: number }
  | { kind: "resume"; url: string; devices: { token: string; cursor: string }[]; withinMs: number };

/** Bun sends no more requests than this at once, and an attacker has no such manners. */
const CONNECTIONS = "2000";

/** An attack in a process of its own, so that it delays no probe but through the server. */
export class Attack {
  readonly #child: Subprocess<"ignore", "pipe", "inherit">;
  /** Resolves when it has ended, by itself or by `end`. */
  readonly tally: Promise<Tally>;

  constructor(orders: Orders) {
    this.#child = Bun.spawn(
      [process.execPath, "--no-orphans", join(import.meta.dir, "attacker.ts"), JSON.stringify(orders)],
      {
        env: { PATH: process.env.PATH ?? "", BUN_CONFIG_MAX_HTTP_REQUESTS: CONNECTIONS },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "inherit",
      },
    );
    this.tally = this.#read();
    this.tally.catch(() => {});
  }

  async end(): Promise<Tally> {
    this.#child.kill("SIGTERM");
    return await this.tally;
  }

  async #read(): Promise<Tally> {
    const output = await new Response(this.#child.stdout).text();
    const line = output.trim().split("\n").at(-1);
    if (!line) throw new Error("an attack ended without a tally");
    return JSON.parse(line);
  }
}

/** Lets an attack that would go on for ever go on for so long. */
export async function attackFor(durationMs: number, orders: Orders): Promise<Tally> {
  const attack = new Attack(orders);
  await Bun.sleep(durationMs);
  return await attack.end();
}
