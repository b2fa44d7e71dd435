import { type BulkAction, type BulkResponse, type BulkResult, MAX_BULK_IDS } from "@reelay/contract";
import type { App } from "../../app.ts";
import { asApiError } from "../../http/errors.ts";
import { invalidFields } from "../../platform/api-error.ts";
import type { Moderator } from "../accounts/staff.ts";
import { banUser, unbanUser } from "./bans.ts";
import { restoreVideo, takeDownVideo } from "./takedowns.ts";

type Staff = NonNullable<Moderator>;
type Act = (app: App, by: Staff, id: number, reason: BulkAction["reason"]) => Promise<{ changed: boolean }>;

/** What may be done to many at once. */
const ACTIONS = {
  users: {
    ban: (app, by, id, reason) => banUser(app, by, id, { reason }),
    unban: (app, by, id) => unbanUser(app, by, id),
  },
  videos: {
    delete: (app, by, id, reason) => takeDownVideo(app, by, id, reason),
    restore: (app, by, id) => restoreVideo(app, by, id),
  },
  comments: {},
} satisfies Record<string, Record<string, Act>>;

export type BulkTarget = keyof typeof ACTIONS;

/**
 * Does one thing to many, each in a transaction of its own: what is refused or fails for one leaves the others as they are.
 * @throws ApiError VALIDATION_ERROR when there is no such action, or nothing to act upon
 */
export async function actOnMany(app: App, by: Staff, target: BulkTarget, asked: BulkAction): Promise<BulkResponse> {
  const act = actionOf(target, asked.action);
  const results: BulkResult[] = [];
  let changed = 0;
  for (const id of idsOf(target, asked)) {
    // The call itself has spent one.
    const mayWrite = results.length === 0 || (await app.limits.adminWrites.spend(by.userId)) === 0;
    const outcome = mayWrite ? await actOnOne(app, () => act(app, by, id, asked.reason)) : "RATE_LIMIT";
    if (outcome === true) changed++;
    results.push(typeof outcome === "string" ? { id, ok: false, code: outcome } : { id, ok: true });
  }
  const message = `${asked.action}: ${changed} of ${results.length} changed.`;
  return { success: true, changed: changed > 0, message, results };
}

function actionOf(target: BulkTarget, name: string): Act {
  const actions: Record<string, Act> = ACTIONS[target];
  const act = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (act) return act;
  const names = Object.keys(actions).join(", ");
  throw invalidFields([{ path: "action", message: names ? `must be one of ${names}` : `is not known for ${target}` }]);
}

/** Each once, in the order in which they were named. */
function idsOf(target: BulkTarget, { ids, userIds, videoIds, commentIds }: BulkAction): number[] {
  const named = { users: userIds, videos: videoIds, comments: commentIds }[target];
  const all = [...new Set([...(ids ?? []), ...(named ?? [])])];
  if (all.length === 0) throw invalidFields([{ path: "ids", message: "is required" }]);
  if (all.length > MAX_BULK_IDS) throw invalidFields([{ path: "ids", message: `at most ${MAX_BULK_IDS} items` }]);
  return all;
}

/** Whether it changed something, or the code of what went wrong. */
async function actOnOne(app: App, act: () => Promise<{ changed: boolean }>): Promise<boolean | string> {
  try {
    return (await act()).changed;
  } catch (thrown) {
    const { code } = asApiError(thrown);
    if (code === "INTERNAL_ERROR") app.log.error({ err: thrown }, "one of a bulk action failed");
    return code;
  }
}
