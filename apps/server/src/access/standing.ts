import type { Role } from "@reelay/contract";
import { LRUCache } from "lru-cache";
import { fail } from "../platform/api-error.ts";
import { batched } from "../platform/batched.ts";
import type { Clock } from "../platform/clock.ts";
import type { Sql } from "../platform/postgres.ts";
import { bigints } from "../platform/sql-fragments.ts";
import type { SessionClaim } from "./caller.ts";

export type Ban = { reason: string; bannedAt: string; until: string | null };

/** What an account and its session may do now. A ban is looked at before the session: it also outdates the token. */
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
 * Accounts and sessions as they were last read. They are forgotten when one changes, by this process or any other
 * (`AccessFeed`), so what stands here is at most a feed's interval old.
 */
export class Standings {
  readonly #sql: Sql;
  readonly #clock: Clock;
  /** By user, then by session. */
  readonly #cache = new LRUCache<number, Map<number, Principal>>({ max: MAX_CACHED_USERS });
  #forgotten = 0;

  constructor(sql: Sql, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  /** As it was last read: cheap, and at most moments old. */
  async cached(claim: SessionClaim): Promise<Standing> {
    const principal = this.#cache.get(claim.userId)?.get(claim.sessionId) ?? (await this.#read(claim));
    return this.#judge(principal, claim);
  }

  /** As the database has it now. */
  async read(claim: SessionClaim): Promise<Standing> {
    return this.#judge(await this.#read(claim), claim);
  }

  /**
   * The role of a caller in good standing, as it was last read.
   * @throws ApiError UNAUTHORIZED, ACCOUNT_BANNED
   */
  async require(claim: SessionClaim): Promise<Role> {
    const standing = await this.cached(claim);
    if (standing.kind === "banned") throw accountBanned(standing.ban);
    if (standing.kind !== "good") throw fail("UNAUTHORIZED");
    return standing.role;
  }

  forgetAll(): void {
    this.#forgotten++;
    this.#cache.clear();
  }

  forget(userId: number): void {
    this.#forgotten++;
    this.#cache.delete(userId);
  }

  async #read({ userId, sessionId }: SessionClaim): Promise<Principal | null> {
    const forgottenBefore = this.#forgotten;
    const principal = await readPrincipal(this.#sql, { userId, sessionId });
    // What was read while something was being forgotten may be what was to be forgotten.
    if (principal && forgottenBefore === this.#forgotten) this.#remember(userId, sessionId, principal);
    return principal;
  }

  #remember(userId: number, sessionId: number, principal: Principal): void {
    const sessions = this.#cache.get(userId) ?? new Map();
    this.#cache.set(userId, sessions.set(sessionId, principal));
  }

  #judge(principal: Principal | null, { tokenVersion }: SessionClaim): Standing {
    if (!principal) return { kind: "revoked" };
    const { ban, status } = principal;
    if (status === "deleted") return { kind: "deleted" };
    if (ban && (ban.until === null || Date.parse(ban.until) > this.#clock.now())) return { kind: "banned", ban };
    if (!principal.hasSession || principal.tokenVersion !== tokenVersion) return { kind: "revoked" };
    return { kind: "good", role: principal.role };
  }
}

/** The refusal of a banned user, which names the reason and the end of the ban. */
export function accountBanned(ban: Ban) {
  return fail("ACCOUNT_BANNED", {
    message: `This account is banned: ${ban.reason}`,
    details: { reason: ban.reason, until: ban.until },
  });
}

const readPrincipal = batched(
  async (sql: Sql, wanted: readonly { userId: number; sessionId: number }[]): Promise<(Principal | null)[]> => {
    const rows: (Principal & { ord: number })[] = await sql`
      select w.ord::int as ord, a.role, a.status, a.token_version as "tokenVersion", s.id is not null as "hasSession",
        case when b.id is not null then json_build_object(
          'reason', b.reason, 'bannedAt', wire_time(b.banned_at), 'until', wire_time(b.until)) end as ban
      from unnest(${bigints(sql, wanted, "userId")}, ${bigints(sql, wanted, "sessionId")})
        with ordinality as w(user_id, session_id, ord)
      join accounts a on a.id = w.user_id
      left join sessions s on s.id = w.session_id and s.user_id = a.id and s.revoked_at is null
      left join bans b on b.user_id = a.id and b.lifted_at is null`;
    const byOrd = new Map(rows.map(({ ord, ...principal }) => [ord, principal]));
    return wanted.map((_, index) => byOrd.get(index + 1) ?? null);
  },
);
