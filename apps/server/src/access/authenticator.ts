import type { Caller } from "./caller.ts";
import type { Standing, Standings } from "./standing.ts";
import type { Tickets } from "./tickets.ts";
import type { Tokens } from "./tokens.ts";

/** Decides who opens a socket, and whether they may keep it. */
export class Authenticator {
  readonly #tokens: Tokens;
  readonly #tickets: Tickets;
  readonly #standings: Standings;

  constructor({ tokens, tickets, standings }: { tokens: Tokens; tickets: Tickets; standings: Standings }) {
    this.#tokens = tokens;
    this.#tickets = tickets;
    this.#standings = standings;
  }

  /** Takes a token or a ticket, which is used up. Null when it is not one of ours, or expired. */
  async authenticate(credential: string): Promise<Caller | null> {
    if (this.#tickets.isTicket(credential)) return await this.#tickets.redeem(credential);
    return await this.#tokens.verify(credential);
  }

  /** As the database has it now. */
  standing(caller: Caller): Promise<Standing> {
    return this.#standings.read(caller);
  }

  /** As it was last read: cheap, and at most moments old. */
  cachedStanding(caller: Caller): Promise<Standing> {
    return this.#standings.cached(caller);
  }
}
