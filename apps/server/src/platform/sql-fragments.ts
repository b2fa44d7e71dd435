import type { Fragment, Queryable } from "./postgres.ts";

/** An array of ids for a statement: `any(${bigints(db, ids)})`, or one column of rows: `${bigints(db, drafts, "senderId")}`. */
export function bigints(db: Queryable, ids: Iterable<number | null>): ReturnType<Queryable["array"]>;
export function bigints<K extends string>(
  db: Queryable,
  rows: readonly { readonly [key in K]?: number | null }[],
  key: K,
): ReturnType<Queryable["array"]>;
export function bigints(db: Queryable, values: Iterable<unknown>, key?: string) {
  return db.array(columnOf(values, key) as number[], "BIGINT");
}

/** The same of texts. */
export function texts(db: Queryable, values: Iterable<string | null>): ReturnType<Queryable["array"]>;
export function texts<K extends string>(
  db: Queryable,
  rows: readonly { readonly [key in K]?: string | null }[],
  key: K,
): ReturnType<Queryable["array"]>;
export function texts(db: Queryable, values: Iterable<unknown>, key?: string) {
  return db.array(columnOf(values, key) as string[], "TEXT");
}

/** Which part of a list. */
export type Page = { skip: number; limit: number };

/** What the ids of a page are below: `beforeId`, or nothing for the first page. */
export function boundOf(db: Queryable, beforeId: number | undefined): Fragment {
  return db`coalesce(${beforeId ?? null}::bigint, 9223372036854775807)`;
}

function columnOf(values: Iterable<unknown>, key: string | undefined): unknown[] {
  if (key === undefined) return [...values];
  return Array.from(values as Iterable<Record<string, unknown>>, (row) => row[key] ?? null);
}
