import type { Context, MiddlewareHandler } from "hono";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { RedisLink } from "../platform/redis.ts";
import { actorOf } from "./auth.ts";
import { type ApiError, fail } from "./errors.ts";
import type { Env } from "./router.ts";

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

  /** Takes one; answers the milliseconds to wait when none is left, else 0. */
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

  #limiter() {
    return this.#link?.isUp() ? this.#shared : this.#local;
  }
}

/** Every limit of the service that is counted in attempts. */
export type Limits = {
  /** Messages and frames, by user. */
  messages: Budget;
  typing: Budget;
  /** Sockets that are opened, by user. */
  connects: Budget;
  /** Writes of staff, by user. */
  adminWrites: Budget;
  /** Failed logins, by account and address. */
  loginFailures: Budget;
  /** Failed logins, by address. */
  addressFailures: Budget;
};

/** `link`: the Redis that nodes share, null for one node. */
export function openLimits(messagesPerMinute: number, link: RedisLink | null): Limits {
  const budget = (name: string, points: number, windowSeconds: number) =>
    new Budget(name, { points, windowSeconds }, link);
  return {
    messages: budget("messages", messagesPerMinute, 60),
    typing: budget("typing", 30, 60),
    connects: budget("connects", 120, 60),
    adminWrites: budget("admin-writes", 1000, 60 * 60),
    loginFailures: budget("login-failures", 10, 15 * 60),
    addressFailures: budget("address-failures", 100, 60 * 60),
  };
}

export function tooMany(waitMs: number): ApiError {
  return fail("RATE_LIMIT", { retryAfter: waitMs / 1000 });
}

/** For routes that write messages: one budget with the frames of all the user's sockets. */
export const spendMessage = spend("messages");

/** For routes by which staff change something. */
export const spendAdminWrite = spend("adminWrites");

function spend(budget: keyof Limits): MiddlewareHandler<Env> {
  return async (c, next) => {
    const waitMs = await c.env.app.limits[budget].spend(actorOf(c).userId);
    if (waitMs > 0) throw tooMany(waitMs);
    await next();
  };
}

/** Where a request comes from, past as many proxies as are trusted. */
export function addressOf(c: Context<Env>): string {
  const { trustedProxies } = c.env.app.config;
  const forwarded =
    c.req
      .header("x-forwarded-for")
      ?.split(",")
      .map((part) => part.trim()) ?? [];
  const behindProxies = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined;
  return behindProxies || c.env.address;
}
