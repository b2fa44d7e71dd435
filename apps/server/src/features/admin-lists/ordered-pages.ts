import { MAX_COUNTED_ROWS, type Pagination } from "@reelay/contract";
import type { App } from "../../app.ts";
import { type Fragment, type Queryable, type Sql, type Tx, transaction } from "../../platform/postgres.ts";
import { type SearchText, searching } from "../../platform/text-search.ts";

/** One more than is told: so a total that is cut off is known from one that is not. */
const COUNT_DEPTH = MAX_COUNTED_ROWS + 1;

/** Which page, and from which end. */
export type Wanted = { page: number; limit: number; order: "asc" | "desc" };

/**
 * Rows that an index has in the order that is wanted. A list is merged from several when no index has all of it in one
 * order: of each, no more is read than the page could hold.
 */
export type Stream = { from: Fragment; where: Fragment; id: Fragment; key: Fragment };

export type Listing = {
  streams: Stream[];
  /** The same rows in the order of their ids, where that is cheaper to count: the tables' own order, without a listing. */
  counted?: Omit<Stream, "key">[] | null;
};

export type FoundPage = { ids: number[]; pagination: Pagination };

/** A page of the rows of all streams together. A total that is not known is counted, up to `MAX_COUNTED_ROWS`. */
async function findPage(
  db: Queryable,
  { streams, counted }: Listing,
  { page, limit, order }: Wanted,
  knownTotal: number | null,
): Promise<FoundPage> {
  const last = page * limit;
  const depth = knownTotal === null && !counted ? Math.max(last, COUNT_DEPTH) : last;
  const direction = order === "asc" ? db`asc` : db`desc`;
  const { ids, found } = await readIds(db, merge(db, streams, direction, depth), last - limit, last);
  const count = knownTotal ?? (counted ? await countRows(db, counted) : found);
  const isCutOff = knownTotal === null && count > MAX_COUNTED_ROWS;
  const total = isCutOff ? MAX_COUNTED_ROWS : count;
  const pages = Math.ceil(total / limit);
  return { ids, pagination: { page, limit, total, pages, ...(isCutOff && { totalIsAtLeast: true }) } };
}

/** The page of a list in which there is nothing. */
export function emptyPage({ page, limit }: Wanted): FoundPage {
  return { ids: [], pagination: { page, limit, total: 0, pages: 0 } };
}

export type Finding = {
  wanted: Wanted;
  /** Empty: nothing is searched for. */
  search: string;
  signal: AbortSignal;
  /** Whether one index has each stream: all its filters, and the order. */
  isIndexed: boolean;
  /** No text: nothing is searched for. Null: nothing can be found. */
  listing(db: Queryable, text: SearchText | null): Promise<Listing | null> | Listing | null;
  knownTotal: number | null;
};

/**
 * The same with a search, which waits its turn behind others. Where no index has all that is wanted, the statement is
 * planned anew: which of several filters leads, and whether rows are sorted, depends on how many there are.
 * @throws ApiError SERVER_BUSY
 */
export async function findListed(app: App, finding: Finding): Promise<FoundPage> {
  const { wanted, search, signal, isIndexed, listing, knownTotal } = finding;
  const find = async (db: Queryable, text: SearchText | null) => {
    const found = await listing(db, text);
    return found ? await findPage(db, found, wanted, knownTotal) : emptyPage(wanted);
  };
  if (search !== "") {
    const [page] = await searching(app, { query: search, signal }, async (tx, text) => [await find(tx, text)]);
    return page!;
  }
  return isIndexed ? await find(app.sql, null) : await planningAnew(app.sql, (tx) => find(tx, null));
}

function planningAnew<T>(sql: Sql, work: (tx: Tx) => Promise<T>): Promise<T> {
  return transaction(sql, async (tx) => {
    await tx`select set_config('plan_cache_mode', 'force_custom_plan', true)`;
    return await work(tx);
  });
}

function merge(db: Queryable, streams: readonly Stream[], direction: Fragment, depth: number): Fragment {
  const parts: Fragment[] = streams.map(
    ({ from, where, id, key }) => db`
      (select ${id} as id, ${key} as key from ${from} where ${where}
      order by ${key} ${direction}, ${id} ${direction} limit ${depth})`,
  );
  const all = parts.reduce((before, part) => db`${before} union all ${part}`);
  return db`select id, key from (${all}) streams order by key ${direction}, id ${direction} limit ${depth}`;
}

async function readIds(
  db: Queryable,
  rows: Fragment,
  first: number,
  last: number,
): Promise<{ ids: number[]; found: number }> {
  const [row] = await db`
    select count(*)::int as found,
      coalesce(json_agg(id order by place) filter (where place > ${first}::int and place <= ${last}::int), '[]') as ids
    from (select id, row_number() over () as place from (${rows}) ordered) placed`;
  return row;
}

async function countRows(db: Queryable, counted: readonly Omit<Stream, "key">[]): Promise<number> {
  const parts: Fragment[] = counted.map(
    ({ from, where, id }) => db`(select from ${from} where ${where} order by ${id} desc limit ${COUNT_DEPTH})`,
  );
  const all = parts.reduce((before, part) => db`${before} union all ${part}`);
  const [row] = await db`select count(*)::int as count from (${all}) counted`;
  return row.count;
}
