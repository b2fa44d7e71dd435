import type { App } from "../../app.ts";
import type { PublishingTx } from "../../delivery/commit.ts";
import type { JobProgress } from "../../platform/durable-jobs.ts";
import type { Tx } from "../../platform/postgres.ts";
import { removeAvatar } from "../accounts/avatar.ts";
import { removeBlocksOf } from "../blocks/blocks.ts";
import { removeBookmarksOf } from "../bookmarks/bookmarks.ts";
import { removeCommentsOf } from "../comments/comments.ts";
import { forgetTextsOf } from "../comments/takedowns.ts";
import { removeFollowsOf } from "../follows/follows.ts";
import { removeLikesOf } from "../likes/likes.ts";
import { removeNotificationsOf, revokeCausedBy } from "../notifications/revocations.ts";
import { countPendingOf, emptyReportsOf } from "../reports/reports.ts";
import { removeAddressesOf, removeVideosOf } from "../videos/videos.ts";

export const ERASURE = "erase account";

/** Pending reports are looked at again after so long. */
const HELD_FOR_MS = 3_600_000;

/** How far the erasure of a closed account is. `stage` is a name in `STAGES`; null: at the beginning. */
export type Erasure = { userId: number; avatarUrl: string | null; stage: string | null; after: number };

/** What a batch did: how many rows, and up to which of them where they have an order. */
type Removed = { count: number; last?: number };
type Stage = (tx: PublishingTx, userId: number, after: number, size: number) => Promise<Removed>;

/**
 * What goes with an account, in this order, each stage until it finds nothing more. Messages and both sides of their
 * conversations stay for those who have them; the audit log and the snapshots of reports keep what they hold.
 */
const STAGES: Readonly<Record<string, Stage>> = {
  sessions: async (tx, userId, _after, size) => ({ count: await emptySessions(tx, userId, size) }),
  videos: removeVideosOf,
  comments: async (tx, userId, _after, size) => ({ count: await removeTexts(tx, userId, size) }),
  likes: removeLikesOf,
  follows: async (tx, userId, _after, size) => ({ count: await removeFollowsOf(tx, userId, size) }),
  notified: async (tx, userId, _after, size) => ({ count: await revokeCausedBy(tx, userId, size) }),
  notifications: async (tx, userId, _after, size) => ({ count: await removeNotificationsOf(tx, userId, size) }),
  bookmarks: async (tx, userId, _after, size) => ({ count: await removeBookmarksOf(tx, userId, size) }),
  blocks: async (tx, userId, _after, size) => ({ count: await removeBlocksOf(tx, userId, size) }),
  reports: emptyReportsOf,
};

/** A batch of the erasure of a closed account. What a pending report needs stays until it is decided. */
export async function eraseAccount(app: App, tx: PublishingTx, data: Erasure, size: number): Promise<JobProgress> {
  const { userId, avatarUrl, stage, after } = data;
  const names = Object.keys(STAGES);
  if (stage === null) {
    await removeAvatar(app, avatarUrl);
    return { next: { ...data, avatarUrl: null, stage: names[0]!, after: 0 } };
  }
  const step = STAGES[stage];
  if (!step) return await removeHeld(tx, data);
  const { count, last } = await step(tx, userId, after, size);
  const isDone = count === 0;
  const next = isDone ? (names[names.indexOf(stage) + 1] ?? "held") : stage;
  return { next: { ...data, stage: next, after: isDone ? 0 : (last ?? 0) } };
}

/** What pending reports hold: the addresses of reported videos, and what the account itself wrote in its reports. */
async function removeHeld(tx: Tx, data: Erasure): Promise<JobProgress> {
  const held = (await removeAddressesOf(tx, data.userId)) + (await countPendingOf(tx, data.userId));
  return held === 0 ? { next: null } : { next: { ...data, stage: "reports", after: 0 }, delayMs: HELD_FOR_MS };
}

/** Of comments that stand, then of those that a moderator deleted. */
async function removeTexts(tx: Tx, userId: number, size: number): Promise<number> {
  return (await removeCommentsOf(tx, userId, size)) || (await forgetTextsOf(tx, userId, size));
}

/** What they say of devices and addresses goes; they have been of no use since the account was closed. */
async function emptySessions(tx: Tx, userId: number, size: number): Promise<number> {
  const rows = await tx`
    with due as (
      select id from sessions
      where user_id = ${userId} and (revoked_at is null or user_agent is not null or address is not null)
      order by id limit ${size} for no key update
    )
    update sessions s set revoked_at = coalesce(s.revoked_at, now()), user_agent = null, address = null
    from due where s.id = due.id returning s.id`;
  return rows.length;
}
