/**
 * Where the outbox of one socket stands, with the data that state needs.
 *
 * buffering: the place to start from is not known yet; events are kept for later.
 * replaying: the log is read for the first time, from the start; events are kept for later.
 * live: an event that is next in line goes out at once. `gapTimer` runs while the one before a later event is missing.
 * behind: the log is read again, up to its end; events are kept for later.
 * stalled: the client has read nothing since `sinceMs`. No event is held in memory; reading the log goes on as `resumeAs`.
 * closed: nothing goes out any more. This state is final.
 */
export type OutboxState =
  | { kind: "buffering" }
  | { kind: "replaying" }
  | { kind: "live"; gapTimer: Timer | null }
  | { kind: "behind" }
  | { kind: "stalled"; sinceMs: number; resumeAs: "replaying" | "behind" }
  | { kind: "closed" };

/**
 * What moves an outbox from one state to another.
 *
 * placed: the place to start from is known.
 * logNeeded: the log holds events that were not published, or other ones.
 * gapOpened: a later event came before the next one. gapEnded: the time to wait for the next one is over.
 * blocked: too much waits for the client. excused: the client has read something, or could not. unblocked: there is room again.
 * caughtUp: everything in the log has been written.
 * closed: the socket ends.
 */
export type OutboxEvent =
  | { type: "placed" | "logNeeded" | "gapEnded" | "unblocked" | "caughtUp" | "closed" }
  | { type: "gapOpened"; timer: Timer }
  | { type: "blocked" | "excused"; nowMs: number };

type StateOf<K extends OutboxState["kind"]> = Extract<OutboxState, { kind: K }>;

const REPLAYING: OutboxState = Object.freeze({ kind: "replaying" });
const LIVE: OutboxState = Object.freeze({ kind: "live", gapTimer: null });
const BEHIND: OutboxState = Object.freeze({ kind: "behind" });
const CLOSED: OutboxState = Object.freeze({ kind: "closed" });

export const INITIAL_STATE: OutboxState = Object.freeze({ kind: "buffering" });

/** The state after an event; the same object when the event changes nothing. */
export function transition(state: OutboxState, event: OutboxEvent): OutboxState {
  if (state.kind === "closed") return state;
  if (event.type === "closed") return CLOSED;
  switch (state.kind) {
    case "buffering":
      return event.type === "placed" ? REPLAYING : state;
    case "replaying":
    case "behind":
      return whileReading(state, event);
    case "live":
      return whileLive(state, event);
    case "stalled":
      return whileStalled(state, event);
  }
}

function whileReading(state: StateOf<"replaying" | "behind">, event: OutboxEvent): OutboxState {
  if (event.type === "caughtUp") return LIVE;
  return event.type === "blocked" ? { kind: "stalled", sinceMs: event.nowMs, resumeAs: state.kind } : state;
}

function whileLive(state: StateOf<"live">, event: OutboxEvent): OutboxState {
  switch (event.type) {
    case "logNeeded":
      return BEHIND;
    case "gapOpened":
      return state.gapTimer ? state : { kind: "live", gapTimer: event.timer };
    case "gapEnded":
      return state.gapTimer ? LIVE : state;
    case "blocked":
      return { kind: "stalled", sinceMs: event.nowMs, resumeAs: "behind" };
    default:
      return state;
  }
}

function whileStalled(state: StateOf<"stalled">, event: OutboxEvent): OutboxState {
  if (event.type === "unblocked") return state.resumeAs === "replaying" ? REPLAYING : BEHIND;
  return event.type === "excused" ? { ...state, sinceMs: event.nowMs } : state;
}
