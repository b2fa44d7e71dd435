import { batched } from "../platform/batched.ts";
import type { Logger } from "../platform/log.ts";
import type { Sql } from "../platform/postgres.ts";
import { bigints } from "../platform/sql-fragments.ts";
import { markAt, type Position } from "./cursor.ts";
import { type Page, Pages } from "./pages.ts";
import type { RenderContext, Renderers } from "./render.ts";

const PAGE_SIZE = 200;

/** Where a user's log and counters stand. */
export type StreamHead = {
  seq: number;
  mark: number;
  floorSeq: number;
  rev: number;
  unreadMessages: number;
  unseenNotifications: number;
};

/** The same, with what a session of the user has received. */
export type SessionHead = StreamHead & {
  /**
   * The highest place proven received by this session, also when the log has been trimmed above it; null: none. Without a
   * mark, the event there was trimmed.
   */
  sessionConfirmed: Position | null;
  /** The highest place proven received by any session of the user. */
  userConfirmed: Position;
  /** The mark the log has at the place that was asked for; null: no event stands there. */
  markThere: number | null;
};

/** Reads of the log. Reads asked for together are answered by one statement. */
export type Replay = {
  /** `at`: the place whose mark is wanted. */
  head(userId: number, sessionId: number, at?: number): Promise<SessionHead>;
  /** The heads of many users at once. */
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
    head: (userId, sessionId, at = 0) => readHead(context, { userId, sessionId, at }),
    heads: (userIds) => readHeads(sql, userIds),
    page: (userId, after, limit = PAGE_SIZE) => pages.read({ userId, after, limit }),
  };
}

const EMPTY_HEAD: SessionHead = {
  seq: 0,
  mark: 0,
  floorSeq: 0,
  rev: 0,
  unreadMessages: 0,
  unseenNotifications: 0,
  sessionConfirmed: null,
  userConfirmed: { seq: 0, mark: 0 },
  markThere: null,
};

type WantedHead = { userId: number; sessionId: number; at: number };

const readHead = batched(async ({ sql }: RenderContext, wanted: readonly WantedHead[]): Promise<SessionHead[]> => {
  const column = (name: keyof WantedHead) => bigints(sql, wanted, name);
  const rows: (SessionHead & { ord: number })[] = await sql`
      select w.ord::int as ord, s.seq::float8 as seq, s.head_mark as mark, s.floor_seq::float8 as "floorSeq",
        s.rev::float8 as rev, ${markAt(sql, sql`w.at`)} as "markThere",
        s.unread_messages as "unreadMessages", s.unseen_notifications as "unseenNotifications",
        json_build_object('seq', s.confirmed_seq, 'mark', ${markAt(sql, sql`s.confirmed_seq`)}) as "userConfirmed",
        case when c.user_id is not null then
          json_build_object('seq', c.confirmed_seq, 'mark', ${markAt(sql, sql`c.confirmed_seq`)}) end as "sessionConfirmed"
      from unnest(${column("userId")}, ${column("sessionId")}, ${column("at")})
        with ordinality as w(user_id, session_id, at, ord)
      join user_streams s on s.user_id = w.user_id
      left join session_cursors c on c.user_id = w.user_id and c.session_id = w.session_id`;
  const byOrd = new Map(rows.map(({ ord, ...head }) => [ord, head]));
  return wanted.map(({ at }, index) => byOrd.get(index + 1) ?? { ...EMPTY_HEAD, markThere: at === 0 ? 0 : null });
});

async function readHeads(sql: Sql, userIds: readonly number[]): Promise<(StreamHead & { userId: number })[]> {
  if (userIds.length === 0) return [];
  const rows: (StreamHead & { userId: number })[] = await sql`
    select user_id::float8 as "userId", seq::float8 as seq, head_mark as mark, floor_seq::float8 as "floorSeq", rev::float8 as rev,
      unread_messages as "unreadMessages", unseen_notifications as "unseenNotifications"
    from user_streams where user_id = any(${bigints(sql, userIds)})`;
  const byUser = new Map(rows.map((head) => [head.userId, head]));
  return userIds.map((userId) => byUser.get(userId) ?? { ...EMPTY_HEAD, userId });
}
