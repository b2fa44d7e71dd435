import { attackFor } from "./attack.ts";
import { makePeople, type Person } from "./people.ts";
import { messages, observe } from "./probe.ts";
import type { Measure } from "./results.ts";
import type { Server } from "./server.ts";
import type { Scenario, Stand } from "./stand.ts";

const SOCKETS = 10;
const FORMS = 300;
const KINDS = { pongs: "unasked pongs", pings: "pings whose pongs are not read" } as const;

/** What costs its sender nothing: control frames, and forms that are never completed. */
export const controlFrames: Scenario = { point: 9, run };

async function run(stand: Stand): Promise<Measure[]> {
  const { windowMs } = stand.sizes;
  const measures: Measure[] = [];
  for (const kind of ["pongs", "pings"] as const) {
    const server = await startFresh(stand);
    measures.push(...(await flood(server, kind, stand)));
    await server.stop();
  }
  const server = await startFresh(stand);
  const { result: tally, growthMb } = await server.rssGrowthMb(() =>
    attackFor(2 * windowMs, { kind: "forms", url: server.url, connections: FORMS }),
  );
  const note = `${tally.held ?? 0} held, ${tally["closed by the server"] ?? 0} closed by the server`;
  const what = `memory for ${FORMS} forms at the login that lack their end`;
  return [...measures, { point: 9, what, unit: "MB", value: growthMb, note }];
}

/** The budget of connects holds: who is closed comes back as often as anybody may. */
async function startFresh(stand: Stand): Promise<Server> {
  return await stand.start({ env: { RATE_CONNECTS_PER_MINUTE: "120" } });
}

async function flood(server: Server, kind: keyof typeof KINDS, { sizes }: Stand): Promise<Measure[]> {
  const [attacker, sender, receiver] = (await makePeople(server, "person", 3)) as [Person, Person, Person];
  using message = await messages(server, sender, receiver);
  const { latencies: quiet } = await observe({ message }, () => Bun.sleep(sizes.quietMs));
  const orders = { kind, url: server.url, token: attacker.token, sockets: SOCKETS } as const;
  const { result, growthMb } = await server.rssGrowthMb(() =>
    observe({ message }, () => attackFor(sizes.windowMs, orders)),
  );
  const { latencies, result: tally } = result;
  const millions = ((tally.frames ?? 0) / (sizes.windowMs / 1000) / 1e6).toFixed(2);
  const note = `${millions} M/s taken, ${tally["closed by the server"] ?? 0} closed by the server`;
  const { p50 } = latencies.message;
  const what = `under ${KINDS[kind]} on ${SOCKETS} sockets`;
  return [
    { point: 9, what: `message p50 ${what}`, unit: "ms", value: p50, quiet: quiet.message.p50, note },
    { point: 9, what: `memory ${what}`, unit: "MB", value: growthMb },
  ];
}
