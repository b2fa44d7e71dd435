import {
  ACTIONS_OF,
  type AdminResponse,
  type DecideResponse,
  type DecideSubject,
  type ResolveReport,
  type SubjectName,
} from "@reelay/contract";
import type { z } from "zod";
import type { App } from "../../app.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { type ApiError, fail, invalidFields } from "../../platform/api-error.ts";
import type { Tx } from "../../platform/postgres.ts";
import { type LockedAccount, lockAccounts } from "../accounts/accounts.ts";
import { rankOf, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { findStanding, insertDecision, readDecision } from "../decisions/decisions.ts";
import { lockContent } from "../hiding/hiding.ts";
import { applyMeasure, type Measure } from "../moderation/measures.ts";
import { DEFAULT_REASON } from "../moderation/takedowns.ts";
import { DEFAULT_RESULT, decideReport, settleReports } from "../reports/decisions.ts";
import { claimed, claimNext, isOthers, lockSubject } from "./claims.ts";
import { readCounts } from "./queue.ts";
import { findSubjectOf } from "./subjects.ts";

type Staff = { userId: number };
type Decided = { decisionId: number; changed: boolean; jobIds: (number | null | undefined)[] };

/**
 * Decides everything that is pending on a target and does what the verdict says, in one transaction: the subject is gone,
 * the person concerned and every reporter are notified. Who was faster stands.
 * @throws ApiError ACTION_NOT_ALLOWED, SUBJECT_NOT_FOUND, REPORT_ALREADY_DECIDED, CLAIMED, OWN_CASE, FORBIDDEN, LAST_ADMIN
 */
export async function decideSubject(
  app: App,
  by: Staff,
  asked: DecideSubject,
  { ignoresClaims = false } = {},
): Promise<DecideResponse> {
  const until = refuseUnfit(asked, app.clock.now());
  const authorId = await findAuthor(app, asked);
  const { decisionId, changed, jobIds } = await commit(app, (tx) =>
    decide(tx, by, authorId, { ...asked, until, nowMs: app.clock.now(), ignoresClaims }),
  );
  for (const jobId of jobIds) if (jobId) await app.durableJobs.hurry(app, jobId);
  const decision = await readDecision(app.sql, decisionId);
  if (!asked.next) return { decision, changed };
  const next = await claimNext(app, by, asked.next === true ? {} : asked.next);
  return { decision, changed, next, counts: await readCounts(app, by.userId) };
}

/**
 * Resolves or rejects one report; with an action, the target and all its reports, whoever has claimed it.
 * @throws ApiError REPORT_NOT_FOUND, OWN_CASE, REPORT_ALREADY_DECIDED, ACTION_NOT_ALLOWED, FORBIDDEN
 */
export async function resolveReport(
  app: App,
  by: Staff,
  reportId: number,
  { status = "resolved", result, action = "none" }: z.output<typeof ResolveReport>,
): Promise<AdminResponse> {
  if (action === "none") return await decideReport(app, by, reportId, { status, result });
  const name = await findSubjectOf(app.sql, reportId);
  const verdict = status === "resolved" ? "upheld" : "rejected";
  const asked = { ...name, verdict, action, result, reason: null, until: null, next: null } as const;
  const { changed } = await decideSubject(app, by, asked, { ignoresClaims: true });
  const message = changed
    ? `The report is ${status}: ${action}.`
    : `The report is ${status}; there was nothing to ${action}.`;
  return { success: true, changed: true, message };
}

type Asked = Omit<DecideSubject, "until"> & { until: Date | null; nowMs: number; ignoresClaims: boolean };

async function decide(tx: PublishingTx, by: Staff, authorId: number | null, asked: Asked): Promise<Decided> {
  const owner = await lockPeople(tx, by, authorId, asked);
  await lockContent(tx, asked);
  await lockPending(tx, by, asked);
  const { targetType, targetId, verdict, action, nowMs, until } = asked;
  const target = { targetType, targetId };
  const status = verdict === "upheld" ? ("resolved" as const) : ("rejected" as const);
  const result = asked.result || DEFAULT_RESULT[status];
  const reason = asked.reason || DEFAULT_REASON;
  const measure = await applyMeasure(tx, by, action, { ...target, owner, reason, until, nowMs });
  const isStrike = measure.changed && action !== "none";
  const draft = { ...target, userId: authorId, verdict, action, result, isStrike };
  const decisionId = await insertDecision(tx, by, { ...draft, reason: action === "none" ? null : reason });
  const jobId = await settleReports(tx, by, { ...target, decisionId, status, result });
  await audit(tx, by, decisionId, asked, measure);
  await measure.announce(tx, decisionId);
  return { decisionId, changed: measure.changed, jobIds: [jobId, measure.jobId] };
}

/** What no database need be asked for. Returns when a ban ends. */
function refuseUnfit({ targetType, verdict, action, until }: DecideSubject, nowMs: number): Date | null {
  const isAllowed = verdict === "upheld" ? ACTIONS_OF[targetType].includes(action) : action === "none";
  if (!isAllowed) throw fail("ACTION_NOT_ALLOWED");
  const end = until ? new Date(until) : null;
  if (end && end.getTime() <= nowMs) throw invalidFields([{ path: "until", message: "must be in the future" }]);
  return end;
}

/** Whom the subject concerns: their account is locked before it. */
async function findAuthor({ sql }: App, { targetType, targetId }: SubjectName): Promise<number | null> {
  const [row] = await sql`
    select author_id::float8 as id from moderation_queue where target_type = ${targetType} and target_id = ${targetId}`;
  return row?.id ?? null;
}

async function lockPeople(tx: Tx, by: Staff, authorId: number | null, asked: Asked): Promise<LockedAccount | null> {
  const accounts = await lockAccounts(tx, authorId === null ? [by.userId] : [by.userId, authorId]);
  const actor = accounts.get(by.userId);
  await requireStaff(tx, actor);
  if (authorId === by.userId) throw fail("OWN_CASE");
  const owner = authorId === null ? undefined : accounts.get(authorId);
  const isProtected = owner && owner.role !== "user" && rankOf(actor!) <= rankOf(owner);
  if (isProtected && asked.action !== "none") throw fail("FORBIDDEN");
  return owner ?? null;
}

async function lockPending(tx: Tx, by: Staff, asked: Asked): Promise<void> {
  const subject = await lockSubject(tx, asked);
  if (!subject) throw await refusal(tx, asked);
  if (!asked.ignoresClaims && isOthers(subject, by)) throw claimed(subject);
}

/** Somebody was faster, or nothing was ever reported. */
async function refusal(tx: Tx, name: SubjectName): Promise<ApiError> {
  const decision = await findStanding(tx, name);
  return decision ? fail("REPORT_ALREADY_DECIDED", { details: { decision } }) : fail("SUBJECT_NOT_FOUND");
}

async function audit(
  tx: Tx,
  by: Staff,
  decisionId: number,
  asked: Asked,
  { changed, details }: Measure,
): Promise<void> {
  const { targetType, targetId, verdict, action, reason, result } = asked;
  await recordAudit(tx, {
    ...{ actorId: by.userId, action: "decide", targetType, targetId },
    details: { decisionId, verdict, action, reason, result, changed, ...details },
  });
}
