import { fail } from "../platform/api-error.ts";
import { type Queryable, type Sql, sqlState, type Tx, transaction } from "./postgres.ts";
import { WorkQueue } from "./work-queue.ts";

/** What a caller looks for. The search is given up when they leave. */
export type Search = { query: string; signal: AbortSignal };

export const MAX_SEARCH_LENGTH = 32;
/** Shorter texts are looked up by the beginning. */
export const MIN_PART_LENGTH = 3;
/** Searches are the dearest reads there are: so many hold a connection of this node at a time, and so many wait. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 32;
const TIMEOUT_MS = 1000;
const RETRY_AFTER_SECONDS = 5;
const QUERY_CANCELED = "57014";

/** What is looked for, and whether the index of trigrams knows it. */
export type SearchText = {
  text: string;
  length: number;
  /** As any part of what is searched. */
  isIndexedAsPart: boolean;
  /** As its beginning, before which a trigram may reach. */
  isIndexedAsBeginning: boolean;
};

const queues = new WeakMap<Sql, WorkQueue>();

/**
 * Finds by the beginning of `query`, whose rest is cut off; an empty one finds nothing.
 * @throws ApiError SERVER_BUSY when too many search, or the search takes too long
 */
export async function searching<T>(
  { sql }: { readonly sql: Sql },
  { query, signal }: Search,
  find: (tx: Tx, wanted: SearchText) => Promise<T[]>,
): Promise<T[]> {
  const characters = [...query].slice(0, MAX_SEARCH_LENGTH);
  if (characters.length === 0) return [];
  const queue = queues.get(sql) ?? new WorkQueue(MAX_AT_ONCE, MAX_WAITING);
  queues.set(sql, queue);
  try {
    return await queue.run({ priority: 0, signal }, () =>
      transaction(sql, async (tx) => await find(tx, await lookAt(tx, characters))),
    );
  } catch (error) {
    if (sqlState(error) !== QUERY_CANCELED) throw error;
    const message = "That search takes too long. Try a longer or less common text.";
    throw fail("SERVER_BUSY", { message, retryAfter: RETRY_AFTER_SECONDS });
  }
}

/**
 * Limits the transaction, and asks which characters the index takes for parts of words: `w`, the others `-`. How common
 * the text is decides between the index of texts and that of the order, so the search is planned anew.
 */
async function lookAt(tx: Tx, characters: string[]): Promise<SearchText> {
  const text = characters.join("");
  const [{ shape }] = await tx`
    select set_config('plan_cache_mode', 'force_custom_plan', true),
      set_config('statement_timeout', ${String(TIMEOUT_MS)}, true),
      (select coalesce(string_agg(case when show_trgm(c.value) = '{}' then '-' else 'w' end, '' order by c.place), '')
        from regexp_split_to_table(fold(${text}), '') with ordinality as c(value, place)) as shape`;
  return {
    text,
    length: characters.length,
    isIndexedAsPart: hasTrigram(shape),
    isIndexedAsBeginning: hasTrigram(`-${shape}`),
  };
}

/** Three characters of a word, or with the edge of a word fewer; what lies beyond the ends of the text may be anything. */
function hasTrigram(shape: string): boolean {
  return /www|ww-|-w/.test(shape);
}

/**
 * A text as it stands in a pattern of `like … escape '!'`. Folded first: folding turns some letters of other scripts
 * into characters that mean something there.
 */
export function likePattern(db: Queryable, text: string) {
  return db`replace(replace(replace(fold(${text}), '!', '!!'), '%', '!%'), '_', '!_')`;
}
