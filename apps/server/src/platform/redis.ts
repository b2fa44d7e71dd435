import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { wait } from "./clock.ts";
import type { Logger } from "./log.ts";

/** Redis is there and does not let us in; the message says how to mend it. */
export class RedisRefused extends Error {
  override name = "RedisRefused";
}

export type RedisMessage = { channel: string; text: string };

export type RedisEvents = {
  log: Logger;
  onMessage(message: RedisMessage): void;
  /** Called when we or another node are connected again. What was published meanwhile was not received. */
  onReconnect(): void;
};

const PROBE_EVERY_MS = 500;
/** Without one of our own probes for this long, Redis counts as away, whatever its connections say. */
const PROBE_TIMEOUT_MS = 2000;
const REBUILD_EVERY_MS = 2000;
const FIRST_PROBE_MS = 5000;
/** On which a node says that it has reconnected: what it published meanwhile the others have not received. */
const RECONNECTED_CHANNEL = "reelay:reconnected";
/** Channels in one SUBSCRIBE: together after a reconnect, without filling a frame of gigantic size. */
const MAX_CHANNELS = 512;
const REFUSALS = /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|AUTH|Client sent AUTH))/;

const OPTIONS = {
  lazyConnect: true,
  // What cannot be sent now is not sent later: the log makes up for it.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  retryStrategy: (attempt: number) => Math.min(50 * attempt, 500),
  connectTimeout: 2000,
  commandTimeout: 1000,
  disconnectTimeout: 200,
  // We do it ourselves: Redis counts as connected only when every channel is subscribed again.
  autoResubscribe: false,
};

/**
 * Two connections to one Redis that know whether they can be trusted: several times a second we publish a probe to
 * ourselves; one that does not arrive (a dead Redis, a frozen one, a subscription that got lost) means that it is away.
 * Nothing here throws later because Redis is away.
 */
export class RedisLink {
  /** For commands; each fails at once while Redis is away. */
  readonly commands: Redis;
  /** Of this process. */
  readonly nodeId = randomBytes(6).toString("hex");
  readonly #subscriber: Redis;
  readonly #events: RedisEvents;
  readonly #ownChannel = `reelay:node:${this.nodeId}`;
  readonly #wanted = new Set<string>();
  #subscribed = new Set<string>();
  /** Channels that may be wanted and not subscribed, or the other way round. */
  #unsettled = new Set<string>();
  #settling: Promise<void> | null = null;
  #outgoing: RedisMessage[] = [];
  #probedAtMs = Number.NEGATIVE_INFINITY;
  /** When the connections were last made, or got on with their channels. */
  #rebuiltAtMs = performance.now();
  #isUp = false;
  #wasEverUp = false;
  /** How often Redis was lost: what was begun before the last time does not count. */
  #losses = 0;
  #prober: Timer | undefined;

  private constructor(url: string, events: RedisEvents) {
    this.#events = events;
    this.commands = new Redis(url, OPTIONS);
    this.#subscriber = new Redis(url, OPTIONS);
    this.#subscriber.on("message", (channel, text) => this.#receive({ channel, text }));
    this.#subscriber.on("ready", () => void this.#resubscribe());
    this.commands.on("ready", () => this.#sendProbe());
    for (const client of [this.commands, this.#subscriber]) {
      client.on("error", () => {});
      client.on("close", () => this.#lost());
    }
  }

  /**
   * Connects. A Redis that is not there is waited for in the background: a node must be able to start without it.
   * @throws RedisRefused
   */
  static async open(url: string, events: RedisEvents): Promise<RedisLink> {
    const link = new RedisLink(url, events);
    try {
      await link.#start();
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /** False while messages may not come through. */
  isUp(): boolean {
    return this.#isUp;
  }

  /** Sends with everything else of this turn; while Redis is away, not at all. */
  publish(message: RedisMessage): void {
    if (!this.#isUp) return;
    if (this.#outgoing.length === 0) queueMicrotask(() => this.#send());
    this.#outgoing.push(message);
  }

  /** Resolves when messages on the channel come through, or Redis is away and `onReconnect` will follow. */
  async subscribe(channel: string): Promise<void> {
    this.#wanted.add(channel);
    this.#unsettled.add(channel);
    while (this.#isUp && this.#wanted.has(channel) && !this.#subscribed.has(channel)) await this.#settle();
  }

  unsubscribe(channel: string): void {
    this.#wanted.delete(channel);
    this.#unsettled.add(channel);
    if (this.#isUp) void this.#settle();
  }

  close(): void {
    clearInterval(this.#prober);
    this.#isUp = false;
    for (const client of [this.commands, this.#subscriber]) client.removeAllListeners("close");
    this.commands.disconnect();
    this.#subscriber.disconnect();
  }

  async #start(): Promise<void> {
    const refusal = new Promise<never>((_, reject) => {
      this.commands.on("error", ({ message }) => {
        if (REFUSALS.test(message)) reject(new RedisRefused(`REDIS_URL: Redis refuses the connection: ${message}`));
      });
    });
    // It may come when nothing waits for it any more.
    refusal.catch(() => {});
    const connected = Promise.allSettled([this.commands.connect(), this.#subscriber.connect()]);
    await Promise.race([connected, refusal, wait(FIRST_PROBE_MS, { keepsProcessAlive: true })]);
    this.#prober = setInterval(() => this.#probe(), PROBE_EVERY_MS);
    const deadline = performance.now() + FIRST_PROBE_MS;
    while (!this.#isUp && this.commands.status === "ready" && performance.now() < deadline) {
      await Promise.race([wait(10, { keepsProcessAlive: true }), refusal]);
    }
    // A refusal is reported a moment after the connection has ended.
    if (!this.#isUp) await Promise.race([wait(100, { keepsProcessAlive: true }), refusal]);
    if (!this.#isUp) this.#events.log.warn("redis unavailable, polling the log");
  }

  #probe(): void {
    const now = performance.now();
    if (now - this.#probedAtMs > PROBE_TIMEOUT_MS) this.#lost();
    if (!this.#isUp && now - Math.max(this.#probedAtMs, this.#rebuiltAtMs) > REBUILD_EVERY_MS) {
      this.#rebuiltAtMs = now;
      // From a connection that still looks good; one that is being made anew is left alone.
      for (const client of [this.commands, this.#subscriber]) if (client.status === "ready") client.disconnect(true);
    }
    this.#sendProbe();
  }

  /** Whether it arrives shows whether anything does. */
  #sendProbe(): void {
    this.commands.publish(this.#ownChannel, "").catch(() => {});
  }

  #receive(message: RedisMessage): void {
    if (message.channel === RECONNECTED_CHANNEL && message.text !== this.nodeId) return this.#events.onReconnect();
    if (message.channel === RECONNECTED_CHANNEL) return;
    if (message.channel !== this.#ownChannel) return this.#events.onMessage(message);
    this.#probedAtMs = performance.now();
    if (!this.#isUp) void this.#reconnect();
  }

  /** What was subscribed while only our commands failed to get through is made up for first. */
  async #reconnect(): Promise<void> {
    const losses = this.#losses;
    do await this.#settle();
    while (this.#unsettled.size > 0 && losses === this.#losses);
    if (this.#isUp || losses !== this.#losses) return;
    this.#isUp = true;
    this.#events.log.info(this.#wasEverUp ? "redis reconnected" : "redis connected");
    this.#wasEverUp = true;
    this.publish({ channel: RECONNECTED_CHANNEL, text: this.nodeId });
    this.#events.onReconnect();
  }

  #lost(): void {
    if (this.#isUp) this.#events.log.warn("redis unavailable, polling the log");
    this.#isUp = false;
    this.#losses++;
  }

  /** Our own channel comes last: when a probe arrives, every other channel is there as well. */
  async #resubscribe(): Promise<void> {
    this.#lost();
    this.#rebuiltAtMs = performance.now();
    await this.#settling;
    this.#subscribed = new Set();
    this.#unsettled = new Set(this.#wanted);
    try {
      await this.#subscribeWanted();
      await this.#subscriber.subscribe(RECONNECTED_CHANNEL);
      await this.#subscriber.subscribe(this.#ownChannel);
      this.#sendProbe();
    } catch {
      if (this.#subscriber.status === "ready") this.#subscriber.disconnect(true);
    }
  }

  /** Brings what is subscribed to what is wanted; callers of one turn share it. */
  #settle(): Promise<void> {
    this.#settling ??= Promise.resolve()
      .then(() => this.#subscribeWanted())
      .catch(() => {
        // Which channels Redis has subscribed for us is not known any more.
        this.#lost();
        if (this.#subscriber.status === "ready") this.#subscriber.disconnect(true);
      })
      .finally(() => {
        this.#settling = null;
      });
    return this.#settling;
  }

  async #subscribeWanted(): Promise<void> {
    while (this.#unsettled.size > 0) {
      const batch = [...this.#unsettled.values().take(MAX_CHANNELS)];
      for (const channel of batch) this.#unsettled.delete(channel);
      const missing = batch.filter((channel) => this.#wanted.has(channel) && !this.#subscribed.has(channel));
      const surplus = batch.filter((channel) => !this.#wanted.has(channel) && this.#subscribed.has(channel));
      // Before Redis is asked: a caller that wants one of them meanwhile must not find it subscribed.
      for (const channel of surplus) this.#subscribed.delete(channel);
      if (surplus.length > 0) await this.#subscriber.unsubscribe(...surplus);
      if (missing.length > 0) await this.#subscriber.subscribe(...missing);
      for (const channel of missing) this.#subscribed.add(channel);
      this.#rebuiltAtMs = performance.now();
    }
  }

  #send(): void {
    const pipeline = this.commands.pipeline();
    for (const { channel, text } of this.#outgoing) pipeline.publish(channel, text);
    this.#outgoing = [];
    pipeline.exec().then(
      (results) => results?.some(([error]) => error) && this.#lost(),
      () => this.#lost(),
    );
  }
}
