import type { Changed, Events } from "@reelay/contract";
import type { App } from "../../context.ts";
import { encodeCursor, REFETCH_EVERYTHING, readCursor, type Start, startFrom } from "../../delivery/cursor.ts";
import type { Page } from "../../delivery/replay.ts";
import { type Actor, requireStanding } from "../../http/auth.ts";
import { fail } from "../../http/errors.ts";

/** So many polls of one user may wait at once, as he may have so many sockets. */
const MAX_POLLS_PER_USER = 10;
const TRY_AGAIN_SECONDS = 5;

export type Wanted = { cursor: string; limit: number; waitMs: number };

/**
 * The events after a cursor, the same as a resumable socket would bring. The cursor counts as received. When there are
 * none and `waitMs` is not over, waits for one, as long as the client does and may.
 * @throws ApiError RATE_LIMIT when too many of the user's polls wait, UNAUTHORIZED, ACCOUNT_BANNED when he may not any more
 */
export async function readEvents(app: App, actor: Actor, wanted: Wanted, signal: AbortSignal): Promise<Events> {
  const { userId, sessionId } = actor;
  const head = await app.replay.head(userId, sessionId);
  const start = startFrom(wanted.cursor, { epoch: app.epoch, userId }, head);
  if (start.resume === "reset") return resetTo(app, userId, start);
  if (start.resume === "ok") app.confirmations.note(userId, sessionId, start.seq);
  const page = await pageAbove(app, actor, { ...wanted, seq: start.seq }, signal);
  if (page.floorSeq > start.seq) return resetTo(app, userId, { resume: "reset", seq: page.topSeq, reason: "too_old" });
  return answerOf(app, userId, start.seq, page);
}

/** Notes that everything up to a cursor was processed. One that is not of this user's log, or beyond its end, is not. */
export async function ackEvents(app: App, { userId, sessionId }: Actor, cursor: string): Promise<Changed> {
  const seq = readCursor(cursor, { epoch: app.epoch, userId });
  const unwritten = app.confirmations.unwritten(userId, sessionId).session ?? 0;
  const head = await app.replay.head(userId, sessionId);
  const isOurs = typeof seq === "number" && seq <= head.seq;
  if (isOurs) app.confirmations.note(userId, sessionId, seq);
  return { success: true, changed: isOurs && seq > Math.max(unwritten, head.sessionConfirmedSeq ?? 0) };
}

type Above = { seq: number; limit: number; waitMs: number };

async function pageAbove(app: App, actor: Actor, { seq, limit, waitMs }: Above, signal: AbortSignal): Promise<Page> {
  const { userId } = actor;
  const read = () => app.replay.page(userId, seq, limit);
  const page = await read();
  if (page.topSeq > seq || waitMs === 0) return page;
  if (app.arrivals.countOf(userId) >= MAX_POLLS_PER_USER) throw fail("RATE_LIMIT", { retryAfter: TRY_AGAIN_SECONDS });
  const arrival = app.arrivals.listen(userId);
  try {
    await arrival.ready;
    // What was committed before the channel was ours was not heard.
    const missed = await read();
    if (missed.topSeq > seq) return missed;
    await arrival.above(seq, waitMs, signal);
    await requireStanding(app, actor);
    return await read();
  } finally {
    arrival.end();
  }
}

function answerOf({ epoch }: App, userId: number, after: number, page: Page): Events {
  const cursorAt = (seq: number) => encodeCursor({ epoch, userId }, seq);
  const lastSeq = page.isFull ? page.events.at(-1)!.seq : Math.max(after, page.topSeq);
  const events = page.events.flatMap(({ seq, frame, createdAtMs }) =>
    frame === null
      ? []
      : [{ ...JSON.parse(frame), seq, cursor: cursorAt(seq), createdAt: new Date(createdAtMs).toISOString() }],
  );
  return { events, cursor: cursorAt(lastSeq), hasMore: page.topSeq > lastSeq };
}

function resetTo({ epoch }: App, userId: number, { seq, reason }: Extract<Start, { resume: "reset" }>): Events {
  const cursor = encodeCursor({ epoch, userId }, seq);
  return { events: [], cursor, hasMore: false, reset: { reason, refetch: REFETCH_EVERYTHING } };
}
