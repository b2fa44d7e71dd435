import type { Position } from "../delivery/cursor.ts";

/** The last event's number and mark. */
const PING_PAYLOAD = /^(\d{1,16})\.(\d{1,10})$/;
const BEGINNING: Position = Object.freeze({ seq: 0, mark: 0 });

/** What the client of one socket has proven to have received: by echoed pings, or by acks. */
export class Receipts {
  #confirmed = BEGINNING;
  #pinged = BEGINNING;
  #ackedSeq = 0;

  /** Everything up to here is proven, or was before. */
  get confirmed(): Position {
    return this.#confirmed;
  }

  /** What was written after this place is not proven, whatever was before. */
  startAt(at: Position): void {
    this.#confirmed = at;
    this.#pinged = BEGINNING;
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

  /**
   * An echoed ping. One that does not fit what was pinged here proves nothing; of earlier ones only the log knows the mark.
   * @returns whether it proves more than was proven before
   */
  pong(payload: string): boolean {
    const [, seq, mark] = payload.match(PING_PAYLOAD) ?? [];
    if (seq === undefined) return false;
    const at = { seq: Number(seq), mark: Number(mark) };
    const { seq: pingedSeq, mark: pingedMark } = this.#pinged;
    const isOurs = at.seq < pingedSeq || (at.seq === pingedSeq && at.mark === pingedMark);
    return isOurs && this.#confirm(at);
  }

  /**
   * The client has processed everything up to a place.
   * @returns whether it goes beyond every ack before it, and whether it proves more than was proven before
   */
  ack(at: Position): { isNews: boolean; isProof: boolean } {
    if (at.seq <= this.#ackedSeq) return { isNews: false, isProof: false };
    this.#ackedSeq = at.seq;
    return { isNews: true, isProof: this.#confirm(at) };
  }

  #confirm(at: Position): boolean {
    if (at.seq <= this.#confirmed.seq) return false;
    this.#confirmed = at;
    return true;
  }
}
