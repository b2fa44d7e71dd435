import { call } from "@reelay/testkit/api.ts";
import type { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import type { Owner, World } from "./device.ts";
import type { Population } from "./population.ts";

const REQUEST_MS = 4000;
const ANSWERED_WITHIN_MS = 120_000;

/** How often each was done. */
export type Troubles = { bans: number; blocks: number; logouts: number };

/** Bans, blocks and log-outs, one after another, each undone or made up for: in the end everybody may be there again. */
export class Troublemaker {
  readonly done: Troubles = { bans: 0, blocks: 0, logouts: 0 };
  readonly #world: World;
  readonly #population: Population;
  readonly #random: SeededRandom;
  #isOver = false;

  constructor(world: World, population: Population, random: SeededRandom) {
    this.#world = world;
    this.#population = population;
    this.#random = random;
  }

  async live(): Promise<void> {
    while (!this.#isOver) {
      const troubled = this.#population.sessions.filter(({ isTroubled }) => isTroubled);
      const someone = this.#random.pick(troubled);
      await this.#random.pick([() => this.#ban(someone), () => this.#block(someone), () => this.#logOut(someone)])();
      await Bun.sleep(this.#random.between(300, 1500));
    }
  }

  end(): void {
    this.#isOver = true;
  }

  /** After every fault: a ban that was given up and asked again may have been carried out after it was lifted. */
  async forgive(): Promise<void> {
    const { sessions, moderator } = this.#population;
    const troubled = new Set(sessions.filter(({ isTroubled }) => isTroubled).map(({ userId }) => userId));
    for (const userId of troubled) await this.#ask(moderator, "POST", `/admin/users/${userId}/unban`);
  }

  async #ban({ userId }: Owner): Promise<void> {
    const { moderator } = this.#population;
    await this.#ask(moderator, "POST", `/admin/users/${userId}/ban`, { reason: "spam" });
    await Bun.sleep(this.#random.between(200, 2000));
    await this.#ask(moderator, "POST", `/admin/users/${userId}/unban`);
    this.done.bans++;
  }

  async #block(someone: Owner): Promise<void> {
    const other = this.#random.pick(this.#population.sessions.filter(({ userId }) => userId !== someone.userId));
    await this.#ask(someone, "POST", `/users/${other.userId}/block`);
    await Bun.sleep(this.#random.between(0, 1000));
    await this.#ask(someone, "DELETE", `/users/${other.userId}/block`);
    this.done.blocks++;
  }

  async #logOut(someone: Owner): Promise<void> {
    await this.#ask(someone, "POST", "/auth/logout");
    this.done.logouts++;
  }

  /** Until it is answered: what a banned or forgotten session asks is refused, and another one can ask it later. */
  async #ask(me: Owner, method: string, path: string, body?: object): Promise<void> {
    const deadline = Date.now() + ANSWERED_WITHIN_MS;
    for (;;) {
      const url = this.#random.pick(this.#world.urls);
      const signal = AbortSignal.timeout(REQUEST_MS);
      const answer = await call(url, method, path, { token: me.token, body, signal }).catch(() => null);
      if (answer && answer.status < 500 && answer.status !== 429) return;
      if (Date.now() > deadline) {
        throw new Error(`${method} ${path}: ${answer?.status} ${JSON.stringify(answer?.body)}`);
      }
      await Bun.sleep(this.#random.between(20, 200));
    }
  }
}
