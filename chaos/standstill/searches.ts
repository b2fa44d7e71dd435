import { attackFor, type Tally } from "./attack.ts";
import { fillAccounts, fillVideos, withoutTextIndexes } from "./bulk.ts";
import { makePeople } from "./people.ts";
import { feed, observe } from "./probe.ts";
import type { Measure } from "./results.ts";
import type { Scenario, Stand } from "./stand.ts";

const LOOPS = 10;

/** Strangers who search what all names contain: how long the feed takes meanwhile. */
export const searches: Scenario = { point: 6, run };

async function run(stand: Stand): Promise<Measure[]> {
  const server = await stand.start();
  const [owner] = await makePeople(server, "owner", 1);
  const sql = await server.openSql();
  const { rows, quietMs, windowMs } = stand.sizes;
  await withoutTextIndexes(sql, async () => {
    await fillAccounts(sql, "user.", rows);
    await fillVideos(sql, owner!.id, rows);
  });
  const probes = { feed: feed(server) };
  const { latencies: quiet } = await observe(probes, () => Bun.sleep(quietMs));
  const measures: Measure[] = [];
  for (const skip of [10_000, 1000]) {
    const path = `/api/v1/users/search?q=user.&skip=${skip}&limit=100`;
    const { latencies, result: tally } = await observe(probes, () =>
      attackFor(windowMs, { kind: "search", url: server.url, loops: LOOPS, path }),
    );
    const what = `feed p50 under ${LOOPS} searches at once in ${rows} accounts, skip=${skip}`;
    const measure = { point: 6, what, unit: "ms", value: latencies.feed.p50, quiet: quiet.feed.p50 } as const;
    measures.push({ ...measure, note: answers(tally, windowMs) });
  }
  return measures;
}

function answers(tally: Tally, windowMs: number): string {
  const rates = Object.entries(tally).map(
    ([status, count]) => `${(count / (windowMs / 1000)).toFixed(1)}/s of ${status}`,
  );
  return `answered ${rates.join(" and ")}`;
}
