/** What a request asks of a file: all of it, a part (`end` inclusive), or something that is not there. */
export type Part = { kind: "whole" } | { kind: "part"; start: number; end: number } | { kind: "unsatisfiable" };

/**
 * Reads a Range header (RFC 9110, section 14.2). Several ranges, and units other than bytes, are answered with the whole
 * file, which is always allowed.
 */
export function partOf(range: string | undefined, size: number): Part {
  if (!range || !/^bytes=/i.test(range) || range.includes(",")) return { kind: "whole" };
  const [, first, last] = range.match(/^bytes=(\d*)-(\d*)$/i) ?? [];
  if (first === undefined || last === undefined || first + last === "") return { kind: "unsatisfiable" };
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(size - 1, Number(last));
  return start > end ? { kind: "unsatisfiable" } : { kind: "part", start, end };
}

/** Whether an If-None-Match header names this ETag (RFC 9110, section 13.1.2). */
export function names(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  return ifNoneMatch.split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")));
}
