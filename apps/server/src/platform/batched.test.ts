import { expect, test } from "bun:test";
import { batched } from "./batched.ts";

/** A batch operation that ends only when it is told to, and remembers how it was called. */
function controlled() {
  const sizes: number[] = [];
  const pending: (() => void)[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const run = batched(async (_context: object, inputs: readonly number[]) => {
    sizes.push(inputs.length);
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    await new Promise<void>((resolve) => pending.push(resolve));
    inFlight--;
    return inputs.map((input) => input * 2);
  });
  const finishAll = async () => {
    while (pending.length > 0) {
      pending.shift()!();
      await new Promise(setImmediate);
    }
  };
  return { run: (input: number) => run(sizes, input), sizes, finishAll, most: () => mostInFlight };
}

test("a lone caller is served at once, callers of one moment together", async () => {
  const { run, sizes, finishAll } = controlled();
  const first = run(1);
  await new Promise(setImmediate);
  expect(sizes).toEqual([1]);
  const more = [run(2), run(3)];
  await new Promise(setImmediate);
  expect(sizes).toEqual([1, 2]);
  await finishAll();
  expect(await Promise.all([first, ...more])).toEqual([2, 4, 6]);
});

test("64 callers that come one after another gather behind two batches in flight", async () => {
  const { run, sizes, finishAll, most } = controlled();
  const calls: Promise<number>[] = [];
  for (let n = 0; n < 64; n++) {
    calls.push(run(n));
    await new Promise(setImmediate);
  }
  expect(sizes).toEqual([1, 1]);
  await finishAll();
  expect(await Promise.all(calls)).toEqual(Array.from({ length: 64 }, (_, n) => n * 2));
  expect(sizes).toEqual([1, 1, 62]);
  expect(most()).toBe(2);
});

test("a batch holds at most 256", async () => {
  const { run, sizes, finishAll, most } = controlled();
  const calls = Array.from({ length: 700 }, (_, n) => run(n));
  await new Promise(setImmediate);
  await finishAll();
  await Promise.all(calls);
  expect(sizes).toEqual([256, 256, 188]);
  expect(most()).toBe(2);
});

test("an input that makes the batch throw is rejected alone", async () => {
  const run = batched(async (_context: object, inputs: readonly number[]) => {
    if (inputs.includes(13)) throw new Error("thirteen");
    return inputs.map(String);
  });
  const context = {};
  const outcomes = await Promise.allSettled(Array.from({ length: 32 }, (_, n) => run(context, n)));
  expect(outcomes.flatMap((outcome, n) => (outcome.status === "rejected" ? [n] : []))).toEqual([13]);
});
