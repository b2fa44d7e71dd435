import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { type ApiError, fail } from "../platform/api-error.ts";
import type { RedisLink } from "../platform/redis.ts";

/** So many points a window, by key. */
type Allowance = { points: number; windowSeconds: number };

/** What may be spent, on all nodes together; while Redis is away, on each by itself. */
export class Budget {
  readonly #local: RateLimiterMemory | null;
  readonly #shared: RateLimiterRedis | null;
  readonly #link: RedisLink | null;

  /** `points` 0: no limit. */
  constructor(name: string, { points, windowSeconds }: Allowance, link: RedisLink | null) {
    const rule = { points, duration: windowSeconds, keyPrefix: `reelay:limit:${name}` };
    this.#link = link;
    this.#local = points === 0 ? null : new RateLimiterMemory(rule);
    this.#shared =
      link && this.#local
        ? new RateLimiterRedis({ ...rule, storeClient: link.commands, insuranceLimiter: this.#local })
        : null;
  }

  /** Takes one; returns the milliseconds to wait when none is left, else 0. */
  async spend(key: string | number): Promise<number> {
    try {
      await this.#limiter()?.consume(key);
      return 0;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext);
      throw refused;
    }
  }

  /** The milliseconds to wait when none is left, else 0; takes nothing. */
  async check(key: string | number): Promise<number> {
    const state = await this.#limiter()?.get(key);
    return state && state.remainingPoints <= 0 ? Math.max(1, state.msBeforeNext) : 0;
  }

  /** Gives one back that was spent for nothing. */
  async refund(key: string | number): Promise<void> {
    await this.#limiter()?.reward(key);
  }

  #limiter() {
    return this.#link?.isUp() ? this.#shared : this.#local;
  }
}

/** Every limit of the service that is counted in attempts. */
export type Limits = {
  /** Messages and frames, by user. */
  messages: Budget;
  typing: Budget;
  /** Comments that are written or edited, by user. */
  comments: Budget;
  /** Likes, follows and bookmarks, by user. */
  reactions: Budget;
  reports: Budget;
  /** Videos and avatars, by user. */
  uploads: Budget;
  /** Changes of a profile, by user. */
  profileChanges: Budget;
  usernameChanges: Budget;
  /** Sockets that are opened, by user. */
  connects: Budget;
  tickets: Budget;
  /** Writes of staff, by user. */
  adminWrites: Budget;
  /** Registrations, by network. */
  signups: Budget;
  /** Logins of any outcome, by network: beyond it they wait behind others. */
  logins: Budget;
  /** Searches without a token, by network. */
  searches: Budget;
  /** Failed logins, by what was tried and network. */
  loginFailures: Budget;
  /** Failed logins, by network. */
  addressFailures: Budget;
};

/** How much of each is allowed, as the configuration says it; 0: as much as they like. */
export type Rates = Readonly<
  Record<
    | "messagesPerMinute"
    | "commentsPerMinute"
    | "reactionsPerMinute"
    | "reportsPerHour"
    | "uploadsPerHour"
    | "profileChangesPerHour"
    | "connectsPerMinute"
    | "ticketsPerMinute"
    | "signupsPerHour"
    | "loginsPerHour"
    | "searchesPerMinute",
    number
  >
>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const USERNAME_CHANGES_PER_DAY = 2;

/** `link`: the Redis that nodes share, null for one node. */
export function openLimits(rates: Rates, link: RedisLink | null): Limits {
  const budget = (name: string, points: number, windowSeconds: number) =>
    new Budget(name, { points, windowSeconds }, link);
  return {
    messages: budget("messages", rates.messagesPerMinute, MINUTE),
    typing: budget("typing", 30, MINUTE),
    comments: budget("comments", rates.commentsPerMinute, MINUTE),
    reactions: budget("reactions", rates.reactionsPerMinute, MINUTE),
    reports: budget("reports", rates.reportsPerHour, HOUR),
    uploads: budget("uploads", rates.uploadsPerHour, HOUR),
    profileChanges: budget("profile-changes", rates.profileChangesPerHour, HOUR),
    usernameChanges: budget("username-changes", USERNAME_CHANGES_PER_DAY, 24 * HOUR),
    connects: budget("connects", rates.connectsPerMinute, MINUTE),
    tickets: budget("tickets", rates.ticketsPerMinute, MINUTE),
    adminWrites: budget("admin-writes", 1000, HOUR),
    signups: budget("signups", rates.signupsPerHour, HOUR),
    logins: budget("logins", rates.loginsPerHour, HOUR),
    searches: budget("searches", rates.searchesPerMinute, MINUTE),
    loginFailures: budget("login-failures", 10, 15 * MINUTE),
    addressFailures: budget("address-failures", 100, HOUR),
  };
}

export function tooMany(waitMs: number): ApiError {
  return fail("RATE_LIMIT", { retryAfter: waitMs / 1000 });
}
