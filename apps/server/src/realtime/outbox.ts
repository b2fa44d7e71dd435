import type { Publication } from "../delivery/publication.ts";
import type { Page } from "../delivery/replay.ts";
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
export type OutgoingEvent = Pick<Extract<Publication, { kind: "durable" }>, "seq" | "type"> & { frame: string | null };

/** What an outbox writes to, and reads from. */
export type Line = {
  clock: Clock;
  write(event: OutgoingEvent): void;
  bufferedBytes(): number;
  cork(write: () => void): void;
  readPage(after: number): Promise<Page>;
  /** What lay above the last event written was trimmed. True when the client goes on from the end of the log. */
  skip(page: Page): boolean;
  wentLive(): void;
  failed(error: unknown): void;
};

/** The durable events of one socket. Decides by seq what becomes of each: every one goes out once, in order. */
export class Outbox {
  state: OutboxState = "buffering";
  /** Everything up to here was written or rightly passed over. */
  lastSeq = 0;
  /** Since when the client has read nothing of what waits for it. */
  blockedSinceMs: number | null = null;
  isStarted = false;
  readonly #line: Line;
  #topSeq = 0;
  #early = new Map<number, OutgoingEvent>();
  #earlyLength = 0;
  #gapTimer: Timer | null = null;
  #reading: Promise<void> | null = null;
  #onDrain: (() => void)[] = [];

  constructor(line: Line) {
    this.#line = line;
  }

  isClosed(): boolean {
    return this.state === "closed";
  }

  /** Writes everything above `seq`, calls `atEnd`, then goes live. */
  async start(seq: number, atEnd: () => void): Promise<void> {
    if (this.isClosed()) return;
    this.lastSeq = seq;
    this.isStarted = true;
    await this.#read(atEnd);
  }

  receive(event: OutgoingEvent): void {
    this.#topSeq = Math.max(this.#topSeq, event.seq);
    if (event.seq <= this.lastSeq || this.state === "stalled" || this.isClosed()) return;
    if (this.state === "live" && this.#line.bufferedBytes() > STOP_PUSHING_BYTES) return this.#stall();
    if (event.seq === this.lastSeq + 1 || this.#hasRoomForEarly()) this.#keepEarly(event);
    if (this.state !== "live") return;
    this.#writeEarly();
    if (this.#topSeq > this.lastSeq) this.#gapTimer ??= setTimeout(() => this.#closeGap(), GAP_WAIT_MS);
  }

  /** The log is known to reach up to `seq`: reads on when that is further than what was written. */
  ring(seq: number): void {
    this.#topSeq = Math.max(this.#topSeq, seq);
    if (this.state === "live" && this.#topSeq > this.lastSeq) void this.catchUp();
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
    if (this.state === "live" && this.#topSeq > this.lastSeq) void this.catchUp();
  }

  #read(atEnd: () => void = () => {}): Promise<void> {
    this.#reading ??= this.#readLog(atEnd);
    return this.#reading;
  }

  async #readLog(atEnd: () => void): Promise<void> {
    if (this.state === "live") this.state = "behind";
    do {
      await this.#roomToWrite();
      // Read before the page is: every event heard of so far was committed, so what that page lacks was trimmed.
      const heardOf = this.#topSeq;
      const page = await this.#readPage();
      if (!page || this.isClosed()) return;
      this.#line.cork(() => this.#writePage(page, heardOf));
      if (this.isClosed()) return;
    } while (this.#topSeq > this.lastSeq);
    atEnd();
    this.#reading = null;
    this.state = "live";
    this.#line.wentLive();
  }

  #writePage(page: Page, heardOf: number): void {
    this.#topSeq = Math.max(this.#topSeq, page.topSeq);
    if (page.floorSeq > this.lastSeq && this.#line.skip(page)) this.lastSeq = page.topSeq;
    for (const event of page.events) this.#write(event);
    if (page.isFull) return;
    this.lastSeq = Math.max(this.lastSeq, page.topSeq, heardOf);
    this.#writeEarly();
  }

  async #readPage(): Promise<Page | undefined> {
    while (!this.isClosed()) {
      try {
        return await this.#line.readPage(this.lastSeq);
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

  #keepEarly(event: OutgoingEvent): void {
    if (this.#early.has(event.seq)) return;
    this.#early.set(event.seq, event);
    this.#earlyLength += event.frame?.length ?? 0;
  }

  #forgetEarly(): void {
    this.#early.clear();
    this.#earlyLength = 0;
  }

  #writeEarly(): void {
    for (let event = this.#early.get(this.lastSeq + 1); event; event = this.#early.get(this.lastSeq + 1)) {
      this.#write(event);
    }
    for (const [seq, { frame }] of this.#early) {
      if (seq > this.lastSeq) continue;
      this.#early.delete(seq);
      this.#earlyLength -= frame?.length ?? 0;
    }
  }

  #write(event: OutgoingEvent): void {
    if (event.seq <= this.lastSeq) return;
    this.lastSeq = event.seq;
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
