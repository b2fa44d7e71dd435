import type { App } from "../apps/server/src/app.ts";
import type { Data } from "./device.ts";

/** An event as its user's log has it in the end. */
export type Row = {
  seq: number;
  mark: number;
  type: string;
  subjectId: number | null;
  data: Data | null;
  /** Of a message that still stands. */
  content: string | null;
  /** As its frame says it, of a message or notification. */
  createdAt: string | null;
  loggedAtMs: number;
};

/** One user's log, when nothing is written any more. Judges by the tables alone: nothing here reads as the server does. */
export class Log {
  readonly rows: readonly Row[];
  readonly topSeq: number;
  readonly floorSeq: number;
  readonly counters: ReadonlyMap<string, number>;
  readonly bySeq: ReadonlyMap<number, Row>;
  readonly #revoked: ReadonlySet<number>;

  private constructor(rows: readonly Row[], stream: Stream) {
    this.rows = rows;
    this.topSeq = stream.topSeq;
    this.floorSeq = stream.floorSeq;
    this.counters = new Map([
      ["message:unread_count", stream.unreadMessages],
      ["notification:unseen_count", stream.unseenNotifications],
    ]);
    this.bySeq = new Map(rows.map((row) => [row.seq, row]));
    // Revoked once, a notification is not replayed, though it may stand again by now.
    this.#revoked = new Set(rows.filter(({ type }) => type === "notification:revoked").flatMap(notificationIdsOf));
  }

  static async read({ sql }: App, userId: number): Promise<Log> {
    const rows: Row[] = await sql`
      select e.seq::float8 as seq, e.mark, e.type, e.subject_id::float8 as "subjectId", e.data, m.content,
        to_char(coalesce(m.created_at, n.created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt",
        (extract(epoch from e.created_at) * 1000)::float8 as "loggedAtMs"
      from user_events e
      left join messages m on e.type in ('message:new', 'message:sent') and m.id = e.subject_id
      left join notifications n on e.type = 'notification:new' and n.id = e.subject_id
      where e.user_id = ${userId} order by e.seq`;
    const [stream]: Stream[] = await sql`
      select seq::float8 as "topSeq", floor_seq::float8 as "floorSeq", unread_messages as "unreadMessages",
        unseen_notifications as "unseenNotifications"
      from user_streams where user_id = ${userId}`;
    return new Log(rows, stream ?? { topSeq: 0, floorSeq: 0, unreadMessages: 0, unseenNotifications: 0 });
  }

  /** Of the events above `fromSeq`, those that `has` does not know and that still stand: nobody may be without them. */
  missing(fromSeq: number, has: (row: Row) => boolean): Row[] {
    return this.rows.filter((row) => row.seq > fromSeq && !has(row) && this.#stands(row));
  }

  #stands({ type, subjectId, content }: Row): boolean {
    if (type === "notification:new") return !this.#revoked.has(subjectId!);
    // Nobody is banned in the end and every video is back, and what was undone is not sent.
    if (type === "admin:user_banned" || type === "admin:video_deleted") return false;
    return content !== null || (type !== "message:new" && type !== "message:sent");
  }
}

type Stream = { topSeq: number; floorSeq: number; unreadMessages: number; unseenNotifications: number };

function notificationIdsOf({ data }: Row): number[] {
  return (data as unknown as { notificationIds: number[] }).notificationIds;
}
