import type { App } from "../../app.ts";
import { ephemeral } from "../../delivery/publication.ts";
import { batched } from "../../platform/batched.ts";
import { bigints } from "../../platform/sql-fragments.ts";

const TYPING_ENDS_MS = 5000;

type Pair = { from: number; to: number };

/** Who is typing to whom. Kept in memory: it is worth nothing a moment later. */
export class Typing {
  readonly #app: App;
  readonly #until = new Map<string, Pair & { endsAtMs: number }>();

  constructor(app: App) {
    this.#app = app;
  }

  /** Publishes it to the other user, unless one of the two blocked the other. Ends by itself after five seconds. */
  async set(from: number, to: number, isTyping: boolean): Promise<void> {
    if (from === to || !(await mayTalk(this.#app, { from, to }))) return;
    const key = `${from}:${to}`;
    if (isTyping) this.#until.set(key, { from, to, endsAtMs: this.#app.clock.monotonic() + TYPING_ENDS_MS });
    else this.#until.delete(key);
    this.#publish({ from, to }, isTyping);
  }

  /** Ends what was not kept up. Call once a second or oftener. */
  tick(): void {
    const now = this.#app.clock.monotonic();
    for (const [key, pair] of this.#until) {
      if (pair.endsAtMs > now) continue;
      this.#until.delete(key);
      this.#publish(pair, false);
    }
  }

  #publish({ from, to }: Pair, isTyping: boolean): void {
    const data = { userId: from, conversationWith: to, isTyping };
    this.#app.broker.publish([ephemeral(to, "message:typing", data)]);
  }
}

const mayTalk = batched(async (app: App, pairs: readonly Pair[]): Promise<boolean[]> => {
  const { sql } = app;
  const rows: { ord: number }[] = await sql`
    select p.ord::int as ord
    from unnest(${bigints(sql, pairs, "from")}, ${bigints(sql, pairs, "to")})
      with ordinality as p(from_id, to_id, ord)
    join accounts sender on sender.id = p.from_id and sender.status = 'active'
    join accounts receiver on receiver.id = p.to_id and receiver.status = 'active'
    where not exists (select from blocks b where b.blocker_id = p.from_id and b.blocked_id = p.to_id)
      and not exists (select from blocks b where b.blocker_id = p.to_id and b.blocked_id = p.from_id)`;
  const allowed = new Set(rows.map((row) => row.ord));
  return pairs.map((_, index) => allowed.has(index + 1));
});
