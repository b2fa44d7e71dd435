import { isForResumable } from "@reelay/contract";
import type { Caller } from "../access/caller.ts";
import type { Confirmations } from "../delivery/confirmations.ts";
import { encodeCursor, type Position, type Start, type Stream } from "../delivery/cursor.ts";
import type { Page } from "../delivery/pages.ts";
import { type Counter, positioned, unreadCount, unseenCount } from "../delivery/publication.ts";
import type { Replay, StreamHead } from "../delivery/replay.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { placeAfterFork } from "./after-fork.ts";
import { LatestValues } from "./latest-values.ts";
import { Outbox, type OutboxPort, type OutgoingEvent, PRESSED_BYTES } from "./outbox.ts";
import type { Receipts } from "./receipts.ts";
import { StaleNotices } from "./stale-notices.ts";
import { syncHello, syncReset, syncSynced } from "./sync-frames.ts";

export type FeedServices = { replay: Replay; confirmations: Confirmations; epoch: string; clock: Clock; log: Logger };

/** What a feed is written to. */
export type FeedClient = {
  readonly caller: Caller;
  readonly isResumable: boolean;
  send(frame: string): void;
  /** Sends a durable event, and sees to the ping that proves its receipt. */
  sendEvent(text: string): void;
  ping(): void;
  cork(write: () => void): void;
  bufferedBytes(): number;
};

/** Where a feed starts, and its user's counters, as they were read together. */
type Entry = { start: Start; counters: readonly Counter[] };

/** How far a socket is in its user's log and counters. */
export type Progress = { at: Position; rev: number };

/** What one client is sent of its user's log and counters, from where it starts. */
export class Feed implements OutboxPort {
  readonly outbox: Outbox;
  readonly stream: Stream;
  readonly #client: FeedClient;
  readonly #receipts: Receipts;
  readonly #services: FeedServices;
  readonly #latest = new LatestValues();
  /** Few sockets ever need it. */
  #stale: StaleNotices | null = null;
  #entry: Entry | null = null;
  #eventsSent = 0;

  constructor(client: FeedClient, receipts: Receipts, services: FeedServices) {
    this.#client = client;
    this.#receipts = receipts;
    this.#services = services;
    this.stream = { epoch: services.epoch, userId: client.caller.userId };
    this.outbox = new Outbox(this, services.clock);
  }

  /** Durable events that were written, replayed ones among them. */
  get eventsSent(): number {
    return this.#eventsSent;
  }

  placeAt(start: Start, counters: readonly Counter[]): void {
    this.#entry = { start, counters };
  }

  /**
   * Writes everything above its place, then goes live. The counters are sent when anything was replayed, or the client is
   * resumable; whatever is not newer than they are is dropped.
   */
  async startReplay(): Promise<void> {
    if (this.outbox.isClosed() || !this.#entry) return;
    const { start, counters } = this.#entry;
    this.#receipts.startAt(start.at);
    this.#latest.outdate(counters);
    if (this.#client.isResumable) this.#sendHello(start);
    await this.outbox.start(start.at);
  }

  progress(): Progress {
    return { at: this.outbox.last, rev: this.#latest.rev };
  }

  repair(head: StreamHead & { userId: number }, before: Progress): void {
    this.outbox.compare(head, before.at);
    if (head.rev < before.rev) this.#latest.replaceAll([]);
    else if (head.rev === 0) return;
    for (const counter of [unreadCount(head), unseenCount(head)]) {
      if (this.#latest.isNews(counter)) this.receiveLatest(counter);
    }
  }

  receiveLatest(counter: Counter): void {
    const isHeldBack = !this.#isFlowing();
    if (this.#latest.accept(counter, isHeldBack) && !isHeldBack) this.#client.send(counter.frame);
  }

  /** Something that is worth sending only now. */
  receiveEphemeral(frame: string): void {
    this.#sendIfFlowing(frame);
  }

  receiveStale(frame: string): void {
    if (!this.#client.isResumable) return;
    this.#stale ??= new StaleNotices((each) => this.#sendIfFlowing(each));
    this.#stale.add(frame);
  }

  /** The socket's buffer has room again. */
  drained(): void {
    this.outbox.drained();
    if (this.#isFlowing()) this.#sendKept();
  }

  close(): void {
    this.outbox.close();
    this.#stale?.close();
  }

  writeEvent(event: OutgoingEvent): void {
    const { isResumable } = this.#client;
    if (this.outbox.isClosed() || (!isResumable && isForResumable(event.type))) return;
    const { frame, seq } = event;
    const text = isResumable ? positioned(frame!, seq, encodeCursor(this.stream, event)) : frame!;
    this.#eventsSent++;
    this.#client.sendEvent(text);
  }

  bufferedBytes(): number {
    return this.#client.bufferedBytes();
  }

  cork(write: () => void): void {
    this.#client.cork(write);
  }

  readPage(after: number): Promise<Page> {
    return this.#services.replay.page(this.stream.userId, after);
  }

  /** A plain client gets what is left of a trimmed log; a resumable one gets all, or a reset. */
  skipTrimmed({ top }: Page): boolean {
    if (!this.#client.isResumable) return false;
    this.#client.send(syncReset(this.stream, top, "too_old"));
    return true;
  }

  async goOnAfterFork(page: Page): Promise<Position> {
    const { caller, isResumable } = this.#client;
    const { at, counters } = await placeAfterFork(this.#services, caller, page, isResumable);
    this.#latest.replaceAll(counters);
    this.#receipts.startAt(at);
    if (isResumable) this.#client.send(syncReset(this.stream, at, "epoch"));
    return at;
  }

  replayed(): void {
    const { last } = this.outbox;
    const { isResumable } = this.#client;
    if (this.#eventsSent > 0 && this.#receipts.isPingOwed(last.seq)) this.#client.ping();
    if (isResumable) this.#client.send(syncSynced(this.stream, last));
    if (this.#entry && (isResumable || this.#eventsSent > 0)) this.#latest.restore(this.#entry.counters);
    this.#entry = null;
  }

  wentLive(): void {
    this.#sendKept();
  }

  readFailed(err: unknown): void {
    this.#services.log.warn({ err, userId: this.stream.userId }, "the log cannot be read, trying again");
  }

  #sendHello(start: Start): void {
    this.#client.send(syncHello(this.stream, start));
    if (start.resume === "reset") this.#client.send(syncReset(this.stream, start.at, start.reason));
  }

  /** Whether what is not in the log goes out at once: the log has been written, and the client reads. */
  #isFlowing(): boolean {
    return this.outbox.state.kind === "live" && this.#client.bufferedBytes() <= PRESSED_BYTES;
  }

  #sendIfFlowing(frame: string): boolean {
    if (!this.#isFlowing()) return false;
    this.#client.send(frame);
    return true;
  }

  #sendKept(): void {
    for (const frame of this.#latest.takeKept()) this.#client.send(frame);
  }
}
