import { expect, test } from "bun:test";
import { batchedWrites } from "./batched-writes.ts";
import { openLog } from "./log.ts";

const context = () => ({ log: openLog("silent"), written: [] as number[][] });
type Context = ReturnType<typeof context>;

/** Writes numbers into the context, and throws at thirteen as a statement would: before anything is written. */
const numbers = (publish: (results: readonly string[]) => void = () => {}) =>
  batchedWrites<Context, number, string>({
    async write({ written }, inputs) {
      if (inputs.includes(13)) throw new Error("thirteen");
      written.push([...inputs]);
      return inputs.map(String);
    },
    publish: (_, results) => publish(results),
    locksOf: () => [],
    findLocked: async () => new Map(),
    orderOf: (input) => String(input % 2),
  });

test("an input that makes the write throw is found by halving, and its caller alone is rejected", async () => {
  const [run, at] = [numbers(), context()];
  const outcomes = await Promise.allSettled(Array.from({ length: 32 }, (_, n) => run(at, n)));
  expect(outcomes.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([13]);
  expect(at.written.flat()).toEqual(Array.from({ length: 32 }, (_, n) => n).filter((n) => n !== 13));
});

test("what fails after the commit is not written again, and its callers are answered", async () => {
  const run = numbers(() => {
    throw new Error("nobody could be told");
  });
  const at = context();
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => run(at, n)));
  expect(answers).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
  expect(at.written).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
});

test("two batches in flight never hold inputs of one order", async () => {
  const gates: (() => void)[] = [];
  const batches: number[][] = [];
  const run = batchedWrites<Context, number, number>({
    async write(_, inputs) {
      batches.push([...inputs]);
      await new Promise<void>((resolve) => gates.push(resolve));
      return [...inputs];
    },
    publish() {},
    locksOf: () => [],
    findLocked: async () => new Map(),
    orderOf: (input) => String(input % 10),
  });
  const at = context();
  const settled: Promise<number>[] = [run(at, 1)];
  await new Promise(setImmediate);
  settled.push(run(at, 11), run(at, 2));
  await new Promise(setImmediate);
  settled.push(run(at, 12), run(at, 3));
  await new Promise(setImmediate);
  expect(batches).toEqual([[1], [2]]);
  for (let n = 0; n < 8; n++) {
    gates.shift()?.();
    await new Promise(setImmediate);
  }
  expect(await Promise.all(settled)).toEqual([1, 11, 2, 12, 3]);
  expect(batches).toEqual([[1], [2], [11, 3], [12]]);
});
