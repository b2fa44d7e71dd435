import { SeededRandom } from "@reelay/testkit/seeded-random.ts";
import { openContext, startServer } from "../apps/server/src/compose.ts";
import { readConfig } from "../apps/server/src/config.ts";

/*
 * A node as main.ts starts one, except that its publications can be lost and doubled, in this process and on the way to
 * the others alike, and that its wall clock can be set. The run says which over the process's channel.
 */

/** What the run wants of a node, until it says otherwise. */
export type Order = {
  /** Of a thousand publications, so many are lost and as many doubled; 1000: all are lost. */
  lossPerThousand: number;
  /** How far the wall clock is ahead of the true time. */
  clockAheadMs: number;
};

/** What became of a node's publications since it started. */
export type Injected = { dropped: number; doubled: number };

const random = new SeededRandom(Number(process.argv[2]));
const order: Order = { lossPerThousand: 0, clockAheadMs: 0 };
const injected: Injected = { dropped: 0, doubled: 0 };
process.on("message", (given: Partial<Order>) => Object.assign(order, given));

const trueTime = Date.now;
Date.now = () => trueTime() + order.clockAheadMs;

const context = await openContext(readConfig(process.env));
const { broker } = context.app;
const publish = broker.publish.bind(broker);
broker.publish = (publications) => {
  const luck = random.below(1000);
  if (luck < order.lossPerThousand) {
    injected.dropped++;
    return;
  }
  publish(publications);
  if (luck >= 1000 - order.lossPerThousand) {
    injected.doubled++;
    publish(publications);
  }
};

const running = await startServer(context.app);
const report = setInterval(() => process.send?.(injected), 500);
process.on("SIGTERM", async () => {
  clearInterval(report);
  await running.stop();
  await context.close();
  process.send?.(injected);
  process.exit(0);
});
