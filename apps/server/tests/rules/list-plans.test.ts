import { afterAll, beforeAll, expect, test } from "bun:test";
import { AdminReportsQuery, AdminUsersQuery, AdminVideosQuery, AuditLogQuery, camelKeys } from "@reelay/contract";
import { createTestDatabase, fillWithRows, startTestServer, type TestDatabase, type TestServer } from "@reelay/testkit";
import type { Actor } from "../../src/access/caller.ts";
import type { App } from "../../src/app.ts";
import { listAuditLog } from "../../src/features/admin-lists/audit-log.ts";
import { readReportDetails } from "../../src/features/admin-lists/report-details.ts";
import { listReports } from "../../src/features/admin-lists/reports.ts";
import { readUserDetails } from "../../src/features/admin-lists/user-details.ts";
import { listUsers } from "../../src/features/admin-lists/users.ts";
import { readVideoDetails } from "../../src/features/admin-lists/video-details.ts";
import { listVideos } from "../../src/features/admin-lists/videos.ts";
import { openPostgres, type Sql } from "../../src/platform/postgres.ts";

/* No list of staff reads a whole table that grows: asked of the planner, over rows made by the database. */

const ROWS = 50_000;
const TIMEOUT_MS = 180_000;

const GROWING = new Set([
  ...["accounts", "account_listing", "activity", "bans", "videos", "video_listing", "comments", "messages", "reports"],
  "audit_log",
]);

/** Each filter and each order by itself, and some together. */
const QUERIES = {
  users: [
    ...["", "status=active", "status=banned", "status=any", "order=asc", "page=100&limit=100", "created=today"],
    ...["seen_within=7d", "status=active&seen_within=7d", "status=banned&seen_within=7d", "status=any&created=today"],
    ...["sort_by=username", "sort_by=username&order=asc&status=any", "sort_by=follower_count", "search=nguyen"],
    ...["sort_by=follower_count&status=banned", "sort_by=follower_count&created=today", "search=c4ca4238", "search=us"],
    ...["sort_by=username&seen_within=7d", "search=user77@example.com", "search=zzzzzz", "search=nguyen&created=today"],
    ...["search=nguyen&sort_by=follower_count", "search=nguyen&status=banned&seen_within=7d"],
  ],
  videos: [
    ...["", "visibility=public", "visibility=private", "visibility=deleted", "visibility=any", "order=asc"],
    ...[
      "created=today",
      "visibility=any&created=today",
      "sort_by=views",
      "sort_by=likes",
      "sort_by=comments&order=asc",
    ],
    ...["sort_by=views&created=today", "search=hue", "search=8f14e45f", "search=8f14e45f&visibility=deleted"],
    ...["search=hue&visibility=any", "search=hu&visibility=any", "search=zzzzzz", "search=hue&sort_by=likes"],
  ],
  reports: [
    ...["", "status=pending", "status=resolved", "status=rejected", "target_type=message", "order=asc"],
    ...["decided=today", "status=resolved&decided=today", "status=pending&target_type=video"],
  ],
  auditLog: [
    ...["", "actor=3", "action=user_ban", "target_type=video", "target_id=7", "target_type=user&target_id=7"],
    ...["from=2026-01-01T00:00:00Z", "to=2030-01-01T00:00:00Z", "actor=3&action=user_ban", "actor=999999"],
    "actor=3&target_type=report&from=2020-01-01T00:00:00Z",
  ],
};

let database: TestDatabase;
let server: TestServer;
/** A single connection, so that it knows every statement that was prepared. */
let sql: Sql;
let app: App;
const staff = { userId: 1, sessionId: 1, tokenVersion: 0, expiresAtMs: 0, role: "moderator" } satisfies Actor;
const { signal } = new AbortController();

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startTestServer({ database });
  await fillWithRows(server.app.sql, ROWS);
  sql = openPostgres(database.connection, 1);
  app = { ...server.app, sql: explaining(sql) };
}, TIMEOUT_MS);

afterAll(async () => {
  await sql.close();
  // The counts that were made up are no drift.
  await server.app.sql`
    truncate moderation_queue, accounts, videos, messages, activity, statistics, account_listing, video_listing cascade`;
  await server.stop();
  await database.drop();
});

type Plan = { "Node Type": string; "Relation Name"?: string; Plans?: Plan[] };
type Explained = [{ "QUERY PLAN": [{ Plan: Plan }] }];

let scanned: string[] = [];

function note(what: string, [{ "QUERY PLAN": plans }]: Explained): void {
  const look = (plan: Plan) => {
    const table = plan["Relation Name"] ?? "";
    if (plan["Node Type"] === "Seq Scan" && GROWING.has(table)) scanned.push(`${what}: ${table}`);
    plan.Plans?.forEach(look);
  };
  for (const { Plan } of plans) look(Plan);
}

let current = "";
const noted = new Set<string>();

/** Has every statement of a transaction, which is planned for its values, explained before it runs. */
function explaining(real: Sql): Sql {
  const wrap = (tx: any) =>
    new Proxy(tx, {
      apply(target, self, args) {
        const query: any = Reflect.apply(target, self, args);
        const run = query.then.bind(query);
        const explain = (...outcome: unknown[]) =>
          tx`explain (format json) ${query}`
            .then((plans: Explained) => note(current, plans))
            .then(() => new Promise(run))
            .then(...outcome);
        // biome-ignore lint/suspicious/noThenProperty: a query runs when it is awaited.
        query.then = explain;
        return query;
      },
    });
  return new Proxy(real, {
    get: (target, key) => {
      const value = Reflect.get(target, key);
      if (key === "begin") return (work: (tx: any) => Promise<unknown>) => target.begin((tx) => work(wrap(tx)));
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** The rest runs by plans that fit all values: those of the statements that the connection has prepared. */
async function noteGenericPlans(): Promise<number> {
  const prepared: { name: string; statement: string; count: number }[] = await sql`
    select name, statement, coalesce(array_length(parameter_types, 1), 0) as count from pg_prepared_statements
    where generic_plans > 0 and custom_plans = 0 and statement !~* 'explain|pg_prepared_statements'`;
  for (const { name, statement, count } of prepared) {
    if (noted.has(name)) continue;
    noted.add(name);
    const values = count > 0 ? `(${Array(count).fill("null").join(", ")})` : "";
    note(statement, await sql.unsafe(`explain (format json) execute "${name}"${values}`));
  }
  return prepared.length;
}

const parsed = (query: string) => camelKeys(Object.fromEntries(new URLSearchParams(query)));

async function readEverything(): Promise<void> {
  for (current of QUERIES.users) await listUsers(app, staff, AdminUsersQuery.parse(parsed(current)), signal);
  for (current of QUERIES.videos) await listVideos(app, staff, AdminVideosQuery.parse(parsed(current)), signal);
  for (current of QUERIES.reports) await listReports(app, staff, AdminReportsQuery.parse(parsed(current)), signal);
  for (current of QUERIES.auditLog) await listAuditLog(app, AuditLogQuery.parse(parsed(current)), signal);
  await readUserDetails(app, staff, 2);
  await readVideoDetails(app, staff, 2);
  for (const id of [1, 2, 3, 4]) await readReportDetails(app, staff, id);
}

test(
  "no plan reads a table that grows from end to end",
  async () => {
    scanned = [];
    await readEverything();
    expect(await noteGenericPlans()).toBeGreaterThan(20);
    expect(scanned).toEqual([]);
  },
  TIMEOUT_MS,
);

test("a plan that does is noticed, planned for its values or for all", async () => {
  scanned = [];
  current = "by a filter without an index";
  await app.sql.begin(async (tx) => await tx`select id from accounts where bio = ${"x"}`);
  await app.sql`select id from videos where shares_count = ${7}`;
  await noteGenericPlans();
  expect(new Set(scanned.map((each) => each.split(": ").at(-1)))).toEqual(new Set(["accounts", "videos"]));
});
