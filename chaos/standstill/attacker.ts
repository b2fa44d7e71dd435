import type { Orders, Tally } from "./attack.ts";
import { abandonSignUps, holdForms, loopRegistrations, loopSearches } from "./http-attacks.ts";
import { floodFrames, resumeAll } from "./socket-attacks.ts";

/* The process of one attack. Its orders are its argument; its tally is the last line it prints. */

const tally: Tally = {};
const end = () => {
  console.log(JSON.stringify(tally));
  process.exit(0);
};
process.on("SIGTERM", end);
await carryOut(JSON.parse(process.argv[2]!) as Orders, tally);
end();

async function carryOut(orders: Orders, tally: Tally): Promise<void> {
  switch (orders.kind) {
    case "register":
      return await loopRegistrations(orders.url, orders.loops, tally);
    case "abandon":
      return await abandonSignUps(orders, tally);
    case "search":
      return await loopSearches(orders, tally);
    case "forms":
      return await holdForms(orders.url, orders.connections, tally);
    case "pongs":
    case "pings":
      return await floodFrames(orders, tally);
    case "resume":
      return await resumeAll(orders, tally);
  }
}
