import { type ErrorCode, ReelayError, requestFailed } from "./error.ts";

/** What came back, before anything is made of it. */
export type RawAnswer = {
  status: number;
  header(name: string): string | null;
  /** A file when one was asked for and is answered, or else a text. */
  content(): Promise<string | Blob>;
};

/** What an operation answered, with what its headers say. */
export type ApiResponse<Data> = {
  data: Data;
  status: number;
  /** Of a list: where the caller's events stood before it was read. Events after it may already be part of it. */
  cursor: string | undefined;
  requestId: string | undefined;
};

/** @throws ReelayError what the server refused with, INVALID_RESPONSE, NETWORK_ERROR, ABORTED */
export async function readAnswer(raw: RawAnswer, signal?: AbortSignal): Promise<ApiResponse<unknown>> {
  const requestId = raw.header("X-Request-Id") ?? undefined;
  const content = await raw.content().catch((cause) => {
    throw requestFailed(cause, signal);
  });
  const data = typeof content === "string" ? parse(content) : content;
  if (!isSuccess(raw)) throw refusalOf(raw, data, requestId);
  // A page in place of a file is that of something in between.
  if (data === undefined || /^text\/html/i.test(raw.header("Content-Type") ?? ""))
    throw invalidResponse(raw, requestId);
  return { data, status: raw.status, cursor: raw.header("X-Event-Cursor") ?? undefined, requestId };
}

export function isSuccess({ status }: { status: number }): boolean {
  return status >= 200 && status < 300;
}

/** What the JSON says, or undefined when it is none. The API never answers null. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

type Refusal = { error?: null | { code?: unknown; message?: unknown; requestId?: unknown; details?: unknown } };
type Field = { path?: unknown; message?: unknown };

function refusalOf(raw: RawAnswer, content: unknown, requestId: string | undefined): ReelayError {
  const { error } = (content ?? {}) as Refusal;
  const { code, message, details } = error ?? {};
  if (typeof code !== "string") return invalidResponse(raw, requestId);
  const isOfFields = Array.isArray(details);
  return new ReelayError(code as ErrorCode, String(message), {
    status: raw.status,
    requestId: requestId ?? (error?.requestId as string | undefined),
    retryAfter: retryAfterOf(raw),
    fields: isOfFields ? fieldsOf(details) : undefined,
    details: isOfFields ? undefined : (details as Record<string, unknown> | undefined),
  });
}

function fieldsOf(details: Field[]): Record<string, string> {
  return Object.fromEntries(details.map((field) => [String(field?.path), String(field?.message)]));
}

function invalidResponse(raw: RawAnswer, requestId: string | undefined): ReelayError {
  const extra = { status: raw.status, requestId, retryAfter: retryAfterOf(raw) };
  return new ReelayError("INVALID_RESPONSE", "What answered is not the API of Reelay.", extra);
}

/** Seconds, or a date, by RFC 9110, section 10.2.3. */
function retryAfterOf(raw: RawAnswer): number | undefined {
  const text = raw.header("Retry-After");
  if (!text) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
