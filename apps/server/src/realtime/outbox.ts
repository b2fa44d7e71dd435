import type { Position } from "../delivery/cursor.ts";
import type { Page } from "../delivery/pages.ts";
import type { Publication } from "../delivery/publication.ts";
import { type Clock, wait } from "../platform/clock.ts";

/** Above this many unsent bytes nothing more is pushed: the log keeps the rest until the client has read. */
export const STOP_PUSHING_BYTES = 256 * 1024;
/** Pushing goes on, and the log is read, below this many; above it only the newest of each counter is kept. */
export const PRESSED_BYTES = 64 * 1024;
/** How long an event waits for the one before it, before the log is asked. */
const GAP_WAIT_MS = 20;
/** Events held back for a missing one, in number and in characters; what comes beyond is read from the log again. */
const MAX_EARLY_EVENTS = 256;
const MAX_EARLY_LENGTH = 64 * 1024;
const READ_AGAIN_MS = 500;

/**
 * buffering: the backlog comes first, so events are only remembered.
 * live: an event that is next in line goes out at once.
 * behind: the log is being read; goes live when the end is reached.
 * stalled: the client does not read; nothing is held in memory, the log is read when it does.
 * closed: nothing goes out any more.
 */
export type OutboxState = "buffering" | "live" | "behind" | "stalled" | "closed";

/** An event of the log; without a frame it is passed over. */
export type OutgoingEvent = Pick<Extract<Publication, { kind: "durable" }>, "seq" | "mark" | "type"> & {
  frame: string | null;
};
/** One that comes from the transaction that wrote it, with the mark of the event before. */
export type PublishedEvent = OutgoingEvent & { afterMark: number };

/** What an outbox writes to, and reads from. */
export type Line = {
  clock: Clock;
  write(event: OutgoingEvent): void;
  bufferedBytes(): number;
  cork(write: () => void): void;
  readPage(after: number): Promise<Page>;
  /** What lay above the last event written was trimmed. True when the client goes on from the end of the log. */
  skip(page: Page): boolean;
  /**
   * The log has another event where the client is: its database went back to an earlier state, and events were lost.
   * Resolves to where the client goes on from.
   */
  forked(page: Page): Promise<Position>;
  wentLive(): void;
  failed(error: unknown): void;
};

/**
 * The durable events of one socket. Decides by seq what becomes of each: every one goes out once, in order. Marks tell
 * whether it still is the same log: each event that is next in line must follow the very event that was written last.
 */
export class Outbox {
  state: OutboxState = "buffering";
  /** Everything up to here was written or rightly passed over. */
  last: Position = { seq: 0, mark: 0 };
  /** Since when the client has read nothing of what waits for it. */
  blockedSinceMs: number | null = null;
  isStarted = false;
  readonly #line: Line;
  #topSeq = 0;
  #early = new Map<number, PublishedEvent>();
  #earlyLength = 0;
  #gapTimer: Timer | null = null;
  #reading: Promise<void> | null = null;
  #onDrain: (() => void)[] = [];

  constructor(line: Line) {
    this.#line = line;
  }

  /** Whether a place is none that this socket has come to, as far as it knows. */
  isBeyond({ seq, mark }: Position): boolean {
    return seq > this.last.seq || (seq === this.last.seq && mark !== this.last.mark);
  }

  isClosed(): boolean {
    return this.state === "closed";
  }

  /** Writes everything above a place, calls `atEnd`, then goes live. */
  async start(at: Position, atEnd: () => void): Promise<void> {
    if (this.isClosed()) return;
    this.last = at;
    this.isStarted = true;
    await this.#read(atEnd);
  }

  receive(event: PublishedEvent): void {
    this.#topSeq = Math.max(this.#topSeq, event.seq);
    if (event.seq === this.last.seq && event.mark !== (this.last.mark ?? event.mark)) return void this.catchUp();
    if (event.seq <= this.last.seq || this.state === "stalled" || this.isClosed()) return;
    if (this.state === "live" && this.#line.bufferedBytes() > STOP_PUSHING_BYTES) return this.#stall();
    if (event.seq === this.last.seq + 1 || this.#hasRoomForEarly()) this.#keepEarly(event);
    if (this.state !== "live") return;
    this.#writeEarly();
    if (this.#topSeq > this.last.seq) this.#gapTimer ??= setTimeout(() => this.#closeGap(), GAP_WAIT_MS);
  }

  /** The log is known to reach up to `seq`: reads on when that is further than what was written. */
  ring(seq: number): void {
    this.#topSeq = Math.max(this.#topSeq, seq);
    if (this.state === "live" && this.#topSeq > this.last.seq) void this.catchUp();
  }

  /**
   * The log's head, and where this outbox was before it was read: reads on when the log reaches further, and reads again
   * when it does not reach as far or has another event there.
   */
  compare(head: Position, before: Position): void {
    const isSame = before.mark === null || head.mark === null || before.mark === head.mark;
    if (before.seq > head.seq || (before.seq === head.seq && !isSame)) void this.catchUp();
    else this.ring(head.seq);
  }

  /** Writes whatever the log holds above what was written, then goes live. Joins a reading under way. */
  async catchUp(): Promise<void> {
    if (!this.isClosed() && this.isStarted) await this.#read();
  }

  /** The client has read something of what waited. */
  drained(): void {
    this.excuse();
    for (const resolve of this.#onDrain.splice(0)) resolve();
  }

  /** Counts as blocked since just now, if it is. */
  excuse(): void {
    if (this.blockedSinceMs !== null) this.blockedSinceMs = this.#line.clock.monotonic();
  }

  nextDrain(): Promise<void> {
    return new Promise((resolve) => this.#onDrain.push(resolve));
  }

  close(): void {
    this.state = "closed";
    this.#forgetEarly();
    if (this.#gapTimer) clearTimeout(this.#gapTimer);
    for (const resolve of this.#onDrain.splice(0)) resolve();
  }

  #stall(): void {
    this.state = "stalled";
    this.#forgetEarly();
    void this.catchUp();
  }

  #closeGap(): void {
    this.#gapTimer = null;
    if (this.state === "live" && this.#topSeq > this.last.seq) void this.catchUp();
  }

  #read(atEnd: () => void = () => {}): Promise<void> {
    this.#reading ??= this.#readLog(atEnd);
    return this.#reading;
  }

  async #readLog(atEnd: () => void): Promise<void> {
    if (this.state === "live") this.state = "behind";
    do {
      await this.#roomToWrite();
      // What is published from here on is above the page, or in it.
      this.#topSeq = this.last.seq;
      const page = await this.#untilAnswered(() => this.#line.readPage(this.last.seq));
      if (!page || this.isClosed()) return;
      if (this.#hasForked(page)) await this.#goOnAfterFork(page);
      else this.#line.cork(() => this.#writePage(page));
      if (this.isClosed()) return;
    } while (this.#topSeq > this.last.seq);
    atEnd();
    this.#reading = null;
    this.state = "live";
    this.#line.wentLive();
  }

  #hasForked({ top, markAfter }: Page): boolean {
    const { seq, mark } = this.last;
    return seq > top.seq || (mark !== null && markAfter !== null && mark !== markAfter);
  }

  async #goOnAfterFork(page: Page): Promise<void> {
    this.#forgetEarly();
    const at = await this.#untilAnswered(() => this.#line.forked(page));
    if (!at || this.isClosed()) return;
    this.last = at;
    // At least once more: only the log tells what stands above.
    this.#topSeq = Math.max(this.#topSeq, this.last.seq + 1);
  }

  #writePage(page: Page): void {
    this.#topSeq = Math.max(this.#topSeq, page.top.seq);
    if (page.floorSeq > this.last.seq && this.#line.skip(page)) this.last = page.top;
    for (const event of page.events) this.#write(event);
    if (page.isFull) return;
    if (page.top.seq >= this.last.seq) this.last = page.top;
    this.#writeEarly();
  }

  async #untilAnswered<T>(ask: () => Promise<T>): Promise<T | undefined> {
    while (!this.isClosed()) {
      try {
        return await ask();
      } catch (error) {
        if (this.isClosed()) return;
        this.#line.failed(error);
        await wait(READ_AGAIN_MS);
      }
    }
  }

  #hasRoomForEarly(): boolean {
    return this.#early.size < MAX_EARLY_EVENTS && this.#earlyLength < MAX_EARLY_LENGTH;
  }

  #keepEarly(event: PublishedEvent): void {
    if (this.#early.has(event.seq)) return;
    this.#early.set(event.seq, event);
    this.#earlyLength += event.frame?.length ?? 0;
  }

  #forgetEarly(): void {
    this.#early.clear();
    this.#earlyLength = 0;
  }

  #writeEarly(): void {
    for (let event = this.#next(); event; event = this.#next()) this.#write(event);
    for (const [seq, { frame }] of this.#early) {
      if (seq > this.last.seq) continue;
      this.#early.delete(seq);
      this.#earlyLength -= frame?.length ?? 0;
    }
  }

  /** The event that is next in line. One that follows another event than the one written last is left to the log. */
  #next(): PublishedEvent | undefined {
    const { seq, mark } = this.last;
    const event = this.#early.get(seq + 1);
    if (!event || mark === null || event.afterMark === mark) return event;
    this.#forgetEarly();
    if (this.state === "live") void this.catchUp();
    return undefined;
  }

  #write(event: OutgoingEvent): void {
    if (event.seq <= this.last.seq) return;
    this.last = { seq: event.seq, mark: event.mark };
    if (event.frame !== null) this.#line.write(event);
  }

  /** Whatever comes while the client does not read is left to the log. */
  async #roomToWrite(): Promise<void> {
    if (this.#line.bufferedBytes() <= PRESSED_BYTES) return this.#unblock();
    this.blockedSinceMs ??= this.#line.clock.monotonic();
    const before = this.state === "stalled" ? "behind" : this.state;
    while (!this.isClosed() && this.#line.bufferedBytes() > PRESSED_BYTES) {
      this.state = "stalled";
      this.#forgetEarly();
      await this.nextDrain();
    }
    if (this.isClosed()) return;
    this.state = before;
    this.#unblock();
  }

  #unblock(): void {
    this.blockedSinceMs = null;
    if (this.state === "stalled") this.state = "behind";
  }
}
