import type { Context, MiddlewareHandler } from "hono";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { App } from "../context.ts";
import type { RedisLink } from "../platform/redis.ts";
import { isInternal, networkOf } from "./address.ts";
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

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const USERNAME_CHANGES_PER_DAY = 2;

/** `link`: the Redis that nodes share, null for one node. */
export function openLimits(rates: App["config"]["rates"], link: RedisLink | null): Limits {
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

/** For routes that write messages: one budget with the frames of all the user's sockets. */
export const spendMessage = spend("messages");
export const spendComment = spend("comments");
/** For likes, follows and bookmarks, and for taking them back. */
export const spendReaction = spend("reactions");
export const spendReport = spend("reports");
/** For videos and avatars. */
export const spendUpload = spend("uploads");
export const spendTicket = spend("tickets");

/** For routes by which staff change something. */
export const spendAdminWrite = spend("adminWrites");

export const spendSignup: MiddlewareHandler<Env> = async (c, next) => {
  await spendOfNetwork(c, "signups");
  await next();
};

/** For searches, which cost the most of what needs no token. */
export const spendSearch: MiddlewareHandler<Env> = async (c, next) => {
  if (!c.var.actor) await spendOfNetwork(c, "searches");
  await next();
};

function spend(budget: keyof Limits): MiddlewareHandler<Env> {
  return async (c, next) => {
    const waitMs = await c.env.app.limits[budget].spend(actorOf(c).userId);
    if (waitMs > 0) throw tooMany(waitMs);
    await next();
  };
}

async function spendOfNetwork(c: Context<Env>, budget: keyof Limits): Promise<void> {
  const { network, isShared } = originOf(c);
  const waitMs = isShared ? 0 : await c.env.app.limits[budget].spend(network);
  if (waitMs > 0) throw tooMany(waitMs);
}

/** Where a request comes from, past as many proxies as are trusted. */
export function addressOf(c: Context<Env>): string {
  const { app, address } = c.env;
  const header = c.req.header("x-forwarded-for");
  const { trustedProxies } = app.config;
  if (trustedProxies === 0 && (header || c.req.header("forwarded"))) warnOfProxies(app);
  const forwarded = header?.split(",").map((part) => part.trim()) ?? [];
  const behindProxies = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined;
  return behindProxies || address;
}

/** What attempts are counted by, and whether somebody still waits for their outcome. */
export type Origin = {
  address: string;
  /** What its budgets are counted by: the address, of IPv6 its /64. */
  network: string;
  /** A proxy that is not accounted for stands in between: a budget of the network would be everybody's. */
  isShared: boolean;
  /** Aborted when the other end has left. */
  signal: AbortSignal;
};

/**
 * The origin of a request. A header that says that it was forwarded is believed only from an internal address: anybody
 * else could send it to be counted nowhere.
 */
export function originOf(c: Context<Env>): Origin {
  const address = addressOf(c);
  const isForwarded = Boolean(c.req.header("x-forwarded-for") || c.req.header("forwarded"));
  const isShared = c.env.app.config.trustedProxies === 0 && isForwarded && isInternal(address);
  return { address, network: networkOf(address), isShared, signal: c.req.raw.signal };
}

const warned = new WeakSet<App>();

function warnOfProxies(app: App): void {
  if (warned.has(app)) return;
  warned.add(app);
  app.log.warn(
    "requests arrive with forwarded headers, but TRUSTED_PROXIES is 0: clients cannot be told apart by address, and behind a proxy of one's own the limits by address are off",
  );
}
