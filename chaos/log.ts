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

/** One user's log, when nothing is written any more. */
export class Log {
  readonly rows: readonly Row[];
  readonly topSeq: number;
  readonly floorSeq: number;
  readonly bySeq: ReadonlyMap<number, Row>;
  readonly #app: App;
  readonly #userId: number;
  readonly #revoked: ReadonlySet<number>;

  private constructor(app: App, userId: number, rows: readonly Row[], ends: { topSeq: number; floorSeq: number }) {
    this.#app = app;
    this.#userId = userId;
    this.rows = rows;
    this.topSeq = ends.topSeq;
    this.floorSeq = ends.floorSeq;
    this.bySeq = new Map(rows.map((row) => [row.seq, row]));
    // Taken back once, a notification is not replayed, though it may stand again by now.
    this.#revoked = new Set(rows.filter(({ type }) => type === "notification:revoked").flatMap(notificationIdsOf));
  }

  static async read(app: App, userId: number): Promise<Log> {
    const rows: Row[] = await app.sql`
      select e.seq::float8 as seq, e.type, e.subject_id::float8 as "subjectId", e.data, m.content
      from user_events e
      left join messages m on e.type in ('message:new', 'message:sent') and m.id = e.subject_id
      where e.user_id = ${userId} order by e.seq`;
    const [stream] = await app.sql`
      select seq::float8 as "topSeq", floor_seq::float8 as "floorSeq" from user_streams where user_id = ${userId}`;
    return new Log(app, userId, rows, stream ?? { topSeq: 0, floorSeq: 0 });
  }

  /** Of the events above `fromSeq`, those that `has` does not know and that still stand: nobody may be without them. */
  async missing(fromSeq: number, has: (row: Row) => boolean): Promise<Row[]> {
    const missing = this.rows.filter((row) => row.seq > fromSeq && !has(row));
    const standing = await Promise.all(missing.map((row) => this.#stands(row)));
    return missing.filter((_, index) => standing[index]);
  }

  async #stands({ seq, type, subjectId }: Row): Promise<boolean> {
    if (type === "notification:new" && this.#revoked.has(subjectId!)) return false;
    const { events } = await this.#app.replay.page(this.#userId, seq - 1, 1);
    return events[0]?.seq === seq && events[0].frame !== null;
  }
}

function notificationIdsOf({ data }: Row): number[] {
  return (data as { notificationIds: number[] }).notificationIds;
}
