import type { DurableType } from "@reelay/contract";
import { batched } from "../platform/batched.ts";
import type { Logger } from "../platform/log.ts";
import type { Sql } from "../platform/postgres.ts";
import { Pages } from "./pages.ts";
import type { RenderContext } from "./render.ts";

/** A row of a user's log. */
export type LoggedEvent = {
  userId: number;
  seq: number;
  type: DurableType;
  subjectId: number | null;
  data: object | null;
  createdAtMs: number;
};

/**
 * Turns rows of one type into their payloads with one query, for all of them. Null: the event no longer stands (its
 * message was deleted, its ban lifted) and is passed over; its number still counts.
 */
export type Renderer = (sql: Sql, events: readonly LoggedEvent[]) => Promise<(object | null)[]>;
export type Renderers = Record<DurableType, Renderer>;

/** For events that hold their own data and always stand. */
export const renderOwnData: Renderer = async (_sql, events) => events.map((event) => event.data);

/** One event of a page; `frame` is null when it is passed over. */
export type ReplayedEvent = { seq: number; type: DurableType; frame: string | null; createdAtMs: number };

/** A part of a log, and where it began and ended at the moment of reading. */
export type Page = {
  events: ReplayedEvent[];
  /** Everything up to here may have been trimmed. */
  floorSeq: number;
  topSeq: number;
  /** Whether it ends where its room did, in number or in bytes: the log may hold more above its last event. */
  isFull: boolean;
};

const PAGE_SIZE = 200;

/** Where a user's log and counters stand. */
export type StreamHead = {
  seq: number;
  floorSeq: number;
  rev: number;
  unreadMessages: number;
  unseenNotifications: number;
};

/** The same, with what a session of the user has received. */
export type SessionHead = StreamHead & {
  /** The highest seq proven received by this session, also when the log has been trimmed above it; null: none. */
  sessionConfirmedSeq: number | null;
  /** The highest seq proven received by any session of the user. */
  userConfirmedSeq: number;
};

/** Reads of the log. Reads asked for together are answered by one statement. */
export type Replay = {
  head(userId: number, sessionId: number): Promise<SessionHead>;
  /** The heads of many users at once, of those that have a log. */
  heads(userIds: readonly number[]): Promise<(StreamHead & { userId: number })[]>;
  /**
   * The events above `after`, in order: as many as a page has room for, `limit` (200) at most. Read after the call: what
   * was committed before it is either there, above a full page, or trimmed.
   */
  page(userId: number, after: number, limit?: number): Promise<Page>;
};

export function openReplay(sql: Sql, renderers: Renderers, log: Logger): Replay {
  const context: RenderContext = { sql, renderers, log, passedOver: new Set() };
  const pages = new Pages(context);
  return {
    head: (userId, sessionId) => readHead(context, { userId, sessionId }),
    heads: (userIds) => readHeads(sql, userIds),
    page: (userId, after, limit = PAGE_SIZE) => pages.read({ userId, after, limit }),
  };
}

const EMPTY_HEAD: SessionHead = {
  seq: 0,
  floorSeq: 0,
  rev: 0,
  unreadMessages: 0,
  unseenNotifications: 0,
  sessionConfirmedSeq: null,
  userConfirmedSeq: 0,
};

const readHead = batched(
  async ({ sql }: RenderContext, wanted: readonly { userId: number; sessionId: number }[]): Promise<SessionHead[]> => {
    const rows: (SessionHead & { ord: number })[] = await sql`
      select w.ord::int as ord, s.seq::float8 as seq, s.floor_seq::float8 as "floorSeq", s.rev::float8 as rev,
        s.unread_messages as "unreadMessages", s.unseen_notifications as "unseenNotifications",
        s.confirmed_seq::float8 as "userConfirmedSeq",
        c.confirmed_seq::float8 as "sessionConfirmedSeq"
      from unnest(${sql.array(
        wanted.map((w) => w.userId),
        "BIGINT",
      )}, ${sql.array(
        wanted.map((w) => w.sessionId),
        "BIGINT",
      )})
        with ordinality as w(user_id, session_id, ord)
      join user_streams s on s.user_id = w.user_id
      left join session_cursors c on c.user_id = w.user_id and c.session_id = w.session_id`;
    const byOrd = new Map(rows.map(({ ord, ...head }) => [ord, head]));
    return wanted.map((_, index) => byOrd.get(index + 1) ?? EMPTY_HEAD);
  },
);

async function readHeads(sql: Sql, userIds: readonly number[]): Promise<(StreamHead & { userId: number })[]> {
  if (userIds.length === 0) return [];
  return await sql`
    select user_id::float8 as "userId", seq::float8 as seq, floor_seq::float8 as "floorSeq", rev::float8 as rev,
      unread_messages as "unreadMessages", unseen_notifications as "unseenNotifications"
    from user_streams where user_id = any(${sql.array([...userIds], "BIGINT")})`;
}
