import type { ModerationAction } from "@reelay/contract";
import type { PublishingTx } from "../../delivery/commit.ts";
import type { Tx } from "../../platform/postgres.ts";
import type { LockedAccount } from "../accounts/accounts.ts";
import { assertAdminRemains } from "../accounts/admins.ts";
import type { Moderator } from "../accounts/staff.ts";
import { endIfExpired } from "../accounts/standing.ts";
import { revokeNotificationsOf, takeDownComments } from "../comments/takedowns.ts";
import type { Target } from "../decisions/decisions.ts";
import { applyHiding } from "../hiding/hiding.ts";
import { announceMessageDeletion, applyMessageDeletion } from "../messages/deletion.ts";
import { isInQueue } from "../reports/subjects.ts";
import { announceBan, applyBan } from "./bans.ts";
import { decideDirectly } from "./direct-decisions.ts";
import { announceTakedown, applyTakedown } from "./takedowns.ts";
import { warn } from "./warnings.ts";

/** What is done to a target; the owner's account and the content are locked. */
export type Asked = Target & {
  owner: LockedAccount | null;
  reason: string;
  until: Date | null;
  nowMs: number;
};

/** What was done, for the audit log, and what is still to be said of it: the last writes of the transaction. */
export type Measure = {
  changed: boolean;
  details: object;
  jobId?: number | null;
  announce(tx: PublishingTx, decisionId: number): Promise<void>;
};

/** Nothing is left to be done: the target, or the person, is gone or is there already. */
const NOTHING: Measure = { changed: false, details: {}, announce: async () => {} };

/** Does what was decided, in its transaction. The caller has checked that the action fits the target. */
export async function applyMeasure(
  tx: PublishingTx,
  by: Moderator,
  action: ModerationAction,
  asked: Asked,
): Promise<Measure> {
  const { owner } = asked;
  if (action === "none" || !owner || owner.status === "deleted") return NOTHING;
  switch (action) {
    case "warn":
      return { changed: true, details: {}, announce: warning(owner, asked) };
    case "hide":
      return await hide(tx, owner, asked);
    case "delete":
      return asked.targetType === "message" ? await removeMessage(tx, owner, asked) : await takeDown(tx, owner, asked);
    case "ban":
      return await ban(tx, by, owner, asked);
  }
}

async function hide(tx: Tx, owner: LockedAccount, asked: Asked): Promise<Measure> {
  const isHidden = await applyHiding(tx, asked, "staff");
  return isHidden ? { changed: true, details: {}, announce: warning(owner, asked) } : NOTHING;
}

function warning({ id }: LockedAccount, { targetId }: Asked): Measure["announce"] {
  return (tx, decisionId) => warn(tx, id, targetId, decisionId);
}

async function takeDown(tx: PublishingTx, owner: LockedAccount, asked: Asked): Promise<Measure> {
  if (asked.targetType === "comment") return await takeCommentDown(tx, owner, asked);
  const { targetId: videoId, reason } = asked;
  const deletedAt = await applyTakedown(tx, owner.id, videoId, reason);
  if (!deletedAt) return NOTHING;
  const announce = (tx: PublishingTx, decisionId: number) =>
    announceTakedown(tx, owner.id, { videoId, reason, deletedAt }, decisionId);
  return { changed: true, details: {}, announce };
}

async function takeCommentDown(tx: PublishingTx, owner: LockedAccount, asked: Asked): Promise<Measure> {
  const [comment] = await takeDownComments(tx, [asked.targetId], asked.reason);
  if (!comment) return NOTHING;
  const announce = async (tx: PublishingTx, decisionId: number) => {
    await revokeNotificationsOf(tx, owner.id, [comment]);
    await warn(tx, owner.id, asked.targetId, decisionId);
  };
  return { changed: true, details: {}, announce };
}

async function removeMessage(tx: PublishingTx, owner: LockedAccount, asked: Asked): Promise<Measure> {
  const deletion = await applyMessageDeletion(tx, owner.id, asked.targetId);
  if (!deletion || deletion.wasDeleted) return NOTHING;
  const announce = async (tx: PublishingTx, decisionId: number) => {
    await announceMessageDeletion(tx, deletion, 0);
    await warn(tx, owner.id, asked.targetId, decisionId);
  };
  return { changed: true, details: {}, announce };
}

/** The reports on the person are settled, too, by a decision of its own where something else of theirs was the subject. */
async function ban(tx: PublishingTx, by: Moderator, owner: LockedAccount, asked: Asked): Promise<Measure> {
  const { reason, until, nowMs } = asked;
  if (owner.status === "banned" && !(await endIfExpired(tx, owner.id, nowMs))) return NOTHING;
  if (owner.role === "admin") await assertAdminRemains(tx, owner.id);
  const banned = await applyBan(tx, by, owner.id, { reason, until });
  const { personDecisionId, jobId } =
    asked.targetType === "user" ? NO_REPORTS : await settlePerson(tx, by, owner.id, reason);
  return {
    changed: true,
    details: { banId: banned.id, until, personDecisionId },
    jobId,
    announce: (tx, decisionId) => announceBan(tx, owner.id, banned, decisionId),
  };
}

const NO_REPORTS = { personDecisionId: null, jobId: null };

async function settlePerson(tx: PublishingTx, by: Moderator, userId: number, reason: string) {
  const target = { targetType: "user" as const, targetId: userId };
  if (!(await isInQueue(tx, target))) return NO_REPORTS;
  const direct = { ...target, userId, action: "ban" as const, reason, isStrike: false };
  const { decisionId: personDecisionId, jobId } = await decideDirectly(tx, by, direct);
  return { personDecisionId, jobId };
}
