import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App } from "../apps/server/src/app.ts";
import { openContext, startServer } from "../apps/server/src/compose.ts";
import { readConfig } from "../apps/server/src/config.ts";
import { startEmbeddedPostgres } from "../apps/server/src/platform/embedded-postgres.ts";
import { createDataDir } from "../apps/server/src/platform/postgres-home.ts";
import { fillWithRows } from "../packages/testkit/src/many-rows.ts";

/*
 * How long the statistics, the queue and the first page of every list of staff take, by filters and orders, over few rows
 * and over many.
 */

/** The one that writes. */
const NEXT = "queue/next";

const SIZES = process.argv.slice(2).map(Number);
const ROWS = SIZES.length > 0 ? SIZES : [10_000, 1_000_000];
const WARM_UP = 5;
const RUNS = 41;

const USERS = ["", "status=active", "status=banned", "status=any", "seen_within=7d", "status=active&seen_within=7d"];
const VIDEOS = ["", "visibility=public", "visibility=private", "visibility=deleted", "visibility=any", "created=today"];
const REPORTS = ["", "status=pending", "status=resolved", "status=rejected", "target_type=video", "decided=today"];
const SORTED_USERS = ["sort_by=username", "sort_by=username&order=asc", "sort_by=follower_count", "order=asc"];
const SORTED_VIDEOS = ["sort_by=views", "sort_by=likes", "sort_by=comments", "sort_by=views&order=asc", "order=asc"];
const SEARCHED_USERS = [
  "search=nguyen",
  "search=c4ca4238",
  "search=us",
  "search=user77%40example.com",
  "search=zzzzzz",
];
const SEARCHED_VIDEOS = ["search=hue", "search=8f14e45f", "search=8f14e45f&visibility=deleted", "search=zzzzzz"];
const AUDITED = ["", "actor=3", "action=user_ban", "target_type=video", "target_id=7", "target_type=user&target_id=7"];
const TIMED = ["from=2026-01-01T00:00:00Z", "to=2030-01-01T00:00:00Z", "actor=3&action=user_ban"];

const QUEUE = [
  "",
  "category=spam",
  "target_type=video",
  "claimed=nobody",
  "claimed=me",
  "sort_by=oldest",
  "sort_by=newest",
];

const PATHS = [
  ...["overview", "charts", "recent-activity"].map((name) => `stats/${name}`),
  ...QUEUE.map((q) => `queue?${q}`),
  NEXT,
  ...[...USERS, "created=today", "created=today&status=any", ...SORTED_USERS, ...SEARCHED_USERS].map(
    (q) => `users?${q}`,
  ),
  ...[...VIDEOS, "created=today&visibility=any", ...SORTED_VIDEOS, ...SEARCHED_VIDEOS].map((q) => `videos?${q}`),
  ...[...REPORTS, "status=resolved&decided=today", "order=asc"].map((q) => `reports?${q}`),
  ...[...AUDITED, ...TIMED].map((q) => `audit-log?${q}`),
  ...["users/1", "videos/1", "reports/1"],
];

const folder = join(tmpdir(), `reelay-bench-${randomBytes(4).toString("hex")}`);
const p50 = new Map<string, number[]>();
try {
  for (const rows of ROWS) await measure(rows);
} finally {
  await rm(folder, { recursive: true, force: true });
}
print();

async function measure(rows: number): Promise<void> {
  const dataDir = join(folder, String(rows));
  await createDataDir(dataDir);
  const postgres = await startEmbeddedPostgres({ dataDir, log: console.error, settings: { fsync: "off" } });
  const config = readConfig({ PORT: "0", LOG_LEVEL: "error", JWT_SECRET: "x".repeat(32) });
  const context = await openContext(config, { connection: postgres.connection, dataDir });
  const running = await startServer(context.app);
  try {
    console.log(`filling with ${rows} rows`);
    await fillWithRows(context.app.sql, rows);
    const token = await signIn(context.app);
    for (const path of PATHS) {
      const times = p50.get(path) ?? [];
      p50.set(path, [...times, await time(`${running.url}/api/v1/admin/${path}`, token)]);
    }
  } finally {
    await running.stop();
    await context.close();
    await postgres.stop();
  }
}

async function signIn({ sql, tokens }: App): Promise<string> {
  const [{ id }] = await sql`
    insert into accounts (username, role) values ('the.moderator', 'moderator') returning id::float8 as id`;
  const [session] = await sql`insert into sessions (user_id) values (${id}) returning id::float8 as id`;
  return (await tokens.sign({ userId: id, sessionId: session.id, tokenVersion: 0 })).token;
}

async function time(url: string, token: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const startedMs = performance.now();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const response = await fetch(url, { headers, ...(url.endsWith(NEXT) && { method: "POST", body: "{}" }) });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${url}: ${response.status} ${text}`);
    if (run >= WARM_UP) times.push(performance.now() - startedMs);
  }
  return times.sort((a, b) => a - b)[RUNS >> 1]!;
}

function print(): void {
  const cell = (value: number | undefined, digits: number) => (value ?? 0).toFixed(digits).padStart(10);
  console.log(`${"p50 in ms".padEnd(48)}${ROWS.map((rows) => String(rows).padStart(10)).join("")}     ratio`);
  for (const [path, times] of p50) {
    const ratio = (times.at(-1) ?? 0) / (times[0] ?? 1);
    console.log(path.padEnd(48) + times.map((each) => cell(each, 2)).join("") + cell(ratio, 2));
  }
}
