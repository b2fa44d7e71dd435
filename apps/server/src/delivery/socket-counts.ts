import { randomBytes } from "node:crypto";
import type { RedisLink } from "../platform/redis.ts";

/** What this node has at the moment it is asked. */
export type OpenSockets = { users(): number[]; countOf(userId: number): number };

/** Knows how many sockets a user has on other nodes. */
export type Roster = {
  /** Whether this node may have `open` sockets of the user. Notes that it has, unless that is too many over all nodes. */
  enter(userId: number, open: number, most: number): Promise<boolean>;
  /** This node has `open` sockets of the user now. */
  leave(userId: number, open: number): void;
  /** This node has what it has and no others: at its start, and when the others may have missed something of it. */
  announce(sockets: OpenSockets): Promise<void>;
  /** This node lives, and its database answers it or not; called several times within `NODE_TTL_SECONDS`. */
  keep(isDatabaseAnswering: boolean): Promise<void>;
  /** Whether the database has answered any node within the last `NODE_TTL_SECONDS`. */
  isDatabaseAnswering(): Promise<boolean>;
};

/** One node: its hub knows all there is. */
export const LOCAL_ROSTER: Roster = {
  enter: async () => true,
  leave() {},
  async announce() {},
  async keep() {},
  isDatabaseAnswering: async () => false,
};

/** What a node that died had is forgotten after that long. */
const NODE_TTL_SECONDS = 10;
const USER_TTL_SECONDS = 86_400;
const MAX_PIPELINED = 1000;

/** Sums up the living nodes' sockets of a user; the caller's are replaced by what it asks for, when that is not too many. */
const ENTER = `
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
 * While Redis is away each node counts for itself. What it had before under its name may be wrong then, so it takes a new
 * one, and the old one dies.
 */
export class RedisRoster implements Roster {
  readonly #link: RedisLink;
  #name = "";

  constructor(link: RedisLink) {
    this.#link = link;
  }

  async enter(userId: number, open: number, most: number): Promise<boolean> {
    if (!this.#link.isUp()) return true;
    const entered = await this.#link.commands
      .eval(ENTER, 1, keyOf(userId), this.#name, open, most, USER_TTL_SECONDS)
      .catch(() => null);
    return entered !== 0;
  }

  leave(userId: number, open: number): void {
    if (!this.#link.isUp()) return;
    const { commands } = this.#link;
    const left = open > 0 ? commands.hset(keyOf(userId), this.#name, open) : commands.hdel(keyOf(userId), this.#name);
    left.catch(() => {});
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

  async keep(isDatabaseAnswering: boolean): Promise<void> {
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
