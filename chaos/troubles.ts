import type { Owner, World } from "./device.ts";
import type { Dice } from "./dice.ts";
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
  readonly #dice: Dice;
  #isOver = false;

  constructor(world: World, population: Population, dice: Dice) {
    this.#world = world;
    this.#population = population;
    this.#dice = dice;
  }

  async live(): Promise<void> {
    while (!this.#isOver) {
      const troubled = this.#population.sessions.filter(({ isTroubled }) => isTroubled);
      const someone = this.#dice.pick(troubled);
      await this.#dice.pick([() => this.#ban(someone), () => this.#block(someone), () => this.#logOut(someone)])();
      await Bun.sleep(this.#dice.between(300, 1500));
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async #ban({ userId }: Owner): Promise<void> {
    const { moderator } = this.#population;
    await this.#ask(moderator, "POST", `/admin/users/${userId}/ban`, { reason: "spam" });
    await Bun.sleep(this.#dice.between(200, 2000));
    await this.#ask(moderator, "POST", `/admin/users/${userId}/unban`);
    this.done.bans++;
  }

  async #block(someone: Owner): Promise<void> {
    const other = this.#dice.pick(this.#population.sessions.filter(({ userId }) => userId !== someone.userId));
    await this.#ask(someone, "POST", `/users/${other.userId}/block`);
    await Bun.sleep(this.#dice.between(0, 1000));
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
      const response = await fetch(`${this.#dice.pick(this.#world.urls)}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${me.token}`, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_MS),
      }).catch(() => null);
      if (response && response.status < 500 && response.status !== 429) return;
      if (Date.now() > deadline) throw new Error(`${method} ${path}: ${response?.status} ${await response?.text()}`);
      await Bun.sleep(this.#dice.between(20, 200));
    }
  }
}
