import type { Context } from "hono";
import type { App } from "../app.ts";
import { isInternal, networkOf } from "./address.ts";
import type { Env } from "./env.ts";

/** Where a request comes from, past as many proxies as are trusted. */
export function addressOf(c: Context<Env>): string {
  const { app, address } = c.env;
  return addressBehindProxies(app, c.req.raw.headers, address);
}

/** The same for a request that Hono does not see. `peer` is the other end of its connection. */
export function addressBehindProxies<T extends string | undefined>(app: App, headers: Headers, peer: T): string | T {
  const { trustedProxies } = app.config;
  const header = headers.get("x-forwarded-for");
  if (trustedProxies === 0 && (header || headers.get("forwarded"))) warnOfProxies(app);
  const forwarded = header?.split(",").map((part) => part.trim()) ?? [];
  const behindProxies = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined;
  return behindProxies || peer;
}

/** What attempts are counted by, and whether somebody still waits for their outcome. */
export type Origin = {
  address: string;
  /** What its budgets are counted by: the address, of IPv6 its /64. */
  network: string;
  /** A proxy that is not accounted for stands in between: a budget of the network would be everybody's. */
  isShared: boolean;
  /** Aborted when the client has left. */
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
    "requests arrive with forwarded headers, but TRUSTED_PROXIES is 0: clients cannot be distinguished by address, and behind a proxy of one's own the limits by address are off",
  );
}
