import type { FilePart } from "./file-part.ts";
import { API_ROOT, OPERATIONS } from "./generated/operations.ts";

export type OperationName = keyof typeof OPERATIONS;

/** A request as it is sent, but for its token. */
export type ApiRequest = {
  method: string;
  /** From the root of the server, with the query. */
  path: string;
  body?: string | FormData;
  /** Its answer is a file, not JSON. */
  isBytes: boolean;
};

type Values = Record<string, unknown>;

/**
 * Puts each argument of an operation where it belongs: into the path, and what is left into the body or the query.
 * @throws TypeError when one of the path is missing
 */
export function requestOf(name: OperationName, values: Values): ApiRequest {
  const [method = "", template = "", ...traits] = OPERATIONS[name].split(" ");
  const rest = { ...values };
  const path = template.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = String(values[key] ?? "");
    delete rest[key];
    // Dots alone would lead to another path.
    if (/^\.*$/.test(value)) throw new TypeError(`${name} needs ${key}.`);
    return encodeURIComponent(value);
  });
  const body = traits.includes("json") ? JSON.stringify(rest) : traits.includes("form") ? formOf(rest) : undefined;
  const query = method === "GET" ? queryOf(rest) : "";
  return { method, path: API_ROOT + path + query, body, isBytes: traits.includes("bytes") };
}

/** Whether an operation takes no token. */
export function isPublic(name: OperationName): boolean {
  return OPERATIONS[name].endsWith(" public");
}

/** What is undefined or null is left out. */
export function formOf(values: Values): FormData {
  const form = new FormData();
  for (const [name, value] of given(values)) {
    // React Native's FormData takes its own description of a file; the types of browsers do not know it.
    form.append(name, typeof value === "object" ? (value as FilePart as Blob) : String(value));
  }
  return form;
}

function queryOf(values: Values): string {
  const pairs = given(values).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}

function given(values: Values): [string, unknown][] {
  return Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
}
