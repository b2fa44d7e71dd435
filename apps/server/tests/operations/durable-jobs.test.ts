import { afterEach, beforeEach, expect, test } from "bun:test";
import { Barrier, createTestDatabase, type TestDatabase, waitFor } from "@reelay/testkit";
import { DurableJobs, enqueueJob, type JobStep } from "../../src/platform/durable-jobs.ts";
import { openLog } from "../../src/platform/log.ts";
import { openPostgres, type Sql, transaction } from "../../src/platform/postgres.ts";

/* Durable jobs by themselves, with jobs that count up to a number: one row a batch. */

type Counting = { from: number; to: number };

let database: TestDatabase;
let sql: Sql;

beforeEach(async () => {
  database = await createTestDatabase();
  sql = openPostgres(database.connection);
  await sql`create table counted (job text not null, n integer not null)`;
});

afterEach(async () => {
  await sql.close();
  await database.drop();
});

function counting(job: string): JobStep<object> {
  return async (_context, tx, { from, to }: Counting) => {
    await tx`insert into counted (job, n) values (${job}, ${from})`;
    return { next: from < to ? { from: from + 1, to } : null };
  };
}

function worker(steps: Record<string, JobStep<object>>, beforeBatch?: (kind: string) => Promise<void>) {
  return new DurableJobs<object>({
    sql,
    log: openLog("silent"),
    steps,
    transaction: (work) => transaction(sql, work),
    beforeBatch,
  });
}

const enqueue = (kind: string, data: object) => transaction(sql, (tx) => enqueueJob(tx, kind, data));

async function counted(job: string): Promise<number[]> {
  const rows: { n: number }[] = await sql`select n from counted where job = ${job} order by n`;
  return rows.map(({ n }) => n);
}

async function jobs() {
  return [...(await sql`select kind, data, batch_size as size, failures from durable_jobs order by id`)];
}

/** Works until nothing is left, as a server does twice a second. */
async function untilDone(...workers: DurableJobs<object>[]): Promise<void> {
  await waitFor(async () => {
    await Promise.all(workers.map((each) => each.work({})));
    return (await jobs()).length === 0 || undefined;
  });
}

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

test("two nodes do the batches of some jobs: each batch once", async () => {
  for (const kind of ["a", "b", "c"]) await enqueue(kind, { from: 1, to: 20 });
  const steps = { a: counting("a"), b: counting("b"), c: counting("c") };
  const [one, two] = [worker(steps), worker(steps)];
  await untilDone(one, two);
  for (const kind of ["a", "b", "c"]) expect(await counted(kind)).toEqual(upTo(20));
  await one.work({});
  expect(one.pending).toBe(0);
});

test("a node that is cut off in the middle of a batch: that batch is undone, and another node goes on from there", async () => {
  const id = await enqueue("a", { from: 1, to: 6 });
  const barrier = new Barrier();
  let batches = 0;
  const lost = worker({ a: counting("a") }, async () => {
    if (++batches === 3) await barrier.pass();
  });
  const working = lost.work({}).catch(() => "failed");
  await barrier.reached;
  expect(await counted("a")).toEqual([1, 2]);
  const other = worker({ a: counting("a") });
  await other.work({});
  expect(await counted("a")).toEqual([1, 2]);
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'`;
  lost.stop();
  await untilDone(other);
  expect(await counted("a")).toEqual(upTo(6));
  barrier.open();
  await working;
  expect(await counted("a")).toEqual(upTo(6));
  expect([...(await sql`select id from durable_jobs where id = ${id}`)]).toEqual([]);
});

test("a job that fails is put off, with smaller batches, and keeps no other from being done", async () => {
  await enqueue("broken", {});
  await enqueue("a", { from: 1, to: 5 });
  let isBroken = true;
  const steps = {
    a: counting("a"),
    broken: async () => {
      if (isBroken) throw new Error("not yet");
      return { next: null };
    },
  };
  const node = worker(steps);
  await waitFor(async () => {
    await node.work({});
    const [left] = await jobs();
    return (await counted("a")).length === 5 && left?.failures >= 3 ? true : undefined;
  });
  const [left, ...others] = await jobs();
  expect([left.kind, others]).toEqual(["broken", []]);
  expect(left.size).toBeLessThan(100);
  expect(node.pending).toBe(1);
  isBroken = false;
  await sql`update durable_jobs set run_after = now()`;
  await untilDone(node);
});

test("a kind that this version does not know is left to one that does", async () => {
  await enqueue("from the future", { from: 1, to: 2 });
  await worker({ a: counting("a") }).work({});
  expect(await jobs()).toMatchObject([{ kind: "from the future", failures: 0 }]);
  await untilDone(worker({ "from the future": counting("future") }));
  expect(await counted("future")).toEqual([1, 2]);
});

test("a batch waits only shortly for a row that somebody holds, and gives back what it holds itself", async () => {
  await sql`create table held (id integer primary key)`;
  await sql`insert into held values (1), (2)`;
  await enqueue("greedy", {});
  const node = worker({
    greedy: async (_context, tx) => {
      await tx`select id from held order by id for update`;
      return { next: null };
    },
  });
  const holder = await sql.reserve();
  await holder`begin`;
  await holder`select id from held where id = 2 for update`;
  await node.work({});
  expect(await jobs()).toMatchObject([{ kind: "greedy", failures: 1, size: 50 }]);
  expect([...(await sql`select id from held where id = 1 for update nowait`)]).toHaveLength(1);
  await holder`commit`;
  holder.release();
  await untilDone(node);
});

test("what fails after the commit of a batch does not do the batch again", async () => {
  await enqueue("a", { from: 1, to: 2 });
  let failures = 0;
  const node = new DurableJobs<object>({
    sql,
    log: openLog("silent"),
    steps: { a: counting("a") },
    async transaction(work) {
      const result = await transaction(sql, work);
      if (failures++ === 0) throw new Error("nobody can be reached");
      return result;
    },
  });
  await untilDone(node);
  expect(await counted("a")).toEqual([1, 2]);
});

test("what is waited for longer is done first, and a hurried job is done at once", async () => {
  await enqueue("a", { from: 1, to: 3 });
  const id = await enqueue("b", { from: 1, to: 3 });
  const node = worker({ a: counting("a"), b: counting("b") });
  await node.hurry({}, id, 10_000);
  expect([await counted("a"), await counted("b")]).toEqual([[], upTo(3)]);
  await untilDone(node);
});
