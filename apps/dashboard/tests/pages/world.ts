import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test as base, expect, type Page } from "@playwright/test";

export { expect, type Page } from "@playwright/test";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

export type Someone = { id: number; username: string; email: string; password: string; token: string };
export type Target = { targetType: string; targetId: number };

/** A server with a database of its own, and the people and things that tests put into it. */
export class World {
  readonly url: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>, url: string) {
    this.#child = child;
    this.#lines = lines;
    this.url = url;
  }

  static async start(): Promise<World> {
    const child = spawn(`${ROOT}node_modules/.bin/bun`, [fileURLToPath(new URL("server.ts", import.meta.url))]);
    child.stderr.pipe(process.stderr);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) throw new Error("The server did not start.");
    return new World(child, lines, JSON.parse(first.value).url);
  }

  async stop(): Promise<void> {
    const exited = new Promise<number | null>((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin.end();
    const code = await exited;
    if (code !== 0) throw new Error(`The server ended with ${code}.`);
  }

  people(...names: string[]): Promise<Someone[]> {
    return this.#ask({ what: "people", names });
  }

  staff(role: "moderator" | "admin", ...names: string[]): Promise<Someone[]> {
    return this.#ask({ what: "staff", names, role });
  }

  async video(owner: Someone, title: string): Promise<Target> {
    return { targetType: "video", targetId: await this.#ask({ what: "video", owner, title }) };
  }

  async report(by: Someone, target: Target, category: string, reason = "Look at that"): Promise<void> {
    await this.call("POST", "/reports", { ...target, category, reason }, by);
  }

  async call(method: string, path: string, body?: object, by?: Someone): Promise<any> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", ...(by && { authorization: `Bearer ${by.token}` }) },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  }

  async signIn(page: Page, { username, password }: Someone, path = ""): Promise<void> {
    await page.goto(`${this.url}/admin${path}`);
    await page.getByLabel("Username or e-mail").fill(username);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator("#content h1")).toBeVisible();
  }

  async #ask<T>(ask: object): Promise<T> {
    this.#child.stdin.write(`${JSON.stringify(ask)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("The server has ended.");
    return JSON.parse(value);
  }
}

/** Each file has a server of its own; a page that says anything to the console fails its test. */
export const test = base.extend<{ quiet: undefined }, { world: World }>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it what a fixture needs.
    async ({}, use) => {
      const world = await World.start();
      await use(world);
      await world.stop();
    },
    { scope: "worker" },
  ],
  quiet: [
    async ({ page }, use) => {
      const said: string[] = [];
      page.on("pageerror", (error) => said.push(String(error)));
      page.on("console", (message) => {
        const isRefusal = message.text().includes("Content Security Policy") || message.text().includes("violates");
        if (isRefusal) said.push(message.text());
      });
      await use(undefined);
      expect(said).toEqual([]);
    },
    { auto: true },
  ],
});
