import { startServer } from "../apps/server/src/app.ts";
import { readConfig } from "../apps/server/src/config.ts";
import { openContext } from "../apps/server/src/context.ts";
import { Dice } from "./dice.ts";

/*
 * A node as main.ts starts one, but for its publications, of which some are lost and some doubled, and between SIGUSR1
 * and SIGUSR2 all are lost: in this process and on the way to the others alike.
 */

const [seed, lossPerThousand] = process.argv.slice(2).map(Number) as [number, number];
const dice = new Dice(seed);
const context = await openContext(readConfig(process.env));
const { broker } = context.app;
const publish = broker.publish.bind(broker);
const struck = { dropped: 0, doubled: 0 };
let isMute = false;
process.on("SIGUSR1", () => {
  isMute = true;
});
process.on("SIGUSR2", () => {
  isMute = false;
});

broker.publish = (publications) => {
  const luck = dice.below(1000);
  if (isMute || luck < lossPerThousand) {
    struck.dropped++;
    return;
  }
  publish(publications);
  if (luck >= 1000 - lossPerThousand) {
    struck.doubled++;
    publish(publications);
  }
};

const running = await startServer(context.app);
console.log(`is up on ${running.url}`);
setInterval(() => console.log(JSON.stringify(struck)), 500);
process.on("SIGTERM", async () => {
  await running.stop();
  await context.close();
  console.log(JSON.stringify(struck));
  process.exit(0);
});
