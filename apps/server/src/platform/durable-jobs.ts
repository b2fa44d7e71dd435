import type { Logger } from "./log.ts";
import type { Sql, Tx } from "./postgres.ts";
import { texts } from "./sql-fragments.ts";

/** What a batch leaves to be done: the data of the next one, or null when the job is done. */
export type JobProgress = {
  next: object | null;
  /** The next batch waits this long. */
  delayMs?: number;
};

/**
 * Does one batch of a job in a transaction: about `size` rows, locked in the order every transaction takes them. What the
 * batch does and how far the job is are committed together, so a batch is done once, whatever crashes.
 */
export type JobStep<Context, T extends Tx = Tx> = (
  context: Context,
  tx: T,
  // biome-ignore lint/suspicious/noExplicitAny: each kind of job has data of its own, written by the code that reads it.
  data: any,
  size: number,
) => Promise<JobProgress>;

const FIRST_BATCH_SIZE = 100;
/** Fewer rows take no less time, unless one of them is the trouble. */
const MIN_BATCH_SIZE = 50;
const MAX_BATCH_SIZE = 1000;
/** A batch that took longer is halved, so that nobody waits for its rows for 100 ms; one that took half as long may grow. */
const MAX_BATCH_MS = 40;
/** What a batch itself waits for a row, while it holds others. */
const LOCK_TIMEOUT_MS = 50;
const MAX_BACKOFF_MS = 60_000;

type Job = { id: number; kind: string; data: object; size: number; batches: number; failures: number; ageMs: number };

export type DurableJobServices<Context, T extends Tx> = {
  sql: Sql;
  log: Logger;
  /** What does the batches of each kind. */
  steps: Readonly<Record<string, JobStep<Context, T>>>;
  /** Runs a batch in a transaction of the kind that the steps need, repeating it on contention. */
  transaction<R>(work: (tx: T) => Promise<R>): Promise<R>;
  /** Runs in the transaction of each batch, before the batch: for a test to put a barrier there. */
  beforeBatch?: ((kind: string) => Promise<void>) | undefined;
};

/**
 * Work that outlives the request that asked for it, kept in the database: done in batches by any node, one batch at a time
 * each, jobs taking turns. A job that fails waits longer each time and keeps no other from being done.
 */
export class DurableJobs<Context, T extends Tx = Tx> {
  readonly #services: DurableJobServices<Context, T>;
  #pending = 0;
  #isStopping = false;

  constructor(services: DurableJobServices<Context, T>) {
    this.#services = services;
  }

  /** How many jobs were left to do, here and on other nodes, when this was last looked at. */
  get pending(): number {
    return this.#pending;
  }

  /** Does batches of the jobs that are due, in turn, until none is left. */
  async work(context: Context): Promise<void> {
    this.#pending = await countPending(this.#services.sql);
    if (this.#pending === 0) return;
    while (!this.#isStopping && (await this.#batch(context, null)));
    this.#pending = await countPending(this.#services.sql);
  }

  /** Does batches of one job for about so long: a small one is done when its caller is answered. Never throws. */
  async hurry(context: Context, jobId: number, budgetMs = 200): Promise<void> {
    const startedMs = performance.now();
    while (!this.#isStopping && performance.now() - startedMs < budgetMs) {
      const isOn = await this.#batch(context, jobId).catch((error) => {
        this.#services.log.warn({ err: error }, "a durable job is left for later");
        return false;
      });
      if (!isOn) return;
    }
  }

  /** Begins no further batch. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Does one batch of the job that waits longest, or of the one named. False when there is none to do now. */
  async #batch(context: Context, jobId: number | null): Promise<boolean> {
    let taken: Job | undefined;
    let progress: JobProgress | undefined;
    try {
      progress = await this.#services.transaction(async (tx) => {
        taken = await takeJob(tx, Object.keys(this.#services.steps), jobId);
        return taken && (await this.#step(context, tx, taken));
      });
    } catch (error) {
      if (!taken) throw error;
      this.#services.log.warn(
        { err: error, job: taken.kind, id: taken.id },
        "a batch of a durable job failed and is put off",
      );
      await postpone(this.#services.sql, taken);
      return true;
    }
    if (!taken || !progress) return false;
    if (!progress.next) this.#logDone(taken);
    return true;
  }

  async #step(context: Context, tx: T, job: Job): Promise<JobProgress> {
    await this.#services.beforeBatch?.(job.kind);
    const startedMs = performance.now();
    const progress = await this.#services.steps[job.kind]!(context, tx, job.data, job.size);
    const size = nextSize(job.size, performance.now() - startedMs);
    if (progress.next) await advance(tx, job.id, progress.next, size, progress.delayMs ?? 0);
    else await remove(tx, job.id);
    return progress;
  }

  #logDone({ id, kind, batches, ageMs }: Job): void {
    this.#services.log.info({ job: kind, id, batches: batches + 1, ms: Math.round(ageMs) }, "a durable job is done");
  }
}

/** Writes a job in the transaction of the state that asks for it, and returns its id. */
export async function enqueueJob(tx: Tx, kind: string, data: object): Promise<number> {
  const [row] = await tx`
    insert into durable_jobs (kind, data, batch_size) values (${kind}, ${data}::jsonb, ${FIRST_BATCH_SIZE})
    returning id::float8 as id`;
  return row.id;
}

/** Whether a job of that kind is left to do whose data hold what is given. */
export async function isEnqueued(tx: Tx, kind: string, data: object): Promise<boolean> {
  const rows = await tx`select id from durable_jobs where kind = ${kind} and data @> ${data}::jsonb limit 1`;
  return rows.length > 0;
}

function nextSize(size: number, tookMs: number): number {
  if (tookMs > MAX_BATCH_MS) return Math.max(Math.min(size, MIN_BATCH_SIZE), size >> 1);
  return tookMs < MAX_BATCH_MS / 2 ? Math.min(MAX_BATCH_SIZE, size * 2) : size;
}

/** Locks a job, so that no other node works on it meanwhile, and lets the transaction wait for no row for long. */
async function takeJob(tx: Tx, kinds: readonly string[], jobId: number | null): Promise<Job | undefined> {
  const [job]: Job[] = await tx`
    select id::float8 as id, kind, data, batch_size as size, batches, failures,
      (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as "ageMs"
    from durable_jobs
    where run_after <= now() and kind = any(${texts(tx, kinds)})
      and (${jobId}::bigint is null or id = ${jobId})
    order by run_after, id limit 1 for update skip locked`;
  if (job) await tx`select set_config('lock_timeout', ${String(LOCK_TIMEOUT_MS)}, true)`;
  return job;
}

async function advance(tx: Tx, id: number, data: object, size: number, delayMs: number): Promise<void> {
  await tx`
    update durable_jobs set data = ${data}::jsonb, batch_size = ${size}, batches = batches + 1, failures = 0,
      run_after = clock_timestamp() + make_interval(secs => ${delayMs / 1000})
    where id = ${id}`;
}

async function remove(tx: Tx, id: number): Promise<void> {
  await tx`delete from durable_jobs where id = ${id}`;
}

/** A smaller batch, after twice the time: what it waited for, or what it cannot do, may be one row. */
async function postpone(sql: Sql, { id, size, failures }: Job): Promise<void> {
  const delayMs = Math.min(MAX_BACKOFF_MS, 50 * 2 ** failures);
  await sql`
    update durable_jobs set failures = failures + 1, batch_size = ${Math.max(1, size >> 1)},
      run_after = clock_timestamp() + make_interval(secs => ${delayMs / 1000})
    where id = ${id}`;
}

async function countPending(sql: Sql): Promise<number> {
  const [row] = await sql`select count(*)::int as count from durable_jobs`;
  return row.count;
}
