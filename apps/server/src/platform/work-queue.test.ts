import { expect, test } from "bun:test";
import { WorkQueue } from "./work-queue.ts";

/** Work that ends when the test says so, and notes that it began. */
function held(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const work = () => {
    log.push(name);
    return promise;
  };
  return { work, end: () => resolve(name) };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error) => error.code,
  );

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("only so much runs at a time; what waits goes by priority, and among equals by its turn", async () => {
  const [queue, log] = [new WorkQueue(2, 10), [] as string[]];
  const first = ["a", "b"].map((name) => held(log, name));
  const running = first.map(({ work }) => queue.run({ priority: 1 }, work));
  const later = (name: string, priority: number) => queue.run({ priority }, async () => log.push(name));
  const waiting = [later("low 1", 1), later("high 1", 0), later("low 2", 1), later("high 2", 0)];
  await settled();
  expect(log).toEqual(["a", "b"]);
  first[0]!.end();
  await Promise.all(waiting);
  expect(log).toEqual(["a", "b", "high 1", "high 2", "low 1", "low 2"]);
  first[1]!.end();
  expect(await Promise.all(running)).toEqual(["a", "b"]);
});

test("at its bound it refuses who comes, and the latest of a lower priority for one of a higher", async () => {
  const [queue, log] = [new WorkQueue(1, 2), [] as string[]];
  const first = held(log, "running");
  const running = queue.run({ priority: 1 }, first.work);
  const outcomes = [1, 1, 1, 0, 0, 0].map((priority) => codeOf(queue.run({ priority }, async () => {})));
  await settled();
  first.end();
  await running;
  expect(await Promise.all(outcomes)).toEqual([
    ...["SERVER_BUSY", "SERVER_BUSY", "SERVER_BUSY"],
    ...["done", "done", "SERVER_BUSY"],
  ]);
});

test("who leaves is not waited for: the place is free at once, and the work is never done", async () => {
  const [queue, log] = [new WorkQueue(1, 2), [] as string[]];
  const first = held(log, "running");
  const running = queue.run({ priority: 0 }, first.work);
  const leaving = new AbortController();
  const gone = [1, 2].map(() =>
    codeOf(queue.run({ priority: 0, signal: leaving.signal }, async () => log.push("gone"))),
  );
  await settled();
  leaving.abort();
  const stays = [1, 2].map(() => codeOf(queue.run({ priority: 0 }, async () => log.push("stays"))));
  const late = codeOf(queue.run({ priority: 0, signal: leaving.signal }, async () => log.push("late")));
  expect(await Promise.all([...gone, late])).toEqual(["BAD_REQUEST", "BAD_REQUEST", "BAD_REQUEST"]);
  first.end();
  expect(await Promise.all([running, ...stays])).toEqual(["running", "done", "done"]);
  expect(log).toEqual(["running", "stays", "stays"]);
});

test("work that fails gives its place on", async () => {
  const queue = new WorkQueue(1, 2);
  const broken = codeOf(queue.run({ priority: 0 }, () => Promise.reject({ code: "broken" })));
  expect(await Promise.all([broken, queue.run({ priority: 0 }, async () => "next")])).toEqual(["broken", "next"]);
});
