import { randomBytes } from "node:crypto";
import type { RedisLink } from "../platform/redis.ts";

/** The sockets of this node at the moment it is asked. */
export type OpenSockets = { users(): number[]; countOf(userId: number): number };

/** How many sockets each user has, over all nodes. */
export type SocketCounts = {
  /** Whether this node may have `open` sockets of the user. Notes that it has, unless that is too many over all nodes. */
  reserve(userId: number, open: number, most: number): Promise<boolean>;
  /** This node has `open` sockets of the user now. */
  update(userId: number, open: number): void;
  /** This node has these sockets and no others: at its start, and when the others may have missed something of it. */
  announce(sockets: OpenSockets): Promise<void>;
  /** This node lives, and its database answers it or not; called several times within `NODE_TTL_SECONDS`. */
  renew(isDatabaseAnswering: boolean): Promise<void>;
  /** Whether the database has answered any node within the last `NODE_TTL_SECONDS`. */
  isDatabaseAnswering(): Promise<boolean>;
};

/** One node: its hub knows all there is. */
export const LOCAL_SOCKET_COUNTS: SocketCounts = {
  reserve: async () => true,
  update() {},
  async announce() {},
  async renew() {},
  isDatabaseAnswering: async () => false,
};

/** The sockets of a node that died are forgotten after that long. */
const NODE_TTL_SECONDS = 10;
const USER_TTL_SECONDS = 86_400;
const MAX_PIPELINED = 1000;

/** Sums up the living nodes' sockets of a user; the caller's are replaced by the number it asks for, unless that is too many. */
const RESERVE = `
  local others = 0
  local counts = redis.call('HGETALL', KEYS[1])
  for i = 1, #counts, 2 do
    if counts[i] ~= ARGV[1] then
      if redis.call('EXISTS', 'reelay:alive:' .. counts[i]) == 1 then others = others + tonumber(counts[i + 1])
      else redis.call('HDEL', KEYS[1], counts[i]) end
    end
  end
  if others + tonumber(ARGV[2]) > tonumber(ARGV[3]) then return 0 end
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[4])
  return 1`;

/** The nodes that the database answers, by when it last did: on the clock of Redis, which they share. */
const ANSWERED_KEY = "reelay:database";
const NOTE_ANSWERED = `
  local now = tonumber(redis.call('TIME')[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
  redis.call('ZADD', KEYS[1], now, ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[2])`;
const COUNT_ANSWERED = `
  local now = tonumber(redis.call('TIME')[1])
  return redis.call('ZCOUNT', KEYS[1], now - ARGV[1], '+inf')`;

/**
 * While Redis is away each node counts for itself. The counts under its name may be wrong after that, so it takes a new
 * name, and the old one expires.
 */
export class RedisSocketCounts implements SocketCounts {
  readonly #link: RedisLink;
  #name = "";

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async reserve(userId: number, open: number, most: number): Promise<boolean> {
    if (!this.#link.isUp()) return true;
    const reserved = await this.#link.commands
      .eval(RESERVE, 1, keyOf(userId), this.#name, open, most, USER_TTL_SECONDS)
      .catch(() => null);
    return reserved !== 0;
  }

  update(userId: number, open: number): void {
    if (!this.#link.isUp()) return;
    const { commands } = this.#link;
    const updated =
      open > 0 ? commands.hset(keyOf(userId), this.#name, open) : commands.hdel(keyOf(userId), this.#name);
    updated.catch(() => {});
  }

  /** Counts are read as they are sent: what changes meanwhile is sent after them. */
  async announce(sockets: OpenSockets): Promise<void> {
    if (!this.#link.isUp()) return;
    const { commands } = this.#link;
    const [before, name] = [this.#name, randomBytes(6).toString("hex")];
    await commands.set(aliveKey(name), 1, "EX", NODE_TTL_SECONDS);
    this.#name = name;
    await commands.del(aliveKey(before));
    const users = sockets.users();
    for (let first = 0; first < users.length; first += MAX_PIPELINED) {
      const pipeline = commands.pipeline();
      for (const userId of users.slice(first, first + MAX_PIPELINED)) {
        const open = sockets.countOf(userId);
        if (open > 0) pipeline.hset(keyOf(userId), name, open).expire(keyOf(userId), USER_TTL_SECONDS);
      }
      await pipeline.exec();
    }
  }

  async renew(isDatabaseAnswering: boolean): Promise<void> {
    if (!this.#link.isUp()) return;
    const { commands } = this.#link;
    await commands.set(aliveKey(this.#name), 1, "EX", NODE_TTL_SECONDS);
    if (isDatabaseAnswering) await commands.eval(NOTE_ANSWERED, 1, ANSWERED_KEY, this.#name, NODE_TTL_SECONDS);
  }

  async isDatabaseAnswering(): Promise<boolean> {
    if (!this.#link.isUp()) return false;
    return Number(await this.#link.commands.eval(COUNT_ANSWERED, 1, ANSWERED_KEY, NODE_TTL_SECONDS)) > 0;
  }
}

function keyOf(userId: number): string {
  return `reelay:sockets:${userId}`;
}

function aliveKey(name: string): string {
  return `reelay:alive:${name}`;
}
