import type { Position } from "../delivery/cursor.ts";

/** The last event's number and mark. */
const PING_PAYLOAD = /^(\d{1,16})\.(\d{1,10})$/;

/** What the client of one socket has proven to have received: by echoed pings, or by acks. */
export class Receipts {
  /** Everything up to here is proven, or was before. */
  confirmed: Position = { seq: 0, mark: 0 };
  readonly #note: (at: Position) => void;
  #pinged: Position = { seq: 0, mark: 0 };
  #ackedSeq = 0;

  /** `note` is called with each place that goes beyond what was proven. */
  constructor(note: (at: Position) => void) {
    this.#note = note;
  }

  /** What was written after this place is not proven, whatever was before. */
  startAt(at: Position): void {
    this.confirmed = at;
    this.#pinged = { seq: 0, mark: 0 };
    this.#ackedSeq = 0;
  }

  /** The payload of a ping that follows the event at that place: its echo proves that everything before was received. */
  payloadAt(at: Position): string {
    this.#pinged = at;
    return `${at.seq}.${at.mark ?? 0}`;
  }

  /** Whether no ping has followed the event of that number yet. */
  isPingOwed(seq: number): boolean {
    return this.#pinged.seq < seq;
  }

  /** An echoed ping. One that does not fit what was pinged here proves nothing; of earlier ones only the log knows the mark. */
  pong(payload: string): void {
    const [, seq, mark] = payload.match(PING_PAYLOAD) ?? [];
    if (seq === undefined) return;
    const at = { seq: Number(seq), mark: Number(mark) };
    const { seq: pingedSeq, mark: pingedMark } = this.#pinged;
    if (at.seq < pingedSeq || (at.seq === pingedSeq && at.mark === pingedMark)) this.#confirm(at);
  }

  /**
   * The client has processed everything up to a place.
   * @returns whether it goes beyond every ack before it
   */
  ack(at: Position): boolean {
    if (at.seq <= this.#ackedSeq) return false;
    this.#ackedSeq = at.seq;
    this.#confirm(at);
    return true;
  }

  #confirm(at: Position): void {
    if (at.seq <= this.confirmed.seq) return;
    this.confirmed = at;
    this.#note(at);
  }
}
