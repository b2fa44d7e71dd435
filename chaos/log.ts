import type { App } from "../apps/server/src/context.ts";

/** An event as its user's log has it in the end. */
export type Row = {
  seq: number;
  type: string;
  subjectId: number | null;
  data: object | null;
  /** Of a message that still stands. */
  content: string | null;
};

/** One user's log, when nothing is written any more. Judges by the tables alone: nothing here reads as the server does. */
export class Log {
  readonly rows: readonly Row[];
  readonly topSeq: number;
  readonly floorSeq: number;
  readonly bySeq: ReadonlyMap<number, Row>;
  readonly #revoked: ReadonlySet<number>;

  private constructor(rows: readonly Row[], ends: { topSeq: number; floorSeq: number }) {
    this.rows = rows;
    this.topSeq = ends.topSeq;
    this.floorSeq = ends.floorSeq;
    this.bySeq = new Map(rows.map((row) => [row.seq, row]));
    // Taken back once, a notification is not replayed, though it may stand again by now.
    this.#revoked = new Set(rows.filter(({ type }) => type === "notification:revoked").flatMap(notificationIdsOf));
  }

  static async read({ sql }: App, userId: number): Promise<Log> {
    const rows: Row[] = await sql`
      select e.seq::float8 as seq, e.type, e.subject_id::float8 as "subjectId", e.data, m.content
      from user_events e
      left join messages m on e.type in ('message:new', 'message:sent') and m.id = e.subject_id
      where e.user_id = ${userId} order by e.seq`;
    const [stream] = await sql`
      select seq::float8 as "topSeq", floor_seq::float8 as "floorSeq" from user_streams where user_id = ${userId}`;
    return new Log(rows, stream ?? { topSeq: 0, floorSeq: 0 });
  }

  /** Of the events above `fromSeq`, those that `has` does not know and that still stand: nobody may be without them. */
  missing(fromSeq: number, has: (row: Row) => boolean): Row[] {
    return this.rows.filter((row) => row.seq > fromSeq && !has(row) && this.#stands(row));
  }

  #stands({ type, subjectId, content }: Row): boolean {
    if (type === "notification:new") return !this.#revoked.has(subjectId!);
    return content !== null || (type !== "message:new" && type !== "message:sent");
  }
}

function notificationIdsOf({ data }: Row): number[] {
  return (data as { notificationIds: number[] }).notificationIds;
}
