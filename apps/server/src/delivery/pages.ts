import { setImmediate as nextTurn } from "node:timers/promises";
import { type DurableType, REFETCH_EVERYTHING } from "@reelay/contract";
import type { Sql } from "../platform/postgres.ts";
import { bigints } from "../platform/sql-fragments.ts";
import { markAt, type Position } from "./cursor.ts";
import { frameOf } from "./publication.ts";
import { type LoggedEvent, type RenderContext, render, UNRENDERABLE } from "./render.ts";

/** One event of a page; `frame` is null when it is passed over. */
export type ReplayedEvent = { seq: number; mark: number; type: DurableType; frame: string | null; createdAtMs: number };

/** A part of a log, and where it began and ended at the moment of reading. */
export type Page = {
  events: ReplayedEvent[];
  /** Everything up to here may have been trimmed. */
  floorSeq: number;
  top: Position;
  /** The mark the log has where the page begins; null: no event stands there. */
  markAfter: number | null;
  /** Whether it ends where its room did, in number or in bytes: the log may hold more above its last event. */
  isFull: boolean;
};

/** A page ends with the event that brings its frames to this many bytes, so one event always passes. */
export const PAGE_BYTES = 128 * 1024;
/** Pages read by one statement, and the rows of the log it may answer: each page gets its share of them. */
const MAX_PAGES = 256;
const MAX_ROWS = 4096;
/** Events rendered by one statement, which bounds what is held of their contents. */
const MAX_RENDERED = 128;
/** Of a page so many are rendered first; their size decides how many more it has room for. */
const FIRST_RENDERED = 16;
const MAX_UNDER_WAY = 2;
/** After so many bytes handed to sockets everybody else has a turn. */
const TURN_BYTES = 128 * 1024;

export type Wanted = { userId: number; after: number; limit: number };
type Read = Wanted & PromiseWithResolvers<Page> & { readers: number };
type PageRow = LoggedEvent & { found: number };
/** A page whose events are rendered bit by bit. */
type Draft = { read: Read; page: Page; rows: PageRow[]; bytes: number; passedOver: Page["events"][number] | null };

/**
 * Reads pages of logs for everybody on this node, so that what is read and held at once has a bound, however many ask:
 * reads of the same place share a page, two statements are under way at most, and each is counted in rows and bytes.
 */
export class Pages {
  readonly #context: RenderContext;
  /** Not begun yet. A read that has begun is not shared: what is committed after that may be missing from it. */
  readonly #waiting = new Map<string, Read>();
  #underWay = 0;

  constructor(context: RenderContext) {
    this.#context = context;
  }

  read(wanted: Wanted): Promise<Page> {
    const place = `${wanted.userId}.${wanted.after}.${wanted.limit}`;
    const read = this.#waiting.get(place) ?? { ...wanted, ...Promise.withResolvers<Page>(), readers: 0 };
    read.readers++;
    this.#waiting.set(place, read);
    this.#begin();
    return read.promise;
  }

  #begin(): void {
    if (this.#underWay >= MAX_UNDER_WAY || this.#waiting.size === 0) return;
    this.#underWay++;
    // What is asked for in the same turn is answered together.
    queueMicrotask(() => void this.#run());
  }

  async #run(): Promise<void> {
    const reads: Read[] = [];
    for (const [place, read] of this.#waiting.entries().take(MAX_PAGES)) {
      this.#waiting.delete(place);
      reads.push(read);
    }
    try {
      if (reads.length > 0) await answer(this.#context, reads);
    } catch (error) {
      // Those that have their page already do not notice.
      for (const read of reads) read.reject(error);
    } finally {
      this.#underWay--;
      this.#begin();
    }
  }
}

async function answer(context: RenderContext, reads: readonly Read[]): Promise<void> {
  let drafts = await readDrafts(context.sql, reads);
  let handedOut = 0;
  while (drafts.length > 0) {
    await renderMore(context, drafts);
    for (const { read, page, rows, bytes } of drafts.filter(isDone)) {
      page.isFull ||= page.events.length < rows.length;
      read.resolve(page);
      handedOut += bytes * read.readers;
      if (handedOut < TURN_BYTES) continue;
      handedOut = 0;
      await nextTurn();
    }
    drafts = drafts.filter((draft) => !isDone(draft));
  }
}

/** The head of each log and the events above, as of one moment: what is missing in between was trimmed. */
async function readDrafts(sql: Sql, reads: readonly Read[]): Promise<Draft[]> {
  const share = Math.max(FIRST_RENDERED, Math.floor(MAX_ROWS / reads.length));
  const limits = reads.map(({ limit }) => Math.min(limit, share));
  const column = (values: number[]) => bigints(sql, values);
  const rows: (PageRow & Pick<Page, "floorSeq" | "markAfter"> & { ord: number; topSeq: number; topMark: number })[] =
    await sql`
    select w.ord::int as ord, s.floor_seq::float8 as "floorSeq", s.seq::float8 as "topSeq", s.head_mark as "topMark",
      ${markAt(sql, sql`w.after`)} as "markAfter", s.user_id::float8 as "userId", e.seq::float8 as seq, e.mark, e.type, e.subject_id::float8 as "subjectId", e.data, e.created_at_ms as "createdAtMs",
      e.found::int as found
    from unnest(${column(reads.map(({ userId }) => userId))}, ${column(reads.map(({ after }) => after))},
      ${column(limits)}) with ordinality as w(user_id, after, most, ord)
    join user_streams s on s.user_id = w.user_id
    left join lateral (
      select seq, mark, type, subject_id, data, (extract(epoch from created_at) * 1000)::float8 as created_at_ms, found
      from (
        select above.*, count(*) over () as found,
          sum(pg_column_size(data)) over (order by seq rows between unbounded preceding and 1 preceding) as bytes_before
        from (
          select seq, mark, type, subject_id, data, created_at
          from user_events where user_id = w.user_id and seq > w.after order by seq limit w.most
        ) above
      ) measured
      where coalesce(bytes_before, 0) < ${PAGE_BYTES}
    ) e on true
    order by w.ord, e.seq`;
  const drafts = reads.map((read) => draftOf(read));
  for (const { ord, floorSeq, topSeq, topMark, markAfter, ...row } of rows) {
    const { page, rows: ownRows } = drafts[ord - 1]!;
    Object.assign(page, { floorSeq, top: { seq: topSeq, mark: topMark }, markAfter });
    if (row.seq !== null) ownRows.push(row);
  }
  for (const [index, { page, rows: ownRows }] of drafts.entries()) {
    const found = ownRows[0]?.found ?? 0;
    page.isFull = found === limits[index] || ownRows.length < found;
  }
  return drafts;
}

function draftOf(read: Read): Draft {
  const markAfter = read.after === 0 ? 0 : null;
  const page: Page = { events: [], floorSeq: 0, top: { seq: 0, mark: 0 }, markAfter, isFull: false };
  return { read, page, rows: [], bytes: 0, passedOver: null };
}

function isDone({ page, rows, bytes }: Draft): boolean {
  return page.events.length === rows.length || bytes >= PAGE_BYTES;
}

/** Renders what comes next of as many pages as one statement may hold the contents of. */
async function renderMore(context: RenderContext, drafts: readonly Draft[]): Promise<void> {
  const slices: { draft: Draft; rows: PageRow[] }[] = [];
  let room = MAX_RENDERED;
  for (const draft of drafts) {
    if (room <= 0) break;
    if (isDone(draft)) continue;
    const first = draft.page.events.length;
    const rows = draft.rows.slice(first, first + Math.min(room, roomIn(draft)));
    slices.push({ draft, rows });
    room -= rows.length;
  }
  const frames = await render(
    context,
    slices.flatMap(({ rows }) => rows),
  );
  let next = 0;
  for (const { draft, rows } of slices) {
    for (const row of rows) add(draft, row, frames[next++]!);
  }
}

/** How many more events may fit, by the size of those that are there. */
function roomIn({ page, bytes }: Draft): number {
  if (page.events.length === 0) return FIRST_RENDERED;
  const meanBytes = Math.max(1, bytes / page.events.length);
  return Math.ceil((PAGE_BYTES - bytes) / meanBytes);
}

/** What does not fit is left for the next page. */
function add(
  draft: Draft,
  { seq, mark, type, createdAtMs }: PageRow,
  frame: string | null | typeof UNRENDERABLE,
): void {
  const { page } = draft;
  if (draft.bytes >= PAGE_BYTES) return;
  if (frame !== UNRENDERABLE) {
    page.events.push({ seq, mark, type, frame, createdAtMs });
    draft.bytes += frame === null ? 0 : Buffer.byteLength(frame);
    return;
  }
  // Clients that keep a cursor load anew what the event would have changed: once a page, for the last of them.
  if (draft.passedOver) draft.passedOver.frame = null;
  const refetch = { refetch: REFETCH_EVERYTHING };
  draft.passedOver = { seq, mark, type: "sync:stale", frame: frameOf("sync:stale", refetch), createdAtMs };
  page.events.push(draft.passedOver);
}
