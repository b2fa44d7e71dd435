import type { Role } from "@reelay/contract";
import { batched } from "../platform/batched.ts";
import type { Clock } from "../platform/clock.ts";
import type { Sql } from "../platform/postgres.ts";
import type { Claims } from "./tokens.ts";

export type Ban = { reason: string; bannedAt: string; until: string | null };

/** What the database says of the bearer of a token. Banned is looked at first: a ban also outdates the token. */
export type Standing =
  | { kind: "good"; role: Role }
  | { kind: "banned"; ban: Ban }
  | { kind: "deleted" }
  | { kind: "revoked" };

type Principal = {
  role: Role;
  status: "active" | "banned" | "deleted";
  tokenVersion: number;
  hasSession: boolean;
  ban: Ban | null;
};

const MAX_CACHED_USERS = 50_000;

/**
 * Accounts and sessions as they were last read. Forgotten when one changes, by this process or any other
 * (`AccessFeed`), so what stands here is at most a feed's interval old.
 */
export class Principals {
  readonly #sql: Sql;
  readonly #clock: Clock;
  readonly #cache = new Map<number, Map<number, Principal>>();
  #forgotten = 0;

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  async standing(claims: Omit<Claims, "expiresAtMs">): Promise<Standing> {
    const principal = this.#cache.get(claims.userId)?.get(claims.sessionId) ?? (await this.#read(claims));
    return this.#judge(principal, claims);
  }

  /** Like `standing`, asking the database in any case. */
  async freshStanding(claims: Omit<Claims, "expiresAtMs">): Promise<Standing> {
    return this.#judge(await this.#read(claims), claims);
  }

  forgetAll(): void {
    this.#forgotten++;
    this.#cache.clear();
  }

  forget(userId: number): void {
    this.#forgotten++;
    this.#cache.delete(userId);
  }

  async #read({ userId, sessionId }: Omit<Claims, "expiresAtMs">): Promise<Principal | null> {
    const forgottenBefore = this.#forgotten;
    const principal = await readPrincipal(this.#sql, { userId, sessionId });
    // What was read while something was being forgotten may be what was to be forgotten.
    if (principal && forgottenBefore === this.#forgotten) this.#remember(userId, sessionId, principal);
    return principal;
  }

  #remember(userId: number, sessionId: number, principal: Principal): void {
    const sessions = this.#cache.get(userId) ?? new Map();
    if (sessions.size === 0 && this.#cache.size >= MAX_CACHED_USERS) {
      this.#cache.delete(this.#cache.keys().next().value!);
    }
    this.#cache.set(userId, sessions.set(sessionId, principal));
  }

  #judge(principal: Principal | null, { tokenVersion }: { tokenVersion: number }): Standing {
    if (!principal) return { kind: "revoked" };
    const { ban, status } = principal;
    if (status === "deleted") return { kind: "deleted" };
    if (ban && (ban.until === null || Date.parse(ban.until) > this.#clock.now())) return { kind: "banned", ban };
    if (!principal.hasSession || principal.tokenVersion !== tokenVersion) return { kind: "revoked" };
    return { kind: "good", role: principal.role };
  }
}

const readPrincipal = batched(
  async (sql: Sql, wanted: readonly { userId: number; sessionId: number }[]): Promise<(Principal | null)[]> => {
    const rows: (Principal & { ord: number })[] = await sql`
      select w.ord::int as ord, a.role, a.status, a.token_version as "tokenVersion", s.id is not null as "hasSession",
        case when b.id is not null then json_build_object(
          'reason', b.reason, 'bannedAt', wire_time(b.banned_at), 'until', wire_time(b.until)) end as ban
      from unnest(${sql.array(
        wanted.map((w) => w.userId),
        "BIGINT",
      )}, ${sql.array(
        wanted.map((w) => w.sessionId),
        "BIGINT",
      )})
        with ordinality as w(user_id, session_id, ord)
      join accounts a on a.id = w.user_id
      left join sessions s on s.id = w.session_id and s.user_id = a.id and s.revoked_at is null
      left join bans b on b.user_id = a.id and b.lifted_at is null`;
    const byOrd = new Map(rows.map(({ ord, ...principal }) => [ord, principal]));
    return wanted.map((_, index) => byOrd.get(index + 1) ?? null);
  },
);
