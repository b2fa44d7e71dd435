import { expect, test } from "bun:test";
import { CLOSE, CLOSE_ACTIONS, type CloseAction } from "./close-codes.ts";

const reasons = Object.values(CLOSE);

test("reasons that share a code share an action: a client that sees the code alone does the right thing", () => {
  const byCode = Map.groupBy(reasons, ({ code }) => code);
  expect([...byCode.values()].some((shared) => shared.length > 1)).toBe(true);
  for (const [code, shared] of byCode) {
    expect([code, [...new Set(shared.map(({ action }) => action))]]).toEqual([code, [shared[0]!.action]]);
  }
});

test("every action is asked for by some code, and each reason is told apart by its text", () => {
  const asked = new Set<CloseAction>(reasons.map(({ action }) => action));
  expect([...asked].toSorted()).toEqual((Object.keys(CLOSE_ACTIONS) as CloseAction[]).toSorted());
  expect(new Set(reasons.map(({ reason }) => reason)).size).toBe(reasons.length);
});
