import { type Changed, type Events, REFETCH_EVERYTHING } from "@reelay/contract";
import type { Actor } from "../../access/caller.ts";
import type { App } from "../../app.ts";
import { encodeCursor, type Position, placeOf, readCursor, type Start, startFrom } from "../../delivery/cursor.ts";
import type { Page } from "../../delivery/pages.ts";
import { fail } from "../../platform/api-error.ts";

/** So many polls of one user may wait at once, as many as they may have sockets. */
const MAX_POLLS_PER_USER = 10;
const TRY_AGAIN_SECONDS = 5;

export type Wanted = { cursor: string; limit: number; waitMs: number };

/**
 * The events after a cursor, the same as a resumable socket would bring. The cursor counts as received. When there are
 * none and `waitMs` is not over, waits for one, as long as the client does and may.
 * @throws ApiError RATE_LIMIT when too many of the user's polls wait, UNAUTHORIZED, ACCOUNT_BANNED when they may not any more
 */
export async function readEvents(app: App, actor: Actor, wanted: Wanted, signal: AbortSignal): Promise<Events> {
  const { userId, sessionId } = actor;
  const stream = { epoch: app.epoch, userId };
  const head = await app.replay.head(userId, sessionId, placeOf(wanted.cursor, stream));
  const start = startFrom(wanted.cursor, stream, head);
  if (start.resume === "reset") return resetTo(app, userId, start);
  const { at } = start;
  if (start.resume === "ok") app.confirmations.note(userId, sessionId, at);
  const page = await pageAbove(app, actor, { ...wanted, at }, signal);
  // Meanwhile the log may have been trimmed, or its database have gone back.
  if (page.floorSeq > at.seq) return resetTo(app, userId, { resume: "reset", at: page.top, reason: "too_old" });
  if (page.markAfter !== at.mark) return resetTo(app, userId, { resume: "reset", at: page.top, reason: "epoch" });
  return answerOf(app, userId, at, page);
}

/** Notes that everything up to a cursor was processed. One that is not of this user's log, or beyond its end, is not. */
export async function ackEvents(app: App, { userId, sessionId }: Actor, cursor: string): Promise<Changed> {
  const at = readCursor(cursor, { epoch: app.epoch, userId });
  if (typeof at === "string") return { success: true, changed: false };
  const unwritten = app.confirmations.unwritten(userId, sessionId).session?.seq ?? 0;
  const head = await app.replay.head(userId, sessionId, at.seq);
  const isOurs = at.seq <= head.seq && at.mark === head.markThere;
  if (isOurs) app.confirmations.note(userId, sessionId, at);
  return { success: true, changed: isOurs && at.seq > Math.max(unwritten, head.sessionConfirmed?.seq ?? 0) };
}

type Above = { at: Position; limit: number; waitMs: number };

async function pageAbove(app: App, actor: Actor, { at, limit, waitMs }: Above, signal: AbortSignal): Promise<Page> {
  const { userId } = actor;
  const read = () => app.replay.page(userId, at.seq, limit);
  const page = await read();
  const isAtEnd = ({ top }: Page) => top.seq === at.seq && top.mark === at.mark;
  if (!isAtEnd(page) || waitMs === 0) return page;
  if (app.longPolls.countOf(userId) >= MAX_POLLS_PER_USER) throw fail("RATE_LIMIT", { retryAfter: TRY_AGAIN_SECONDS });
  const waiter = app.longPolls.add(userId);
  try {
    await waiter.ready;
    // What was committed before the channel was subscribed was not received.
    const missed = await read();
    if (!isAtEnd(missed)) return missed;
    await waiter.waitAbove(at, waitMs, signal);
    await app.standings.require(actor);
    return await read();
  } finally {
    waiter.end();
  }
}

function answerOf({ epoch }: App, userId: number, after: Position, page: Page): Events {
  const cursorAt = (at: Position) => encodeCursor({ epoch, userId }, at);
  const last = (page.isFull ? page.events.at(-1) : page.top) ?? after;
  const events = page.events.flatMap(({ seq, mark, frame, createdAtMs }) =>
    frame === null
      ? []
      : [
          {
            ...JSON.parse(frame),
            seq,
            cursor: cursorAt({ seq, mark }),
            createdAt: new Date(createdAtMs).toISOString(),
          },
        ],
  );
  return { events, cursor: cursorAt(last), hasMore: page.top.seq > last.seq };
}

function resetTo({ epoch }: App, userId: number, { at, reason }: Extract<Start, { resume: "reset" }>): Events {
  const cursor = encodeCursor({ epoch, userId }, at);
  return { events: [], cursor, hasMore: false, reset: { reason, refetch: REFETCH_EVERYTHING } };
}
