import {
  PROTOCOL,
  REFETCH_EVERYTHING,
  type ResetReason,
  type SyncFrameData,
  type SyncFrameType,
} from "@reelay/contract";
import { encodeCursor, type Position, type Start, type Stream } from "../delivery/cursor.ts";
import { HEARTBEAT_MS } from "./liveness.ts";

/* What only a resumable client is sent: where it stands in its user's log. */

export function syncHello(stream: Stream, { at, resume }: Start): string {
  return frame("sync:hello", {
    protocol: PROTOCOL,
    cursor: encodeCursor(stream, at),
    heartbeatMs: HEARTBEAT_MS,
    resume,
  });
}

export function syncSynced(stream: Stream, at: Position): string {
  return frame("sync:synced", { cursor: encodeCursor(stream, at) });
}

export function syncReset(stream: Stream, at: Position, reason: ResetReason): string {
  return frame("sync:reset", { reason, cursor: encodeCursor(stream, at), refetch: REFETCH_EVERYTHING });
}

export function syncReconnect(stream: Stream, at: Position, afterMs: number): string {
  return frame("sync:reconnect", { afterMs, cursor: encodeCursor(stream, at) });
}

function frame<T extends SyncFrameType>(type: T, data: SyncFrameData<T>): string {
  return JSON.stringify({ type, data });
}
