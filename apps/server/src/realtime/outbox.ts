import type { Position } from "../delivery/cursor.ts";
import type { Page } from "../delivery/pages.ts";
import type { Publication } from "../delivery/publication.ts";
import { type Clock, wait } from "../platform/clock.ts";
import { INITIAL_STATE, type OutboxEvent, type OutboxState, transition } from "./outbox-state.ts";

/** Above this many unsent bytes nothing more is pushed: the log keeps the rest until the client has read. */
const STOP_PUSHING_BYTES = 256 * 1024;
/** Pushing goes on, and the log is read, below this many; above it only the newest of each counter is kept. */
export const PRESSED_BYTES = 64 * 1024;
/** How long an event waits for the one before it, before the log is asked. */
const GAP_WAIT_MS = 20;
/** Events held back for a missing one, in number and in characters; what comes beyond is read from the log again. */
const MAX_EARLY_EVENTS = 256;
const MAX_EARLY_LENGTH = 64 * 1024;
const READ_AGAIN_MS = 500;

const LOG_NEEDED: OutboxEvent = { type: "logNeeded" };
const UNBLOCKED: OutboxEvent = { type: "unblocked" };

/** An event of the log; without a frame it is passed over. */
export type OutgoingEvent = Pick<Extract<Publication, { kind: "durable" }>, "seq" | "mark" | "type"> & {
  frame: string | null;
};
/** One that comes from the transaction that wrote it, with the mark of the event before. */
export type PublishedEvent = OutgoingEvent & { afterMark: number };

/** What an outbox writes to, and reads from. */
export type OutboxPort = {
  writeEvent(event: OutgoingEvent): void;
  bufferedBytes(): number;
  cork(write: () => void): void;
  readPage(after: number): Promise<Page>;
  /** What lay above the last event written was trimmed. True when the client goes on from the end of the log. */
  skipTrimmed(page: Page): boolean;
  /**
   * The log has another event where the client is: its database went back to an earlier state, and events were lost.
   * Resolves to where the client goes on from.
   */
  goOnAfterFork(page: Page): Promise<Position>;
  /** Everything that was in the log at the start has been written. Called once, before `wentLive`. */
  replayed(): void;
  wentLive(): void;
  readFailed(error: unknown): void;
};

/**
 * The durable events of one socket. Decides by seq what becomes of each: every one goes out once, in order. Marks tell
 * whether it still is the same log: each event that is next in line must follow the very event that was written last.
 */
export class Outbox {
  readonly #port: OutboxPort;
  readonly #clock: Clock;
  #state = INITIAL_STATE;
  #last: Position = { seq: 0, mark: 0 };
  #topSeq = 0;
  readonly #early = new Map<number, PublishedEvent>();
  #earlyLength = 0;
  /** The reading of the log that is under way while the state says so. */
  #reading: Promise<void> | undefined;
  readonly #onDrain: (() => void)[] = [];

  constructor(port: OutboxPort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  get state(): OutboxState {
    return this.#state;
  }

  /** Everything up to here was written or rightly passed over. */
  get last(): Position {
    return this.#last;
  }

  /** Whether a place is none that this socket has come to, as far as it knows. */
  isBeyond({ seq, mark }: Position): boolean {
    return seq > this.#last.seq || (seq === this.#last.seq && mark !== this.#last.mark);
  }

  isClosed(): boolean {
    return this.#state.kind === "closed";
  }

  /** Whether the client has read nothing of what waits for it for so long. */
  isStalledFor(ms: number, nowMs: number): boolean {
    return this.#state.kind === "stalled" && nowMs - this.#state.sinceMs >= ms;
  }

  /** Writes everything above a place, then goes live. */
  async start(at: Position): Promise<void> {
    if (this.#state.kind !== "buffering") return;
    this.#last = at;
    this.#go({ type: "placed" });
    this.#reading = this.#readLog();
    await this.#reading;
  }

  receive(event: PublishedEvent): void {
    this.#topSeq = Math.max(this.#topSeq, event.seq);
    const { seq, mark } = this.#last;
    if (event.seq === seq && event.mark !== (mark ?? event.mark)) return void this.catchUp();
    if (event.seq <= seq) return;
    switch (this.#state.kind) {
      case "buffering":
      case "replaying":
      case "behind":
        return this.#keepEarly(event);
      case "live":
        return this.#receiveLive(event);
      // The log has it when the client reads again.
      case "stalled":
      case "closed":
        return;
    }
  }

  /** The log is known to reach up to `seq`: reads on when that is further than what was written. */
  logAdvanced(seq: number): void {
    this.#topSeq = Math.max(this.#topSeq, seq);
    if (this.#state.kind === "live" && this.#topSeq > this.#last.seq) void this.catchUp();
  }

  /**
   * The log's head, and where this outbox was before it was read: reads on when the log reaches further, and reads again
   * when it does not reach as far or has another event there.
   */
  compare(head: Position, before: Position): void {
    const isSame = before.mark === null || head.mark === null || before.mark === head.mark;
    if (before.seq > head.seq || (before.seq === head.seq && !isSame)) void this.catchUp();
    else this.logAdvanced(head.seq);
  }

  /** Writes whatever the log holds above what was written, then goes live. Joins a reading under way. */
  async catchUp(): Promise<void> {
    switch (this.#state.kind) {
      case "buffering":
      case "closed":
        return;
      case "live":
        this.#go(LOG_NEEDED);
        this.#reading = this.#readLog();
    }
    await this.#reading;
  }

  /** The client has read something of what waited. */
  drained(): void {
    this.excuse();
    for (const resolve of this.#onDrain.splice(0)) resolve();
  }

  /** Counts as stalled since just now, if it is. */
  excuse(): void {
    if (this.#state.kind === "stalled") this.#go({ type: "excused", nowMs: this.#clock.monotonic() });
  }

  nextDrain(): Promise<void> {
    return new Promise((resolve) => this.#onDrain.push(resolve));
  }

  close(): void {
    this.#go({ type: "closed" });
    this.#forgetEarly();
    for (const resolve of this.#onDrain.splice(0)) resolve();
  }

  #go(event: OutboxEvent): void {
    const before = this.#state;
    this.#state = transition(before, event);
    if (before.kind === "live" && before.gapTimer && this.#state !== before) clearTimeout(before.gapTimer);
  }

  #receiveLive(event: PublishedEvent): void {
    if (this.#port.bufferedBytes() > STOP_PUSHING_BYTES) return void this.catchUp();
    this.#keepEarly(event);
    this.#writeEarly();
    if (this.#topSeq > this.#last.seq) this.#waitForMissing();
  }

  #waitForMissing(): void {
    if (this.#state.kind !== "live" || this.#state.gapTimer) return;
    this.#go({ type: "gapOpened", timer: setTimeout(() => this.#closeGap(), GAP_WAIT_MS) });
  }

  #closeGap(): void {
    this.#go({ type: "gapEnded" });
    this.logAdvanced(this.#topSeq);
  }

  async #readLog(): Promise<void> {
    do {
      await this.#roomToWrite();
      // What is published from here on is above the page, or in it.
      this.#topSeq = this.#last.seq;
      const page = await this.#untilAnswered(() => this.#port.readPage(this.#last.seq));
      if (!page || this.isClosed()) return;
      if (this.#hasForked(page)) await this.#goOnAfterFork(page);
      else this.#port.cork(() => this.#writePage(page));
      if (this.isClosed()) return;
    } while (this.#topSeq > this.#last.seq);
    if (this.#state.kind === "replaying") this.#port.replayed();
    this.#go({ type: "caughtUp" });
    if (!this.isClosed()) this.#port.wentLive();
  }

  #hasForked({ top, markAfter }: Page): boolean {
    const { seq, mark } = this.#last;
    return seq > top.seq || (mark !== null && markAfter !== null && mark !== markAfter);
  }

  async #goOnAfterFork(page: Page): Promise<void> {
    this.#forgetEarly();
    const at = await this.#untilAnswered(() => this.#port.goOnAfterFork(page));
    if (!at || this.isClosed()) return;
    this.#last = at;
    // At least once more: only the log tells what stands above.
    this.#topSeq = Math.max(this.#topSeq, this.#last.seq + 1);
  }

  #writePage(page: Page): void {
    this.#topSeq = Math.max(this.#topSeq, page.top.seq);
    if (page.floorSeq > this.#last.seq && this.#port.skipTrimmed(page)) this.#last = page.top;
    for (const event of page.events) this.#write(event);
    if (page.isFull) return;
    if (page.top.seq >= this.#last.seq) this.#last = page.top;
    this.#writeEarly();
  }

  async #untilAnswered<T>(ask: () => Promise<T>): Promise<T | undefined> {
    while (!this.isClosed()) {
      try {
        return await ask();
      } catch (error) {
        if (this.isClosed()) return;
        this.#port.readFailed(error);
        await wait(READ_AGAIN_MS);
      }
    }
  }

  /** The next event always has room; later ones as long as there is some. */
  #keepEarly(event: PublishedEvent): void {
    const hasRoom = this.#early.size < MAX_EARLY_EVENTS && this.#earlyLength < MAX_EARLY_LENGTH;
    if (event.seq !== this.#last.seq + 1 && !hasRoom) return;
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
      if (seq > this.#last.seq) continue;
      this.#early.delete(seq);
      this.#earlyLength -= frame?.length ?? 0;
    }
  }

  /** The event that is next in line. One that follows another event than the one written last is left to the log. */
  #next(): PublishedEvent | undefined {
    const { seq, mark } = this.#last;
    const event = this.#early.get(seq + 1);
    if (!event || mark === null || event.afterMark === mark) return event;
    this.#forgetEarly();
    if (this.#state.kind === "live") void this.catchUp();
    return undefined;
  }

  #write(event: OutgoingEvent): void {
    if (event.seq <= this.#last.seq) return;
    this.#last = { seq: event.seq, mark: event.mark };
    if (event.frame !== null) this.#port.writeEvent(event);
  }

  /** Waits while the client does not read. What is published meanwhile is left to the log. */
  async #roomToWrite(): Promise<void> {
    while (!this.isClosed() && this.#port.bufferedBytes() > PRESSED_BYTES) {
      this.#go({ type: "blocked", nowMs: this.#clock.monotonic() });
      this.#forgetEarly();
      await this.nextDrain();
    }
    this.#go(UNBLOCKED);
  }
}
