import { attackFor, type Tally } from "./attack.ts";
import { fillAccounts, fillVideos, withoutTextIndexes } from "./bulk.ts";
import { makePeople } from "./people.ts";
import { feed, observe } from "./probe.ts";
import type { Measure } from "./results.ts";
import type { Scenario, Stand } from "./stand.ts";

type Search = { query: string; name: string; loops: number };

/** What all names contain, far down and less far, and what no index can find; as many as the pool holds, and twice that. */
const SEARCHES: readonly Search[] = [
  { query: "q=user.&skip=10000", name: "skip=10000", loops: 10 },
  { query: "q=user.&skip=10000", name: "skip=10000", loops: 20 },
  { query: "q=user.&skip=1000", name: "skip=1000", loops: 20 },
  { query: "q=%25%25%25", name: "of %%%", loops: 20 },
];

/** Strangers who search without end: how long the feed takes meanwhile. */
export const searches: Scenario = { point: 6, run };

async function run(stand: Stand): Promise<Measure[]> {
  const server = await stand.start();
  const [owner] = await makePeople(server, "owner", 1);
  const sql = await server.openSql();
  const { rows, quietMs, windowMs } = stand.sizes;
  // As the planner knows a table that has just grown: with statistics, these searches are a few times as fast.
  await sql`alter table accounts set (autovacuum_enabled = off)`;
  await withoutTextIndexes(sql, async () => {
    await fillAccounts(sql, "user.", rows);
    await fillVideos(sql, owner!.id, rows);
  });
  await sql`vacuum analyze videos`;
  const probes = { feed: feed(server) };
  const { latencies: quiet } = await observe(probes, () => Bun.sleep(quietMs));
  const measures: Measure[] = [];
  for (const { query, name, loops } of SEARCHES) {
    const path = `/api/v1/users/search?${query}&limit=100`;
    const { latencies, result: tally } = await observe(probes, () =>
      attackFor(windowMs, { kind: "search", url: server.url, loops, path }),
    );
    const what = `feed p50 under ${loops} searches at once in ${rows} accounts, ${name}`;
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
