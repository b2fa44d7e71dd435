import type { Position } from "../delivery/cursor.ts";

/** The last event's number and mark. */
const PING_PAYLOAD = /^(\d{1,16})\.(\d{1,10})$/;

/** What the client of one socket has proven to have received: by echoed pings, or by acks. */
export class Receipts {
  /** Everything up to here is proven, or was before. */
  confirmed: Position = { seq: 0, mark: 0 };
  readonly #note: (at: Position) => void;
  #pingedSeq = 0;
  #ackedSeq = 0;

  /** `note` is called with each place that goes beyond what was proven. */
  constructor(note: (at: Position) => void) {
    this.#note = note;
  }

  /** What was written after this place is not proven, whatever was before. */
  startAt(at: Position): void {
    this.confirmed = at;
    this.#pingedSeq = this.#ackedSeq = 0;
  }

  /** The payload of a ping that follows the event at that place: its echo proves that everything before was received. */
  payloadAt({ seq, mark }: Position): string {
    this.#pingedSeq = seq;
    return `${seq}.${mark ?? 0}`;
  }

  /** Whether no ping has followed the event of that number yet. */
  isPingOwed(seq: number): boolean {
    return this.#pingedSeq < seq;
  }

  /** An echoed ping. One that does not fit what was pinged here proves nothing. */
  pong(payload: string): void {
    const [, seq, mark] = payload.match(PING_PAYLOAD) ?? [];
    if (seq !== undefined && Number(seq) <= this.#pingedSeq) this.#confirm({ seq: Number(seq), mark: Number(mark) });
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
