import type { AdminResponse } from "@reelay/contract";
import type { App } from "../../app.ts";
import { append } from "../../delivery/append.ts";
import { commit, type PublishingTx } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Queryable, Tx } from "../../platform/postgres.ts";
import { type LockedAccount, lockAccounts } from "../accounts/accounts.ts";
import { type Moderator, requireHigherRank, requireStaff } from "../accounts/staff.ts";
import { recordAudit } from "../audit/audit.ts";
import { insertDecision, type Target } from "../decisions/decisions.ts";
import { applyShowing, lockContent, ownerOf, staleForOwner, tableOf } from "../hiding/hiding.ts";
import { DEFAULT_RESULT } from "../reports/decisions.ts";
import { isInQueue } from "../reports/subjects.ts";
import { decideDirectly } from "./direct-decisions.ts";
import { applyMeasure } from "./measures.ts";
import { DEFAULT_REASON } from "./takedowns.ts";

type Staff = NonNullable<Moderator>;
/** What can be done without a report: a person is warned, a video or comment hidden. */
export type DirectTarget = Target & { targetType: "user" | "video" | "comment" };
type Hideable = Target & { targetType: "video" | "comment" };
type Reason = string | null | undefined;

/**
 * Warns a person.
 * @throws ApiError USER_NOT_FOUND, OWN_CASE, FORBIDDEN
 */
export async function warnUser(app: App, by: Staff, userId: number, reason: Reason): Promise<AdminResponse> {
  await measure(app, by, "warn", { targetType: "user", targetId: userId }, reason);
  return { success: true, changed: true, message: "The user is warned." };
}

/**
 * Hides a video or comment from everybody but its owner, who is notified.
 * @throws ApiError VIDEO_NOT_FOUND, COMMENT_NOT_FOUND, OWN_CASE, FORBIDDEN
 */
export async function hide(app: App, by: Staff, target: Hideable, reason: Reason): Promise<AdminResponse> {
  const changed = await measure(app, by, "hide", target, reason);
  const { targetType } = target;
  const message = changed ? `The ${targetType} is hidden.` : `The ${targetType} was hidden or deleted already.`;
  return { success: true, changed, message };
}

/**
 * Shows what was hidden, by staff or by reports, to everybody who could see it before. It is a decision that there is no
 * violation; reports that are pending are still to be decided.
 * @throws ApiError VIDEO_NOT_FOUND, COMMENT_NOT_FOUND, OWN_CASE, FORBIDDEN
 */
export async function unhide(app: App, by: Staff, target: Hideable, reason: Reason): Promise<AdminResponse> {
  const ownerId = await findOwner(app.sql, by, target);
  const { targetType } = target;
  const changed = await commit(app, async (tx) => {
    await lockPeople(tx, by, ownerId);
    await lockContent(tx, target);
    if (!(await applyShowing(tx, target))) return false;
    const decisionId = await insertDecision(tx, by, {
      ...{ ...target, userId: ownerId, verdict: "rejected", action: "none", reason: reason || null },
      ...{ result: DEFAULT_RESULT.rejected, isStrike: false },
    });
    await audit(tx, by, `${targetType}_unhide`, target, { decisionId, ...(reason && { reason }) });
    await append(tx, await staleForOwner(tx, target));
    return true;
  });
  const message = changed ? `The ${targetType} is shown again.` : `The ${targetType} was not hidden.`;
  return { success: true, changed, message };
}

/** Where nothing is left to be done, reports that are pending are settled all the same. */
async function measure(
  app: App,
  by: Staff,
  action: "warn" | "hide",
  target: DirectTarget,
  givenReason: Reason,
): Promise<boolean> {
  const ownerId = await findOwner(app.sql, by, target);
  const reason = givenReason || DEFAULT_REASON;
  const done = await commit(app, async (tx) => {
    const owner = await lockPeople(tx, by, ownerId);
    if (action === "warn" && owner.status === "deleted") throw fail("USER_NOT_FOUND");
    await lockContent(tx, target);
    return await decide(tx, by, action, { ...target, owner, reason, until: null, nowMs: app.clock.now() });
  });
  if (done.jobId !== null) await app.durableJobs.hurry(app, done.jobId);
  return done.changed;
}

type Asked = DirectTarget & { owner: LockedAccount; reason: string; until: null; nowMs: number };

async function decide(tx: PublishingTx, by: Staff, action: "warn" | "hide", asked: Asked) {
  const { targetType, targetId, owner, reason } = asked;
  const { changed, announce } = await applyMeasure(tx, by, action, asked);
  if (!changed && !(await isInQueue(tx, asked))) return { changed, jobId: null };
  const direct = { targetType, targetId, userId: owner.id, action, reason, isStrike: changed };
  const { decisionId, jobId } = await decideDirectly(tx, by, direct);
  await audit(tx, by, `${targetType}_${action}`, asked, { decisionId, reason });
  await announce(tx, decisionId);
  return { changed, jobId };
}

async function findOwner(db: Queryable, by: Staff, { targetType, targetId }: DirectTarget): Promise<number> {
  const ownerId = targetType === "user" ? targetId : await findOwnerOf(db, { targetType, targetId });
  if (ownerId === by.userId) throw fail("OWN_CASE");
  return ownerId;
}

async function findOwnerOf(db: Queryable, { targetType, targetId }: Hideable): Promise<number> {
  const [row] = await db`
    select ${ownerOf(db, targetType)}::float8 as "ownerId" from ${tableOf(db, targetType)} where id = ${targetId}`;
  if (!row) throw fail(targetType === "video" ? "VIDEO_NOT_FOUND" : "COMMENT_NOT_FOUND");
  return row.ownerId;
}

async function lockPeople(tx: Tx, by: Staff, ownerId: number): Promise<LockedAccount> {
  const accounts = await lockAccounts(tx, [by.userId, ownerId]);
  const actor = accounts.get(by.userId);
  await requireStaff(tx, actor);
  const owner = accounts.get(ownerId);
  if (!owner) throw fail("USER_NOT_FOUND");
  requireHigherRank(actor!, owner);
  return owner;
}

async function audit(tx: Tx, by: Staff, action: string, { targetType, targetId }: DirectTarget, details: object) {
  await recordAudit(tx, { actorId: by.userId, action, targetType, targetId, details });
}
