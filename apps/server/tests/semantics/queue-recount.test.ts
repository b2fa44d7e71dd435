import { beforeAll, expect, test } from "bun:test";
import { ReportCategory } from "@reelay/contract";
import { addVideo, type Person, promote, serverForFile } from "@reelay/testkit";
import fc from "fast-check";
import { readRecords } from "../../src/features/decisions/record.ts";
import { decideSubject } from "../../src/features/queue/decide.ts";
import { readCounts } from "../../src/features/queue/queue.ts";
import { reconcile } from "../../src/features/reconcile/reconcile.ts";
import { decideReport, reopenReport } from "../../src/features/reports/decisions.ts";
import { muteReporter } from "../../src/features/reports/reporters.ts";
import { createReport } from "../../src/features/reports/reports.ts";
import { undoEntry } from "../../src/features/undo/undo.ts";
import { ApiError } from "../../src/platform/api-error.ts";

/* Whatever is reported, decided, undone, muted and deleted, the queue is what a recount of the reports says. */

const { server, people } = serverForFile();
let moderator: Person;
let owner: Person;
let reporters: Person[];

beforeAll(async () => {
  [moderator, owner, ...reporters] = await people("moderator", "owner", "r1", "r2", "r3", "r4");
  await promote(server, moderator, "moderator");
});

const KINDS = ["report", "report", "report", "decide", "resolve", "reopen", "undo", "mute", "delete"] as const;
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    who: fc.nat(3),
    what: fc.nat(2),
    category: fc.constantFrom(...ReportCategory.options),
    isUpheld: fc.boolean(),
  }),
  { minLength: 5, maxLength: 40, size: "max" },
);
type Step = typeof steps extends fc.Arbitrary<(infer T)[]> ? T : never;

/** What may be refused is: the state then says so. */
async function take({ kind, who, what, category, isUpheld }: Step, videos: readonly number[]): Promise<unknown> {
  const { app } = server;
  const by = { userId: moderator.id };
  const reporter = reporters[who]!;
  const target = { targetType: "video" as const, targetId: videos[what]! };
  switch (kind) {
    case "report":
      return await createReport(app, actor(reporter), { ...target, reason: "r", category });
    case "decide":
      return await decideSubject(app, by, {
        ...{ ...target, verdict: isUpheld ? "upheld" : "rejected", action: isUpheld ? "warn" : "none" },
        ...{ reason: null, result: null, until: null, next: null },
      });
    case "resolve": {
      const id = await findReport(reporter.id, target.targetId, "pending");
      return id && (await decideReport(app, by, id, { status: isUpheld ? "resolved" : "rejected", result: null }));
    }
    case "reopen": {
      const id = await findReport(reporter.id, target.targetId, isUpheld ? "resolved" : "rejected");
      return id && (await reopenReport(app, by, id));
    }
    case "undo":
      return await undoEntry(app, by, await newestDecision(what));
    case "mute":
      return await muteReporter(app, by, reporter.id, isUpheld);
    case "delete":
      return await owner.delete(`/videos/${target.targetId}`);
  }
}

function actor({ id }: Person) {
  return { userId: id, sessionId: 0, tokenVersion: 0, expiresAtMs: 0, role: "user" as const };
}

async function findReport(reporterId: number, videoId: number, status: string): Promise<number | undefined> {
  const [row] = await server.app.sql`
    select id::float8 as id from reports
    where reporter_id = ${reporterId} and target_id = ${videoId} and status = ${status} order by id desc limit 1`;
  return row?.id;
}

async function newestDecision(offset: number): Promise<number> {
  const [row] = await server.app.sql`
    select id::float8 as id from audit_log where action = 'decide' order by id desc offset ${offset} limit 1`;
  return row?.id ?? 0;
}

test("after any history the queue, its counts and the strikes are what a recount says", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const videos = [await addVideo(server, owner), await addVideo(server, owner), await addVideo(server, owner)];
      for (const step of history) {
        await take(step, videos).catch((error) => {
          if (!(error instanceof ApiError)) throw error;
        });
      }
      expect(await drift()).toEqual([]);
      expect(await subjects()).toEqual(await recountedSubjects());
      const { pending, muted } = await readCounts(server.app, moderator.id);
      expect(pending + muted).toBe((await subjects()).length);
      expect((await readRecords(server.app.sql, [owner.id])).get(owner.id)!.strikes30).toBe(await recountedStrikes());
    }),
    { numRuns: 12 },
  );
});

async function drift() {
  return (await reconcile(server.app, { repair: false })).filter(({ counters }) => counters > 0);
}

async function subjects() {
  const rows = await server.app.sql`
    select target_id::float8 as target, reports, muted, score::float8 as score, category, tier,
      oldest_at as oldest, newest_at as newest
    from moderation_queue order by target_id`;
  return [...rows];
}

const HEAVIEST = ["minors", "self_harm", "violence", "hate", "sexual", "harassment", "spam", "other"];

async function recountedSubjects() {
  const rows: { target: number; at: Date; category: string; weight: number; isMuted: boolean; isUrgent: boolean }[] =
    await server.app.sql`
      select target_id::float8 as target, created_at as at, category, weight, is_muted as "isMuted", is_urgent as "isUrgent"
      from reports where status = 'pending' order by target_id, id`;
  return [...Map.groupBy(rows, ({ target }) => target)].map(([target, reports]) => {
    const counted = reports.filter(({ isMuted }) => !isMuted);
    const times = reports.map(({ at }) => at.getTime());
    return {
      ...{ target, reports: reports.length, muted: reports.length - counted.length },
      score: counted.reduce((sum, { weight }) => sum + weight, 0),
      category: HEAVIEST.find((name) => reports.some(({ category }) => category === name)),
      tier: counted.length === 0 ? -1 : counted.some(({ isUrgent }) => isUrgent) ? 1 : 0,
      oldest: new Date(Math.min(...times)),
      newest: new Date(Math.max(...times)),
    };
  });
}

async function recountedStrikes(): Promise<number> {
  const rows: { action: string; changed: boolean }[] = await server.app.sql`
    select details->>'action' as action, (details->>'changed')::boolean as changed from audit_log
    where action = 'decide' and undone_at is null`;
  return rows.filter(({ action, changed }) => action !== "none" && changed).length;
}
