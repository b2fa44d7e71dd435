import { CLOSE, type CloseReason, EVENTS } from "@reelay/contract";
import type { Caller } from "../access/caller.ts";
import { type Position, readCursor, type Start } from "../delivery/cursor.ts";
import type { Counter, Publication } from "../delivery/publication.ts";
import type { StreamHead } from "../delivery/replay.ts";
import { wait } from "../platform/clock.ts";
import { Cork } from "./cork.ts";
import { Feed, type FeedClient, type FeedServices, type Progress } from "./feed.ts";
import { Liveness } from "./liveness.ts";
import type { OutboxState } from "./outbox-state.ts";
import { Pings } from "./pings.ts";
import { Receipts } from "./receipts.ts";
import { syncReconnect } from "./sync-frames.ts";
import type { Transport } from "./transport.ts";

const FLUSH_MS = 1000;
const DROPPED = 0;

/** What connections read from and report to. */
export type ConnectionServices = FeedServices & {
  /** A client that reads nothing for that long is closed; 0: never. */
  stallMs: number;
  /** Called when the first event was written that no ping has carried yet. */
  pingOwed(connection: Connection): void;
  /** Called when the account's standing may have changed. */
  recheck(connection: Connection): void;
};

/**
 * The outgoing half of one socket: durable events by its outbox, counters by their revision, everything else at once. A
 * plain client gets frames of `type` and `data`; a resumable one also learns where each stands in the log.
 */
export class Connection implements FeedClient {
  /** What a resumable client asked to go on from; null for a plain one. */
  readonly cursor: string | null;
  readonly #transport: Transport;
  readonly #services: ConnectionServices;
  readonly #cork: Cork;
  readonly #receipts = new Receipts();
  readonly #liveness: Liveness;
  readonly #pings: Pings;
  readonly #feed: Feed;
  #caller: Caller;
  #isConnected = false;
  #isClosing = false;

  constructor(transport: Transport, caller: Caller, cursor: string | null, services: ConnectionServices) {
    this.cursor = cursor;
    this.#transport = transport;
    this.#caller = caller;
    this.#services = services;
    this.#cork = new Cork(transport, this);
    const now = services.clock.monotonic();
    this.#liveness = new Liveness(now);
    this.#pings = new Pings(now);
    this.#feed = new Feed(this, this.#receipts, services);
  }

  /** Who the client is, as which session: replaced when it brings a fresh token. */
  get caller(): Caller {
    return this.#caller;
  }

  get isResumable(): boolean {
    return this.cursor !== null;
  }

  /** Whether `connected` was sent, which comes before any ping. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Whether frames of the client are no longer read. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Everything up to here was written, or rightly passed over. */
  get position(): Position {
    return this.#feed.outbox.last;
  }

  /** Everything up to here is proven to be received, or was before. */
  get confirmed(): Position {
    return this.#receipts.confirmed;
  }

  get outboxState(): OutboxState {
    return this.#feed.outbox.state;
  }

  get eventsSent(): number {
    return this.#feed.eventsSent;
  }

  isClosed(): boolean {
    return this.#feed.outbox.isClosed();
  }

  receive(publication: Publication): void {
    if (this.isClosed()) return;
    switch (publication.kind) {
      case "durable":
        // A type of a newer server is passed over, and what it changed made up for, where the log is read.
        if (!Object.hasOwn(EVENTS, publication.type)) return this.#feed.outbox.logAdvanced(publication.seq);
        return this.#feed.outbox.receive(publication);
      case "log_advanced":
        return this.#feed.outbox.logAdvanced(publication.seq);
      case "latest":
        return this.#feed.receiveLatest(publication);
      case "ephemeral":
        return this.#feed.receiveEphemeral(publication.frame);
      case "stale":
        return this.#feed.receiveStale(publication.frame);
      case "access":
        return this.#services.recheck(this);
    }
  }

  /** Goes on as another session of the same user: what this socket has received, that session has. */
  switchSession(caller: Caller): void {
    const isAnother = caller.sessionId !== this.#caller.sessionId;
    this.#caller = caller;
    if (isAnother) this.#noteConfirmed();
  }

  /** Where it is to start. `counters` are the user's counters, read together with it. */
  placeAt(start: Start, counters: readonly Counter[]): void {
    this.#feed.placeAt(start, counters);
  }

  /** The first frame. */
  sendConnected(): void {
    this.#isConnected = true;
    this.send(JSON.stringify({ type: "connected", userId: this.#caller.userId }));
  }

  /** Writes everything above its place, then goes live. */
  async startReplay(): Promise<void> {
    await this.#feed.startReplay();
  }

  /** How far it is, to be asked before the user's log is read for `repair`. */
  progress(): Progress {
    return this.#feed.progress();
  }

  /**
   * Compares where the user's log and counters stand with how far this socket was before they were read: whatever the
   * channel lost is made up for, and a database that went back is noticed.
   */
  repair(head: StreamHead & { userId: number }, before: Progress): void {
    this.#feed.repair(head, before);
  }

  /** A frame outside the log. Behind one that the runtime dropped nothing may follow. */
  send(frame: string): void {
    if (!this.isClosed() && this.#transport.send(frame) === DROPPED) this.close(CLOSE.tooSlow);
  }

  sendEvent(text: string): void {
    const now = this.#services.clock.monotonic();
    this.#cork.isPingDue = this.#pings.writing(now) || this.#cork.isPingDue;
    if (this.#cork.isPingDue) return this.#cork.write(() => this.send(text));
    this.send(text);
    if (this.#pings.owe(now)) this.#services.pingOwed(this);
  }

  cork(write: () => void): void {
    this.#cork.write(write);
  }

  bufferedBytes(): number {
    return this.#transport.getBufferedAmount();
  }

  /** A ping that carries the last seq: its echo proves that everything before reached the client. */
  ping(): void {
    this.#liveness.pinged(this.#services.clock.monotonic());
    this.#cork.isPingDue = false;
    this.#pings.pinged();
    this.#transport.ping(this.#receipts.payloadAt(this.position));
  }

  /** The client has sent something, whatever it was. */
  noteSignOfLife(): void {
    this.#liveness.noteSign(this.#services.clock.monotonic());
  }

  /**
   * An echoed ping. One that does not fit what was pinged here is a sign of life only.
   * @returns whether a ping of ours was waiting for an answer
   */
  receivePong(payload: string): boolean {
    if (this.#receipts.pong(payload)) this.#noteConfirmed();
    return this.#liveness.ponged(this.#services.clock.monotonic());
  }

  /**
   * The client has processed everything up to a cursor. One that does not fit what was sent here confirms nothing.
   * @returns whether it goes beyond every ack before it
   */
  receiveAck(cursor: string): boolean {
    const at = readCursor(cursor, this.#feed.stream);
    if (typeof at === "string" || this.#feed.outbox.isBeyond(at)) return false;
    const { isNews, isProof } = this.#receipts.ack(at);
    if (isProof) this.#noteConfirmed();
    return isNews;
  }

  /** The socket's buffer has room again. */
  drained(): void {
    this.#feed.drained();
  }

  /** The process stood still, and what the client sent meanwhile may not have been read. */
  excuse(): void {
    this.#liveness.excuse(this.#services.clock.monotonic());
    this.#feed.outbox.excuse();
  }

  /** Whether the client has been pinged for some time and has given no sign of life since. */
  hasStoppedAnswering(): boolean {
    return this.#liveness.hasStoppedAnswering(this.#services.clock.monotonic());
  }

  /** Whether the ping that follows events is to be written now, later, or not any more. */
  owedPing(nowMs: number): "due" | "later" | "none" {
    return this.isClosed() ? "none" : this.#pings.owed(nowMs);
  }

  /** What time has made of this socket: a reason to close it, or a heartbeat that is due. */
  verdict(nowMs: number): CloseReason | "heartbeat" | undefined {
    if (this.#isClosing) return;
    const { clock, stallMs } = this.#services;
    if (clock.now() >= this.#caller.expiresAtMs) return CLOSE.unauthorized;
    if (this.#liveness.isSilent(nowMs)) return CLOSE.silent;
    if (stallMs > 0 && this.#feed.outbox.isStalledFor(stallMs, nowMs)) return CLOSE.tooSlow;
    return this.#isConnected && this.#pings.isHeartbeatDue(nowMs) ? "heartbeat" : undefined;
  }

  sendHeartbeat(nowMs: number): void {
    this.#pings.heartbeatSent(nowMs);
    this.send(JSON.stringify({ type: "ping", timestamp: new Date(this.#services.clock.now()).toISOString() }));
    this.ping();
  }

  /** The server is about to close this socket: the client should come back after that long. */
  announceRestart(afterMs: number): void {
    if (this.isResumable && this.#isConnected) this.send(syncReconnect(this.#feed.stream, this.position, afterMs));
  }

  /**
   * Ends the socket: reads no more frames, sends what the log still holds (the event that says why, for one) for at
   * most a second, closes, and cuts the connection a moment later if the close frame cannot get through.
   */
  async finish(reason: CloseReason, finalFrame?: string): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (finalFrame && !(await this.#isCaughtUpInTime())) {
      this.send(finalFrame);
      // The log may still hold the same.
      this.#feed.outbox.close();
    }
    if (this.bufferedBytes() > 0) await Promise.race([this.#feed.outbox.nextDrain(), wait(FLUSH_MS)]);
    this.#end(reason);
  }

  close(reason: CloseReason): void {
    if (!this.isClosed()) this.#end(reason);
  }

  /** The socket is gone, by whichever side. */
  ended(): void {
    this.#feed.close();
  }

  #end(reason: CloseReason): void {
    this.#isClosing = true;
    this.ended();
    this.#transport.close(reason.code, reason.reason);
    setTimeout(() => this.#transport.terminate(), FLUSH_MS).unref();
  }

  /** Whether what the log holds was written within a moment; not when it is not known yet where the client starts. */
  async #isCaughtUpInTime(): Promise<boolean> {
    if (this.outboxState.kind === "buffering") return false;
    const caughtUp = this.#feed.outbox.catchUp().then(() => true);
    return await Promise.race([caughtUp, wait(FLUSH_MS).then(() => false)]);
  }

  #noteConfirmed(): void {
    const { userId, sessionId } = this.#caller;
    this.#services.confirmations.note(userId, sessionId, this.confirmed);
  }
}
