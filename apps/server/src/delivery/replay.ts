import type { DurableType } from "@reelay/contract";
import { batched } from "../platform/batched.ts";
import type { Sql } from "../platform/postgres.ts";
import { frameOf } from "./publication.ts";

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
  /** Whether there were more events than were asked for. */
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
  /** Up to `limit` (200) events above `after`, in order. */
  page(userId: number, after: number, limit?: number): Promise<Page>;
};

export function openReplay(sql: Sql, renderers: Renderers): Replay {
  const context = { sql, renderers };
  return {
    head: (userId, sessionId) => readHead(context, { userId, sessionId }),
    heads: (userIds) => readHeads(sql, userIds),
    page: (userId, after, limit = PAGE_SIZE) => readPage(context, { userId, after, limit }),
  };
}

type ReplayContext = { sql: Sql; renderers: Renderers };

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
  async ({ sql }: ReplayContext, wanted: readonly { userId: number; sessionId: number }[]): Promise<SessionHead[]> => {
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

type Wanted = { userId: number; after: number; limit: number };
type PageRow = LoggedEvent & { ord: number };

/** The head of each log and the events above, as of one moment: what is missing in between was trimmed. */
const readPage = batched(async ({ sql, renderers }: ReplayContext, wanted: readonly Wanted[]): Promise<Page[]> => {
  const column = (name: keyof Wanted) =>
    sql.array(
      wanted.map((each) => each[name]),
      "BIGINT",
    );
  const rows: (PageRow & Pick<Page, "floorSeq" | "topSeq">)[] = await sql`
    select w.ord::int as ord, s.floor_seq::float8 as "floorSeq", s.seq::float8 as "topSeq", s.user_id::float8 as "userId",
      e.seq::float8 as seq, e.type, e.subject_id::float8 as "subjectId", e.data, e.created_at_ms as "createdAtMs"
    from unnest(${column("userId")}, ${column("after")}, ${column("limit")})
      with ordinality as w(user_id, after, most, ord)
    join user_streams s on s.user_id = w.user_id
    left join lateral (
      select seq, type, subject_id, data, (extract(epoch from created_at) * 1000)::float8 as created_at_ms
      from user_events where user_id = w.user_id and seq > w.after order by seq limit w.most
    ) e on true
    order by w.ord, e.seq`;
  const events = rows.filter(({ seq }) => seq !== null);
  const frames = await render(sql, renderers, events);
  const pages: Page[] = wanted.map(() => ({ events: [], floorSeq: 0, topSeq: 0, isFull: false }));
  for (const { ord, floorSeq, topSeq } of rows) Object.assign(pages[ord - 1]!, { floorSeq, topSeq });
  for (const [index, { ord, seq, type, createdAtMs }] of events.entries()) {
    pages[ord - 1]!.events.push({ seq, type, frame: frames[index]!, createdAtMs });
  }
  for (const [index, page] of pages.entries()) page.isFull = page.events.length === wanted[index]!.limit;
  return pages;
});

async function render(sql: Sql, renderers: Renderers, events: readonly LoggedEvent[]): Promise<(string | null)[]> {
  const frames: (string | null)[] = new Array(events.length).fill(null);
  for (const [type, positions] of Map.groupBy(events.keys(), (index) => events[index]!.type)) {
    const payloads = await renderers[type](
      sql,
      positions.map((index) => events[index]!),
    );
    for (const [k, payload] of payloads.entries()) {
      if (payload) frames[positions[k]!] = frameOf(type, payload as never);
    }
  }
  return frames;
}
