/**
 * Deployed clients write `receiver_id` as often as `receiverId`. This is the one place that makes them the same, before
 * anything is validated: the keys of an object and of the objects directly inside it.
 */
export function camelKeys(value: unknown, depth = 2): unknown {
  if (depth === 0 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => camelKeys(item, depth - 1));
  return Object.fromEntries(
    snakeFirst(Object.entries(value)).map(([key, item]) => [
      key.replace(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase()),
      camelKeys(item, depth - 1),
    ]),
  );
}

/** Where a body has both spellings of a key, the camelCase one counts, in whatever order they come. */
function snakeFirst<T extends [string, unknown]>(entries: T[]): T[] {
  return entries.toSorted(([a], [b]) => Number(b.includes("_")) - Number(a.includes("_")));
}
