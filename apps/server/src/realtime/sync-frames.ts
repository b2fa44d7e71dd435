import { PROTOCOL, REFETCH_EVERYTHING, type SyncFrameData, type SyncFrameType } from "@reelay/contract";
import { encodeCursor, type Position, type Start, type Stream } from "../delivery/cursor.ts";
import { HEARTBEAT_MS } from "./sweep.ts";

/** What a resumable client learns of where it stands in its user's log. */
export class SyncFrames {
  readonly stream: Stream;
  readonly #send: (frame: string) => void;

  constructor(stream: Stream, send: (frame: string) => void) {
    this.stream = stream;
    this.#send = send;
  }

  hello(start: Start): void {
    const cursor = this.cursorAt(start.at);
    this.#write("sync:hello", { protocol: PROTOCOL, cursor, heartbeatMs: HEARTBEAT_MS, resume: start.resume });
    if (start.resume === "reset") this.reset(start.reason, start.at);
  }

  synced(at: Position): void {
    this.#write("sync:synced", { cursor: this.cursorAt(at) });
  }

  reset(reason: SyncFrameData<"sync:reset">["reason"], at: Position): void {
    this.#write("sync:reset", { reason, cursor: this.cursorAt(at), refetch: REFETCH_EVERYTHING });
  }

  reconnect(afterMs: number, at: Position): void {
    this.#write("sync:reconnect", { afterMs, cursor: this.cursorAt(at) });
  }

  cursorAt(at: Position): string {
    return encodeCursor(this.stream, at);
  }

  #write<T extends SyncFrameType>(type: T, data: SyncFrameData<T>): void {
    this.#send(JSON.stringify({ type, data }));
  }
}
