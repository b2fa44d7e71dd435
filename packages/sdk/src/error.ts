import type { Schemas } from "./schemas.ts";

/** What the server refuses a request with. A newer server may have more codes than are named here. */
export type ServerErrorCode = Schemas["Error"]["error"]["code"];

/**
 * What the client itself ends a request with.
 * - `NETWORK_ERROR`: there was no answer, or not the whole of it. Whether the server did what was asked is not known.
 * - `INVALID_RESPONSE`: what answered does not speak the API, a proxy for example.
 * - `ABORTED`: by the caller's signal, whose reason is the `cause`.
 * - `NEEDS_TOKEN`: the server takes no token that `getToken` has. The user has to sign in.
 * - `TOKEN_UNAVAILABLE`: `getToken` threw (the `cause`), or took too long. Trying again may help.
 */
export type ClientErrorCode = "NETWORK_ERROR" | "INVALID_RESPONSE" | "ABORTED" | "NEEDS_TOKEN" | "TOKEN_UNAVAILABLE";

export type ErrorCode = ServerErrorCode | ClientErrorCode;

type Extra = {
  status?: number;
  requestId?: string;
  retryAfter?: number;
  fields?: Record<string, string>;
  details?: Record<string, unknown>;
  cause?: unknown;
};

/**
 * What a method of the client rejects with, unless it was called with what its types refuse. Switch on `code`;
 * `message` is a sentence to show.
 */
export class ReelayError extends Error {
  override readonly name = "ReelayError";
  readonly code: ErrorCode;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** What the operator finds the request by in the server's log. */
  readonly requestId: string | undefined;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;
  /** Of `VALIDATION_ERROR`: what is wrong with each field, by its name. `""` is the request as a whole. */
  readonly fields: Readonly<Record<string, string>>;
  /** What the server adds to some codes: of `ACCOUNT_BANNED` the `reason`, and `until` when (null: for good). */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, extra: Extra = {}) {
    super(message, { cause: extra.cause });
    this.code = code;
    this.status = extra.status ?? 0;
    this.requestId = extra.requestId;
    this.retryAfter = extra.retryAfter;
    this.fields = extra.fields ?? {};
    this.details = extra.details ?? {};
  }
}

/** What ended a request that got no answer. */
export function requestFailed(cause: unknown, signal?: AbortSignal): ReelayError {
  if (signal?.aborted) return new ReelayError("ABORTED", "The request was aborted.", { cause: signal.reason });
  return new ReelayError("NETWORK_ERROR", "The server could not be reached.", { cause });
}
