import type { Caller } from "../access/caller.ts";
import type { Confirmations } from "../delivery/confirmations.ts";
import type { Position } from "../delivery/cursor.ts";
import type { Page } from "../delivery/pages.ts";
import { type Counter, unreadCount, unseenCount } from "../delivery/publication.ts";
import type { Replay } from "../delivery/replay.ts";
import type { Logger } from "../platform/log.ts";

type Services = { replay: Replay; confirmations: Confirmations; log: Logger };

/**
 * Where a socket goes on when its user's log went back to an earlier state, and the counters as they are now. A resumable
 * client loads anew and goes on at the end; a plain one gets again what its session never confirmed, as this database
 * has it. What was noted of the log that is gone confirms nothing.
 */
export async function placeAfterFork(
  { replay, confirmations, log }: Services,
  { userId, sessionId }: Caller,
  { top }: Page,
  isResumable: boolean,
): Promise<{ at: Position; counters: Counter[] }> {
  log.warn({ userId, top }, "a log went back to an earlier state");
  confirmations.forget(userId);
  const head = await replay.head(userId, sessionId);
  const counters = [unreadCount({ userId, ...head }), unseenCount({ userId, ...head })];
  if (isResumable) return { at: top, counters };
  const confirmed = head.sessionConfirmed ?? head.userConfirmed;
  const at = confirmed.seq <= head.seq ? confirmed : { seq: head.seq, mark: head.mark };
  // The session may have come after the copy was made.
  if (!head.sessionConfirmed) await confirmations.place({ userId, sessionId, at });
  return { at, counters };
}
