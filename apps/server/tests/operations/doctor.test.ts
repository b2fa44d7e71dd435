import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort, processesOf, ServerProcess, TestBucket, TestRedis, temporaryFolder } from "@reelay/testkit";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import { openPostgres } from "../../src/platform/postgres.ts";
import { runningConnection } from "../../src/platform/postgres-home.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

type Report = { code: number; ok: boolean; of: (check: string) => Finding | undefined; unwell: string[] };

/** `unwell`: the checks that found something. */
async function examine(env: Record<string, string> = {}, ...args: string[]): Promise<Report> {
  const child = ServerProcess.spawn(folder.path, { MIN_FREE_DISK_MB: "0", ...env }, [
    "cli.ts",
    "doctor",
    "--json",
    ...args,
  ]);
  const { code, output } = await child.exited;
  const { ok, findings }: { ok: boolean; findings: Finding[] } = JSON.parse(output);
  return {
    code,
    ok,
    of: (check) => findings.find((each) => each.check === check),
    unwell: findings.filter(({ status }) => status !== "ok").map(({ check, status }) => `${check} ${status}`),
  };
}

test("where nothing is yet, doctor is content, and makes nothing", async () => {
  expect(await examine()).toMatchObject({ code: 0, ok: true, unwell: [] });
  expect(await readdir(folder.path)).toEqual([]);
});

test("a database that nobody serves is looked at, and nothing of it is left running; text says what to do", async () => {
  expect((await ServerProcess.spawn(folder.path, {}, ["cli.ts", "migrate"]).exited).code).toBe(0);
  const { code, output } = await ServerProcess.spawn(folder.path, {}, ["cli.ts", "doctor"]).exited;
  expect(code).toBe(0);
  expect(output).toMatch(/^ok +schema +It is the newest: version \d+\.$/m);
  expect(output).toMatch(/^warn +admin +Nobody can administer this\.\n +→ reelay admin create /m);
  expect(output).toMatch(/\n\d+ ok, 1 to look at, 0 failed\n$/);
  expect(await processesOf(folder.path)).toEqual([]);
});

test("beside a running server it finds the server well, then each thing that is wrong with its database", async () => {
  const server = ServerProcess.spawn(folder.path);
  const PORT = new URL(await server.url()).port;
  const well = await examine({ PORT }, "--deep");
  expect(well).toMatchObject({ code: 0, ok: true, unwell: [] });
  expect(well.of("port")?.message).toContain("is ready on");
  expect(well.of("counters")?.status).toBe("ok");

  const sql = openPostgres(await runningConnection(folder.path), 1);
  await sql`update accounts set follower_count = 3`;
  expect(await examine({ PORT })).toMatchObject({ code: 0, unwell: [] });
  expect(await examine({ PORT }, "--deep")).toMatchObject({ code: 1, ok: false, unwell: ["counters fail"] });
  await sql`update accounts set follower_count = 0`;

  await sql`insert into durable_jobs (kind, data, batch_size) values ('of a later version', '{}', 1)`;
  expect(await examine({ PORT })).toMatchObject({ code: 1, unwell: ["durable jobs fail"] });
  await sql`delete from durable_jobs`;

  await sql`update accounts set role = 'user'`;
  expect(await examine({ PORT })).toMatchObject({ code: 0, unwell: ["admin warn"] });
  await sql`update accounts set role = 'admin'`;

  await sql`update sql_files set checksum = 'of an earlier version' where name = 'append_events.sql'`;
  expect(await examine({ PORT })).toMatchObject({ code: 0, unwell: ["schema warn"] });
  await sql`update schema_info set version = version + 1`;
  expect(await examine({ PORT })).toMatchObject({ code: 0, unwell: [] });
  await sql`update schema_info set compatible_from = version`;
  const newer = await examine({ PORT });
  expect(newer).toMatchObject({ code: 1, unwell: ["schema fail"] });
  expect(newer.of("schema")?.message).toMatch(/^It has version \d+, this program \d+\.$/);
  await sql.close();

  await chmod(join(folder.path, "jwt-secret"), 0o644);
  expect((await examine({ PORT })).unwell).toContain("secrets fail");
  server.kill("SIGTERM");
  expect((await server.exited).code).toBe(0);
});

test("what is configured and not there fails: database, Redis, bucket, port; disk and proxies are warned of", async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const bucket = new TestBucket();
  bucket.isBroken = true;
  const report = await examine({
    ...{
      DATABASE_URL: `postgres://ann@${nowhere}/reelay`,
      JWT_SECRET: "x".repeat(32),
      REDIS_URL: `redis://${nowhere}`,
    },
    ...{ PORT: String(other.port), MIN_FREE_DISK_MB: "100000000", ...bucket.env },
  });
  expect(report).toMatchObject({
    code: 1,
    unwell: ["disk warn", "port fail", "proxies warn", "database fail", "redis fail", "bucket fail"],
  });
  await other.stop(true);
  await bucket.stop();
});

test("a Redis that passes messages on and a bucket that keeps files are well, and nothing stays in them", async () => {
  const [redis, bucket] = [await TestRedis.start({ password: "right" }), new TestBucket()];
  const env = { ...bucket.env, REDIS_URL: redis.url, TRUSTED_PROXIES: "1" };
  expect(await examine(env)).toMatchObject({ code: 0, unwell: [] });
  expect(bucket.requests).toContain("DELETE");
  expect(bucket.objects.size).toBe(0);
  const refused = await examine({ ...env, REDIS_URL: redis.url.replace("right", "wrong") });
  expect(refused).toMatchObject({ code: 1, unwell: ["redis fail"] });
  expect(refused.of("redis")?.message).toContain("refuses");
  redis.freeze();
  expect(await examine(env)).toMatchObject({ code: 1, unwell: ["redis fail"] });
  redis.thaw();
  await redis.kill();
  await bucket.stop();
});

test("a configuration that is not valid is all that can be said", async () => {
  const report = await examine({ PORT: "http", STATS_TIMEZONE: "Mars" });
  expect(report).toMatchObject({ code: 1, unwell: ["configuration fail"] });
  for (const name of ["PORT", "STATS_TIMEZONE"]) expect(report.of("configuration")?.message).toContain(name);
});
