/** No name of ours is longer. What is, is not looked at: it is unknown in either spelling. */
const MAX_KEY_LENGTH = 64;
/** Begins at the first underscore of a run only: tried from each of them, a long run would take quadratic time. */
const WORD_START = /(?<!_)_+([a-z0-9])/gi;

/**
 * Deployed clients write `receiver_id` as often as `receiverId`. This is the one place that turns both into one, before
 * anything is validated: the keys of an object and of the objects directly inside it.
 */
export function camelKeys(value: unknown, depth = 2): unknown {
  if (depth === 0 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => camelKeys(item, depth - 1));
  return Object.fromEntries(
    snakeFirst(Object.entries(value)).map(([key, item]) => [camelKey(key), camelKeys(item, depth - 1)]),
  );
}

function camelKey(key: string): string {
  if (key.length > MAX_KEY_LENGTH) return key;
  return key.replace(WORD_START, (_, letter: string) => letter.toUpperCase());
}

/** Where a body has both spellings of a key, the camelCase one counts, in whatever order they come. */
function snakeFirst<T extends [string, unknown]>(entries: T[]): T[] {
  return entries.toSorted(([a], [b]) => Number(b.includes("_")) - Number(a.includes("_")));
}
