import type { CloseReason } from "@reelay/contract";
import type { Confirmations } from "../delivery/confirm.ts";
import { type Counter, type Publication, unreadCount, unseenCount } from "../delivery/publication.ts";
import { PAGE_SIZE, type Replay, type StreamHead } from "../delivery/replay.ts";
import { type Clock, wait } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { LatestValues } from "./latest-values.ts";
import type { Identity, Transport } from "./transport.ts";

/** Above this many unsent bytes nothing more is pushed: the log keeps the rest until the socket has drained. */
export const STOP_PUSHING_BYTES = 256 * 1024;
/** How long an event waits for the one before it, before the log is asked. */
const GAP_WAIT_MS = 20;
/** Events held back for a missing one; what comes beyond is read from the log again. */
const MAX_EARLY_EVENTS = 256;
const READ_AGAIN_MS = 500;
const FLUSH_MS = 1000;

export type ConnectionServices = {
  replay: Replay;
  confirmations: Confirmations;
  clock: Clock;
  log: Logger;
  /** Called when events were written that no ping has carried yet. */
  wrote(connection: Connection): void;
  /** Called when the account's standing may have changed. */
  recheck(connection: Connection): void;
};

/**
 * buffering: registered, but the backlog comes first, so events are only remembered.
 * live: an event that is next in line goes out at once.
 * behind: the log is being read; goes live when the end is reached.
 * stalled: the client does not read; nothing is held in memory, the log is read when it drains.
 * closed: nothing goes out any more.
 */
export type ConnectionState = "buffering" | "live" | "behind" | "stalled" | "closed";

/**
 * The outgoing half of one socket. Decides by seq what becomes of each publication: the next one is forwarded, an old
 * one dropped, and behind a gap the log is read. Every durable event goes out once, in order.
 */
export class Connection {
  readonly transport: Transport;
  /** Replaced when the client brings a fresh token. */
  identity: Identity;
  readonly #services: ConnectionServices;
  state: ConnectionState = "buffering";
  /** Everything up to here was written or rightly passed over. */
  lastSeq = 0;
  pingedSeq = 0;
  confirmedSeq = 0;
  heardAtMs: number;
  wroteAtMs = 0;
  pingedAtMs = 0;
  nextPingAtMs = 0;
  /** Set when `connected` was sent, which comes before any ping. */
  isGreeted = false;
  /** Set when frames of the client are no longer read. */
  isDeaf = false;
  #isStarted = false;
  #topSeq = 0;
  #early = new Map<number, string>();
  readonly #latest = new LatestValues();
  #gapTimer: Timer | null = null;
  #reading: Promise<void> | null = null;
  #onDrain: (() => void)[] = [];

  constructor(transport: Transport, identity: Identity, services: ConnectionServices) {
    this.transport = transport;
    this.identity = identity;
    this.#services = services;
    this.heardAtMs = services.clock.now();
  }

  isClosed(): boolean {
    return this.state === "closed";
  }

  receive(publication: Publication): void {
    if (this.isClosed()) return;
    switch (publication.kind) {
      case "durable":
        return this.#receiveDurable(publication.seq, publication.frame);
      case "latest":
        return this.#receiveLatest(publication);
      case "ephemeral":
        if (this.state === "live") this.send(publication.frame);
        return;
      case "access":
        return this.#services.recheck(this);
    }
  }

  /**
   * Writes everything above `seq`, then goes live. `counters` are the user's counters read before: they are sent when
   * anything was replayed, and whatever is not newer than they are is dropped.
   */
  async startAt(seq: number, counters: readonly Counter[]): Promise<void> {
    if (this.isClosed()) return;
    this.lastSeq = seq;
    this.confirmedSeq = seq;
    this.#isStarted = true;
    let written = 0;
    this.#latest.outdate(counters);
    this.#reading = this.#readLog(
      () => written++,
      () => written > 0 && this.#latest.restore(counters),
    ).finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  /** The log is known to reach up to `seq`: reads on when that is further than what was written. */
  ring(seq: number): void {
    this.#topSeq = Math.max(this.#topSeq, seq);
    if (this.state === "live" && this.#topSeq > this.lastSeq) void this.catchUp();
  }

  /** Where the user's log and counters stand: whatever the channel lost is made up for. */
  heartbeat(head: StreamHead & { userId: number }): void {
    this.ring(head.seq);
    for (const counter of [unreadCount(head), unseenCount(head)]) {
      if (this.#latest.isNews(counter)) this.#receiveLatest(counter);
    }
  }

  /** Writes whatever the log holds above what was written, then goes live. Joins a reading under way. */
  async catchUp(): Promise<void> {
    if (this.isClosed() || !this.#isStarted) return;
    this.#reading ??= this.#readLog().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  /** The first frame. */
  greet(): void {
    this.isGreeted = true;
    this.send(JSON.stringify({ type: "connected", userId: this.identity.userId }));
  }

  /** A frame outside the log. */
  send(frame: string): void {
    if (!this.isClosed()) this.transport.send(frame);
  }

  /** A ping that carries the last seq: its echo proves that everything before reached the client. */
  ping(): void {
    this.pingedSeq = this.lastSeq;
    this.pingedAtMs = this.#services.clock.now();
    this.transport.ping(String(this.lastSeq));
  }

  /** An echoed ping. One that does not fit what was pinged here is a sign of life only. */
  pong(payload: string): void {
    this.heardAtMs = this.#services.clock.now();
    const seq = /^\d{1,16}$/.test(payload) ? Number(payload) : -1;
    if (seq <= this.confirmedSeq || seq > this.pingedSeq) return;
    this.confirmedSeq = seq;
    this.#services.confirmations.note(this.identity.userId, this.identity.sessionId, seq);
  }

  /** The socket's buffer has emptied. */
  drained(): void {
    for (const resolve of this.#onDrain.splice(0)) resolve();
    if (this.state === "stalled") void this.catchUp();
  }

  /**
   * Ends the socket: reads no more frames, brings out what the log still holds (an event that tells why, for one) for
   * at most a second, closes, and cuts the line a moment later if the close frame cannot get through.
   */
  async finish(reason: CloseReason, lastWords?: string): Promise<void> {
    if (this.isDeaf) return;
    this.isDeaf = true;
    const isInTime = () => Promise.race([this.catchUp().then(() => true), wait(FLUSH_MS)]);
    if (lastWords && !(this.#isStarted && (await isInTime()))) this.send(lastWords);
    await this.#flushed();
    this.close(reason);
  }

  close(reason: CloseReason): void {
    if (this.isClosed()) return;
    this.isDeaf = true;
    this.ended();
    this.transport.close(reason.code, reason.reason);
    setTimeout(() => this.transport.terminate(), FLUSH_MS).unref();
  }

  /** The socket is gone, by whichever side. */
  ended(): void {
    this.state = "closed";
    this.#early.clear();
    if (this.#gapTimer) clearTimeout(this.#gapTimer);
    for (const resolve of this.#onDrain.splice(0)) resolve();
  }

  #receiveDurable(seq: number, frame: string): void {
    this.#topSeq = Math.max(this.#topSeq, seq);
    if (seq <= this.lastSeq) return;
    if (this.state === "live" && this.transport.getBufferedAmount() > STOP_PUSHING_BYTES) {
      this.state = "stalled";
      this.#early.clear();
    }
    if (this.state === "stalled") return;
    if (this.#early.size < MAX_EARLY_EVENTS) this.#early.set(seq, frame);
    if (this.state !== "live") return;
    this.#writeEarly();
    if (this.#topSeq > this.lastSeq) this.#gapTimer ??= setTimeout(() => this.#closeGap(), GAP_WAIT_MS);
  }

  #receiveLatest(counter: Counter): void {
    const isLive = this.state === "live";
    if (this.#latest.accept(counter, !isLive) && isLive) this.send(counter.frame);
  }

  #closeGap(): void {
    this.#gapTimer = null;
    if (this.state === "live" && this.#topSeq > this.lastSeq) void this.catchUp();
  }

  async #readLog(onWrite = () => {}, atEnd: () => void = () => {}): Promise<void> {
    if (this.state !== "buffering") this.state = "behind";
    do {
      await this.#roomToWrite();
      // Read before the page is: every event heard of so far was committed, so what that page lacks was trimmed.
      const heardOf = this.#topSeq;
      const page = await this.#readPage();
      if (this.isClosed()) return;
      this.transport.cork(() => {
        for (const event of page) this.#write(event.seq, event.frame, onWrite);
      });
      if (page.length === PAGE_SIZE) continue;
      this.lastSeq = Math.max(this.lastSeq, heardOf);
      this.#writeEarly(onWrite);
      if (this.#topSeq <= this.lastSeq) break;
    } while (!this.isClosed());
    if (this.isClosed()) return;
    atEnd();
    this.#goLive();
  }

  async #readPage() {
    for (;;) {
      try {
        return await this.#services.replay.page(this.identity.userId, this.lastSeq);
      } catch (error) {
        if (this.isClosed()) return [];
        this.#services.log.warn({ err: error, userId: this.identity.userId }, "the log cannot be read, trying again");
        await wait(READ_AGAIN_MS);
      }
    }
  }

  #goLive(): void {
    this.state = "live";
    for (const frame of this.#latest.takeKept()) this.send(frame);
  }

  #writeEarly(onWrite = () => {}): void {
    for (;;) {
      const next = this.lastSeq + 1;
      const frame = this.#early.get(next);
      if (frame === undefined) break;
      this.#write(next, frame, onWrite);
    }
    for (const seq of this.#early.keys()) if (seq <= this.lastSeq) this.#early.delete(seq);
  }

  #write(seq: number, frame: string | null, onWrite: () => void): void {
    if (seq <= this.lastSeq) return;
    this.lastSeq = seq;
    if (frame === null) return;
    this.send(frame);
    onWrite();
    this.wroteAtMs = this.#services.clock.now();
    this.#services.wrote(this);
  }

  async #roomToWrite(): Promise<void> {
    while (!this.isClosed() && this.transport.getBufferedAmount() > STOP_PUSHING_BYTES) await this.#nextDrain();
  }

  async #flushed(): Promise<void> {
    if (this.isClosed() || this.transport.getBufferedAmount() === 0) return;
    await Promise.race([this.#nextDrain(), wait(FLUSH_MS)]);
  }

  #nextDrain(): Promise<void> {
    return new Promise((resolve) => this.#onDrain.push(resolve));
  }
}
