import type { Sql } from "../../apps/server/src/platform/postgres.ts";
import { makePeople, makeVideos } from "./people.ts";
import type { Measure } from "./results.ts";
import type { Server } from "./server.ts";
import type { Scenario, Stand } from "./stand.ts";
import { everyday, median, standstillSeconds, Writers } from "./writers.ts";

const PEOPLE = 40;
const VIDEOS = 10;
const WRITERS_PER_NODE = 8;
const MAX_ATTEMPTS = 300;

/** One of two nodes is frozen in the middle of a transaction: what the other one still does. */
export const frozenNode: Scenario = { point: 2, run };

async function run(stand: Stand): Promise<Measure[]> {
  const [healthy, frozen] = await stand.startCluster();
  const people = await makePeople(healthy, "writer", PEOPLE);
  const videos = await makeVideos(healthy, people.slice(0, VIDEOS));
  const sql = await healthy.openSql();
  const writersOn = ({ url }: Server, firstSeed: number) =>
    new Writers(Array.from({ length: WRITERS_PER_NODE }, (_, n) => everyday(url, people, videos, firstSeed + n)));
  const onHealthy = writersOn(healthy, 1);
  const onFrozen = writersOn(frozen, 1 + WRITERS_PER_NODE);
  const { quietMs, freezeMs } = stand.sizes;
  await Bun.sleep(1000);
  const quietFromMs = performance.now();
  await Bun.sleep(quietMs);
  const quiet = median(onHealthy.rates(quietFromMs, performance.now()));
  const transactions = await freezeInTransaction(frozen, sql);
  const frozenFromMs = performance.now();
  await Bun.sleep(freezeMs);
  const rates = onHealthy.rates(frozenFromMs, performance.now());
  frozen.thaw();
  await Promise.all([onHealthy.end(), onFrozen.end()]);
  const when = `while the other node is frozen for ${freezeMs / 1000} s`;
  const note = `${transactions} transactions left open`;
  return [
    { point: 2, what: `requests on the healthy node ${when}, median second`, unit: "/s", value: median(rates), quiet },
    { point: 2, what: `the same, mean`, unit: "/s", value: mean(rates), quiet },
    { point: 2, what: "longest time below a fifth", unit: "s", value: standstillSeconds(rates, quiet), note },
  ];
}

/**
 * Freezes it while it holds the row of a stream, which everybody needs who writes to that person; answers how many
 * transactions it left open. Those of the living end at once.
 */
async function freezeInTransaction(frozen: Server, sql: Sql): Promise<number> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    frozen.freeze();
    await Bun.sleep(150);
    const [{ open, holding }] = await sql`
      with left_open as (
        select pid from pg_stat_activity
        where state = 'idle in transaction' and state_change < now() - interval '100 milliseconds'
      )
      select (select count(*)::integer from left_open) as open,
        (select count(*)::integer from pg_locks join left_open using (pid)
          where relation = 'user_streams'::regclass and mode = 'RowExclusiveLock') as holding`;
    if (holding > 0) return open;
    frozen.thaw();
    await Bun.sleep(7 * (attempt % 10));
  }
  throw new Error("the node was never frozen while it held the row of a stream");
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
