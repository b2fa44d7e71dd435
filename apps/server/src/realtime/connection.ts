import { CLOSE, type CloseReason, EVENTS, isForResumable } from "@reelay/contract";
import type { Caller } from "../access/caller.ts";
import { type Position, readCursor, type Start } from "../delivery/cursor.ts";
import type { Page } from "../delivery/pages.ts";
import { type Counter, type Publication, positioned, unreadCount, unseenCount } from "../delivery/publication.ts";
import type { StreamHead } from "../delivery/replay.ts";
import { wait } from "../platform/clock.ts";
import { placeAfterFork } from "./after-fork.ts";
import type { ConnectionServices } from "./connection-services.ts";
import { Cork } from "./cork.ts";
import { LatestValues } from "./latest-values.ts";
import { Liveness } from "./liveness.ts";
import { type Line, Outbox, type OutgoingEvent, PRESSED_BYTES } from "./outbox.ts";
import { Receipts } from "./receipts.ts";
import { StaleNotices } from "./stale-notices.ts";
import { SyncFrames } from "./sync-frames.ts";
import type { Transport } from "./transport.ts";

const FLUSH_MS = 1000;
const DROPPED = 0;
/** An event after so long without one brings its ping with it: who leaves at once has still received it. */
const QUIET_MS = 1000;

/**
 * The outgoing half of one socket: durable events by its outbox, counters by their revision, everything else at once. A
 * plain client gets frames of `type` and `data`; a resumable one also learns where each stands in the log.
 */
export class Connection {
  readonly transport: Transport;
  /** Replaced when the client brings a fresh token. */
  caller: Caller;
  /** What a resumable client asked to go on from; null for a plain one. */
  readonly cursor: string | null;
  readonly outbox: Outbox;
  readonly #services: ConnectionServices;
  readonly #cork: Cork;
  readonly #latest = new LatestValues();
  /** Few sockets ever need it. */
  #stale: StaleNotices | null = null;
  #written = 0;
  readonly receipts: Receipts;
  readonly #sync: SyncFrames;
  readonly liveness: Liveness;
  wroteAtMs = Number.NEGATIVE_INFINITY;
  nextPingAtMs = 0;
  /** Where it starts, and its user's counters, as they were read before it was let in. */
  entry: { start: Start; counters: readonly Counter[] } | null = null;
  /** Set when `connected` was sent, which comes before any ping. */
  isGreeted = false;
  /** Set when frames of the client are no longer read. */
  isDeaf = false;

  constructor(transport: Transport, caller: Caller, cursor: string | null, services: ConnectionServices) {
    this.transport = transport;
    this.caller = caller;
    this.cursor = cursor;
    this.#services = services;
    this.liveness = new Liveness(services.clock);
    this.#cork = new Cork(transport, () => this.ping());
    this.receipts = new Receipts((at) => {
      services.confirmations.note(this.caller.userId, this.caller.sessionId, at);
    });
    this.#sync = new SyncFrames({ epoch: services.epoch, userId: caller.userId }, (frame) => this.send(frame));
    this.outbox = new Outbox(this.#line());
  }

  isClosed(): boolean {
    return this.outbox.isClosed();
  }

  receive(publication: Publication): void {
    if (this.isClosed()) return;
    switch (publication.kind) {
      case "durable":
        // A type of a newer server is passed over, and what it changed made up for, where the log is read.
        if (!Object.hasOwn(EVENTS, publication.type)) return this.outbox.ring(publication.seq);
        return this.outbox.receive(publication);
      case "ring":
        return this.outbox.ring(publication.seq);
      case "latest":
        return this.#receiveLatest(publication);
      case "ephemeral":
        return void this.#sendWhenLive(publication.frame);
      case "stale":
        return this.#receiveStale(publication.frame);
      case "access":
        return this.#services.recheck(this);
    }
  }

  /** Goes on as another session of the same user: what this socket has received, that session has. */
  become(caller: Caller): void {
    const isAnother = caller.sessionId !== this.caller.sessionId;
    if (isAnother) this.#services.confirmations.note(caller.userId, caller.sessionId, this.receipts.confirmed);
    this.caller = caller;
  }

  /** The first frame. */
  greet(): void {
    this.isGreeted = true;
    this.send(JSON.stringify({ type: "connected", userId: this.caller.userId }));
  }

  /**
   * Writes everything above where it starts, then goes live. `counters` are the user's counters read before: they are
   * sent when anything was replayed, or the client is resumable, and whatever is not newer than they are is dropped.
   */
  async startAt(start: Start, counters: readonly Counter[]): Promise<void> {
    if (this.isClosed()) return;
    this.receipts.startAt(start.at);
    this.#latest.outdate(counters);
    if (this.cursor !== null) this.#sync.hello(start);
    this.entry = null;
    await this.outbox.start(start.at, () => {
      if (this.#written > 0 && this.receipts.isPingOwed(this.outbox.last.seq)) this.ping();
      if (this.cursor !== null) this.#sync.synced(this.outbox.last);
      if (this.cursor !== null || this.#written > 0) this.#latest.restore(counters);
    });
  }

  /**
   * Where the user's log and counters stand, and where this socket stood before that was read: whatever the channel lost
   * is made up for, and a database that went back is noticed.
   */
  heartbeat(head: StreamHead & { userId: number }, before: { at: Position; rev: number }): void {
    this.outbox.compare(head, before.at);
    if (head.rev < before.rev) this.#latest.replaceAll([]);
    else if (head.rev === 0) return;
    for (const counter of [unreadCount(head), unseenCount(head)]) {
      if (this.#latest.isNews(counter)) this.#receiveLatest(counter);
    }
  }

  get countersRev(): number {
    return this.#latest.rev;
  }

  /** A frame outside the log. Behind one that the runtime dropped nothing may follow. */
  send(frame: string): void {
    if (!this.isClosed() && this.transport.send(frame) === DROPPED) this.close(CLOSE.tooSlow);
  }

  /** A ping that carries the last seq: its echo proves that everything before reached the client. */
  ping(): void {
    this.liveness.pinged();
    this.#cork.isPingDue = false;
    this.transport.ping(this.receipts.payloadAt(this.outbox.last));
  }

  /**
   * An echoed ping. One that does not fit what was pinged here is a sign of life only.
   * @returns whether a ping of ours was waiting for an answer
   */
  pong(payload: string): boolean {
    this.receipts.pong(payload);
    return this.liveness.ponged();
  }

  /**
   * The client has processed everything up to a cursor. One that does not fit what was sent here confirms nothing.
   * @returns whether it goes beyond every ack before it
   */
  ack(cursor: string): boolean {
    const at = readCursor(cursor, this.#sync.stream);
    return typeof at !== "string" && !this.outbox.isBeyond(at) && this.receipts.ack(at);
  }

  /** The socket's buffer has room again. */
  drained(): void {
    this.outbox.drained();
    if (this.outbox.state === "live" && !this.#isPressed()) this.#sendKept();
  }

  /** The server is about to close this socket: the client should come back after that long. */
  announceRestart(afterMs: number): void {
    if (this.cursor !== null && this.isGreeted) {
      this.#sync.reconnect(afterMs, this.outbox.last);
    }
  }

  /**
   * Ends the socket: reads no more frames, brings out what the log still holds (an event that tells why, for one) for
   * at most a second, closes, and cuts the line a moment later if the close frame cannot get through.
   */
  async finish(reason: CloseReason, lastWords?: string): Promise<void> {
    if (this.isDeaf) return;
    this.isDeaf = true;
    const isInTime = () => Promise.race([this.outbox.catchUp().then(() => true), wait(FLUSH_MS)]);
    if (lastWords && !(this.outbox.isStarted && (await isInTime()))) {
      this.send(lastWords);
      // The log may still hold the same.
      this.outbox.close();
    }
    await this.#flushed();
    this.#end(reason);
  }

  close(reason: CloseReason): void {
    if (!this.isClosed()) this.#end(reason);
  }

  #end(reason: CloseReason): void {
    this.isDeaf = true;
    this.ended();
    this.transport.close(reason.code, reason.reason);
    setTimeout(() => this.transport.terminate(), FLUSH_MS).unref();
  }

  /** The socket is gone, by whichever side. */
  ended(): void {
    this.outbox.close();
    this.#stale?.close();
  }

  #line(): Line {
    const { replay, clock, log } = this.#services;
    return {
      clock,
      write: (event) => this.#write(event),
      bufferedBytes: () => this.transport.getBufferedAmount(),
      cork: (write) => this.#cork.write(write),
      readPage: (after) => replay.page(this.caller.userId, after),
      skip: (page) => this.#skip(page),
      forked: (page) => this.#goOnAfterFork(page),
      wentLive: () => this.#sendKept(),
      failed: (err) => log.warn({ err, userId: this.caller.userId }, "the log cannot be read, trying again"),
    };
  }

  #write({ seq, mark, type, frame }: OutgoingEvent): void {
    if (this.cursor === null && isForResumable(type)) return;
    const text = this.cursor === null ? frame! : positioned(frame!, seq, this.#sync.cursorAt({ seq, mark }));
    const now = this.#services.clock.monotonic();
    this.#cork.isPingDue ||= now - this.wroteAtMs >= QUIET_MS;
    this.wroteAtMs = now;
    this.#written++;
    if (this.#cork.isPingDue) return this.#cork.write(() => this.send(text));
    this.send(text);
    this.#services.wrote(this);
  }

  /** A plain client gets what is left of a trimmed log; a resumable one all, or is told that it is not all. */
  #skip({ top }: Page): boolean {
    if (this.cursor === null) return false;
    this.#sync.reset("too_old", top);
    return true;
  }

  async #goOnAfterFork(page: Page): Promise<Position> {
    const { at, counters } = await placeAfterFork(this.#services, this.caller, page, this.cursor === null);
    this.#latest.replaceAll(counters);
    this.receipts.startAt(at);
    if (this.cursor !== null) this.#sync.reset("epoch", at);
    return at;
  }

  #receiveLatest(counter: Counter): void {
    const isHeldBack = this.outbox.state !== "live" || this.#isPressed();
    if (this.#latest.accept(counter, isHeldBack) && !isHeldBack) this.send(counter.frame);
  }

  #receiveStale(frame: string): void {
    if (this.cursor === null) return;
    this.#stale ??= new StaleNotices((each) => this.#sendWhenLive(each));
    this.#stale.add(frame);
  }

  #sendKept(): void {
    for (const frame of this.#latest.takeKept()) this.send(frame);
  }

  #sendWhenLive(frame: string): boolean {
    if (this.outbox.state !== "live" || this.#isPressed()) return false;
    this.send(frame);
    return true;
  }

  #isPressed(): boolean {
    return this.transport.getBufferedAmount() > PRESSED_BYTES;
  }

  async #flushed(): Promise<void> {
    if (this.transport.getBufferedAmount() > 0) await Promise.race([this.outbox.nextDrain(), wait(FLUSH_MS)]);
  }
}
