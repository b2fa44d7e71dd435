import {
  type BulkAction,
  type BulkBan,
  type BulkDelete,
  type BulkResolve,
  type BulkResponse,
  type BulkResult,
  MAX_BULK_IDS,
} from "@reelay/contract";
import { type Actor, hasRank } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { asApiError } from "../../http/errors.ts";
import { fail, invalidFields } from "../../platform/api-error.ts";
import { decideReport } from "../reports/decisions.ts";
import { deleteAccount } from "./account-removal.ts";
import { banUser, endOf, unbanUser } from "./bans.ts";
import { restoreComment, takeDownComment } from "./comment-takedowns.ts";
import { restoreVideo, takeDownVideo } from "./takedowns.ts";

type Staff = Pick<Actor, "userId" | "role">;
type Outcome = Promise<{ changed: boolean }>;
type Act = (app: App, by: Staff, id: number, reason: BulkAction["reason"]) => Outcome;

/** What may be done to many at once. */
const ACTIONS = {
  users: {
    ban: (app, by, id, reason) => banUser(app, by, id, { reason }),
    unban: (app, by, id) => unbanUser(app, by, id),
    delete: (app, by, id, reason) => deleteAccount(app, by, id, reason),
  },
  videos: {
    delete: (app, by, id, reason) => takeDownVideo(app, by, id, reason),
    restore: (app, by, id) => restoreVideo(app, by, id),
  },
  comments: {
    delete: (app, by, id, reason) => takeDownComment(app, by, id, reason),
    restore: (app, by, id) => restoreComment(app, by, id),
  },
} satisfies Record<string, Record<string, Act>>;

export type BulkTarget = keyof typeof ACTIONS;

/**
 * Does one thing to many, each in a transaction of its own: what is refused or fails for one leaves the others as they are.
 * Deleting accounts is for admins.
 * @throws ApiError FORBIDDEN; VALIDATION_ERROR when there is no such action, or nothing to act upon
 */
export async function actOnMany(app: App, by: Staff, target: BulkTarget, asked: BulkAction): Promise<BulkResponse> {
  const act = actionOf(target, asked.action);
  if (act === ACTIONS.users.delete && !hasRank(by, "admin")) throw fail("FORBIDDEN");
  const ids = idsOf(target, asked);
  return await actOnEach(app, by, { verb: asked.action, ids }, (id) => act(app, by, id, asked.reason));
}

/** @throws ApiError VALIDATION_ERROR when the ban would be over already */
export async function banMany(app: App, by: Staff, { userIds, ...ban }: BulkBan): Promise<BulkResponse> {
  endOf(app, ban);
  return await actOnEach(app, by, { verb: "ban", ids: userIds }, (id) => banUser(app, by, id, ban));
}

export async function takeDownMany(app: App, by: Staff, { videoIds, reason }: BulkDelete): Promise<BulkResponse> {
  return await actOnEach(app, by, { verb: "delete", ids: videoIds }, (id) => takeDownVideo(app, by, id, reason));
}

export async function decideMany(app: App, by: Staff, asked: BulkResolve): Promise<BulkResponse> {
  const { reportIds, status = "resolved", result } = asked;
  return await actOnEach(app, by, { verb: status, ids: reportIds }, (id) =>
    decideReport(app, by, id, { status, result }),
  );
}

function actionOf(target: BulkTarget, name: string): Act {
  const actions: Record<string, Act> = ACTIONS[target];
  const act = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (act) return act;
  throw invalidFields([{ path: "action", message: `must be one of ${Object.keys(actions).join(", ")}` }]);
}

function idsOf(target: BulkTarget, { ids, userIds, videoIds, commentIds }: BulkAction): number[] {
  const named = { users: userIds, videos: videoIds, comments: commentIds }[target];
  const all = [...new Set([...(ids ?? []), ...(named ?? [])])];
  if (all.length === 0) throw invalidFields([{ path: "ids", message: "is required" }]);
  if (all.length > MAX_BULK_IDS) throw invalidFields([{ path: "ids", message: `at most ${MAX_BULK_IDS} items` }]);
  return all;
}

type Task = { verb: string; ids: readonly number[] };

/** Each once, in the order in which they were named. */
async function actOnEach(
  app: App,
  by: Staff,
  { verb, ids }: Task,
  act: (id: number) => Outcome,
): Promise<BulkResponse> {
  const results: BulkResult[] = [];
  let changed = 0;
  for (const id of new Set(ids)) {
    // The call itself has spent one.
    const mayWrite = results.length === 0 || (await app.limits.adminWrites.spend(by.userId)) === 0;
    const outcome = mayWrite ? await actOnOne(app, () => act(id)) : "RATE_LIMIT";
    if (outcome === true) changed++;
    results.push(typeof outcome === "string" ? { id, ok: false, code: outcome } : { id, ok: true });
  }
  const message = `${verb}: ${changed} of ${results.length} changed.`;
  return { success: true, changed: changed > 0, message, results };
}

/** Whether it changed something, or the code of what went wrong. */
async function actOnOne(app: App, act: () => Outcome): Promise<boolean | string> {
  try {
    return (await act()).changed;
  } catch (thrown) {
    const { code } = asApiError(thrown);
    if (code === "INTERNAL_ERROR") app.log.error({ err: thrown }, "one of a bulk action failed");
    return code;
  }
}
