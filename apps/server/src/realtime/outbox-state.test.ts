import { expect, test } from "bun:test";
import { INITIAL_STATE, type OutboxEvent, type OutboxState, transition } from "./outbox-state.ts";

const timer = setTimeout(() => {}, 0);
clearTimeout(timer);

const STATES = {
  buffering: { kind: "buffering" },
  replaying: { kind: "replaying" },
  live: { kind: "live", gapTimer: null },
  "live with a gap": { kind: "live", gapTimer: timer },
  behind: { kind: "behind" },
  "stalled in the replay": { kind: "stalled", sinceMs: 10, resumeAs: "replaying" },
  "stalled behind": { kind: "stalled", sinceMs: 10, resumeAs: "behind" },
  closed: { kind: "closed" },
} as const satisfies Record<string, OutboxState>;

const EVENTS = {
  placed: { type: "placed" },
  logNeeded: { type: "logNeeded" },
  gapOpened: { type: "gapOpened", timer },
  gapEnded: { type: "gapEnded" },
  blocked: { type: "blocked", nowMs: 10 },
  excused: { type: "excused", nowMs: 20 },
  unblocked: { type: "unblocked" },
  caughtUp: { type: "caughtUp" },
  closed: { type: "closed" },
} as const satisfies Record<OutboxEvent["type"], OutboxEvent>;

type StateName = keyof typeof STATES;
type Next = StateName | { kind: "stalled"; sinceMs: 20; resumeAs: "replaying" | "behind" };

/** What each event makes of each state; where none is named, nothing changes. */
const CHANGES: Record<StateName, Partial<Record<OutboxEvent["type"], Next>>> = {
  buffering: { placed: "replaying", closed: "closed" },
  replaying: { blocked: "stalled in the replay", caughtUp: "live", closed: "closed" },
  live: {
    logNeeded: "behind",
    gapOpened: "live with a gap",
    blocked: "stalled behind",
    closed: "closed",
  },
  "live with a gap": { logNeeded: "behind", gapEnded: "live", blocked: "stalled behind", closed: "closed" },
  behind: { blocked: "stalled behind", caughtUp: "live", closed: "closed" },
  "stalled in the replay": {
    excused: { kind: "stalled", sinceMs: 20, resumeAs: "replaying" },
    unblocked: "replaying",
    closed: "closed",
  },
  "stalled behind": {
    excused: { kind: "stalled", sinceMs: 20, resumeAs: "behind" },
    unblocked: "behind",
    closed: "closed",
  },
  closed: {},
};

for (const [name, state] of Object.entries(STATES) as [StateName, OutboxState][]) {
  for (const event of Object.values(EVENTS)) {
    const next = CHANGES[name][event.type];
    const title = typeof next === "string" ? `is ${next}` : next ? "counts from now" : "stays as it is";
    test(`${name}, ${event.type}: ${title}`, () => {
      const result = transition(state, event);
      if (next) expect(result).toEqual(typeof next === "string" ? STATES[next] : next);
      else expect(result).toBe(state);
    });
  }
}

test("every state can be reached from the first, and from every state the end", () => {
  const seen = new Map<string, OutboxState>([[JSON.stringify(INITIAL_STATE), INITIAL_STATE]]);
  for (const state of seen.values()) {
    for (const event of Object.values(EVENTS)) {
      const next = transition(state, event);
      seen.set(JSON.stringify({ ...next, sinceMs: 0, gapTimer: "gapTimer" in next && next.gapTimer !== null }), next);
    }
    expect(transition(state, EVENTS.closed).kind).toBe("closed");
  }
  const kinds = new Set([...seen.values()].map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(Object.values(STATES).map(({ kind }) => kind)));
});
