import { accessChanged } from "../../access/changes.ts";
import { append, event } from "../../delivery/append.ts";
import type { PublishingTx } from "../../delivery/commit.ts";
import { fail } from "../../platform/api-error.ts";
import type { Tx } from "../../platform/postgres.ts";
import { assertAdminRemains } from "../accounts/admins.ts";
import { type Target, undoDecision } from "../decisions/decisions.ts";
import { applyHiding, applyShowing, staleForOwner } from "../hiding/hiding.ts";
import { announceBan, applyBanAgain, applyUnban } from "../moderation/bans.ts";
import { applyCommentRestore } from "../moderation/comment-takedowns.ts";
import { decideDirectly } from "../moderation/direct-decisions.ts";
import { applyMeasure } from "../moderation/measures.ts";
import { writeRole } from "../moderation/roles.ts";
import { applyRestore, DEFAULT_REASON } from "../moderation/takedowns.ts";
import { markVerified } from "../moderation/verification.ts";
import { lockVisibility, writeVisibility } from "../moderation/visibility.ts";
import { withdraw } from "../notifications/revocations.ts";
import { reopenReports } from "../reports/reopening.ts";
import { type Entry, type Inverse, notUndoable, type Undoing } from "./entry.ts";

/** What the person's screens show differently from now on. */
const STALE = ["/notifications", "/videos/user/{id}", "/users/me"];

/** How each action of the audit log is undone; what is absent cannot be. */
export const INVERSES: Readonly<Record<string, Inverse>> = {
  user_ban: async (tx, entry, undoing) => {
    const jobs = await undoDecided(tx, entry, undoing);
    await liftThat(tx, entry, undoing);
    await accessChanged(tx, entry.targetId);
    return jobs;
  },
  user_unban: async (tx, entry, { nowMs }) => {
    const ban = await applyBanAgain(tx, entry.targetId, entry.details.banId, nowMs);
    if (!ban) throw notUndoable("The ban would be over, or another one is in force.");
    await announceBan(tx, entry.targetId, ban);
    return [];
  },
  video_delete: async (tx, entry, undoing) => {
    await restoreThat(tx, entry, undoing);
    return await undoDecided(tx, entry, undoing);
  },
  video_restore: takeDownAgain,
  comment_delete: async (tx, entry, undoing) => {
    await restoreThat(tx, entry, undoing);
    return await undoDecided(tx, entry, undoing);
  },
  comment_restore: takeDownAgain,
  user_verify: (tx, entry) => setVerified(tx, entry, false),
  user_unverify: (tx, entry) => setVerified(tx, entry, true),
  user_role: restoreRole,
  video_visibility: restoreVisibility,
  video_hide: showThat,
  comment_hide: showThat,
  video_unhide: hideAgain,
  comment_unhide: hideAgain,
  user_warn: undoDecided,
  decide: async (tx, entry, undoing) => {
    const { changed, action } = entry.details;
    if (!changed) return await undoDecided(tx, entry, undoing);
    if (action === "delete") await restoreThat(tx, entry, undoing);
    if (action === "hide" && !(await applyShowing(tx, targetOf(entry))))
      throw notUndoable("It is not hidden any more.");
    if (action === "ban") await liftThat(tx, entry, undoing);
    const aboutPerson = await undoPersons(tx, entry, undoing);
    const jobs = await undoDecided(tx, entry, undoing);
    if (action === "ban") await accessChanged(tx, entry.userId!);
    return [...jobs, aboutPerson];
  },
};

/** Only that very ban; another one stands on its own. */
async function liftThat(tx: Tx, { details, userId }: Entry, { by }: Undoing): Promise<void> {
  if ((await applyUnban(tx, by, userId!, details.banId)) === null)
    throw notUndoable("That ban is not in force any more.");
}

async function restoreThat(tx: Tx, { targetType, targetId, userId }: Entry, { owner }: Undoing): Promise<void> {
  if (owner?.status === "deleted") throw notUndoable("The account was deleted.");
  if (targetType !== "video" && targetType !== "comment") throw notUndoable("What was deleted is not kept.");
  const restored = await (targetType === "video"
    ? applyRestore(tx, userId!, targetId)
    : applyCommentRestore(tx, targetId));
  if (!restored) throw notUndoable(`The ${targetType} is not taken down any more.`);
}

/** As it was taken down before: by a decision, for the reason of then. */
async function takeDownAgain(
  tx: PublishingTx,
  entry: Entry,
  { by, owner, nowMs }: Undoing,
): Promise<(number | null)[]> {
  const reason = entry.details.before?.reason ?? DEFAULT_REASON;
  const measure = await applyMeasure(tx, by, "delete", { ...targetOf(entry), owner, reason, until: null, nowMs });
  if (!measure.changed) throw notUndoable(`The ${entry.targetType} is deleted already.`);
  const direct = { ...targetOf(entry), userId: owner!.id, action: "delete" as const, reason, isStrike: true };
  const { decisionId, jobId } = await decideDirectly(tx, by, direct);
  await measure.announce(tx, decisionId);
  return [jobId];
}

async function setVerified(tx: PublishingTx, { targetId }: Entry, isVerified: boolean): Promise<(number | null)[]> {
  if (!(await markVerified(tx, targetId, isVerified))) throw notUndoable("The account is as it was before.");
  await append(tx, [event("sync:stale", targetId, { refetch: ["/users/me"] })]);
  return [];
}

async function restoreRole(tx: PublishingTx, { targetId, details }: Entry, { role, owner }: Undoing) {
  const { before, after } = details;
  if (role !== "admin") throw fail("FORBIDDEN");
  if (!owner || owner.role !== after.role) throw notUndoable("The account has another role by now.");
  if (owner.role === "admin") await assertAdminRemains(tx, targetId);
  await writeRole(tx, targetId, before.role);
  await accessChanged(tx, targetId);
  return [];
}

async function restoreVisibility(tx: PublishingTx, { targetId, userId, details }: Entry) {
  const { before, after } = details;
  if ((await lockVisibility(tx, targetId)) !== after.visibility)
    throw notUndoable("The video was changed or deleted since.");
  await writeVisibility(tx, targetId, before.visibility);
  await append(tx, [event("sync:stale", userId!, { refetch: [`/videos/${targetId}`, `/videos/user/${userId}`] })]);
  return [];
}

async function showThat(tx: PublishingTx, entry: Entry, undoing: Undoing): Promise<(number | null)[]> {
  if (!(await applyShowing(tx, targetOf(entry)))) throw notUndoable("It is not hidden any more.");
  return await undoDecided(tx, entry, undoing);
}

async function hideAgain(tx: PublishingTx, entry: Entry, { by }: Undoing): Promise<(number | null)[]> {
  const target = targetOf(entry);
  if (!(await applyHiding(tx, target, "staff"))) throw notUndoable("It is gone, or hidden already.");
  await undoDecision(tx, by, entry.details.decisionId);
  await append(tx, await staleForOwner(tx, target));
  return [];
}

/** A ban that was decided on something of the person settled the reports on the person, too. */
async function undoPersons(tx: Tx, { userId, details }: Entry, { by }: Undoing): Promise<number | null> {
  const { personDecisionId } = details;
  if (!personDecisionId || !(await undoDecision(tx, by, personDecisionId))) return null;
  return await reopenReports(tx, { targetType: "user", targetId: userId! }, personDecisionId);
}

/** The decision stands no more: it is no strike, its notification is withdrawn, and its reports are pending again. */
async function undoDecided(tx: PublishingTx, entry: Entry, { by }: Undoing): Promise<(number | null)[]> {
  const { decisionId } = entry.details;
  if (!decisionId) return [];
  const target = targetOf(entry);
  if (!(await undoDecision(tx, by, decisionId))) throw notUndoable("The decision was undone already.");
  const jobId = await reopenReports(tx, target, decisionId);
  const { userId } = entry;
  if (userId === null) return [jobId];
  await withdraw(tx, [
    { userId, type: "admin_warning", refId: target.targetId },
    { userId, type: "admin_delete", refId: target.targetId },
  ]);
  const refetch = STALE.map((path) => path.replace("{id}", String(userId)));
  await append(tx, [event("sync:stale", userId, { refetch })]);
  return [jobId];
}

function targetOf({ targetType, targetId }: Entry): Target {
  return { targetType: targetType as Target["targetType"], targetId };
}
